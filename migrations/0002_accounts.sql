-- Companies, the people in them, and how both are recognised.

CREATE TABLE tenants (
  tenant_id  uuid PRIMARY KEY,
  name       text NOT NULL,
  slug       text NOT NULL UNIQUE,          -- in the address of every page; never issued twice
  time_zone  text NOT NULL,                 -- IANA name; decides where a day begins
  created_at timestamptz NOT NULL
);
CALL app.wall('tenants');
CREATE POLICY accounts ON tenants TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT ON tenants TO trunkline_api;
GRANT SELECT, INSERT ON tenants TO trunkline_accounts;

-- A person belongs to no company: memberships say where they may go.
CREATE TABLE users (
  user_id       uuid PRIMARY KEY,
  email         text NOT NULL,              -- as typed, for showing and for mail
  email_key     text NOT NULL UNIQUE,       -- folded, for finding
  password_hash text NOT NULL,              -- argon2id, PHC string
  created_at    timestamptz NOT NULL
);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON users TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON users TO trunkline_accounts;

CREATE TABLE memberships (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  user_id    uuid NOT NULL REFERENCES users,
  role       text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);
CALL app.wall('memberships');
CREATE POLICY accounts ON memberships TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON memberships TO trunkline_accounts;

CREATE TABLE sessions (
  session_hash bytea PRIMARY KEY,           -- SHA-256 of the cookie's 256 random bits
  user_id      uuid NOT NULL REFERENCES users,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON sessions TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON sessions TO trunkline_accounts;

CREATE TABLE api_keys (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  api_key_id uuid NOT NULL,
  name       text NOT NULL,
  key_hash   bytea NOT NULL,                -- SHA-256 of the key's 256 random bits
  hint       text NOT NULL,                 -- its first characters, to tell keys apart
  role       text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, api_key_id)
);
CREATE INDEX api_keys_by_hash ON api_keys (key_hash);
CALL app.wall('api_keys');
CREATE POLICY accounts ON api_keys TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON api_keys TO trunkline_accounts;

-- A company's Request URL with its secrets, which are sealed with the master key.
CREATE TABLE endpoints (
  tenant_id       uuid NOT NULL REFERENCES tenants,
  endpoint_id     uuid NOT NULL,
  token           text NOT NULL,            -- last part of the Request URL
  secret          bytea NOT NULL,           -- sealed
  previous_secret bytea,                    -- sealed; still accepted until …
  previous_until  timestamptz,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, endpoint_id),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX endpoints_by_token ON endpoints (token);
CALL app.wall('endpoints');
CREATE POLICY accounts ON endpoints FOR INSERT TO trunkline_accounts WITH CHECK (true);
CREATE POLICY ingest ON endpoints FOR SELECT TO trunkline_ingest USING (true);
GRANT SELECT, UPDATE (secret, previous_secret, previous_until) ON endpoints TO trunkline_api;
GRANT INSERT ON endpoints TO trunkline_accounts;
GRANT SELECT ON endpoints TO trunkline_ingest;

-- How deliveries to an endpoint fare; written about once a second by the receive path, never on the way to a 200.
CREATE TABLE endpoint_activity (
  tenant_id       uuid NOT NULL,
  endpoint_id     uuid NOT NULL,
  accepted        bigint NOT NULL DEFAULT 0,
  refused         bigint NOT NULL DEFAULT 0,
  last_event_at   timestamptz,
  last_refused_at timestamptz,
  last_refusal    text,
  PRIMARY KEY (tenant_id, endpoint_id),
  FOREIGN KEY (tenant_id, endpoint_id) REFERENCES endpoints
) WITH (fillfactor = 50);
CALL app.wall('endpoint_activity');
CREATE POLICY ingest ON endpoint_activity TO trunkline_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON endpoint_activity TO trunkline_api;
GRANT SELECT, INSERT, UPDATE ON endpoint_activity TO trunkline_ingest;
