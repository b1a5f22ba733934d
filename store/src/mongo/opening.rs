//! A call that begins: one insert, of which the unique indices say whether it may.
//!
//! Whether the customer may be rung stands in another document. *Look at the customer → enter the call → touch the customer, if
//! they still may be rung → else take the call back.* So whoever marks them before the touch is heeded, and whoever removes
//! them either comes before the touch too or finds them touched, and the call there (see [`MongoStore::remove_customer`]). A
//! crash in between leaves a call that is opened, as a crash right behind it would; it is taken up from its journal.

use super::{
    MongoStore,
    commit::tail,
    customers, form, nodes,
    outbox::note,
    patience::Asked,
    shelf::{Put, again, contended},
};
use crate::{Customer, FIRST_SEQ, Hold, IDEMPOTENCY_SECS, Opened, Opening, StoreError};
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
            self.refuse_if_barred(record).await?;
            let (entries, bytes) = tail(entries, ObjectId::new())?;
            let (first, last) = (FIRST_SEQ, FIRST_SEQ + entries.len() as u64 - 1);
            let noted = self.is_noted(record.company_id).await?;
            let mut hold = Hold::default();
            hold.wrote(self.node, &opening.entries);
            let mut own = doc! {
                "next": form::number(last + 1),
                "tail": entries,
                "tailFrom": form::number(first),
                "tailBytes": bytes,
                "key": key.as_deref(),
                "outbox": if noted { Bson::from(vec![note(first, last)]) } else { Bson::Null },
            };
            own.extend(nodes::held(&hold));
            if self.calls.enter(record, own).await? == Put::Done {
                self.touch_customer(record).await?;
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

    /// Whoever begins a call has looked at the customer; what was changed since then counts.
    async fn refuse_if_barred(&self, record: &CallRecord) -> Result<(), StoreError> {
        let customer = self.customers.one(customers::of(record.company_id, record.customer_id)).await?;
        let customer: Customer = customer.ok_or(StoreError::NotFound { what: "customer" })?;
        match customer.marked() {
            Some(mark) => Err(StoreError::CustomerMarked { mark }),
            None => Ok(()),
        }
    }

    /// Lets a customer's removal see that a call was opened, or takes the call back that should not have been.
    async fn touch_customer(&self, record: &CallRecord) -> Result<(), StoreError> {
        let mut which = customers::of(record.company_id, record.customer_id);
        which.extend(doc! { "doNotCall": { "$ne": true }, "wrongNumber": { "$ne": true } });
        let touch = doc! { "$inc": { "tsunagu.openings": 1_i64 } };
        for _ in 0..ATTEMPTS {
            if self.customers.update_all(which.clone(), touch.clone()).await? > 0 {
                return Ok(());
            }
            if let Err(barred) = self.refuse_if_barred(record).await {
                self.withdraw(record.id).await?;
                return Err(barred);
            }
        }
        Err(contended())
    }

    /// Removes a call that nobody was told of, if nothing has come to it since.
    async fn withdraw(&self, call: CallId) -> Result<(), StoreError> {
        let mut sent = 0;
        loop {
            let which = doc! { "_id": form::id(call), "tsunagu.rev": 1_i64 };
            match self.calls.open()?.delete_one(which).answered().await {
                Ok(_) => return Ok(()),
                Err(error) => again(&mut sent, error).await?,
            }
        }
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
