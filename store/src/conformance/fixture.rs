//! Things to keep, made from small numbers.

use crate::{
    AgentSettings, Availability, Commit, Company, Customer, Opened, Opening, Store, StoreError, User,
};
use serde_json::json;
use std::sync::Arc;
use tsunagu_call::{
    CallId, CallRecord, CompanyId, CustomerId, Entry, Event, Id, Speaker, Status, Time, UserId,
};

pub type Shared = Arc<dyn Store>;

pub const OURS: CompanyId = CompanyId::from_bytes([1; 12]);
pub const THEIRS: CompanyId = CompanyId::from_bytes([2; 12]);
pub const NOW: Time = Time::from_millis(1_790_000_000_123);

pub fn id<T>(number: u32) -> Id<T> {
    let mut bytes = [0; 12];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    Id::from_bytes(bytes)
}

pub fn entry(seq: u64, message: &str) -> Entry {
    let event = Event::Spoke { speaker: Speaker::Customer, message: message.into(), confidence: Some(0.5) };
    Entry { seq, at: NOW.plus_millis(i64::try_from(seq).unwrap()), event }
}

pub fn entries(from: u64, to: u64) -> Vec<Entry> {
    (from..=to).map(|seq| entry(seq, &format!("{seq}番目の発言「はい」"))).collect()
}

pub fn record(call: u32, company: CompanyId, customer: u32) -> CallRecord {
    let (call, customer): (CallId, CustomerId) = (id(call), id(customer));
    serde_json::from_value(json!({
        "_id": call, "companyId": company, "customerId": customer, "phoneNumber": "+819012345678",
        "status": "initiated", "startTime": NOW,
    }))
    .unwrap()
}

pub fn opening(call: u32, customer: u32) -> Opening {
    Opening { record: record(call, OURS, customer), entries: entries(1, 2), idempotency_key: None }
}

pub async fn open(store: &Shared, call: u32, customer: u32) -> CallRecord {
    let opening = opening(call, customer);
    let record = opening.record.clone();
    assert_eq!(try_open(store, opening).await.unwrap(), Opened::New);
    record
}

/// Opens a call with a customer who is entered first if need be.
pub async fn try_open(store: &Shared, opening: Opening) -> Result<Opened, StoreError> {
    let record = &opening.record;
    if store.customer(record.company_id, record.customer_id).await?.is_none() {
        let number = record.customer_id.bytes().last_chunk().copied().unwrap();
        let entered =
            store.create_customer(customer(u32::from_be_bytes(number), record.company_id, "お客様")).await;
        assert!(matches!(entered, Ok(()) | Err(StoreError::Duplicate { .. })), "{entered:?}");
    }
    store.open_call(opening).await
}

pub fn adding(call: u32, from: u64, to: u64) -> Commit {
    Commit { call: id(call), entries: entries(from, to), record: None }
}

pub fn replacing(record: &CallRecord) -> Commit {
    Commit { call: record.id, entries: Vec::new(), record: Some(Box::new(record.clone())) }
}

pub async fn end(store: &Shared, record: &CallRecord) {
    let over = CallRecord { status: Status::Completed, ..record.clone() };
    store.commit(replacing(&over)).await.unwrap();
}

pub fn company(company: CompanyId) -> Company {
    serde_json::from_value(json!({"_id": company, "name": "青空商事株式会社"})).unwrap()
}

pub fn user(number: u32, company: CompanyId) -> User {
    let user: UserId = id(number);
    serde_json::from_value(json!({
        "_id": user, "companyId": company, "email": format!("user{number}@example.jp"), "passwordHash": "$2b$10$x",
        "firstName": "花子", "lastName": "佐藤", "createdAt": NOW,
    }))
    .unwrap()
}

pub fn settings(number: u32, company: CompanyId) -> AgentSettings {
    AgentSettings { phone_number: Some("+81312345678".into()), ..AgentSettings::new(id(number), company) }
}

/// An agent of ours, available.
pub async fn agent(store: &Shared, number: u32) -> UserId {
    store.create_user(user(number, OURS)).await.unwrap();
    store.put_agent_settings(settings(number, OURS)).await.unwrap();
    store.set_agent_status(OURS, id(number), Availability::Available, NOW).await.unwrap();
    id(number)
}

pub fn customer(number: u32, company: CompanyId, name: &str) -> Customer {
    let customer: CustomerId = id(number);
    serde_json::from_value(json!({
        "_id": customer, "companyId": company, "name": name, "phone": format!("+8190{number:08}"),
        "createdAt": NOW.plus_secs(number),
    }))
    .unwrap()
}

/// Runs many at once, and gives their answers.
pub async fn at_once<T, F>(count: u32, task: impl Fn(u32) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|number| tokio::spawn(task(number))).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}
