-- Everything that was posted to a Request URL, and what became of it.

-- An accepted event of a call is its own record of the delivery: no second row on the way to a 200.
ALTER TABLE events
  ADD COLUMN latency_us integer,            -- from its arrival until it was handed to the disk; null: not known
  ADD COLUMN body_bytes integer,            -- of the request; null: not known
  ADD COLUMN marks      smallint;           -- a set of bits, see `deliveries`; null: not known
CREATE INDEX events_by_arrival ON events (tenant_id, received_at);
-- To tell a repeated delivery from one that is written again.
GRANT SELECT (received_at) ON events TO trunkline_ingest;

-- Every other delivery: events of other kinds, repeated ones, what was signed but not understood, what was refused.
-- Refused and repeated ones are a ring; see `store::deliveries`.
CREATE TABLE deliveries (
  tenant_id    uuid NOT NULL,
  received_at  timestamptz NOT NULL,
  digest       bytea NOT NULL,              -- 16 bytes over the payload; of a refused one over the body
  endpoint_id  uuid NOT NULL,
  outcome      text NOT NULL CHECK (outcome IN ('accepted', 'duplicate', 'quarantined', 'rejected')),
  kind         text NOT NULL,               -- call_event, sms, …, unknown
  reason       text,                        -- stable code
  -- 1 signed with the replaced secret, 2 came to the replaced Request URL, 4 refused first and taken in later,
  -- 8 it is not known which secret fitted
  marks        smallint,
  latency_us   integer,
  body_bytes   integer,
  call_id      bigint,                      -- with the next one: the event that is repeated
  occurred_at  timestamptz,
  encoding     smallint,                    -- as in `events`, or 2 = sealed: what nobody signed
  body         bytea,                       -- the payload; of a refused one the body; null: not kept
  PRIMARY KEY (tenant_id, received_at, digest)
);
-- Signed content is kept once.
CREATE UNIQUE INDEX deliveries_once ON deliveries (tenant_id, digest) WHERE outcome IN ('accepted', 'quarantined');
CREATE INDEX deliveries_by_outcome ON deliveries (tenant_id, outcome, received_at);
CREATE INDEX deliveries_by_arrival ON deliveries (received_at) WHERE outcome IN ('duplicate', 'rejected');

-- What was signed but not understood so far. Row-level security binds the owner too, unless the owner may ignore it.
ALTER TABLE quarantine NO FORCE ROW LEVEL SECURITY;
INSERT INTO deliveries (tenant_id, received_at, digest, endpoint_id, outcome, kind, reason, encoding, body)
SELECT DISTINCT ON (tenant_id, digest)
       tenant_id, received_at, digest, endpoint_id,
       CASE WHEN reason LIKE 'OTHER\_%' THEN 'accepted' ELSE 'quarantined' END,
       CASE WHEN reason LIKE 'OTHER\_%' THEN lower(substr(reason, 7)) ELSE 'unknown' END,
       CASE WHEN reason LIKE 'OTHER\_%' THEN NULL ELSE reason END,
       0, payload
FROM quarantine ORDER BY tenant_id, digest, received_at;
DROP TABLE quarantine;

CALL app.wall('deliveries');
CREATE POLICY ingest ON deliveries TO trunkline_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON deliveries TO trunkline_api;
GRANT SELECT, INSERT, UPDATE (outcome, kind, reason), DELETE ON deliveries TO trunkline_ingest;

-- How often an event was received again. Apart from `events`, which never change.
CREATE TABLE event_duplicates (
  tenant_id        uuid NOT NULL,
  call_id          bigint NOT NULL,
  occurred_at      timestamptz NOT NULL,
  digest           bytea NOT NULL,
  duplicates       integer NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, call_id, occurred_at, digest)
) WITH (fillfactor = 70);
CALL app.wall('event_duplicates');
CREATE POLICY ingest ON event_duplicates TO trunkline_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON event_duplicates TO trunkline_api;
GRANT SELECT, INSERT, UPDATE ON event_duplicates TO trunkline_ingest;

-- How deliveries fared, hour by hour. Counts are exact also for what is no longer kept.
CREATE TABLE delivery_hours (
  tenant_id   uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  hour        timestamptz NOT NULL,
  accepted    bigint NOT NULL,
  duplicate   bigint NOT NULL,
  quarantined bigint NOT NULL,
  rejected    bigint NOT NULL,
  latencies   bigint[] NOT NULL,            -- answers by the upper edge of their latency, see `domain::delivery`
  PRIMARY KEY (tenant_id, endpoint_id, hour)
) WITH (fillfactor = 50);
CALL app.wall('delivery_hours');
CREATE POLICY ingest ON delivery_hours TO trunkline_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON delivery_hours TO trunkline_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_hours TO trunkline_ingest;

-- Until now `accepted` counted everything that was answered 200.
ALTER TABLE endpoint_activity
  ADD COLUMN duplicates              bigint NOT NULL DEFAULT 0,
  ADD COLUMN quarantined             bigint NOT NULL DEFAULT 0,
  ADD COLUMN recovered               bigint NOT NULL DEFAULT 0, -- refused first, taken in by a re-check
  ADD COLUMN previous_secret_used_at timestamptz,
  ADD COLUMN previous_url_used_at    timestamptz;

-- A Request URL can be replaced like a secret: the old one is accepted until …
ALTER TABLE endpoints
  ADD COLUMN previous_token       text,
  ADD COLUMN previous_token_until timestamptz,
  ADD CHECK ((previous_token IS NULL) = (previous_token_until IS NULL));
CREATE INDEX endpoints_by_previous_token ON endpoints (previous_token) WHERE previous_token IS NOT NULL;
GRANT UPDATE (token, previous_token, previous_token_until) ON endpoints TO trunkline_api;
