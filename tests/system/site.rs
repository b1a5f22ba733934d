//! A customer's site: a company with its people, written into the store before the server starts.

use crate::home::Home;
use std::{collections::HashMap, sync::Arc};
use tsunagu_actors::fresh;
use tsunagu_call::{CompanyId, CustomerId, Time, UserId};
use tsunagu_carrier::sandbox::persona::{Cast, Persona};
use tsunagu_store::{
    AgentSettings, Availability, Company, ConversationSettings, Customer, Store, User, UserRole,
};

pub const EMAIL: &str = "supervisor@example.jp";
/// The admin, who is no agent either.
pub const ADMIN: &str = "admin@example.jp";
/// The supervisor's telephone, whose keys a test presses.
pub const SUPERVISORS_PHONE: &str = "+817090009999";
pub const PASSWORD: &str = "correct-horse-battery";

pub struct Site {
    pub home: Home,
    company: CompanyId,
    pub supervisor: UserId,
    pub agents: Vec<(UserId, String)>,
    emails: HashMap<UserId, String>,
    pub customers: Vec<SiteCustomer>,
    /// An agent whose settings speak English.
    pub english: UserId,
}

#[derive(Debug, Clone)]
pub struct SiteCustomer {
    pub id: CustomerId,
    pub phone: String,
    pub persona: String,
    pub english: bool,
    pub expected: Vec<String>,
}

