-- The projection: what events fold to. It can be rebuilt from them at any time.

-- One leg of a call. No column in an index changes after the first events of a call, so that updates stay on the page.
CREATE TABLE calls (
  tenant_id             uuid NOT NULL,
  call_id               bigint NOT NULL,
  started_at            timestamptz NOT NULL, -- what lists are ordered by: never null
  direction             text NOT NULL,
  state                 text NOT NULL,
  state_raw             text NOT NULL,
  outcome               text NOT NULL,
  internal_number       text,
  external_number       text,
  target_party          uuid,
  proxy_target_party    uuid,
  entry_point_party     uuid,
  contact_party         uuid,
  group_id              text,
  entry_point_call_id   bigint,
  master_call_id        bigint,
  operator_call_id      bigint,
  date_started          timestamptz,
  date_queued           timestamptz,
  date_first_rang       timestamptz,
  date_rang             timestamptz,
  date_connected        timestamptz,
  date_ended            timestamptz,
  duration_ms           double precision,
  total_duration_ms     double precision,
  talk_time_ms          double precision,
  hold_time_ms          double precision,
  was_recorded          boolean,
  voicemail_link        text,
  is_transferred        boolean,
  labels                text[] NOT NULL,
  label_terms           text[] NOT NULL,    -- the labels folded, because not every database folds every letter
  event_count           integer NOT NULL,
  updated_at            timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 70);
CREATE INDEX calls_by_start ON calls (tenant_id, started_at DESC, call_id DESC);
CALL app.wall('calls');
CREATE POLICY projector ON calls TO trunkline_projector USING (true) WITH CHECK (true);
GRANT SELECT ON calls TO trunkline_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON calls TO trunkline_projector;

-- Everyone and every number that appears on calls, once, as sent; immutable. The id is derived from the content.
CREATE TABLE parties (
  tenant_id  uuid NOT NULL,
  party_id   uuid NOT NULL,
  kind       text NOT NULL,                  -- user, call_center, local, … or number
  dialpad_id text,
  name       text,
  email      text,
  phone      text,
  PRIMARY KEY (tenant_id, party_id)
);
CALL app.wall('parties');
CREATE POLICY projector ON parties TO trunkline_projector USING (true) WITH CHECK (true);
GRANT SELECT ON parties TO trunkline_api;
GRANT SELECT, INSERT ON parties TO trunkline_projector;

-- What a party can be found by. The first character says what a term is, the rest is folded text:
--   w word   n whole name   e e-mail   i Dialpad id   d digits of a number   r the same digits reversed
-- Only `=` and `^@` on collation C can use an index under row-level security; both ends of a number and the
-- beginnings of words are such prefixes.
CREATE TABLE party_terms (
  tenant_id uuid NOT NULL,
  term      text COLLATE "C" NOT NULL,
  party_id  uuid NOT NULL,
  PRIMARY KEY (tenant_id, term, party_id),
  FOREIGN KEY (tenant_id, party_id) REFERENCES parties
);
CALL app.wall('party_terms');
CREATE POLICY projector ON party_terms TO trunkline_projector USING (true) WITH CHECK (true);
GRANT SELECT ON party_terms TO trunkline_api;
GRANT SELECT, INSERT ON party_terms TO trunkline_projector;

-- Which calls a party is on, newest first. `sides` is a set of bits: 1 external number, 2 internal number, 4 contact,
-- 8 target, 16 caller-id proxy, 32 entry point.
CREATE TABLE call_parties (
  tenant_id  uuid NOT NULL,
  call_id    bigint NOT NULL,
  party_id   uuid NOT NULL,
  sides      smallint NOT NULL,
  started_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, call_id, party_id)
);
CREATE INDEX call_parties_by_party ON call_parties (tenant_id, party_id, started_at DESC, call_id DESC);
CALL app.wall('call_parties');
CREATE POLICY projector ON call_parties TO trunkline_projector USING (true) WITH CHECK (true);
GRANT SELECT ON call_parties TO trunkline_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON call_parties TO trunkline_projector;
