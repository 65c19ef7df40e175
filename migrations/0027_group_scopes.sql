-- Members who see the calls of some groups and people only, not of the whole company.

-- `CallCenter:5533`, `User:31`; null: all calls. Only for those who do not run the company.
ALTER TABLE memberships ADD COLUMN group_scope text[];
ALTER TABLE memberships ADD CONSTRAINT memberships_group_scope
  CHECK (group_scope IS NULL OR (role IN ('member', 'viewer') AND cardinality(group_scope) > 0));
GRANT UPDATE (group_scope) ON memberships TO trunkline_api;

-- What they will see who accept it.
ALTER TABLE invitations ADD COLUMN group_scope text[];
ALTER TABLE invitations ADD CONSTRAINT invitations_group_scope
  CHECK (group_scope IS NULL OR (role IN ('member', 'viewer') AND cardinality(group_scope) > 0));
GRANT SELECT (group_scope) ON invitations TO trunkline_api;

-- What they see who come first by the company's provider.
ALTER TABLE single_sign_on ADD COLUMN group_scope text[];
ALTER TABLE single_sign_on ADD CONSTRAINT single_sign_on_group_scope
  CHECK (group_scope IS NULL OR cardinality(group_scope) > 0);
GRANT UPDATE (group_scope) ON single_sign_on TO trunkline_api;
