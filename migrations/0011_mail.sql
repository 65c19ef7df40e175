-- Mail, and what it proves: whoever opens a link that was mailed to an address reads the mail of that address.

-- An address belongs to a person from the moment when that is proven. Until then anybody may claim it and work in a
-- company of their own, so that signing up tells nobody whether an address has an account. Before this there was one
-- account for an address: it keeps it. Row-level security binds the owner too, unless the owner may ignore it.
ALTER TABLE users ADD COLUMN verified_at timestamptz;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
UPDATE users SET verified_at = created_at;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE users DROP CONSTRAINT users_email_key_key;
CREATE UNIQUE INDEX users_by_verified_email ON users (email_key) WHERE verified_at IS NOT NULL;
CREATE INDEX users_by_email ON users (email_key, created_at);
GRANT UPDATE (verified_at) ON users TO trunkline_accounts;

-- What opens something once and was mailed to somebody.
CREATE TABLE links (
  link_hash  bytea PRIMARY KEY,             -- SHA-256 of the link's 256 random bits
  user_id    uuid NOT NULL REFERENCES users,
  purpose    text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
  expires_at timestamptz NOT NULL
);
-- Of each kind only the newest is good.
CREATE UNIQUE INDEX links_by_user ON links (user_id, purpose);
ALTER TABLE links ENABLE ROW LEVEL SECURITY;
ALTER TABLE links FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON links TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (link_hash, expires_at), DELETE ON links TO trunkline_accounts;

-- Mail that waits to be sent; without a mail server it is the local mailbox.
CREATE TABLE mails (
  mail_id    uuid PRIMARY KEY,
  sealed     bytea NOT NULL,                -- address, subject and text: they hold links
  created_at timestamptz NOT NULL,
  due_at     timestamptz NOT NULL,          -- when it is tried next
  tries      integer NOT NULL DEFAULT 0
);
CREATE INDEX mails_by_due ON mails (due_at);
CREATE INDEX mails_by_age ON mails (created_at);
ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON mails TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (due_at, tries), DELETE ON mails TO trunkline_accounts;
