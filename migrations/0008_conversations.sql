-- Conversations, and the order in which calls changed.

-- Every call says which conversation it belongs to: by the smallest id of its legs, mostly its own. Not in an index of
-- `calls`, because it changes when an older leg turns up.
--
-- A projector of the version before does not know it, nor does it note changes. It fails, and what it took stays marked
-- until a new one folds it; deliveries and searches go on.
ALTER TABLE calls ADD COLUMN conversation_id bigint;
ALTER TABLE calls ADD CONSTRAINT calls_conversation CHECK (conversation_id IS NOT NULL) NOT VALID;

-- Ids of legs that are linked to others; legs that were named and never came are among them. Most calls are alone, and
-- have no row here. Null: linked to more ids than a conversation can have, so that each of them stands alone.
CREATE TABLE conversation_legs (
  tenant_id       uuid NOT NULL,
  call_id         bigint NOT NULL,
  conversation_id bigint,
  PRIMARY KEY (tenant_id, call_id)
);
CREATE INDEX conversation_legs_by_conversation ON conversation_legs (tenant_id, conversation_id, call_id);
CALL app.wall('conversation_legs');
CREATE POLICY projector ON conversation_legs TO trunkline_projector USING (true) WITH CHECK (true);
GRANT SELECT ON conversation_legs TO trunkline_api;
GRANT SELECT, INSERT, UPDATE ON conversation_legs TO trunkline_projector;

-- When the calls of a company last changed. Whoever writes calls of a company holds this row until its transaction
-- ends, so that times follow each other in the order of the commits, and none is given out twice.
CREATE TABLE call_clocks (
  tenant_id   uuid PRIMARY KEY,
  last_change timestamptz NOT NULL
) WITH (fillfactor = 50);
CALL app.wall('call_clocks');
CREATE POLICY projector ON call_clocks TO trunkline_projector USING (true) WITH CHECK (true);
-- SELECT and UPDATE: to take the next time.
GRANT SELECT, INSERT, UPDATE ON call_clocks TO trunkline_projector;

-- When each call changed last, by that clock. Apart from `calls`, which has no index on anything that changes.
CREATE TABLE call_changes (
  tenant_id  uuid NOT NULL,
  call_id    bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 80);
CREATE INDEX call_changes_in_order ON call_changes (tenant_id, changed_at, call_id);
CALL app.wall('call_changes');
CREATE POLICY projector ON call_changes TO trunkline_projector USING (true) WITH CHECK (true);
GRANT SELECT ON call_changes TO trunkline_api;
GRANT SELECT, INSERT, UPDATE ON call_changes TO trunkline_projector;
