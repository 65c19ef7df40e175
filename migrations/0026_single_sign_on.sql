-- Signing in by a company's own provider (OpenID Connect).

-- The provider of a company. It speaks for addresses of these domains, and in this company only.
CREATE TABLE single_sign_on (
  tenant_id     uuid PRIMARY KEY REFERENCES tenants,
  issuer        text NOT NULL,
  client_id     text NOT NULL,
  client_secret bytea NOT NULL,             -- sealed
  domains       text[] NOT NULL CHECK (cardinality(domains) > 0),
  default_role  text NOT NULL CHECK (default_role IN ('member', 'viewer'))
);
CALL app.wall('single_sign_on');
CREATE POLICY accounts ON single_sign_on TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (client_secret, domains, default_role), DELETE ON single_sign_on TO trunkline_api;
GRANT SELECT ON single_sign_on TO trunkline_accounts;
CALL app.make_erasable('single_sign_on');

-- Whom a provider has brought: addresses change hands, what it calls somebody does not.
CREATE TABLE single_sign_on_people (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  issuer     text NOT NULL,
  subject    text NOT NULL,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, issuer, subject)
);
CREATE INDEX single_sign_on_people_by_user ON single_sign_on_people (user_id);
CALL app.wall('single_sign_on_people');
CREATE POLICY accounts ON single_sign_on_people TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON single_sign_on_people TO trunkline_accounts;
CALL app.make_erasable('single_sign_on_people');

-- Whoever left for the provider and is not back yet. What goes there and has to come back follows from the cookie of
-- the browser, so that nothing here helps anybody.
CREATE TABLE single_sign_on_tries (
  tenant_id    uuid NOT NULL REFERENCES single_sign_on ON DELETE CASCADE,
  browser_hash bytea NOT NULL,              -- SHA-256 of the cookie's 256 random bits
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, browser_hash)
);
CALL app.wall('single_sign_on_tries');
CREATE POLICY accounts ON single_sign_on_tries TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON single_sign_on_tries TO trunkline_accounts;
CALL app.make_erasable('single_sign_on_tries');

-- A session that a company's provider opened reaches this company only, and ends with the provider; null: it reaches all
-- companies of its person. What is in its cookie looks otherwise, so that no version before this takes it for the latter.
-- The column is not called `tenant_id`, which would be ambiguous where versions before this join sessions.
ALTER TABLE sessions ADD COLUMN only_tenant_id uuid REFERENCES single_sign_on ON DELETE CASCADE;
CREATE INDEX sessions_by_only_tenant ON sessions (only_tenant_id) WHERE only_tenant_id IS NOT NULL;

-- Whoever came by a provider and never chose a password has an empty `password_hash`, which no password matches.
