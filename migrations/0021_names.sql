-- What people are called. Kept with the membership too, as the address is: `users` is behind no company's wall.
ALTER TABLE users ADD COLUMN name text;         -- null: not said
ALTER TABLE memberships ADD COLUMN name text;   -- null: not said
GRANT UPDATE (name) ON users TO trunkline_accounts;
GRANT UPDATE (name) ON memberships TO trunkline_accounts;
