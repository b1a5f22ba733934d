//! A call that begins: one insert, of which the unique indices say whether it may.

use super::{MongoStore, commit::tail, form, outbox::note, shelf::Put};
use crate::{FIRST_SEQ, IDEMPOTENCY_SECS, Opened, Opening, StoreError};
use mongodb::bson::{Bson, doc, oid::ObjectId};
use tsunagu_call::{CallId, CallRecord, CompanyId, CustomerId, Time};

/// How often an opening is begun anew, because what stood in its way was gone when it was looked at.
const ATTEMPTS: u32 = 20;

impl MongoStore {
    pub(super) async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        let Opening { record, entries, idempotency_key: key } = &opening;
        for _ in 0..ATTEMPTS {
            if let Some(key) = key
                && let Some(call) = self.opened_with(record.company_id, key, record.start_time).await?
            {
                return Ok(Opened::Already(call));
            }
            opening.check()?;
            let (entries, bytes) = tail(entries, ObjectId::new())?;
            let (first, last) = (FIRST_SEQ, FIRST_SEQ + entries.len() as u64 - 1);
            let noted = self.is_noted(record.company_id).await?;
            let own = doc! {
                "next": form::number(last + 1),
                "tail": entries,
                "tailFrom": form::number(first),
                "tailBytes": bytes,
                "key": key.as_deref(),
                "outbox": if noted { Bson::from(vec![note(first, last)]) } else { Bson::Null },
            };
            if self.calls.enter(record, own).await? == Put::Done {
                return Ok(Opened::New);
            }
            // The key is looked at first once more: it comes before all errors.
            if let Some(key) = key
                && let Some(call) = self.opened_with(record.company_id, key, record.start_time).await?
            {
                return Ok(Opened::Already(call));
            }
            if let Some(call) = self.busy_in(record.customer_id).await? {
                return Err(StoreError::CustomerBusy { call });
            }
            if let Some(head) = self.head(record.id).await? {
                return Err(StoreError::Conflict {
                    call: record.id,
                    expected: head.next,
                    offered: FIRST_SEQ,
                });
            }
        }
        Err(StoreError::Unavailable { reason: "a call could not be opened beside others", source: None })
    }

    /// The call that a company opened with a key which is not forgotten. A key that is forgotten is free again.
    async fn opened_with(
        &self,
        company: CompanyId,
        key: &str,
        now: Time,
    ) -> Result<Option<CallId>, StoreError> {
        let which = doc! { "companyId": form::id(company), "tsunagu.key": key };
        let Some(earlier): Option<CallRecord> = self.calls.one(which.clone()).await? else { return Ok(None) };
        let forgotten = now.plus_millis(-i64::from(IDEMPOTENCY_SECS) * 1000);
        if earlier.start_time > forgotten {
            return Ok(Some(earlier.id));
        }
        let mut which = which;
        which.insert("_id", form::id(earlier.id));
        self.calls.update_all(which, doc! { "$unset": { "tsunagu.key": "" } }).await?;
        Ok(None)
    }

    /// The call that a customer is in.
    pub(super) async fn busy_in(&self, customer: CustomerId) -> Result<Option<CallId>, StoreError> {
        let busy: Option<CallRecord> = self.calls.one(doc! { "tsunagu.busy": form::id(customer) }).await?;
        Ok(busy.map(|record| record.id))
    }
}
