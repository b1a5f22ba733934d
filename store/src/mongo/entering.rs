//! Many customers entered or changed at once.
//!
//! *read those whose numbers are known → decide in memory, one entry after the other → enter the new ones → change the known
//! ones.* Nothing is written before all are found fit. What is refused while it is written, because somebody entered the same
//! meanwhile, is taken back and decided anew. A crash in between leaves some entered and some not; handed in again, those that
//! are there are changed and the rest is entered.

use super::{
    MongoStore, failure, form,
    patience::Asked,
    shelf::{self, Put, Seen, Shelf, contended},
};
use crate::{Customer, CustomerChange, CustomerEntry, Entered, StoreError};
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use std::collections::HashMap;
use tsunagu_call::CompanyId;

/// How often it is decided anew.
const ATTEMPTS: u32 = 20;

/// What is to be written.
struct Plan {
    entered: Vec<Entered>,
    new: Vec<Customer>,
    changed: Vec<(Seen<Customer>, CustomerChange)>,
}

impl MongoStore {
    pub(super) async fn enter_all(
        &self,
        company: CompanyId,
        entries: Vec<CustomerEntry>,
    ) -> Result<Vec<Entered>, StoreError> {
        if entries.iter().any(|entry| entry.customer.company_id != company) {
            return Err(StoreError::Invalid { reason: "a customer of another company" });
        }
        for _ in 0..ATTEMPTS {
            let plan = self.plan(company, &entries).await?;
            if !self.enter_new(&plan.new).await? {
                continue;
            }
            for (seen, change) in &plan.changed {
                let mut after = seen.value.clone();
                after.change(change.clone());
                // Changed by somebody else meanwhile, it is changed as it stands then; removed, it stays so.
                if after != seen.value
                    && self.customers.replace(seen, &after, Document::new()).await? != Put::Done
                {
                    let which = doc! { "_id": form::id(after.id) };
                    let changed = self.customers.change(which, "phone", |customer| {
                        customer.change(change.clone());
                        Ok(())
                    });
                    changed.await?;
                }
            }
            return Ok(plan.entered);
        }
        Err(contended())
    }

    async fn plan(&self, company: CompanyId, entries: &[CustomerEntry]) -> Result<Plan, StoreError> {
        let phones: Vec<&str> = entries.iter().map(|entry| entry.customer.phone.as_str()).collect();
        let which = doc! { "companyId": form::id(company), "tsunagu.phone": { "$in": phones } };
        let known = self.customers.all_seen(which, Document::new(), 0).await?;
        let mut known: HashMap<String, (Seen<Customer>, CustomerChange)> = known
            .into_iter()
            .map(|seen| (seen.value.phone.clone(), (seen, CustomerChange::default())))
            .collect();
        let mut new: Vec<Customer> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut entered = Vec::with_capacity(entries.len());
        for CustomerEntry { customer, change } in entries {
            let change = CustomerChange { phone: None, ..change.clone() };
            let place = places.get(customer.phone.as_str()).copied();
            let what = if let Some((_, changes)) = known.get_mut(&customer.phone) {
                *changes = then(std::mem::take(changes), change);
                Entered::Updated
            } else if let Some(entered) = place.and_then(|place| new.get_mut(place)) {
                entered.change(change);
                Entered::Updated
            } else if customer.name.is_empty() {
                Entered::Nameless
            } else {
                places.insert(&customer.phone, new.len());
                new.push(customer.clone());
                Entered::Created
            };
            entered.push(what);
        }
        let ids: Vec<Bson> = new.iter().map(|customer| form::id(customer.id)).collect();
        let mut distinct: Vec<_> = new.iter().map(|customer| customer.id).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let same_id = !ids.is_empty()
            && (distinct.len() < ids.len()
                || self.customers.count(doc! { "_id": { "$in": ids } }, Some(1)).await? > 0);
        if same_id {
            return Err(StoreError::Duplicate { what: "customer", field: "_id" });
        }
        Ok(Plan { entered, new, changed: known.into_values().collect() })
    }

    /// Enters new ones; says whether all are there. Otherwise none of them is.
    async fn enter_new(&self, new: &[Customer]) -> Result<bool, StoreError> {
        if new.is_empty() {
            return Ok(true);
        }
        let by = ObjectId::new();
        let documents = new.iter().map(|customer| Shelf::entered(customer, Document::new(), by));
        let documents = documents.collect::<Result<Vec<_>, _>>()?;
        let mut sent = 0;
        let error = match self.customers.open()?.insert_many(&documents).ordered(true).answered().await {
            Ok(_) => return Ok(true),
            Err(error) => error,
        };
        if !failure::is_duplicate(&error) {
            // Whatever of them is there is ours alone, and is taken back, so that the same may be handed in again.
            let named = shelf::again(&mut sent, error).await.err();
            self.customers.remove_all(doc! { "tsunagu.by": by }).await?;
            return named.map_or(Ok(false), Err);
        }
        self.customers.remove_all(doc! { "tsunagu.by": by }).await?;
        Ok(false)
    }
}

/// Two changes, one after the other, as one.
fn then(first: CustomerChange, second: CustomerChange) -> CustomerChange {
    CustomerChange {
        name: second.name.or(first.name),
        company: second.company.or(first.company),
        phone: second.phone.or(first.phone),
        email: second.email.or(first.email),
        notes: second.notes.or(first.notes),
        status: second.status.or(first.status),
        do_not_call: second.do_not_call.or(first.do_not_call),
        wrong_number: second.wrong_number.or(first.wrong_number),
        next_call_at: second.next_call_at.or(first.next_call_at),
    }
}
