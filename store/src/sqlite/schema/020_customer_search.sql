-- Customers are found by their flags, and by words whose width and kana do not matter. `customer_search` is this program's
-- own function (see migrations.rs): the text in which a search looks, made from a body.

ALTER TABLE customers ADD COLUMN do_not_call INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN wrong_number INTEGER NOT NULL DEFAULT 0;
UPDATE customers SET
  do_not_call = coalesce(json_extract(body, '$.doNotCall'), 0),
  wrong_number = coalesce(json_extract(body, '$.wrongNumber'), 0),
  search = customer_search(body);
CREATE INDEX customers_by_status ON customers (company, status, created, id) WHERE status IS NOT NULL;
CREATE INDEX customers_do_not_call ON customers (company, created, id) WHERE do_not_call = 1;
CREATE INDEX customers_wrong_number ON customers (company, created, id) WHERE wrong_number = 1;
CREATE INDEX customers_by_last_call ON customers (company, last_call, id);
CREATE INDEX customers_by_next_call ON customers (company, next_call IS NULL, next_call, id);
