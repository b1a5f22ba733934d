-- Ids are 12 bytes, times are milliseconds since 1970 in UTC, bodies are documents as JSON.
-- A column beside a body repeats a field of it that is searched by; the body is what counts.

CREATE TABLE companies (
  id BLOB NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  id BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  email TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX users_of_company ON users (company, id);

CREATE TABLE agent_settings (
  user BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE agent_status (
  user BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  reserved_until INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX agent_status_reserved ON agent_status (reserved_until) WHERE reserved_until IS NOT NULL;

CREATE TABLE customers (
  id BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  phone TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT,
  created INTEGER NOT NULL,
  last_call INTEGER,
  next_call INTEGER,
  search TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (company, phone)
) STRICT;
CREATE INDEX customers_by_age ON customers (company, created, id);
CREATE INDEX customers_by_name ON customers (company, name, id);

CREATE TABLE calls (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  company BLOB NOT NULL,
  customer BLOB NOT NULL,
  status TEXT NOT NULL,
  over INTEGER NOT NULL,
  unsettled INTEGER NOT NULL,
  started INTEGER NOT NULL,
  agent BLOB,
  result TEXT,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX calls_live ON calls (customer) WHERE over = 0;
CREATE INDEX calls_unsettled ON calls (id) WHERE over = 1 AND unsettled = 1;
CREATE INDEX calls_live_of_agent ON calls (agent) WHERE over = 0 AND agent IS NOT NULL;
CREATE INDEX calls_by_start ON calls (company, started, id);
CREATE INDEX calls_of_customer ON calls (customer, started);
CREATE INDEX calls_of_agent ON calls (agent, started) WHERE agent IS NOT NULL;

-- One row is one commit: a line for each of its entries, the first of which has the place `first`; see journal.rs.
-- Rows are appended at the end whatever call they belong to, so that a transaction of many calls fills few pages,
-- and the index by which a call is read back is small. Only the writer's check keeps the rows of a call from
-- overlapping; the index keeps two from beginning at the same place.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  call INTEGER NOT NULL,
  first INTEGER NOT NULL,
  entries TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_of_call ON journal (call, first);

CREATE TABLE opening_keys (
  company BLOB NOT NULL,
  key TEXT NOT NULL,
  call BLOB NOT NULL,
  started INTEGER NOT NULL,
  PRIMARY KEY (company, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX opening_keys_by_age ON opening_keys (started);

CREATE TABLE callbacks (
  id BLOB NOT NULL PRIMARY KEY,
  company BLOB NOT NULL,
  call BLOB NOT NULL UNIQUE,
  status TEXT NOT NULL,
  assigned BLOB,
  wanted INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX callbacks_by_time ON callbacks (company, status, wanted, id);

CREATE TABLE refresh_tokens (
  hash TEXT NOT NULL PRIMARY KEY,
  user BLOB NOT NULL,
  family BLOB NOT NULL,
  expires INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX refresh_tokens_of_user ON refresh_tokens (user);
CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires);
