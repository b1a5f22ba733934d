-- What was said on calls that are over, in pairs of neighbouring signs; see said.rs. The number of the call is the row.
-- `call_said` and `call_words` are this program's own functions (see migrations.rs).
CREATE VIRTUAL TABLE call_words USING fts5(
  pairs, content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
-- Tells what was said from what is entered.
ALTER TABLE calls ADD COLUMN said INTEGER;
UPDATE calls SET said = call_said(body) WHERE over = 1;
INSERT INTO call_words (rowid, pairs) SELECT number, call_words(body) FROM calls WHERE said IS NOT NULL;
