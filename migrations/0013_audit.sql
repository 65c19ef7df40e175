-- Who changed what in a company, from where. Nobody may change or remove an entry, and each holds a digest over itself and
-- the one before it, so that whoever does it all the same is found.
CREATE TABLE audit_entries (
  tenant_id uuid NOT NULL REFERENCES tenants,
  number    bigint NOT NULL,                -- 1, 2, 3 … of the company, without a gap
  at        timestamptz NOT NULL,
  actor_id  uuid,                           -- of the person or the key; null: the operator
  actor     text NOT NULL,                  -- as they were called then
  address   text NOT NULL,                  -- from where; empty: not known
  action    text NOT NULL,                  -- stable code, see `domain::audit`
  subject   text NOT NULL,                  -- to what or whom
  detail    text NOT NULL,                  -- what it became; empty: nothing to say
  digest    bytea NOT NULL,                 -- over this entry and the digest of the one before it
  PRIMARY KEY (tenant_id, number)
);
CALL app.wall('audit_entries');
CREATE POLICY accounts ON audit_entries TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_entries TO trunkline_api, trunkline_accounts;
