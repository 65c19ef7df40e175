-- Calls that a version before has folded have no conversation and no place in the order of changes. The projector folds
-- them again when it has nothing else to do, and finds them here; new calls are never in this index, so in the end
-- nothing is. A migration of its own: while the index is made, calls can be read.
CREATE INDEX calls_of_before ON calls (tenant_id, call_id) WHERE conversation_id IS NULL;
