-- Moving an account to another e-mail address, and back.
GRANT UPDATE (email, email_key) ON users TO trunkline_accounts;
GRANT UPDATE (email) ON memberships TO trunkline_accounts;

-- A link may move an account to the address to which it was mailed.
ALTER TABLE links ADD COLUMN email text;     -- that address; null: the link moves nothing
ALTER TABLE links DROP CONSTRAINT links_purpose_check;
ALTER TABLE links ADD CONSTRAINT links_purpose_check CHECK (purpose IN ('verify_email', 'reset_password', 'change_email'));
ALTER TABLE links ADD CONSTRAINT links_email_check CHECK ((purpose = 'change_email') = (email IS NOT NULL));
GRANT UPDATE (email) ON links TO trunkline_accounts;

-- Addresses that accounts have left, each with what leads back: it was mailed to that address. All of them stay good for
-- their time, so that whoever takes an account over cannot shut its owner out by moving it twice.
CREATE TABLE former_emails (
  link_hash  bytea PRIMARY KEY,             -- SHA-256 of the link's 256 random bits
  user_id    uuid NOT NULL REFERENCES users,
  email      text NOT NULL,
  changed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX former_emails_by_user ON former_emails (user_id, changed_at);
CREATE INDEX former_emails_by_expiry ON former_emails (expires_at);
ALTER TABLE former_emails ENABLE ROW LEVEL SECURITY;
ALTER TABLE former_emails FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON former_emails TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON former_emails TO trunkline_accounts;
