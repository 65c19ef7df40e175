-- What Dialpad sent: immutable, kept as the bytes that were signed.

-- One key serves deduplication and the timeline of a call. No foreign key to tenants: it would put a row lock on the
-- company into every insert; the endpoint that verified the event vouches for the company.
CREATE TABLE events (
  tenant_id   uuid NOT NULL,
  call_id     bigint NOT NULL,
  occurred_at timestamptz NOT NULL,         -- from the payload alone
  digest      bytea NOT NULL,               -- 16 bytes over the canonical claims
  received_at timestamptz NOT NULL,
  encoding    smallint NOT NULL,            -- of payload: 0 = as it came, 1 = zstd with the first dictionary
  payload     bytea NOT NULL,
  PRIMARY KEY (tenant_id, call_id, occurred_at, digest)
) PARTITION BY RANGE (occurred_at);
CALL app.wall('events');
CREATE POLICY ingest_insert ON events FOR INSERT TO trunkline_ingest WITH CHECK (true);
CREATE POLICY ingest_select ON events FOR SELECT TO trunkline_ingest USING (true);
CREATE POLICY projector ON events FOR SELECT TO trunkline_projector USING (true);
GRANT SELECT ON events TO trunkline_api, trunkline_projector;
GRANT INSERT, SELECT (tenant_id, call_id, occurred_at, digest) ON events TO trunkline_ingest;

-- Times outside the months that exist, absurd ones among them.
CREATE TABLE events_other PARTITION OF events DEFAULT;
ALTER TABLE events_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE events_other FORCE ROW LEVEL SECURITY;

-- Makes the partition of every month from `first` on, `months` of them; those that exist are left alone. A month that
-- already has rows in the default partition stays there. Partitions carry no grants and no policy: they are reached
-- through `events` only.
CREATE FUNCTION app.make_event_months(first date, months integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog
AS $$
DECLARE
  month date;
  name text;
BEGIN
  FOR month IN SELECT date_trunc('month', first)::date + make_interval(months => n) FROM generate_series(0, months - 1) n LOOP
    name := format('events_%s', to_char(month, 'YYYYMM'));
    CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
    CONTINUE WHEN EXISTS (SELECT FROM public.events_other
                           WHERE occurred_at >= month AND occurred_at < month + interval '1 month');
    BEGIN
      EXECUTE format('CREATE TABLE public.%I (LIKE public.events INCLUDING ALL)', name);
      EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
      EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
      EXECUTE format('ALTER TABLE public.events ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                     name, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    EXCEPTION WHEN check_violation THEN
      NULL; -- an owner who is no superuser cannot see those rows above, row-level security being forced
    END;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION app.make_event_months(date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.make_event_months(date, integer) TO trunkline_projector;

-- Which calls have events that are not folded yet. Written in the transaction of the event, so that no crash can
-- separate the two; append-only, so that the writer never waits for the projector.
CREATE TABLE dirty_calls (
  tenant_id uuid NOT NULL,
  call_id   bigint NOT NULL,
  marked    bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX dirty_calls_in_order ON dirty_calls (marked);
CALL app.wall('dirty_calls');
CREATE POLICY ingest ON dirty_calls FOR INSERT TO trunkline_ingest WITH CHECK (true);
CREATE POLICY projector ON dirty_calls TO trunkline_projector USING (true) WITH CHECK (true);
GRANT INSERT ON dirty_calls TO trunkline_ingest;
-- UPDATE is what locking a row asks for.
GRANT SELECT, INSERT, UPDATE, DELETE ON dirty_calls TO trunkline_projector;

-- Signed, but not an event of a call: kept, so that nothing that was answered 200 is lost.
CREATE TABLE quarantine (
  tenant_id   uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  digest      bytea NOT NULL,               -- 16 bytes over the payload
  received_at timestamptz NOT NULL,
  reason      text NOT NULL,                -- stable code
  payload     bytea NOT NULL,
  PRIMARY KEY (tenant_id, endpoint_id, digest)
);
CALL app.wall('quarantine');
CREATE POLICY ingest_insert ON quarantine FOR INSERT TO trunkline_ingest WITH CHECK (true);
CREATE POLICY ingest_select ON quarantine FOR SELECT TO trunkline_ingest USING (true);
GRANT SELECT ON quarantine TO trunkline_api;
GRANT INSERT, SELECT (tenant_id, endpoint_id, digest) ON quarantine TO trunkline_ingest;
