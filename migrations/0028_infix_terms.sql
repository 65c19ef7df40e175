-- Text in the middle of terms: which way is shorter is seen from the first of them.
--
-- Before, 5,000 terms were looked at whatever was asked, and the index after them even when these were all there are.
DO $$
DECLARE
  is_member boolean := pg_has_role(current_user, 'trunkline_search', 'MEMBER');
BEGIN
  -- The function is the role's; whoever sets this up without being a superuser must be in it for a moment.
  IF NOT is_member THEN
    EXECUTE format('GRANT trunkline_search TO %I', current_user);
  END IF;

  -- The parties of this transaction's company that have a term of this kind (its first character) with `wanted`
  -- anywhere behind it; at most `most` of them, some more than once.
  --
  -- The first thousand terms say how many have it. When it is every fifth or more, reading on finds `most` sooner than
  -- the index, which gathers all that have it before it gives the first. Planned for every call with what is asked: only
  -- then is the index seen to fit.
  CREATE OR REPLACE FUNCTION app.parties_containing(kind text, wanted text, most bigint) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog
  AS $function$
  DECLARE
    probed CONSTANT bigint := 1000;
    pattern text := kind || '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    of_first CONSTANT text := 'SELECT count(*), coalesce(array_agg(party_id) FILTER (WHERE term LIKE $3), ''{}'')
      FROM (SELECT party_id, term FROM public.party_terms WHERE tenant_id = $1 AND term ^@ $2 LIMIT $4) AS first';
    looked_at bigint := probed;
    known bigint;
    met uuid[];
  BEGIN
    EXECUTE of_first INTO known, met USING app.tenant(), kind, pattern, looked_at;
    IF known = looked_at AND cardinality(met) < most AND cardinality(met) * 5 >= probed THEN
      looked_at := probed + probed * most / cardinality(met);
      EXECUTE of_first INTO known, met USING app.tenant(), kind, pattern, looked_at;
    END IF;
    IF known < looked_at OR cardinality(met) >= most THEN
      RETURN QUERY SELECT unnest(met[:most]);
      RETURN;
    END IF;
    RETURN QUERY EXECUTE
      'SELECT party_id FROM public.party_terms
       WHERE tenant_id = $1 AND "left"(term, 1) IN (''n'', ''e'', ''d'') AND term LIKE $2 LIMIT $3'
      USING app.tenant(), pattern, most;
  END $function$;

  IF NOT is_member THEN
    EXECUTE format('REVOKE trunkline_search FROM %I', current_user);
  END IF;
END $$;
