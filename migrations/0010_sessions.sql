-- Sessions as their person sees them: where each was begun, when it was last used, and a name to end it by.
ALTER TABLE sessions
  ADD COLUMN session_id uuid NOT NULL DEFAULT gen_random_uuid(), -- tells sessions apart in lists; opens nothing
  ADD COLUMN address    text,               -- from where it was begun; null: not known
  ADD COLUMN user_agent text,               -- by which browser, as it says itself; null: not known
  ADD COLUMN seen_at    timestamptz;        -- last used, to the minute; null: when it was begun
CREATE UNIQUE INDEX sessions_by_id ON sessions (session_id);
GRANT UPDATE (seen_at) ON sessions TO trunkline_accounts;
GRANT UPDATE (password_hash) ON users TO trunkline_accounts;
