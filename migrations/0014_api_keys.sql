-- API keys as admins handle them: what each may do, until when, who made it, and when it was last used.
ALTER TABLE api_keys
  ADD COLUMN scopes     text[],             -- see `domain::access::Scope`; null: all that its role may do
  ADD COLUMN expires_at timestamptz,        -- null: never
  ADD COLUMN used_at    timestamptz,        -- to the minute; null: never
  ADD COLUMN created_by text;               -- the address of who made it, as it was then; null: the operator
-- What it is recognised by is no part of what people see.
GRANT SELECT (tenant_id, api_key_id, name, hint, role, created_at, revoked_at, scopes, expires_at, used_at, created_by),
  INSERT, UPDATE (revoked_at, expires_at) ON api_keys TO trunkline_api;
GRANT UPDATE (used_at) ON api_keys TO trunkline_accounts;
