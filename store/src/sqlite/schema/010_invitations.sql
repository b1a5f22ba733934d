-- Invitations that stand; one that was accepted or revoked is gone.

CREATE TABLE invitations (
  id BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  email TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  expires INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (company, email)
) STRICT;
CREATE INDEX invitations_by_end ON invitations (expires);
