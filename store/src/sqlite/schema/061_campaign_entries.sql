-- The customers on the lists of campaigns, in the order in which they were put there.
-- `due` is set while one waits, `ended` is when the last attempt ended, `tried` whether one has.

CREATE TABLE campaign_entries (
  position INTEGER PRIMARY KEY,
  campaign BLOB NOT NULL,
  customer BLOB NOT NULL,
  state TEXT NOT NULL,
  skipped TEXT,
  result TEXT,
  tried INTEGER NOT NULL,
  due INTEGER,
  ended INTEGER,
  body TEXT NOT NULL,
  UNIQUE (campaign, customer)
) STRICT;
CREATE INDEX campaign_entries_due ON campaign_entries (campaign, due, position) WHERE state = 'waiting';
CREATE INDEX campaign_entries_in_hand ON campaign_entries (campaign, position) WHERE state = 'calling';
CREATE INDEX campaign_entries_by_state ON campaign_entries (campaign, state, skipped, result, tried);
CREATE INDEX campaign_entries_ended ON campaign_entries (campaign, ended) WHERE ended IS NOT NULL;
CREATE INDEX campaign_entries_of_customer ON campaign_entries (customer, campaign) WHERE state IN ('waiting', 'calling');
