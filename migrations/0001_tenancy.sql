-- Tenancy: who may reach what, before there is anything to reach.
--
-- Group roles carry the rights; the server creates one login per database and role (see `store::migrate`) and never
-- serves anybody as the owner of these tables. Roles belong to the whole cluster, so they may exist already.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['trunkline_api', 'trunkline_accounts', 'trunkline_ingest', 'trunkline_projector'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this cluster is being set up at this very moment
      END;
    END IF;
  END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$
BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
GRANT USAGE ON SCHEMA public TO trunkline_api, trunkline_accounts, trunkline_ingest, trunkline_projector;

CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO trunkline_api, trunkline_accounts, trunkline_ingest, trunkline_projector;

-- The company of the current transaction. Raises when none is set: a forgotten context must never look like an
-- empty company.
CREATE FUNCTION app.tenant() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog
AS $$
DECLARE
  value text := current_setting('app.tenant_id', true);
BEGIN
  IF value IS NULL OR value = '' THEN
    RAISE EXCEPTION 'no tenant is set' USING ERRCODE = 'P0T01';
  END IF;
  RETURN value::uuid;
END $$;
REVOKE EXECUTE ON FUNCTION app.tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.tenant() TO trunkline_api;

-- Walls a table: row-level security, forced, and only the current company for the role that answers people. The
-- restrictive policy keeps a permissive one that is added by mistake from opening the table.
CREATE PROCEDURE app.wall(target regclass)
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY tenant ON %s TO trunkline_api
                    USING (tenant_id = app.tenant()) WITH CHECK (tenant_id = app.tenant())', target);
  EXECUTE format('CREATE POLICY tenant_wall ON %s AS RESTRICTIVE TO trunkline_api
                    USING (tenant_id = app.tenant()) WITH CHECK (tenant_id = app.tenant())', target);
END $$;
REVOKE EXECUTE ON PROCEDURE app.wall(regclass) FROM PUBLIC;

-- What the server must know about itself: whether its master key is the one that sealed this database, and the address
-- under which it was last served.
CREATE TABLE app.installation (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  key_check  bytea NOT NULL,
  public_url text
);
