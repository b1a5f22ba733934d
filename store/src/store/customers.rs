//! Customers.

use crate::{
    Customer, CustomerChange, CustomerEntry, CustomerFilter, CustomerMark, CustomerPlace, Entered, Page,
    Paging, StoreError,
};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, CustomerId, Time};

/// Customers.
#[async_trait]
pub trait CustomerStore {
    /// Keeps a new customer.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the number (in this company) or the id is taken.
    async fn create_customer(&self, customer: Customer) -> Result<(), StoreError>;

    /// A company's customer.
    async fn customer(&self, company: CompanyId, id: CustomerId) -> Result<Option<Customer>, StoreError>;

    /// A company's customer by the number, E.164.
    async fn customer_by_phone(
        &self,
        company: CompanyId,
        phone: &str,
    ) -> Result<Option<Customer>, StoreError>;

    /// A company's customers.
    async fn customers(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        paging: Paging,
    ) -> Result<Page<Customer>, StoreError>;

    /// A company's customers in the order in which they were entered, whatever order the filter names: at most `limit` of
    /// those behind `after`.
    async fn customers_after(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        after: Option<CustomerPlace>,
        limit: u32,
    ) -> Result<Vec<Customer>, StoreError>;

    /// Enters or changes many customers of a company, one after the other, and says what became of each. All of it is one
    /// step; whoever has many hands in some hundred at a time, so that nobody waits long behind them.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when an id is taken; [`StoreError::Invalid`] for another company's customer. Nothing was
    /// written.
    async fn enter_customers(
        &self,
        company: CompanyId,
        entries: Vec<CustomerEntry>,
    ) -> Result<Vec<Entered>, StoreError>;

    /// Changes a customer, and gives them back as they are then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Duplicate`] when the new number is taken.
    async fn change_customer(
        &self,
        company: CompanyId,
        id: CustomerId,
        change: CustomerChange,
    ) -> Result<Customer, StoreError>;

    /// Removes a customer; says whether there was one. Their calls stay.
    ///
    /// # Errors
    /// [`StoreError::CustomerBusy`] while they are in a call that is not over.
    async fn delete_customer(&self, company: CompanyId, id: CustomerId) -> Result<bool, StoreError>;

    /// Notes what a call found out. A customer who has been removed meanwhile is passed over.
    async fn mark_customer(&self, id: CustomerId, mark: CustomerMark) -> Result<(), StoreError>;

    /// Notes that a customer was rung and what came of it; see [`Customer::note_called`]. A customer who has been
    /// removed meanwhile is passed over.
    async fn note_called(&self, id: CustomerId, at: Time, result: Option<String>) -> Result<(), StoreError>;
}
