-- Markers by the batch: one row names the calls of one company that one batch touched. A row for every call cost
-- PostgreSQL as much again as the events themselves, once to add it and once to take it away.
--
-- `dirty_calls` stays for a binary of before, which marks there and folds from there; the projector takes from both.
CREATE TABLE marked_calls (
  tenant_id uuid NOT NULL,
  call_ids  bigint[] NOT NULL,
  marked    bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX marked_calls_in_order ON marked_calls (marked);
CALL app.wall('marked_calls');
CREATE POLICY ingest ON marked_calls FOR INSERT TO trunkline_ingest WITH CHECK (true);
CREATE POLICY projector ON marked_calls TO trunkline_projector USING (true) WITH CHECK (true);
GRANT INSERT ON marked_calls TO trunkline_ingest;
-- UPDATE is what locking a row asks for.
GRANT SELECT, INSERT, UPDATE, DELETE ON marked_calls TO trunkline_projector;

-- Rows come and go all day: what went is cleared away early, so that the oldest marker is found at once.
ALTER TABLE marked_calls SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
