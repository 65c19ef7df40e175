-- The keys that rows are sealed with, each sealed with one that follows from the master key. Until there is one, that one
-- seals rows too. What is sealed says with which; so keys can be replaced while everything runs.
CREATE TABLE sealing_keys (
  key_id     bytea PRIMARY KEY,             -- 4 bytes, in front of everything it sealed
  sealed     bytea NOT NULL,
  seals_from timestamptz NOT NULL           -- later than it is made, so that every process can open before one seals
);
ALTER TABLE sealing_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE sealing_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON sealing_keys TO trunkline_accounts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON sealing_keys TO trunkline_accounts;

-- To seal again what is there. Secrets of endpoints can be written by the role that answers people, company by company;
-- what was refused stays as it is, and goes after some days.
GRANT UPDATE (sealed) ON mails TO trunkline_accounts;
