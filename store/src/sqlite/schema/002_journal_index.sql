-- The index by which a call's journal is read back, filled in bulk: see tail.rs. Kept for each commit, it made every turn
-- of a call dirty a page of its own.

CREATE TABLE journal_index (
  call INTEGER NOT NULL,
  first INTEGER NOT NULL,
  row INTEGER NOT NULL,
  PRIMARY KEY (call, first)
) STRICT, WITHOUT ROWID;
INSERT INTO journal_index SELECT call, first, id FROM journal ORDER BY call, first;

-- One row: the journal's rows up to this id are in the index, those behind it are the tail.
CREATE TABLE journal_indexed (up_to INTEGER NOT NULL) STRICT;
INSERT INTO journal_indexed SELECT coalesce(max(id), 0) FROM journal;

DROP INDEX journal_of_call;
