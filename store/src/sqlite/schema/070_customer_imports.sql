-- What is remembered of imports of customers: how far each has come, or what came of it.

CREATE TABLE customer_imports (
  company BLOB NOT NULL,
  id BLOB NOT NULL,
  started INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (company, id)
) STRICT, WITHOUT ROWID;
