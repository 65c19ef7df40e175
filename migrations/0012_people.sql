-- The people of a company: what its admins see and change, and whom they have invited.

-- The address by which a company knows someone. Kept with the membership, because `users` belongs to no company and is
-- behind no company's wall. Null: the membership was made by a version before; `users` has the address.
ALTER TABLE memberships ADD COLUMN email text;
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
UPDATE memberships SET email = users.email FROM users WHERE users.user_id = memberships.user_id;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (role), DELETE ON memberships TO trunkline_api;

-- Accepted and revoked ones are gone; the audit log knows them.
CREATE TABLE invitations (
  tenant_id     uuid NOT NULL REFERENCES tenants,
  invitation_id uuid NOT NULL,
  email         text NOT NULL,              -- as typed
  email_key     text NOT NULL,              -- folded
  role          text NOT NULL CHECK (role IN ('admin', 'member', 'viewer')),
  link_hash     bytea NOT NULL,             -- SHA-256 of the link's 256 random bits
  invited_by    uuid NOT NULL REFERENCES users,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, invitation_id),
  CONSTRAINT invitations_once UNIQUE (tenant_id, email_key)
);
CREATE INDEX invitations_by_link ON invitations (link_hash);
CALL app.wall('invitations');
CREATE POLICY accounts ON invitations TO trunkline_accounts USING (true) WITH CHECK (true);
-- What opens it is no part of what people see.
GRANT SELECT (tenant_id, invitation_id, email, email_key, role, invited_by, created_at, expires_at), INSERT, DELETE
  ON invitations TO trunkline_api;
GRANT SELECT, DELETE ON invitations TO trunkline_accounts;
