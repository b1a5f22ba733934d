//! Lists of calls, newest first.

use super::{
    MongoStore,
    calls::span,
    failure, form,
    patience::Asked,
    search::{contains, pattern},
};
use crate::{CallFilter, CallPlace, CallSummary, Customer, StoreError};
use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use std::collections::HashMap;
use tsunagu_call::{CompanyId, CustomerId};

impl MongoStore {
    /// The filter as a condition. A search is first looked for among the customers, whose ids are what the calls know.
    pub(super) async fn history(
        &self,
        company: CompanyId,
        filter: &CallFilter,
    ) -> Result<Document, StoreError> {
        let CallFilter { status, result, agent, customer, from, to, search: _, said: _ } = filter;
        let mut which = doc! { "companyId": form::id(company) };
        if let Some(status) = status {
            which.insert("status", status.as_str());
        }
        if let Some(result) = result {
            which.insert("callResult", result);
        }
        if let Some(agent) = agent {
            which.insert("assignedAgent", form::id(*agent));
        }
        if let Some(customer) = customer {
            which.insert("customerId", form::id(*customer));
        }
        if let Some(span) = span(*from, *to) {
            which.insert("startTime", span);
        }
        if let Some(phrase) = filter.phrase() {
            which.insert("tsunagu.said", pattern(phrase.as_str()));
        }
        if let Some(needle) = filter.needle() {
            let named = doc! { "companyId": form::id(company), "$or": contains("tsunagu.search", &needle) };
            let customers = self.customers.open()?.find(named).projection(doc! { "_id": 1 }).answered().await;
            let customers: Vec<Document> =
                customers.map_err(failure::named)?.try_collect().answered().await.map_err(failure::named)?;
            let ids: Vec<Bson> =
                customers.into_iter().filter_map(|found| found.get("_id").cloned()).collect();
            let mut found = contains("tsunagu.notes", &needle);
            found.push(doc! { "customerId": { "$in": ids } });
            which.insert("$or", found);
        }
        Ok(which)
    }

    /// What is behind a place, with the customers.
    pub(super) async fn lines(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<(CallSummary, Option<Customer>)>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut which = self.history(company, filter).await?;
        if let Some(after) = after {
            let started = form::time(after.started);
            let behind = doc! { "startTime": started.clone(), "_id": { "$lt": form::id(after.call) } };
            let earlier = doc! { "startTime": { "$lt": started.clone() } };
            let place = [doc! { "startTime": { "$lte": started } }, doc! { "$or": [earlier, behind] }];
            which.insert("$and", place.to_vec());
        }
        // What a table of calls does not show is not even sent.
        let parts = doc! { "tsunagu": 0, "transcript": 0, "participants": 0, "supervision": 0 };
        let newest = doc! { "startTime": -1, "_id": -1 };
        let calls: Vec<CallSummary> =
            self.calls.walk(which, newest, limit, parts, |found| form::value("call", found)).await?;
        let mut ids: Vec<CustomerId> = calls.iter().map(|call| call.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<Bson> = ids.into_iter().map(form::id).collect();
        let theirs = doc! { "_id": { "$in": ids }, "companyId": form::id(company) };
        let customers = self.customers.all(theirs, Document::new(), 0).await?;
        let customers: HashMap<_, _> =
            customers.into_iter().map(|customer| (customer.id, customer)).collect();
        let line = |call: CallSummary| {
            let customer = customers.get(&call.customer_id).cloned();
            (call, customer)
        };
        Ok(calls.into_iter().map(line).collect())
    }
}
