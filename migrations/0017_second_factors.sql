-- The second factor: six digits of an authenticator app, beside the password.
CREATE TABLE second_factors (
  user_id      uuid PRIMARY KEY REFERENCES users,
  secret       bytea NOT NULL,              -- sealed
  confirmed_at timestamptz,                 -- null: begun, and asked for by nobody yet
  last_step    bigint NOT NULL DEFAULT 0,   -- of the last code that was good: no code is good twice
  tries        integer NOT NULL DEFAULT 0,  -- wrong codes …
  tries_since  timestamptz NOT NULL         -- … since then; counted here, so that all processes count together
);
ALTER TABLE second_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE second_factors FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON second_factors TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (secret, confirmed_at, last_step, tries, tries_since), DELETE
  ON second_factors TO trunkline_accounts;

-- What opens the account when the app is lost; each once.
CREATE TABLE recovery_codes (
  user_id   uuid NOT NULL REFERENCES second_factors ON DELETE CASCADE,
  code_hash bytea NOT NULL,                 -- SHA-256 of the code's 80 random bits
  PRIMARY KEY (user_id, code_hash)
);
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON recovery_codes TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON recovery_codes TO trunkline_accounts;

-- Whoever gave the password and still owes a code. A table of its own, so that nothing that looks for sessions can take
-- one for a session; also no version before this.
CREATE TABLE half_sessions (
  session_hash bytea PRIMARY KEY,           -- SHA-256 of the cookie's 256 random bits
  user_id      uuid NOT NULL REFERENCES users,
  expires_at   timestamptz NOT NULL
);
CREATE INDEX half_sessions_by_user ON half_sessions (user_id);
ALTER TABLE half_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE half_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON half_sessions TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON half_sessions TO trunkline_accounts;

-- From then on nobody without a second factor enters the company; null: it asks for none.
ALTER TABLE tenants ADD COLUMN second_factor_from timestamptz;
GRANT UPDATE (second_factor_from) ON tenants TO trunkline_api;
