-- What a company says of itself can be changed by its people.
GRANT UPDATE (name, slug, time_zone) ON tenants TO trunkline_api;

-- Saved views: a question and how its answer is shown, under a name.
CREATE TABLE saved_views (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  view_id    uuid NOT NULL,
  name       text NOT NULL,
  content    text NOT NULL,                 -- a JSON object of the pages; nothing here looks into it
  is_shared  boolean NOT NULL,              -- with everybody in the company
  owner_id   uuid,                          -- the person; null: they are gone, and what they shared stays
  owner      text NOT NULL,                 -- their address, as it was then
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, view_id),
  CHECK (is_shared OR owner_id IS NOT NULL)
);
CALL app.wall('saved_views');
GRANT SELECT, INSERT, UPDATE (name, content, is_shared, owner_id, changed_at), DELETE ON saved_views TO trunkline_api;
