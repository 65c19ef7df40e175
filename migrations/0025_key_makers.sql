-- Who made an API key, so that it does not outlast them unseen.
ALTER TABLE api_keys ADD COLUMN created_by_id uuid;        -- the person; null: the operator, or nobody of now
ALTER TABLE api_keys NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
UPDATE api_keys SET created_by_id = memberships.user_id FROM memberships
WHERE memberships.tenant_id = api_keys.tenant_id AND memberships.email = api_keys.created_by;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
GRANT SELECT (created_by_id), UPDATE (created_by, created_by_id) ON api_keys TO trunkline_api;
GRANT UPDATE (revoked_at) ON api_keys TO trunkline_accounts;
