-- Campaigns. `driven` is 1 while something is to be done in one: rung, waited for, or given up.

CREATE TABLE campaigns (
  id BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  state TEXT NOT NULL,
  driven INTEGER NOT NULL,
  started INTEGER,
  created INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX campaigns_by_age ON campaigns (company, created, id);
CREATE INDEX campaigns_driven ON campaigns (id) WHERE driven = 1;
