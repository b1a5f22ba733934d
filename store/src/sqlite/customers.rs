//! Customers in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    row::{self, List},
    writer::Writing,
};
use crate::{
    Customer, CustomerChange, CustomerFilter, CustomerMark, CustomerOrder, CustomerStore, Page, Paging,
    StoreError,
};
use async_trait::async_trait;
use rusqlite::{Connection, params, types::Value};
use tsunagu_call::{CompanyId, CustomerId, Time};

#[async_trait]
impl CustomerStore for SqliteStore {
    async fn create_customer(&self, customer: Customer) -> Result<(), StoreError> {
        self.write(move |writing| {
            refuse_if_taken(writing.connection, &customer)?;
            let mut insert = writing.connection.prepare_cached(
                "INSERT INTO customers (id, company, phone, name, status, created, last_call, next_call, search, body) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?;
            let written = insert.execute(params![
                customer.id.bytes(),
                customer.company_id.bytes(),
                customer.phone,
                customer.name,
                customer.status,
                customer.created_at.millis(),
                customer.last_call_at.map(Time::millis),
                customer.next_call_at.map(Time::millis),
                customer.search_text(),
                row::body("customer", &customer)?,
            ]);
            unless_duplicate(written, "customer", "_id")?;
            Ok(())
        })
        .await
    }

    async fn customer(&self, company: CompanyId, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let found = self.read(move |connection| by_id(connection, id)).await?;
        Ok(found.filter(|customer| customer.company_id == company))
    }

    async fn customer_by_phone(
        &self,
        company: CompanyId,
        phone: &str,
    ) -> Result<Option<Customer>, StoreError> {
        let phone = phone.to_owned();
        self.read(move |connection| by_phone(connection, company, &phone)).await
    }

    async fn customers(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        paging: Paging,
    ) -> Result<Page<Customer>, StoreError> {
        let (conditions, values) = conditions(company, filter);
        let order = match filter.order {
            CustomerOrder::Newest => "created DESC, id DESC",
            CustomerOrder::Oldest => "created, id",
            CustomerOrder::Name => "name, id",
            CustomerOrder::NameDescending => "name DESC, id DESC",
            CustomerOrder::LastCalled => "last_call DESC NULLS LAST, id DESC",
            CustomerOrder::NextCall => "next_call NULLS LAST, id",
        };
        let list = List { table: "customers", conditions, values, order };
        self.read(move |connection| row::page("customer", connection, &list, paging)).await
    }

    async fn change_customer(
        &self,
        company: CompanyId,
        id: CustomerId,
        change: CustomerChange,
    ) -> Result<Customer, StoreError> {
        self.write(move |writing| {
            let stored = by_id(writing.connection, id)?.filter(|customer| customer.company_id == company);
            let mut customer = stored.ok_or(StoreError::NotFound { what: "customer" })?;
            customer.change(change.clone());
            refuse_if_taken(writing.connection, &customer)?;
            replace(writing, &customer)?;
            Ok(customer)
        })
        .await
    }

    async fn delete_customer(&self, company: CompanyId, id: CustomerId) -> Result<bool, StoreError> {
        self.write(move |writing| {
            let mut delete =
                writing.connection.prepare_cached("DELETE FROM customers WHERE id = ?1 AND company = ?2")?;
            Ok(delete.execute([id.bytes(), company.bytes()])? > 0)
        })
        .await
    }

    async fn mark_customer(&self, id: CustomerId, mark: CustomerMark) -> Result<(), StoreError> {
        self.write(move |writing| touch(writing, id, |customer| customer.mark(mark))).await
    }

    async fn note_called(&self, id: CustomerId, at: Time, result: Option<String>) -> Result<(), StoreError> {
        self.write(move |writing| touch(writing, id, |customer| customer.note_called(at, result.clone())))
            .await
    }
}

fn touch(writing: &Writing<'_>, id: CustomerId, change: impl FnOnce(&mut Customer)) -> Result<(), Failure> {
    let Some(mut customer) = by_id(writing.connection, id)? else { return Ok(()) };
    change(&mut customer);
    replace(writing, &customer)
}

fn replace(writing: &Writing<'_>, customer: &Customer) -> Result<(), Failure> {
    let mut update = writing.connection.prepare_cached(
        "UPDATE customers SET phone = ?2, name = ?3, status = ?4, last_call = ?5, next_call = ?6, search = ?7, \
         body = ?8 WHERE id = ?1",
    )?;
    update.execute(params![
        customer.id.bytes(),
        customer.phone,
        customer.name,
        customer.status,
        customer.last_call_at.map(Time::millis),
        customer.next_call_at.map(Time::millis),
        customer.search_text(),
        row::body("customer", customer)?,
    ])?;
    Ok(())
}

/// The filter as SQL, and the values for its question marks.
fn conditions(company: CompanyId, filter: &CustomerFilter) -> (String, Vec<Value>) {
    let (mut conditions, mut values) = row::all_of([
        ("company = ?", Some(row::blob(company))),
        ("status = ?", filter.status.clone().map(Value::from)),
    ]);
    if let Some(needle) = filter.needle() {
        conditions.push_str(match needle.digits {
            Some(_) => " AND (instr(search, ?) > 0 OR instr(search, ?) > 0)",
            None => " AND instr(search, ?) > 0",
        });
        values.push(needle.words.into());
        values.extend(needle.digits.map(Value::from));
    }
    (conditions, values)
}

fn refuse_if_taken(connection: &Connection, customer: &Customer) -> Result<(), Failure> {
    match by_phone(connection, customer.company_id, &customer.phone)? {
        Some(other) if other.id != customer.id => {
            Err(StoreError::Duplicate { what: "customer", field: "phone" }.into())
        }
        _ => Ok(()),
    }
}

fn by_id(connection: &Connection, id: CustomerId) -> Result<Option<Customer>, Failure> {
    row::find("customer", connection, "SELECT body FROM customers WHERE id = ?1", [id.bytes()])
}

fn by_phone(connection: &Connection, company: CompanyId, phone: &str) -> Result<Option<Customer>, Failure> {
    let query = "SELECT body FROM customers WHERE company = ?1 AND phone = ?2";
    row::find("customer", connection, query, params![company.bytes(), phone])
}
