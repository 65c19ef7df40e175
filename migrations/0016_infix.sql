-- Text in the middle of names, e-mail addresses and numbers.
--
-- Row-level security shows a row to a condition only after the company's own condition, unless the condition is known to
-- leak nothing. LIKE is not, so for people no index of trigrams would ever be used. Therefore one function looks in their
-- place: as a role that can read search terms and nothing else, in the company of the transaction and no other.
CREATE SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA extensions;

-- Only what can be asked for in its middle: names, e-mail addresses, digits. An index of its own and not in the way of
-- calls: a party's terms are written once, when the party is first met.
DO $$
DECLARE
  home text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm');
BEGIN
  EXECUTE format('CREATE INDEX party_terms_infix ON party_terms USING gin (tenant_id, term %s.gin_trgm_ops)
                    WHERE "left"(term, 1) IN (''n'', ''e'', ''d'')', home);
END $$;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trunkline_search') THEN
    BEGIN
      CREATE ROLE trunkline_search NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database of this cluster is being set up at this very moment
    END;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public, app TO trunkline_search;
GRANT EXECUTE ON FUNCTION app.tenant() TO trunkline_search;
GRANT SELECT ON party_terms TO trunkline_search;
CREATE POLICY search ON party_terms FOR SELECT TO trunkline_search USING (true);

-- The parties of this transaction's company that have a term of this kind (its first character) with `wanted` anywhere
-- behind it; at most `most` of them, some more than once. What many have is met among the first 5,000 terms; the index
-- would gather all that have it before it gives the first. Planned for every call with what is asked: only then is the
-- index seen to fit.
CREATE FUNCTION app.parties_containing(kind text, wanted text, most bigint) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog
AS $$
DECLARE
  pattern text := kind || '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  met uuid[];
BEGIN
  EXECUTE 'SELECT array_agg(party_id) FROM (
             SELECT party_id FROM (
               SELECT party_id, term FROM public.party_terms WHERE tenant_id = $1 AND term ^@ $2 LIMIT 5000) AS first
             WHERE term LIKE $3 LIMIT $4) AS met'
    INTO met USING app.tenant(), kind, pattern, most;
  IF cardinality(met) >= most THEN
    RETURN QUERY SELECT unnest(met);
    RETURN;
  END IF;
  RETURN QUERY EXECUTE
    'SELECT party_id FROM public.party_terms
     WHERE tenant_id = $1 AND "left"(term, 1) IN (''n'', ''e'', ''d'') AND term LIKE $2 LIMIT $3'
    USING app.tenant(), pattern, most;
END $$;
REVOKE EXECUTE ON FUNCTION app.parties_containing(text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.parties_containing(text, text, bigint) TO trunkline_api;

-- It works as its owner. Whoever sets this up without being a superuser must be in that role for a moment, and the role
-- may create for a moment.
DO $$
DECLARE
  is_member boolean := pg_has_role(current_user, 'trunkline_search', 'MEMBER');
BEGIN
  IF NOT is_member THEN
    EXECUTE format('GRANT trunkline_search TO %I', current_user);
  END IF;
  GRANT CREATE ON SCHEMA app TO trunkline_search;
  ALTER FUNCTION app.parties_containing(text, text, bigint) OWNER TO trunkline_search;
  REVOKE CREATE ON SCHEMA app FROM trunkline_search;
  IF NOT is_member THEN
    EXECUTE format('REVOKE trunkline_search FROM %I', current_user);
  END IF;
END $$;
