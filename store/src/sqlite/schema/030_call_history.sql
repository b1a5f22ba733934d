-- The history of calls and its figures. `call_handoff` and `call_notes` are this program's own functions (see migrations.rs).
--
-- Of a call that is over: `talked` are the seconds from the answer to the end, NULL when nobody answered; `handoff` the
-- seconds until a human came to the customer, -1 when none came, NULL when none was asked for.

ALTER TABLE calls ADD COLUMN talked INTEGER;
ALTER TABLE calls ADD COLUMN handoff INTEGER;
UPDATE calls SET
  talked = CASE WHEN json_extract(body, '$.answeredTime') IS NOT NULL THEN coalesce(json_extract(body, '$.duration'), 0) END,
  handoff = CASE WHEN json_extract(body, '$.handoffTime') IS NOT NULL THEN call_handoff(body) END
WHERE over = 1;

-- A call stands in the one while it lives and in the other from its end on, so that nothing of what changes while it lives
-- is in an index. The agent's and the result's calls are found by the hours in which there are some, see history.rs.
DROP INDEX calls_by_start;
DROP INDEX calls_of_agent;
DROP INDEX calls_of_customer;
CREATE INDEX calls_of_customer ON calls (company, customer, started, id);
CREATE INDEX calls_live_by_start ON calls (company, started, id) WHERE over = 0;
CREATE INDEX calls_over_by_start ON calls (company, started, id, status, result, agent, customer, talked, handoff)
  WHERE over = 1;

-- The figures of the calls that are over, by the stretch of so many hours in which they began (counted from 1970): 1 for what
-- is looked at closely, 720 so that sums over years are short. Once for all agents together, under an empty id, and once for the
-- agent who had the customer. A row without calls is removed.
CREATE TABLE call_tallies (
  company BLOB NOT NULL,
  agent BLOB NOT NULL,
  hours INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  status TEXT NOT NULL,
  result TEXT NOT NULL,
  calls INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  handoffs INTEGER NOT NULL,
  connected INTEGER NOT NULL,
  seconds_waited INTEGER NOT NULL,
  PRIMARY KEY (company, agent, hours, slot, status, result)
) STRICT, WITHOUT ROWID;
INSERT INTO call_tallies
  SELECT company, whose, 1, hour, status, coalesce(result, ''), count(*), count(talked), coalesce(sum(talked), 0), count(handoff),
    count(nullif(handoff, -1)), coalesce(sum(nullif(handoff, -1)), 0)
  FROM (
    -- Rounded downwards, also before 1970.
    SELECT *, started / 3600000 - (started % 3600000 < 0) AS hour, x'' AS whose FROM calls WHERE over = 1
    UNION ALL
    SELECT *, started / 3600000 - (started % 3600000 < 0), agent FROM calls WHERE over = 1 AND agent IS NOT NULL)
  GROUP BY 1, 2, 4, 5, 6;
INSERT INTO call_tallies
  SELECT company, agent, 720, slot / 720 - (slot % 720 < 0), status, result, sum(calls), sum(answered), sum(seconds),
    sum(handoffs), sum(connected), sum(seconds_waited)
  FROM call_tallies WHERE hours = 1
  GROUP BY 1, 2, 4, 5, 6;

-- What people wrote about calls, folded as searches compare. Few calls have any.
CREATE TABLE call_notes (
  company BLOB NOT NULL,
  call INTEGER NOT NULL,
  search TEXT NOT NULL,
  PRIMARY KEY (company, call)
) STRICT, WITHOUT ROWID;
INSERT INTO call_notes
  SELECT company, number, search FROM
    (SELECT company, number, call_notes(body) AS search FROM calls WHERE json_extract(body, '$.notes') IS NOT NULL)
  WHERE search IS NOT NULL;
