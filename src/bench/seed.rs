//! What the server finds in its folder: a company, somebody who starts calls, and customers to ring.

use anyhow::{Context, Result};
use std::{path::Path, sync::Arc};
use tsunagu_actors::{Clock, fresh};
use tsunagu_call::{CompanyId, CustomerId, Time, UserId};
use tsunagu_store::{
    AgentSettings, Availability, Company, CompanySettings, CompanySpeech, ConversationSettings, Customer,
    SqliteConfig, SqliteStore, Store, User, UserRole,
};

/// Who signs in.
pub const EMAIL: &str = "supervisor@bench.example";
/// With which password.
pub const PASSWORD: &str = "a password that only benchmarks use";

/// How many customers are handed to the store before their answers are waited for.
const AT_ONCE: usize = 1024;

/// Somebody to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callee {
    /// The customer.
    pub id: CustomerId,
    /// Their number, E.164.
    pub phone: String,
}

/// Fills a new folder with so many customers.
pub async fn seed(data: &Path, customers: u32) -> Result<Vec<Callee>> {
    let store = SqliteStore::open(&SqliteConfig::new(data)).context("the folder cannot be filled")?;
    fill(Arc::new(store), customers).await
}

/// Fills a store that holds nothing with so many customers, and closes it.
pub async fn fill(store: Arc<dyn Store>, customers: u32) -> Result<Vec<Callee>> {
    let now = Clock::real().now();
    let company = company(&*store, now).await?;
    supervisor(&*store, company, now).await?;
    let all: Vec<Customer> = (0..customers).map(|number| customer(company, number, now)).collect();
    let callees =
        all.iter().map(|customer| Callee { id: customer.id, phone: customer.phone.clone() }).collect();
    for some in all.chunks(AT_ONCE) {
        let written: Vec<_> = some
            .iter()
            .cloned()
            .map(|customer| {
                let store = store.clone();
                actix::spawn(async move { store.create_customer(customer).await })
            })
            .collect();
        for written in written {
            written.await?.context("a customer cannot be entered")?;
        }
    }
    store.close().await.context("not everything was entered")?;
    Ok(callees)
}

async fn company(store: &dyn Store, now: Time) -> Result<CompanyId> {
    let id = fresh(now);
    let company = Company {
        id,
        name: "青空システム".to_owned(),
        address: None,
        business_type: None,
        employees: None,
        description: None,
        settings: CompanySettings::default(),
        speech: CompanySpeech::default(),
        created_at: now,
    };
    store.create_company(company).await.context("the company cannot be entered")?;
    Ok(id)
}

/// Somebody who may do everything that is measured, and in whose name the AI speaks.
async fn supervisor(store: &dyn Store, company: CompanyId, now: Time) -> Result<UserId> {
    /// The least that bcrypt takes: signing in is not measured.
    const COST: u32 = 4;
    let password_hash = tsunagu_http::hash_password(PASSWORD, COST).await;
    let id = fresh(now);
    let user = User {
        id,
        company_id: company,
        email: EMAIL.to_owned(),
        password_hash: password_hash.context("the password cannot be hashed")?,
        first_name: "花子".to_owned(),
        last_name: "田中".to_owned(),
        phone: Some("+819000000001".to_owned()),
        role: UserRole::Supervisor,
        disabled: false,
        session_epoch: 0,
        created_at: now,
    };
    store.create_user(user).await.context("the supervisor cannot be entered")?;
    let settings = AgentSettings {
        phone_number: Some("+819000000001".to_owned()),
        conversation_settings: ConversationSettings {
            company_name: "青空システム".to_owned(),
            service_name: "クラウド勤怠サービス".to_owned(),
            representative_name: "田中".to_owned(),
            target_department: "総務".to_owned(),
            language: Some("ja".to_owned()),
            ..ConversationSettings::default()
        },
        ..AgentSettings::new(id, company)
    };
    store.put_agent_settings(settings).await.context("the supervisor's settings cannot be entered")?;
    store.set_agent_status(company, id, Availability::Available, now).await?;
    Ok(id)
}

fn customer(company: CompanyId, number: u32, now: Time) -> Customer {
    Customer {
        id: fresh(now),
        company_id: company,
        name: format!("佐藤 {number}"),
        company: Some("山田商事".to_owned()),
        // Each has a number of their own, within a range of mobile telephones.
        phone: format!("+8180{number:08}"),
        email: None,
        notes: None,
        status: None,
        do_not_call: false,
        wrong_number: false,
        last_call_at: None,
        last_call_result: None,
        next_call_at: None,
        created_at: now,
    }
}
