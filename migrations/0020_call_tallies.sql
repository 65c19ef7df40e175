-- How many calls there are over time, counted when they are written and not when somebody looks: a histogram of ten
-- million calls reads some thousand rows.
--
-- By quarters of an hour, in which days begin everywhere on earth today, and by days of UTC, so that a year is not many.
CREATE TABLE call_tallies (
  tenant_id uuid NOT NULL,
  is_day    boolean NOT NULL,                -- a day; otherwise a quarter of an hour
  starts_at timestamptz NOT NULL,
  direction text NOT NULL,
  answered  integer NOT NULL,
  missed    integer NOT NULL,
  abandoned integer NOT NULL,
  voicemail integer NOT NULL,
  blocked   integer NOT NULL,
  cancelled integer NOT NULL,
  ongoing   integer NOT NULL,
  PRIMARY KEY (tenant_id, is_day, starts_at, direction)
) WITH (fillfactor = 70);

-- Whoever writes calls, and in whatever way: the tally follows in the same transaction. One projector works for a company
-- at a time, so nobody waits here for anybody.
CREATE FUNCTION app.tally_calls() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
DECLARE
  written text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT 1 AS calls, * FROM after'
    WHEN 'DELETE' THEN 'SELECT -1 AS calls, * FROM before'
    ELSE 'SELECT 1 AS calls, * FROM after UNION ALL SELECT -1, * FROM before' END;
BEGIN
  EXECUTE format(
    $sql$
      INSERT INTO public.call_tallies AS known
      SELECT tenant_id, is_day, starts_at, direction, answered, missed, abandoned, voicemail, blocked, cancelled, ongoing
      FROM (SELECT tenant_id, is_day, date_bin(span, started_at, '0001-01-01 00:00 UTC') AS starts_at, direction,
                   coalesce(sum(calls) FILTER (WHERE outcome = 'answered'), 0) AS answered,
                   coalesce(sum(calls) FILTER (WHERE outcome = 'missed'), 0) AS missed,
                   coalesce(sum(calls) FILTER (WHERE outcome = 'abandoned'), 0) AS abandoned,
                   coalesce(sum(calls) FILTER (WHERE outcome = 'voicemail'), 0) AS voicemail,
                   coalesce(sum(calls) FILTER (WHERE outcome = 'blocked'), 0) AS blocked,
                   coalesce(sum(calls) FILTER (WHERE outcome = 'cancelled'), 0) AS cancelled,
                   coalesce(sum(calls) FILTER (WHERE outcome = 'ongoing'), 0) AS ongoing
            FROM (%s) AS written
            CROSS JOIN (VALUES (false, interval '15 minutes'), (true, interval '1 day')) AS spans (is_day, span)
            GROUP BY 1, 2, 3, 4) AS change
      WHERE (answered, missed, abandoned, voicemail, blocked, cancelled, ongoing) <> (0, 0, 0, 0, 0, 0, 0)
      ORDER BY 1, 2, 3, 4
      ON CONFLICT (tenant_id, is_day, starts_at, direction) DO UPDATE SET
        answered = known.answered + excluded.answered, missed = known.missed + excluded.missed,
        abandoned = known.abandoned + excluded.abandoned, voicemail = known.voicemail + excluded.voicemail,
        blocked = known.blocked + excluded.blocked, cancelled = known.cancelled + excluded.cancelled,
        ongoing = known.ongoing + excluded.ongoing
    $sql$, written);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION app.tally_calls() FROM PUBLIC;

CREATE TRIGGER tally_inserted AFTER INSERT ON calls
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION app.tally_calls();
CREATE TRIGGER tally_updated AFTER UPDATE ON calls
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION app.tally_calls();
CREATE TRIGGER tally_deleted AFTER DELETE ON calls
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION app.tally_calls();

-- The calls of before, which the owner of the table sees for a moment. Nobody writes any meanwhile: the triggers wait for
-- the end of this, and so does whoever would fire them.
ALTER TABLE calls NO FORCE ROW LEVEL SECURITY;
INSERT INTO call_tallies
SELECT tenant_id, is_day, date_bin(span, started_at, '0001-01-01 00:00 UTC'), direction,
       count(*) FILTER (WHERE outcome = 'answered'), count(*) FILTER (WHERE outcome = 'missed'),
       count(*) FILTER (WHERE outcome = 'abandoned'), count(*) FILTER (WHERE outcome = 'voicemail'),
       count(*) FILTER (WHERE outcome = 'blocked'), count(*) FILTER (WHERE outcome = 'cancelled'),
       count(*) FILTER (WHERE outcome = 'ongoing')
FROM calls CROSS JOIN (VALUES (false, interval '15 minutes'), (true, interval '1 day')) AS spans (is_day, span)
GROUP BY 1, 2, 3, 4;
ALTER TABLE calls FORCE ROW LEVEL SECURITY;

CALL app.wall('call_tallies');
CREATE POLICY projector ON call_tallies TO trunkline_projector USING (true) WITH CHECK (true);
GRANT SELECT ON call_tallies TO trunkline_api;
GRANT SELECT, INSERT, UPDATE ON call_tallies TO trunkline_projector;

-- Which terms a party has: whether it has one more word of a text is asked of the few that have the rarest of them.
CREATE INDEX party_terms_by_party ON party_terms (tenant_id, party_id, term);