/// Agents by the prefix of their numbers, best first.
pub struct Team<'a>(pub &'a [(&'a str, usize, u8)]);

impl Site {
    /// Seeds `customers` customers spread evenly over these personas (all of them when empty), and a team.
    pub async fn seed(personas: &[&str], customers: usize, team: Team<'_>) -> Self {
        Self::seed_in(Home::folder(), personas, customers, team).await
    }

    /// The same with the data somewhere else.
    pub async fn seed_in(home: Home, personas: &[&str], customers: usize, team: Team<'_>) -> Self {
        let cast = Cast::embedded().unwrap();
        let cast: Vec<_> = cast
            .iter()
            .filter(|persona| !persona.expected().is_empty() || personas.contains(&persona.name()))
            .filter(|persona| personas.is_empty() || personas.contains(&persona.name()))
            .collect();
        assert!(!cast.is_empty());
        Self::seed_cast(home, &cast, customers, team).await
    }

    /// The same with these persons to ring.
    pub async fn seed_cast(home: Home, cast: &[&Persona], customers: usize, team: Team<'_>) -> Self {
        let store = home.open().await;
        let now = Time::from_millis(jiff::Timestamp::now().as_millisecond());
        let company: CompanyId = fresh(now);
        store.create_company(company_document(company, now)).await.unwrap();
        let password = tsunagu_http::hash_password(PASSWORD, 4).await.unwrap();
        let user = |role, email: String, name: &str| User {
            id: fresh(now),
            company_id: company,
            email,
            password_hash: password.clone(),
            first_name: name.into(),
            last_name: "試験".into(),
            phone: None,
            role,
            disabled: false,
            session_epoch: 0,
            created_at: now,
        };
        let supervisor = user(UserRole::Supervisor, EMAIL.into(), "監督");
        let (supervisor_id, phone) = (supervisor.id, Some(SUPERVISORS_PHONE.to_owned()));
        store.create_user(supervisor).await.unwrap();
        // No agent: never available, and so never rung but by their own wish.
        store.put_agent_settings(settings(supervisor_id, company, "ja", phone, 0)).await.unwrap();

        store.create_user(user(UserRole::Admin, ADMIN.into(), "管理")).await.unwrap();

        let (mut agents, mut emails) = (Vec::new(), HashMap::new());
        for (prefix, count, priority) in team.0 {
            for number in 0..*count {
                let email = format!("agent{}{number}@example.jp", prefix.trim_start_matches('+'));
                let agent = user(UserRole::Agent, email.clone(), "担当");
                let phone = format!("{prefix}{number:04}");
                let (id, settings) =
                    (agent.id, settings(agent.id, company, "ja", Some(phone.clone()), *priority));
                store.create_user(agent).await.unwrap();
                store.put_agent_settings(settings).await.unwrap();
                store.set_agent_status(company, id, Availability::Available, now).await.unwrap();
                agents.push((id, phone));
                emails.insert(id, email);
            }
        }
        let speaker = user(UserRole::Agent, "english@example.jp".into(), "Emma");
        let english = speaker.id;
        store.create_user(speaker).await.unwrap();
        // Nobody rings her: she has no number, only a voice.
        store.put_agent_settings(settings(english, company, "en", None, 0)).await.unwrap();

        let customers = seed_customers(&store, company, cast, customers, now).await;
        store.close().await.unwrap();
        Self { home, company, supervisor: supervisor_id, agents, emails, customers, english }
    }
}

impl Site {
    /// With what an agent signs in.
    pub fn email(&self, agent: UserId) -> String {
        self.emails[&agent].clone()
    }

    /// Every agent has been given back: nobody is promised to, or on, a call. The server must have ended.
    pub async fn check_released(&self) -> Result<(), String> {
        let store = self.home.open().await;
        let team = store.team(self.company).await.unwrap();
        store.close().await.unwrap();
        let held = team.iter().filter_map(|agent| agent.status.as_ref()).find(|status| {
            status.reservation.is_some()
                || status.current_call_id.is_some()
                || (status.status != Availability::Available && status.user_id != self.supervisor)
        });
        held.map_or(Ok(()), |held| Err(format!("an agent was not given back: {held:?}")))
    }
}

async fn seed_customers(
    store: &Arc<dyn Store>,
    company: CompanyId,
    cast: &[&Persona],
    count: usize,
    now: Time,
) -> Vec<SiteCustomer> {
    let mut customers = Vec::new();
    for (number, persona) in cast.iter().cycle().take(count).enumerate() {
        let pattern = persona.numbers().first().unwrap().to_string();
        let phone = pattern.replace("####", &format!("{number:04}"));
        let customer = Customer {
            id: fresh(now),
            company_id: company,
            name: format!("顧客{number:03}"),
            company: Some("山田商事".into()),
            phone: phone.clone(),
            email: None,
            notes: None,
            status: None,
            do_not_call: false,
            wrong_number: false,
            last_call_at: None,
            last_call_result: None,
            next_call_at: None,
            created_at: now,
        };
        customers.push(SiteCustomer {
            id: customer.id,
            phone,
            persona: persona.name().to_owned(),
            english: persona.lang() == "en",
            expected: persona.expected().iter().map(|outcome| outcome.as_str().to_owned()).collect(),
        });
        store.create_customer(customer).await.unwrap();
    }
    customers
}

fn settings(
    user: UserId,
    company: CompanyId,
    lang: &str,
    phone: Option<String>,
    priority: u8,
) -> AgentSettings {
    AgentSettings {
        phone_number: phone,
        priority,
        conversation_settings: ConversationSettings {
            company_name: if lang == "en" { "Aozora Systems" } else { "青空システム" }.into(),
            service_name: if lang == "en" { "our booking system" } else { "クラウド勤怠サービス" }.into(),
            representative_name: if lang == "en" { "Mr Tanaka" } else { "田中" }.into(),
            target_department: if lang == "en" { "purchasing" } else { "総務" }.into(),
            language: Some(lang.into()),
            ..ConversationSettings::default()
        },
        ..AgentSettings::new(user, company)
    }
}

fn company_document(id: CompanyId, now: Time) -> Company {
    let mut company: Company =
        serde_json::from_value(serde_json::json!({ "_id": id, "name": "青空システム", "createdAt": now }))
            .unwrap();
    company.settings.handover.attempts = 10;
    // Two hundred customers and twenty agents need as long.
    company.settings.handover.total_secs = 1500;
    company
}
