-- Receivers of events, what is to be sent to them, and the outbox from which that is made.

CREATE TABLE webhooks (
  id BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  enabled INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX webhooks_of_company ON webhooks (company, id);

-- Notes, written with what they are about, of what receivers may want to know: entries of a call, or a callback.
-- Appended at the end and deleted at the beginning; the numbers are never used again.
CREATE TABLE webhook_outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  company BLOB NOT NULL,
  call BLOB,
  first INTEGER,
  last INTEGER,
  callback BLOB
) STRICT;

CREATE TABLE webhook_deliveries (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  webhook BLOB NOT NULL,
  company BLOB NOT NULL,
  event TEXT NOT NULL,
  call BLOB,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due INTEGER,
  body TEXT NOT NULL,
  payload TEXT NOT NULL,
  UNIQUE (webhook, event)
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, due, number) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_of_call ON webhook_deliveries (webhook, call, number) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (webhook, state, number);
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (company, number) WHERE state = 'dead';
