//! The demo's company in the store. What is there already is left as it is, so that a folder may be used again.

use super::people::{COLLEAGUES, COMPANY, CUSTOMERS, Colleague, PASSWORD, SUPERVISOR};
use anyhow::{Context, Result, anyhow};
use tsunagu_actors::fresh;
use tsunagu_call::{CompanyId, Time, UserId};
use tsunagu_http::hash_password;
use tsunagu_store::{
    AgentSettings, Availability, Company, CompanySettings, CompanySpeech, ConversationSettings, Customer,
    Store, User, UserRole,
};

/// The least that the hashing takes: the password is printed for all to read.
const HASH_COST: u32 = 4;

/// Who starts calls, and in whose name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Team {
    /// The company.
    pub company: CompanyId,
    /// Who starts the calls; in Japanese the AI speaks in their name.
    pub supervisor: UserId,
    /// In whose name it speaks English.
    pub english: UserId,
}

/// Sees to it that the company, its people and its customers are there, and that the agents are at their desks.
pub async fn seed(store: &dyn Store, now: Time) -> Result<Team> {
    let company = company(store, now).await.context("the demo's company cannot be set up")?;
    let mut hash = None;
    let (mut supervisor, mut english) = (None, None);
    for colleague in &COLLEAGUES {
        let user = user(store, company, colleague, &mut hash, now).await?;
        settle(store, company, user, colleague, now).await?;
        if colleague.role == UserRole::Supervisor {
            supervisor = Some(user);
        } else if colleague.lang == "en" {
            english = Some(user);
        }
    }
    customers(store, company, now).await.context("the demo's customers cannot be set up")?;
    let missing = || anyhow!("the demo has nobody to start its calls");
    Ok(Team { company, supervisor: supervisor.ok_or_else(missing)?, english: english.ok_or_else(missing)? })
}

/// The supervisor's company; a new one where there is none.
async fn company(store: &dyn Store, now: Time) -> Result<CompanyId> {
    if let Some(supervisor) = store.user_by_email(SUPERVISOR).await? {
        return Ok(supervisor.company_id);
    }
    let id = fresh(now);
    store
        .create_company(Company {
            id,
            name: COMPANY.to_owned(),
            address: Some("東京都千代田区丸の内1-1-1".to_owned()),
            business_type: Some("ソフトウェア".to_owned()),
            employees: Some("50-100".to_owned()),
            description: Some("クラウド勤怠サービスの開発と販売".to_owned()),
            settings: CompanySettings { record: Some(true), ..CompanySettings::default() },
            speech: CompanySpeech::default(),
            created_at: now,
        })
        .await?;
    Ok(id)
}

/// A colleague who can sign in. The password, the same for all of them, is hashed once.
async fn user(
    store: &dyn Store,
    company: CompanyId,
    colleague: &Colleague,
    hash: &mut Option<String>,
    now: Time,
) -> Result<UserId> {
    if let Some(user) = store.user_by_email(colleague.email).await? {
        return Ok(user.id);
    }
    let password_hash = match hash {
        Some(hash) => hash.clone(),
        None => {
            let fresh =
                hash_password(PASSWORD, HASH_COST).await.context("the demo's password cannot be hashed")?;
            hash.insert(fresh).clone()
        }
    };
    let id = fresh(now);
    let user = User {
        id,
        company_id: company,
        email: colleague.email.to_owned(),
        password_hash,
        first_name: colleague.first_name.to_owned(),
        last_name: colleague.last_name.to_owned(),
        phone: colleague.phone.map(str::to_owned),
        role: colleague.role,
        disabled: false,
        session_epoch: 0,
        created_at: now,
    };
    store.create_user(user).await.with_context(|| format!("{} cannot be set up", colleague.email))?;
    Ok(id)
}

/// Gives a colleague their settings if they have none, and puts an agent at the desk.
async fn settle(
    store: &dyn Store,
    company: CompanyId,
    user: UserId,
    colleague: &Colleague,
    now: Time,
) -> Result<()> {
    let known = store.agent(company, user).await?;
    if known.is_none_or(|agent| agent.settings.is_none()) {
        let settings = AgentSettings {
            phone_number: colleague.phone.map(str::to_owned),
            is_available: colleague.role == UserRole::Agent,
            conversation_settings: ConversationSettings {
                company_name: colleague.company_name.to_owned(),
                service_name: colleague.service_name.to_owned(),
                representative_name: colleague.representative_name.to_owned(),
                target_department: colleague.target_department.to_owned(),
                language: Some(colleague.lang.to_owned()),
                ..ConversationSettings::default()
            },
            ..AgentSettings::new(user, company)
        };
        store.put_agent_settings(settings).await?;
    }
    // A supervisor comes when they wish to; nobody puts a customer through to them.
    if colleague.role == UserRole::Agent {
        store.set_agent_status(company, user, Availability::Available, now).await?;
    }
    Ok(())
}

