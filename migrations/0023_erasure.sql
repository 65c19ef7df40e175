-- Companies and accounts that end.

-- Erasing is the work of a role of its own, which reaches companies whose time has come and no other row.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trunkline_eraser') THEN
    BEGIN
      CREATE ROLE trunkline_eraser NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database of this cluster is being set up at this very moment
    END;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO trunkline_eraser;

ALTER TABLE tenants
  ADD COLUMN erase_at  timestamptz,         -- from then on everything of the company is erased; null: it stays
  ADD COLUMN erased_at timestamptz;         -- nothing is left; this row stays, so that its slug is never issued again
GRANT UPDATE (erase_at) ON tenants TO trunkline_api;
CREATE POLICY eraser ON tenants TO trunkline_eraser USING (erase_at <= now()) WITH CHECK (erase_at <= now());
GRANT SELECT (tenant_id, erase_at, erased_at), UPDATE (name, erased_at) ON tenants TO trunkline_eraser;
CREATE INDEX tenants_to_erase ON tenants (erase_at) WHERE erase_at IS NOT NULL;

-- Every table of a company's: the eraser sees and deletes what belongs to companies whose time has come.
CREATE PROCEDURE app.make_erasable(target regclass)
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
  EXECUTE format('CREATE POLICY eraser ON %s TO trunkline_eraser
                    USING (tenant_id IN (SELECT tenant_id FROM public.tenants WHERE erase_at <= now()))', target);
  EXECUTE format('GRANT SELECT (tenant_id, ctid), DELETE ON %s TO trunkline_eraser', target);
END $$;
REVOKE EXECUTE ON PROCEDURE app.make_erasable(regclass) FROM PUBLIC;

CALL app.make_erasable('api_keys');
CALL app.make_erasable('audit_entries');
CALL app.make_erasable('call_changes');
CALL app.make_erasable('call_clocks');
CALL app.make_erasable('call_parties');
CALL app.make_erasable('call_tallies');
CALL app.make_erasable('calls');
CALL app.make_erasable('conversation_legs');
CALL app.make_erasable('deliveries');
CALL app.make_erasable('delivery_hours');
CALL app.make_erasable('dirty_calls');
CALL app.make_erasable('endpoint_activity');
CALL app.make_erasable('endpoints');
CALL app.make_erasable('event_duplicates');
CALL app.make_erasable('events');
CALL app.make_erasable('invitations');
CALL app.make_erasable('marked_calls');
CALL app.make_erasable('memberships');
CALL app.make_erasable('parties');
CALL app.make_erasable('party_terms');
CALL app.make_erasable('saved_views');
-- The place of a row within a partition says nothing about the whole, so events are told apart by their key.
GRANT SELECT (call_id, occurred_at, digest) ON events TO trunkline_eraser;
-- Calls that are deleted are counted off by the trigger on them.
CREATE POLICY eraser_counts ON call_tallies FOR INSERT TO trunkline_eraser
  WITH CHECK (tenant_id IN (SELECT tenant_id FROM tenants WHERE erase_at <= now()));
GRANT SELECT, INSERT, UPDATE ON call_tallies TO trunkline_eraser;

-- Whoever deletes their account takes with them what is only theirs.
GRANT DELETE ON users, memberships TO trunkline_accounts;
CREATE POLICY accounts ON saved_views TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, owner_id, is_shared), UPDATE (owner_id), DELETE ON saved_views TO trunkline_accounts;
