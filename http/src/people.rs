//! The people of calls and callbacks, filled in as objects where an id stands in the document.

use crate::{App, calls::find, error::ApiError};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use tsunagu_call::{CallId, CallRecord, CompanyId, CustomerId, CustomerRef, UserId};
use tsunagu_store::Customer;

/// How many people are looked up at once.
const LOOKUPS: usize = 16;

/// Some people, each looked up once.
pub(crate) struct People {
    customers: HashMap<CustomerId, CustomerView>,
    agents: HashMap<UserId, AgentView>,
}

/// A customer as they are shown. One who has been removed is known from the call alone.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub(crate) enum CustomerView {
    Known(Box<Customer>),
    Remembered(CustomerRef),
}

/// A colleague as they are shown.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentView {
    #[serde(rename = "_id")]
    id: UserId,
    first_name: String,
    last_name: String,
    email: Option<String>,
}

/// A customer to be looked up, with the call that remembers them and the number that was dialled.
pub(crate) struct Called<'a> {
    pub customer: CustomerId,
    pub call: CallId,
    pub phone: &'a str,
}

impl People {
    /// Those of the records, all of which are of this company.
    pub(crate) async fn of(app: &App, company: CompanyId, records: &[CallRecord]) -> Result<Self, ApiError> {
        let called = records.iter().map(|record| Called {
            customer: record.customer_id,
            call: record.id,
            phone: &record.phone_number,
        });
        Self::find(app, company, called, records.iter().filter_map(|record| record.assigned_agent)).await
    }

    /// These customers and colleagues of a company.
    pub(crate) async fn find<'a>(
        app: &App,
        company: CompanyId,
        customers: impl Iterator<Item = Called<'a>>,
        agents: impl Iterator<Item = UserId>,
    ) -> Result<Self, ApiError> {
        let customers: HashMap<CustomerId, Called<'a>> =
            customers.map(|called| (called.customer, called)).collect();
        let agents: HashSet<UserId> = agents.collect();
        // Futures that borrow through a closure would not be `Send` enough for a stream: they are made beforehand.
        let customers: Vec<_> =
            customers.into_values().map(|called| customer(app, company, called)).collect();
        let agents: Vec<_> = agents.into_iter().map(|id| agent(app, company, id)).collect();
        Ok(Self {
            customers: stream::iter(customers).buffer_unordered(LOOKUPS).try_collect().await?,
            agents: stream::iter(agents).buffer_unordered(LOOKUPS).try_collect().await?,
        })
    }

    /// A customer who was looked up.
    pub(crate) fn customer(&self, id: CustomerId) -> Option<&CustomerView> {
        self.customers.get(&id)
    }

    /// A colleague who was looked up.
    pub(crate) fn agent(&self, id: UserId) -> Option<&AgentView> {
        self.agents.get(&id)
    }
}

async fn customer(
    app: &App,
    company: CompanyId,
    Called { customer: id, call, phone }: Called<'_>,
) -> Result<(CustomerId, CustomerView), ApiError> {
    let view = match app.board.ports().store.customer(company, id).await? {
        Some(customer) => CustomerView::Known(Box::new(customer)),
        None => CustomerView::Remembered(match find::creation(app, call).await? {
            Some(created) => created.customer,
            None => CustomerRef { id, name: String::new(), company: None, phone: phone.to_owned() },
        }),
    };
    Ok((id, view))
}

async fn agent(app: &App, company: CompanyId, id: UserId) -> Result<(UserId, AgentView), ApiError> {
    let view = match app.board.ports().store.user(company, id).await? {
        Some(user) => {
            AgentView { id, first_name: user.first_name, last_name: user.last_name, email: Some(user.email) }
        }
        None => AgentView { id, first_name: String::new(), last_name: String::new(), email: None },
    };
    Ok((id, view))
}
