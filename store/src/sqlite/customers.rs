//! Customers in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    row::{self, List},
    writer::Writing,
};
use crate::{
    Customer, CustomerChange, CustomerEntry, CustomerFilter, CustomerMark, CustomerOrder, CustomerPlace,
    CustomerStore, Entered, Page, Paging, StoreError,
};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter, types::Value};
use tsunagu_call::{CompanyId, CustomerId, Time};

#[async_trait]
impl CustomerStore for SqliteStore {
    async fn create_customer(&self, customer: Customer) -> Result<(), StoreError> {
        let row = CustomerRow::of(&customer)?;
        self.write(move |writing| {
            refuse_if_taken(writing.connection, &customer)?;
            insert(writing, &customer, &row)
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
        let (conditions, values) = conditions(company, filter, None);
        // Each has its index; nothing is the least of all, so that it stands last when they are turned round.
        let order = match filter.order {
            CustomerOrder::Newest => "created DESC, id DESC",
            CustomerOrder::Oldest => "created, id",
            CustomerOrder::Name => "name, id",
            CustomerOrder::NameDescending => "name DESC, id DESC",
            CustomerOrder::LastCalled => "last_call DESC, id DESC",
            CustomerOrder::NextCall => "next_call IS NULL, next_call, id",
        };
        let list = List { table: "customers", conditions, values, order };
        self.read(move |connection| row::page("customer", connection, &list, paging)).await
    }

    async fn customers_after(
        &self,
        company: CompanyId,
        filter: &CustomerFilter,
        after: Option<CustomerPlace>,
        limit: u32,
    ) -> Result<Vec<Customer>, StoreError> {
        let (conditions, values) = conditions(company, filter, after);
        let select =
            format!("SELECT body FROM customers WHERE {conditions} ORDER BY created, id LIMIT {limit}");
        self.read(move |connection| {
            row::documents("customer", &mut *connection.prepare_cached(&select)?, params_from_iter(values))
        })
        .await
    }

    async fn enter_customers(
        &self,
        company: CompanyId,
        entries: Vec<CustomerEntry>,
    ) -> Result<Vec<Entered>, StoreError> {
        let mut prepared = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.customer.company_id != company {
                return Err(StoreError::Invalid { reason: "a customer of another company" });
            }
            let row = CustomerRow::of(&entry.customer)?;
            prepared.push((entry, row));
        }
        self.write(move |writing| enter_all(writing, &prepared)).await
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
            refuse_if_in_a_call(writing.connection, company, id)?;
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

/// What of a customer's row takes some work to make.
struct CustomerRow {
    search: String,
    body: String,
}

impl CustomerRow {
    fn of(customer: &Customer) -> Result<Self, StoreError> {
        Ok(Self { search: customer.search_text(), body: row::body("customer", customer)? })
    }
}

/// Enters or changes all of them, or none: what has been written before one that is refused is taken back.
fn enter_all(
    writing: &Writing<'_>,
    entries: &[(CustomerEntry, CustomerRow)],
) -> Result<Vec<Entered>, Failure> {
    writing.connection.execute_batch("SAVEPOINT customers")?;
    let entered: Result<Vec<_>, Failure> =
        entries.iter().map(|(entry, row)| enter(writing, entry, row)).collect();
    let end = if entered.is_ok() { "RELEASE customers" } else { "ROLLBACK TO customers; RELEASE customers" };
    writing.connection.execute_batch(end)?;
    entered
}

fn enter(writing: &Writing<'_>, entry: &CustomerEntry, row: &CustomerRow) -> Result<Entered, Failure> {
    let customer = &entry.customer;
    if let Some(mut known) = by_phone(writing.connection, customer.company_id, &customer.phone)? {
        let before = known.clone();
        known.change(CustomerChange { phone: None, ..entry.change.clone() });
        if known != before {
            replace(writing, &known)?;
        }
        return Ok(Entered::Updated);
    }
    if customer.name.is_empty() {
        return Ok(Entered::Nameless);
    }
    insert(writing, customer, row)?;
    Ok(Entered::Created)
}

fn insert(writing: &Writing<'_>, customer: &Customer, row: &CustomerRow) -> Result<(), Failure> {
    let mut insert = writing.connection.prepare_cached(
        "INSERT INTO customers (id, company, phone, name, status, do_not_call, wrong_number, created, last_call, \
         next_call, search, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    let written = insert.execute(params![
        customer.id.bytes(),
        customer.company_id.bytes(),
        customer.phone,
        customer.name,
        customer.status,
        customer.do_not_call,
        customer.wrong_number,
        customer.created_at.millis(),
        customer.last_call_at.map(Time::millis),
        customer.next_call_at.map(Time::millis),
        row.search,
        row.body,
    ]);
    unless_duplicate(written, "customer", "_id")?;
    Ok(())
}

/// Enters a customer, or puts them in the place of the one with their id.
#[cfg(feature = "mongodb")]
pub(super) fn put(writing: &Writing<'_>, customer: &Customer) -> Result<(), Failure> {
    refuse_if_taken(writing.connection, customer)?;
    match by_id(writing.connection, customer.id)? {
        Some(_) => replace(writing, customer),
        None => insert(writing, customer, &CustomerRow::of(customer)?),
    }
}

fn replace(writing: &Writing<'_>, customer: &Customer) -> Result<(), Failure> {
    let row = CustomerRow::of(customer)?;
    let mut update = writing.connection.prepare_cached(
        "UPDATE customers SET phone = ?2, name = ?3, status = ?4, do_not_call = ?5, wrong_number = ?6, last_call = ?7, \
         next_call = ?8, search = ?9, body = ?10 WHERE id = ?1",
    )?;
    update.execute(params![
        customer.id.bytes(),
        customer.phone,
        customer.name,
        customer.status,
        customer.do_not_call,
        customer.wrong_number,
        customer.last_call_at.map(Time::millis),
        customer.next_call_at.map(Time::millis),
        row.search,
        row.body,
    ])?;
    Ok(())
}

/// The filter as SQL, and the values for its question marks.
fn conditions(
    company: CompanyId,
    filter: &CustomerFilter,
    after: Option<CustomerPlace>,
) -> (String, Vec<Value>) {
    let (mut conditions, mut values) = row::all_of([
        ("company = ?", Some(row::blob(company))),
        ("status = ?", filter.status.clone().map(Value::from)),
        ("do_not_call = ?", filter.do_not_call.map(Value::from)),
        ("wrong_number = ?", filter.wrong_number.map(Value::from)),
    ]);
    if let Some(after) = after {
        conditions.push_str(" AND (created, id) > (?, ?)");
        values.extend([row::millis(after.created), row::blob(after.customer)]);
    }
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

/// While somebody is in a call they are not removed.
fn refuse_if_in_a_call(connection: &Connection, company: CompanyId, id: CustomerId) -> Result<(), Failure> {
    let mut find = connection
        .prepare_cached("SELECT id FROM calls WHERE customer = ?1 AND over = 0 AND company = ?2")?;
    let busy = find.query_row([id.bytes(), company.bytes()], |found| row::id(found, 0)).optional()?;
    match busy {
        Some(call) => Err(StoreError::CustomerBusy { call }.into()),
        None => Ok(()),
    }
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