/// Enters the customers who are missing, each a second after the last so that they keep their order.
async fn customers(store: &dyn Store, company: CompanyId, now: Time) -> Result<()> {
    for ((phone, name, firm), place) in CUSTOMERS.into_iter().zip(0_u32..) {
        if store.customer_by_phone(company, phone).await?.is_some() {
            continue;
        }
        store
            .create_customer(Customer {
                id: fresh(now),
                company_id: company,
                name: name.to_owned(),
                company: Some(firm.to_owned()),
                phone: phone.to_owned(),
                email: None,
                notes: None,
                status: None,
                do_not_call: false,
                wrong_number: false,
                last_call_at: None,
                last_call_result: None,
                next_call_at: None,
                created_at: now.plus_secs(place),
            })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use tsunagu_carrier::sandbox::persona::{Cast, Role};
    use tsunagu_store::{
        AgentStore, CompanyStore, CustomerChange, CustomerFilter, CustomerOrder, CustomerStore, MemoryStore,
        Paging, UserStore,
    };

    const NOW: Time = Time::from_millis(1_795_000_000_000);

    async fn all(store: &MemoryStore, company: CompanyId) -> Vec<Customer> {
        let filter = CustomerFilter { order: CustomerOrder::Oldest, ..CustomerFilter::default() };
        store.customers(company, &filter, Paging::new(1, 100)).await.unwrap().items
    }

    #[tokio::test]
    async fn everybody_is_there_and_the_agents_are_at_their_desks() {
        let store = MemoryStore::new();
        let team = seed(&store, NOW).await.unwrap();
        assert_eq!(store.company(team.company).await.unwrap().unwrap().name, COMPANY);
        let agents = store.candidates(team.company).await.unwrap();
        let ready = agents.iter().filter(|agent| {
            let rings = agent.settings.as_ref().is_some_and(|settings| settings.phone_number.is_some());
            rings && agent.status.as_ref().is_some_and(|status| status.status == Availability::Available)
        });
        assert_eq!(ready.count(), 5);
        let supervisor = store.user_by_email(SUPERVISOR).await.unwrap().unwrap();
        assert_eq!((supervisor.id, supervisor.role), (team.supervisor, UserRole::Supervisor));
        let customers = all(&store, team.company).await;
        let order: Vec<&str> = customers.iter().map(|customer| customer.phone.as_str()).collect();
        assert_eq!(order, CUSTOMERS.map(|(phone, ..)| phone));
    }

    #[tokio::test]
    async fn once_is_enough() {
        let store = MemoryStore::new();
        let team = seed(&store, NOW).await.unwrap();
        let first = all(&store, team.company).await.remove(0);
        let marked = CustomerChange { do_not_call: Some(true), ..CustomerChange::default() };
        store.change_customer(team.company, first.id, marked).await.unwrap();
        let before = all(&store, team.company).await;

        assert_eq!(seed(&store, NOW.plus_secs(3600)).await.unwrap(), team);
        assert_eq!(all(&store, team.company).await, before, "what a call found out is kept");
        assert_eq!(store.users(team.company).await.unwrap().len(), COLLEAGUES.len());
    }

    #[test]
    fn the_customers_are_spread_over_all_who_may_answer() {
        let cast = Cast::embedded().unwrap();
        let rung: HashSet<&str> = CUSTOMERS
            .iter()
            .map(|(phone, ..)| cast.for_number(phone).expect(phone))
            .map(|persona| persona.name())
            .collect();
        let there: HashSet<&str> = cast
            .iter()
            .filter(|persona| persona.role() == Role::Customer && !persona.is_manual())
            .map(|persona| persona.name())
            .collect();
        assert_eq!(rung, there);
        let numbers: HashSet<&str> = CUSTOMERS.iter().map(|(phone, ..)| *phone).collect();
        assert_eq!(numbers.len(), CUSTOMERS.len());
    }

    #[test]
    fn the_agents_are_three_who_accept_one_slow_and_one_who_declines() {
        let cast = Cast::embedded().unwrap();
        let mut kinds: Vec<&str> = COLLEAGUES
            .iter()
            .filter(|colleague| colleague.role == UserRole::Agent)
            .filter_map(|colleague| cast.for_number(colleague.phone?))
            .map(|persona| persona.name())
            .collect();
        kinds.sort_unstable();
        assert_eq!(
            kinds,
            ["agent-accepts", "agent-accepts", "agent-accepts", "agent-accepts-slowly", "agent-declines"]
        );
    }
}
