//! Customers in memory.

use super::{Held, MemoryStore, fits, page};
use crate::{
    Customer, CustomerChange, CustomerEntry, CustomerFilter, CustomerMark, CustomerOrder, CustomerPlace,
    CustomerStore, Entered, Page, Paging, StoreError,
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
        self.with(|held| {
            let mut found = held.matching(company, filter);
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

    async fn customers_after(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        after: Option<CustomerPlace>,
        limit: u32,
    ) -> Result<Vec<Customer>, StoreError> {
        self.with(|held| {
            let mut found = held.matching(company, filter);
            found.sort_by_key(|customer| place(customer));
            let behind =
                found.into_iter().filter(|customer| after.is_none_or(|after| place(customer) > after));
            Ok(behind.take(limit as usize).cloned().collect())
        })
    }

    async fn enter_customers(
        &self,
        company: CompanyId,
        entries: Vec<CustomerEntry>,
    ) -> Result<Vec<Entered>, StoreError> {
        self.with(|held| {
            let before = held.customers.clone();
            let entered: Result<Vec<_>, _> =
                entries.into_iter().map(|entry| held.enter(company, entry)).collect();
            if entered.is_err() {
                held.customers = before;
            }
            entered
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
        self.with(|held| {
            if held.customers.get(&id).is_none_or(|customer| customer.company_id != company) {
                return Ok(false);
            }
            let mut records = held.calls.values().map(|call| &call.record);
            if let Some(call) = records.find(|record| record.customer_id == id && !record.status.is_over()) {
                return Err(StoreError::CustomerBusy { call: call.id });
            }
            Ok(held.customers.remove(&id).is_some())
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
    fn matching(&self, company: CompanyId, filter: &CustomerFilter) -> Vec<&Customer> {
        let needle = filter.needle();
        let wanted = |customer: &&Customer| {
            customer.company_id == company
                && fits(&filter.status, customer.status.as_ref())
                && fits(&filter.do_not_call, Some(&customer.do_not_call))
                && fits(&filter.wrong_number, Some(&customer.wrong_number))
                && needle.as_ref().is_none_or(|needle| needle.is_in(&customer.search_text()))
        };
        self.customers.values().filter(wanted).collect()
    }

    fn enter(&mut self, company: CompanyId, entry: CustomerEntry) -> Result<Entered, StoreError> {
        let CustomerEntry { customer, change } = entry;
        if customer.company_id != company {
            return Err(StoreError::Invalid { reason: "a customer of another company" });
        }
        let mut known = self.customers.values_mut();
        if let Some(known) = known.find(|known| known.company_id == company && known.phone == customer.phone)
        {
            known.change(CustomerChange { phone: None, ..change });
            return Ok(Entered::Updated);
        }
        if customer.name.is_empty() {
            return Ok(Entered::Nameless);
        }
        if self.customers.contains_key(&customer.id) {
            return Err(StoreError::Duplicate { what: "customer", field: "_id" });
        }
        self.customers.insert(customer.id, customer);
        Ok(Entered::Created)
    }

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

const fn place(customer: &Customer) -> CustomerPlace {
    CustomerPlace { created: customer.created_at, customer: customer.id }
}
