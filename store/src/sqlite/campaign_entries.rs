//! The customers on the lists of campaigns, in SQLite.

use super::{
    SqliteStore, campaigns,
    failure::Failure,
    row::{self, List},
    writer::Writing,
};
use crate::{CampaignListStore, EntryCount, LIST_STEP, Listed, Page, Paging, Prospect, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter, types::Value};
use serde::de::DeserializeOwned;
use tsunagu_call::{
    CallId, CampaignId, CompanyId, CustomerId, Time,
    campaign::{AttemptResult, CampaignEntry, EntryState, SkipReason},
};

#[async_trait]
impl CampaignListStore for SqliteStore {
    async fn list_customers(
        &self,
        company: CompanyId,
        id: CampaignId,
        customers: Vec<CustomerId>,
        most: u64,
        now: Time,
    ) -> Result<Listed, StoreError> {
        if customers.len() > LIST_STEP {
            return Err(StoreError::Invalid { reason: "more customers than are listed in one step" });
        }
        self.write(move |writing| {
            if campaigns::existing(writing, company, id)?.state.is_over() {
                return Err(StoreError::Changed { what: "campaign" }.into());
            }
            let mut there = count(writing.connection, id, None, None)?;
            let mut listed = Listed::default();
            for customer in &customers {
                if !is_customer(writing, company, *customer)? {
                    listed.unknown += 1;
                } else if is_listed(writing, id, *customer)? {
                    listed.duplicates += 1;
                } else if there >= most {
                    listed.left_out += 1;
                } else {
                    insert(writing, &CampaignEntry::new(id, *customer, now))?;
                    (listed.added, there) = (listed.added + 1, there + 1);
                }
            }
            Ok(listed)
        })
        .await
    }

    async fn count_entries(&self, id: CampaignId) -> Result<Vec<EntryCount>, StoreError> {
        self.read(move |connection| {
            let mut find = connection.prepare_cached(
                "SELECT state, skipped, result, tried, count(*) FROM campaign_entries WHERE campaign = ?1 \
                 GROUP BY state, skipped, result, tried",
            )?;
            let mut rows = find.query([id.bytes()])?;
            let mut counts = Vec::new();
            while let Some(found) = rows.next()? {
                counts.push(entry_count(found)?);
            }
            Ok(counts)
        })
        .await
    }

    async fn campaign_entries(
        &self,
        id: CampaignId,
        state: Option<EntryState>,
        paging: Paging,
    ) -> Result<Page<CampaignEntry>, StoreError> {
        let (conditions, values) = row::all_of([
            ("campaign = ?", Some(row::blob(id))),
            ("state = ?", state.map(|state| state.as_str().to_owned().into())),
        ]);
        let list = List { table: "campaign_entries", conditions, values, order: "position" };
        self.read(move |connection| row::page("campaign entry", connection, &list, paging)).await
    }

