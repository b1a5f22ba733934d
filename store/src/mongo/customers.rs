//! Customers in MongoDB. What a search looks at is kept folded beside each, as [`crate::Customer::search_text`] makes it.

use super::{
    MongoStore, form,
    search::contains,
    shelf::{Kept, Put, contended},
};
use crate::{
    Customer, CustomerChange, CustomerEntry, CustomerFilter, CustomerMark, CustomerOrder, CustomerPlace,
    CustomerStore, Entered, Page, Paging, StoreError,
};
use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc};
use tsunagu_call::{CompanyId, CustomerId, Time};

/// How often a removal is begun anew because a call was opened meanwhile.
const ATTEMPTS: u32 = 20;

impl Kept for Customer {
    const WHAT: &'static str = "customer";
    const COLLECTION: &'static str = "customers";

    fn own(&self) -> Document {
        // Absent times come last when they are sorted upwards.
        let next = self.next_call_at.map_or(i64::MAX, Time::millis);
        doc! { "search": self.search_text(), "phone": &self.phone, "next": next }
    }
}

#[async_trait]
impl CustomerStore for MongoStore {
    async fn create_customer(&self, customer: Customer) -> Result<(), StoreError> {
        if self.customers.enter(&customer, Document::new()).await? == Put::Done {
            return Ok(());
        }
        let same_phone = self.customers.count(numbered(customer.company_id, &customer.phone), Some(1));
        let field = if same_phone.await? > 0 { "phone" } else { "_id" };
        Err(StoreError::Duplicate { what: "customer", field })
    }

    async fn customer(&self, company: CompanyId, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        self.customers.one(of(company, id)).await
    }

    async fn customer_by_phone(
        &self,
        company: CompanyId,
        phone: &str,
    ) -> Result<Option<Customer>, StoreError> {
        self.customers.one(numbered(company, phone)).await
    }

    async fn customers(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        paging: Paging,
    ) -> Result<Page<Customer>, StoreError> {
        let sort = match filter.order {
            CustomerOrder::Newest => doc! { "createdAt": -1, "_id": -1 },
            CustomerOrder::Oldest => doc! { "createdAt": 1, "_id": 1 },
            CustomerOrder::Name => doc! { "name": 1, "_id": 1 },
            CustomerOrder::NameDescending => doc! { "name": -1, "_id": -1 },
            CustomerOrder::LastCalled => doc! { "lastCallAt": -1, "_id": -1 },
            CustomerOrder::NextCall => doc! { "tsunagu.next": 1, "_id": 1 },
        };
        self.customers.page(wanted(company, filter), sort, paging).await
    }

    async fn customers_after(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        after: Option<CustomerPlace>,
        limit: u32,
    ) -> Result<Vec<Customer>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut which = wanted(company, filter);
        if let Some(after) = after {
            let created = form::time(after.created);
            // The first half says where in the index to begin.
            which.insert("createdAt", doc! { "$gte": created.clone() });
            let behind = doc! { "createdAt": created.clone(), "_id": { "$gt": form::id(after.customer) } };
            let later = doc! { "createdAt": { "$gt": created } };
            which.insert("$and", vec![doc! { "$or": [later, behind] }]);
        }
        self.customers.all(which, doc! { "createdAt": 1, "_id": 1 }, limit).await
    }

    async fn enter_customers(
        &self,
        company: CompanyId,
        entries: Vec<CustomerEntry>,
    ) -> Result<Vec<Entered>, StoreError> {
        self.enter_all(company, entries).await
    }

    async fn change_customer(
        &self,
        company: CompanyId,
        id: CustomerId,
        change: CustomerChange,
    ) -> Result<Customer, StoreError> {
        let changed = self.customers.change(of(company, id), "phone", |customer| {
            customer.change(change.clone());
            Ok(())
        });
        changed.await?.map(|(customer, ())| customer).ok_or(StoreError::NotFound { what: "customer" })
    }

    async fn delete_customer(&self, company: CompanyId, id: CustomerId) -> Result<bool, StoreError> {
        self.remove_customer(company, id).await
    }

    async fn mark_customer(&self, id: CustomerId, mark: CustomerMark) -> Result<(), StoreError> {
        let marked = self.customers.change(doc! { "_id": form::id(id) }, "phone", |customer| {
            customer.mark(mark);
            Ok(())
        });
        marked.await.map(|_| ())
    }

    async fn note_called(&self, id: CustomerId, at: Time, result: Option<String>) -> Result<(), StoreError> {
        let noted = self.customers.change(doc! { "_id": form::id(id) }, "phone", |customer| {
            customer.note_called(at, result.clone());
            Ok(())
        });
        noted.await.map(|_| ())
    }
}

impl MongoStore {
    /// Looked at, found in no call, and removed if no call was opened meanwhile: an opening touches the customer when the call is
    /// there.
    pub(super) async fn remove_customer(
        &self,
        company: CompanyId,
        id: CustomerId,
    ) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(seen) = self.customers.seen(of(company, id)).await? else { return Ok(false) };
            if let Some(call) = self.busy_in(id).await? {
                return Err(StoreError::CustomerBusy { call });
            }
            let mut which = of(company, id);
            which.insert("tsunagu.openings", seen.own.get("openings").cloned().unwrap_or(Bson::Null));
            if self.customers.remove(which).await? {
                return Ok(true);
            }
        }
        Err(contended())
    }
}

pub(super) fn of(company: CompanyId, id: CustomerId) -> Document {
    doc! { "_id": form::id(id), "companyId": form::id(company) }
}

/// The company's customer with a number.
pub(super) fn numbered(company: CompanyId, phone: &str) -> Document {
    doc! { "companyId": form::id(company), "tsunagu.phone": phone }
}

fn wanted(company: CompanyId, filter: &CustomerFilter) -> Document {
    let mut which = doc! { "companyId": form::id(company) };
    if let Some(status) = &filter.status {
        which.insert("status", status);
    }
    // Older documents lack the flags.
    let flag = |flag: bool| if flag { Bson::from(true) } else { doc! { "$ne": true }.into() };
    if let Some(do_not_call) = filter.do_not_call {
        which.insert("doNotCall", flag(do_not_call));
    }
    if let Some(wrong_number) = filter.wrong_number {
        which.insert("wrongNumber", flag(wrong_number));
    }
    if let Some(needle) = filter.needle() {
        which.insert("$or", contains("tsunagu.search", &needle));
    }
    which
}
