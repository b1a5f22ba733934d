//! Customers in memory.

use super::{Held, MemoryStore, fits, page};
use crate::{
    Customer, CustomerChange, CustomerFilter, CustomerMark, CustomerOrder, CustomerStore, Page, Paging,
    StoreError,
};
use async_trait::async_trait;
use std::cmp::Reverse;
use tsunagu_call::{CompanyId, CustomerId, Time};

#[async_trait]
impl CustomerStore for MemoryStore {
    async fn create_customer(&self, customer: Customer) -> Result<(), StoreError> {
        self.with(|held| {
            held.refuse_if_phone_taken(&customer)?;
            if held.customers.contains_key(&customer.id) {
                return Err(StoreError::Duplicate { what: "customer", field: "_id" });
            }
            held.customers.insert(customer.id, customer);
            Ok(())
        })
    }

    async fn customer(&self, company: CompanyId, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        self.with(|held| {
            Ok(held.customers.get(&id).filter(|customer| customer.company_id == company).cloned())
        })
    }

    async fn customer_by_phone(
        &self,
        company: CompanyId,
        phone: &str,
    ) -> Result<Option<Customer>, StoreError> {
        self.with(|held| {
            let mut customers = held.customers.values();
            Ok(customers.find(|customer| customer.company_id == company && customer.phone == phone).cloned())
        })
    }

    async fn customers(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        paging: Paging,
    ) -> Result<Page<Customer>, StoreError> {
        let needle = filter.needle();
        self.with(|held| {
            let wanted = |customer: &&Customer| {
                customer.company_id == company
                    && fits(&filter.status, customer.status.as_ref())
                    && needle.as_ref().is_none_or(|needle| needle.is_in(&customer.search_text()))
            };
            let mut found: Vec<_> = held.customers.values().filter(wanted).collect();
            match filter.order {
                CustomerOrder::Newest => {
                    found.sort_by_key(|customer| Reverse((customer.created_at, customer.id)))
                }
                CustomerOrder::Oldest => found.sort_by_key(|customer| (customer.created_at, customer.id)),
                CustomerOrder::Name => found.sort_by_key(|customer| (&customer.name, customer.id)),
                CustomerOrder::NameDescending => {
                    found.sort_by_key(|customer| Reverse((&customer.name, customer.id)))
                }
                CustomerOrder::LastCalled => {
                    found.sort_by_key(|customer| Reverse((customer.last_call_at, customer.id)))
                }
                CustomerOrder::NextCall => found.sort_by_key(|customer| {
                    (customer.next_call_at.is_none(), customer.next_call_at, customer.id)
                }),
            }
            Ok(page(found, paging))
        })
    }

    async fn change_customer(
        &self,
        company: CompanyId,
        id: CustomerId,
        change: CustomerChange,
    ) -> Result<Customer, StoreError> {
        self.with(|held| {
            let stored = held.customers.get(&id).filter(|customer| customer.company_id == company);
            let mut customer = stored.ok_or(StoreError::NotFound { what: "customer" })?.clone();
            customer.change(change);
            held.refuse_if_phone_taken(&customer)?;
            held.customers.insert(id, customer.clone());
            Ok(customer)
        })
    }

    async fn delete_customer(&self, company: CompanyId, id: CustomerId) -> Result<bool, StoreError> {
        self.with(|held| match held.customers.get(&id) {
            Some(customer) if customer.company_id == company => Ok(held.customers.remove(&id).is_some()),
            _ => Ok(false),
        })
    }

    async fn mark_customer(&self, id: CustomerId, mark: CustomerMark) -> Result<(), StoreError> {
        self.with(|held| {
            held.customers.entry(id).and_modify(|customer| customer.mark(mark));
            Ok(())
        })
    }

    async fn note_called(&self, id: CustomerId, at: Time, result: Option<String>) -> Result<(), StoreError> {
        self.with(|held| {
            held.customers.entry(id).and_modify(|customer| customer.note_called(at, result));
            Ok(())
        })
    }
}

impl Held {
    fn refuse_if_phone_taken(&self, customer: &Customer) -> Result<(), StoreError> {
        let is_same = |other: &Customer| {
            other.company_id == customer.company_id
                && other.phone == customer.phone
                && other.id != customer.id
        };
        match self.customers.values().any(is_same) {
            true => Err(StoreError::Duplicate { what: "customer", field: "phone" }),
            false => Ok(()),
        }
    }
}