    async fn prospects(
        &self,
        id: CampaignId,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Vec<Prospect>, StoreError> {
        let after = after.map_or_else(Vec::new, |after| after.bytes().to_vec());
        self.read(move |connection| {
            let which = "e.state = 'waiting' AND e.customer > ?2 ORDER BY e.customer LIMIT ?3";
            let mut find = connection.prepare_cached(&prospects_where(which))?;
            let mut rows = find.query(params![id.bytes(), after, limit])?;
            let mut prospects = Vec::new();
            while let Some(found) = rows.next()? {
                prospects.push(prospect(found)?);
            }
            Ok(prospects)
        })
        .await
    }

    async fn prospect(&self, id: CampaignId, customer: CustomerId) -> Result<Option<Prospect>, StoreError> {
        self.read(move |connection| {
            let mut find = connection.prepare_cached(&prospects_where("e.customer = ?2"))?;
            let found =
                find.query_row([id.bytes(), customer.bytes()], |found| Ok(prospect(found))).optional()?;
            found.transpose()
        })
        .await
    }

    async fn next_due(&self, id: CampaignId) -> Result<Option<Time>, StoreError> {
        self.read(move |connection| {
            let mut find = connection.prepare_cached(
                "SELECT due FROM campaign_entries WHERE campaign = ?1 AND state = 'waiting' ORDER BY due, position LIMIT 1",
            )?;
            Ok(find.query_row([id.bytes()], |found| row::time(found, 0)).optional()?)
        })
        .await
    }

    async fn claim_entry(
        &self,
        id: CampaignId,
        call: CallId,
        now: Time,
        lease_until: Time,
    ) -> Result<Option<CampaignEntry>, StoreError> {
        self.write(move |writing| {
            let query = "SELECT e.body FROM campaign_entries e JOIN campaigns c ON c.id = e.campaign \
                         WHERE e.campaign = ?1 AND c.state = 'running' AND e.state = 'waiting' AND e.due <= ?2 \
                         ORDER BY e.due, e.position LIMIT 1";
            let values = params![id.bytes(), now.millis()];
            let found: Option<CampaignEntry> =
                row::find("campaign entry", writing.connection, query, values)?;
            let Some(mut entry) = found else { return Ok(None) };
            if !entry.claim(call, now, lease_until) {
                return Ok(None);
            }
            replace(writing, &entry)?;
            Ok(Some(entry))
        })
        .await
    }

    async fn entries_in_hand(&self, id: CampaignId, limit: u32) -> Result<Vec<CampaignEntry>, StoreError> {
        self.read(move |connection| {
            let query = "SELECT body FROM campaign_entries WHERE campaign = ?1 AND state = 'calling' \
                         ORDER BY position LIMIT ?2";
            let mut find = connection.prepare_cached(query)?;
            row::documents("campaign entry", &mut find, params![id.bytes(), limit])
        })
        .await
    }

    async fn replace_entry(&self, seen: &CampaignEntry, entry: CampaignEntry) -> Result<bool, StoreError> {
        let seen = seen.clone();
        self.write(move |writing| {
            let query = "SELECT body FROM campaign_entries WHERE campaign = ?1 AND customer = ?2";
            let of = [seen.campaign_id.bytes(), seen.customer_id.bytes()];
            let stands: Option<CampaignEntry> = row::find("campaign entry", writing.connection, query, of)?;
            let unchanged = stands.as_ref() == Some(&seen);
            if unchanged {
                replace(writing, &entry)?;
            }
            Ok(unchanged)
        })
        .await
    }

    async fn give_up_waiting(&self, id: CampaignId, limit: u32) -> Result<u64, StoreError> {
        self.write(move |writing| {
            let query = "SELECT e.body FROM campaign_entries e JOIN campaigns c ON c.id = e.campaign \
                         WHERE e.campaign = ?1 AND c.state = 'stopped' AND e.state = 'waiting' LIMIT ?2";
            let mut find = writing.connection.prepare_cached(query)?;
            let waiting: Vec<CampaignEntry> =
                row::documents("campaign entry", &mut find, params![id.bytes(), limit])?;
            for mut entry in waiting.iter().cloned() {
                entry.skip(SkipReason::Stopped);
                replace(writing, &entry)?;
            }
            Ok(waiting.len() as u64)
        })
        .await
    }

    async fn latest_results(
        &self,
        id: CampaignId,
        since: Time,
        limit: u32,
    ) -> Result<Vec<AttemptResult>, StoreError> {
        self.read(move |connection| {
            let mut find = connection.prepare_cached(
                "SELECT result FROM campaign_entries WHERE campaign = ?1 AND ended > ?2 AND result IS NOT NULL \
                 ORDER BY ended DESC LIMIT ?3",
            )?;
            let mut rows = find.query(params![id.bytes(), since.millis(), limit])?;
            let mut results = Vec::new();
            while let Some(found) = rows.next()? {
                results.push(word(found.get(0)?)?);
            }
            Ok(results)
        })
        .await
    }
}

/// How many entries a campaign has, in a state or in all; counted up to `most`.
pub fn count(
    connection: &Connection,
    id: CampaignId,
    state: Option<EntryState>,
    most: Option<u32>,
) -> Result<u64, Failure> {
    let (conditions, mut values) = row::all_of([
        ("campaign = ?", Some(row::blob(id))),
        ("state = ?", state.map(|state| state.as_str().to_owned().into())),
    ]);
    values.push(most.map_or(-1, i64::from).into());
    let query = format!("SELECT count(*) FROM (SELECT 1 FROM campaign_entries WHERE {conditions} LIMIT ?)");
    let mut find = connection.prepare_cached(&query)?;
    Ok(row::unsigned(find.query_row(params_from_iter(values), |found| found.get(0))?))
}

/// Entries with their customers; the campaign is the first parameter.
fn prospects_where(which: &str) -> String {
    format!(
        "SELECT e.body, c.body, \
           EXISTS (SELECT 1 FROM calls l WHERE l.customer = e.customer AND l.over = 0), \
           EXISTS (SELECT 1 FROM campaign_entries o JOIN campaigns oc ON oc.id = o.campaign \
                   WHERE o.customer = e.customer AND o.campaign <> e.campaign AND o.state IN ('waiting', 'calling') \
                     AND oc.state IN ('running', 'paused') \
                     AND (own.started IS NULL OR (oc.started, oc.id) < (own.started, own.id))) \
         FROM campaigns own CROSS JOIN campaign_entries e ON e.campaign = own.id \
         LEFT JOIN customers c ON c.id = e.customer AND c.company = own.company \
         WHERE own.id = ?1 AND {which}"
    )
}

fn prospect(row: &Row<'_>) -> Result<Prospect, Failure> {
    Ok(Prospect {
        entry: row::document_at("campaign entry", row, 0)?,
        customer: row::optional_document_at("customer", row, 1)?,
        in_call: row.get(2)?,
        elsewhere: row.get(3)?,
    })
}

fn entry_count(row: &Row<'_>) -> Result<EntryCount, Failure> {
    let optional = |column| row.get::<_, Option<String>>(column);
    Ok(EntryCount {
        state: word(row.get(0)?)?,
        skipped: optional(1)?.map(word).transpose()?,
        result: optional(2)?.map(word).transpose()?,
        tried: row.get(3)?,
        count: row::unsigned(row.get(4)?),
    })
}

/// One of the words that stand in columns.
fn word<T: DeserializeOwned>(text: String) -> Result<T, Failure> {
    serde_json::from_value(text.into()).map_err(|error| StoreError::corrupt("campaign entry", error).into())
}

fn is_customer(writing: &Writing<'_>, company: CompanyId, id: CustomerId) -> Result<bool, Failure> {
    let mut find =
        writing.connection.prepare_cached("SELECT 1 FROM customers WHERE id = ?1 AND company = ?2")?;
    Ok(find.exists([id.bytes(), company.bytes()])?)
}

pub(super) fn is_listed(
    writing: &Writing<'_>,
    id: CampaignId,
    customer: CustomerId,
) -> Result<bool, Failure> {
    let mut find = writing
        .connection
        .prepare_cached("SELECT 1 FROM campaign_entries WHERE campaign = ?1 AND customer = ?2")?;
    Ok(find.exists([id.bytes(), customer.bytes()])?)
}

pub(super) fn insert(writing: &Writing<'_>, entry: &CampaignEntry) -> Result<(), Failure> {
    let mut insert = writing.connection.prepare_cached(
        "INSERT INTO campaign_entries (campaign, customer, state, skipped, result, tried, due, ended, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params_from_iter(columns(entry)?))?;
    Ok(())
}

pub(super) fn replace(writing: &Writing<'_>, entry: &CampaignEntry) -> Result<(), Failure> {
    let mut update = writing.connection.prepare_cached(
        "UPDATE campaign_entries SET state = ?3, skipped = ?4, result = ?5, tried = ?6, due = ?7, ended = ?8, \
         body = ?9 WHERE campaign = ?1 AND customer = ?2",
    )?;
    update.execute(params_from_iter(columns(entry)?))?;
    Ok(())
}

fn columns(entry: &CampaignEntry) -> Result<[Value; 9], StoreError> {
    let word = |word: Option<&'static str>| word.map_or(Value::Null, |word| word.to_owned().into());
    let moment = |moment: Option<Time>| moment.map_or(Value::Null, row::millis);
    Ok([
        row::blob(entry.campaign_id),
        row::blob(entry.customer_id),
        word(Some(entry.state.as_str())),
        word(entry.skipped.map(SkipReason::as_str)),
        word(entry.result.map(AttemptResult::as_str)),
        i64::from(!entry.attempts.is_empty()).into(),
        moment(entry.next_attempt_at),
        moment(entry.last_end()),
        row::body("campaign entry", entry)?.into(),
    ])
}
