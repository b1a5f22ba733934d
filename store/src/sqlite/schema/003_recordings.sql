-- Calls that have a recording at the carrier are found by age, to delete it when its time is over.

ALTER TABLE calls ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
UPDATE calls SET recorded = 1 WHERE json_extract(body, '$.recordingSid') IS NOT NULL;
CREATE INDEX calls_recorded ON calls (company, started, id) WHERE over = 1 AND recorded = 1;
