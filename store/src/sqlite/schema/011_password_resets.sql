-- Password resets that stand; one that was used is gone. A user has one at most.

CREATE TABLE password_resets (
  user BLOB NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  expires INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX password_resets_by_end ON password_resets (expires);
