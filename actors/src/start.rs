//! Starting a call for a person or a campaign: who is rung, as whom the AI speaks, and whether it may ring at all.

use crate::{Begun, CallError, Switchboard, ids};
use tsunagu_call::{CallId, CompanyId, Created, CustomerId, CustomerRef, Rules, UserId};
use tsunagu_conversation::{Lang, Limits, Profile};
use tsunagu_store::{
    AgentProfile, AgentSettings, CallingHours, CampaignScript, Company, ConversationSettings, Customer,
    CustomerMark, StoreError,
};

/// The longest time for which an agent is left alone after a call.
const LONGEST_WRAP_UP_SECS: u32 = 300;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartOrder {
    /// Whose call.
    pub company: CompanyId,
    /// Who is rung.
    pub customer: CustomerId,
    /// The agent whose settings the AI speaks with and who is tried first at a hand-over.
    pub agent: Option<UserId>,
    /// Who asks.
    pub by: UserId,
    /// The same key again starts nothing again.
    pub idempotency_key: Option<String>,
}

/// What every call of this server has in common.
#[derive(Debug, Clone, PartialEq)]
pub struct CallDefaults {
    /// The number calls show, E.164.
    pub from: String,
    /// How long things may take.
    pub rules: Rules,
    /// How patient the AI is.
    pub limits: Limits,
}

/// Why a call was not started.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StartError {
    /// There is no such customer.
    #[error("there is no such customer")]
    NoCustomer,
    /// There is no such agent.
    #[error("there is no such agent")]
    NoAgent,
    /// The customer is in another call.
    #[error("the customer is already in a call")]
    CustomerBusy,
    /// The customer wants no calls.
    #[error("this customer has asked not to be called")]
    DoNotCall,
    /// The number is known to be somebody else's.
    #[error("this customer's number is known to be wrong; correct it first")]
    WrongNumber,
    /// The company does not ring at this hour.
    #[error("it is outside the company's calling hours")]
    OutsideCallingHours,
    /// Nobody's conversation settings can be used.
    #[error("no conversation settings are set; an agent must save theirs first")]
    NoSettings,
    /// The server has no number to call from.
    #[error("no number to call from is configured (TWILIO_PHONE_NUMBER)")]
    NoNumber,
    /// The call could not be begun.
    #[error(transparent)]
    Call(CallError),
}

impl From<CustomerMark> for StartError {
    fn from(mark: CustomerMark) -> Self {
        match mark {
            CustomerMark::DoNotCall => Self::DoNotCall,
            CustomerMark::WrongNumber => Self::WrongNumber,
        }
    }
}

/// What the store finds out while it opens the call is told as if it had been seen before.
impl From<CallError> for StartError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NoCustomer => Self::NoCustomer,
            CallError::CustomerMarked(mark) => mark.into(),
            CallError::CustomerBusy(_) => Self::CustomerBusy,
            other => Self::Call(other),
        }
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        CallError::from(error).into()
    }
}

/// Starts a call.
///
/// # Errors
/// It may not be started, or could not be.
pub async fn start(
    board: &Switchboard,
    defaults: &CallDefaults,
    order: StartOrder,
) -> Result<Begun, StartError> {
    let call = ids::fresh(board.ports().clock.now());
    begin(board, defaults, order, call, None).await
}

/// Starts the call of a campaign's attempt, under the id that was decided with the attempt, and with the campaign's script.
///
/// # Errors
/// It may not be started, or could not be.
pub(crate) async fn start_attempt(
    board: &Switchboard,
    defaults: &CallDefaults,
    order: StartOrder,
    call: CallId,
    script: &CampaignScript,
) -> Result<Begun, StartError> {
    begin(board, defaults, order, call, Some(script)).await
}

async fn begin(
    board: &Switchboard,
    defaults: &CallDefaults,
    order: StartOrder,
    call: CallId,
    script: Option<&CampaignScript>,
) -> Result<Begun, StartError> {
    let (store, now) = (&board.ports().store, board.ports().clock.now());
    let customer = store.customer(order.company, order.customer).await?.ok_or(StartError::NoCustomer)?;
    let company = store.company(order.company).await?.ok_or(StartError::NoCustomer)?;
    if let Some(mark) = customer.marked() {
        return Err(mark.into());
    }
    if company
        .settings
        .calling_hours
        .as_ref()
        .is_some_and(|hours| !may_ring(hours, &company.settings.timezone, now))
    {
        return Err(StartError::OutsideCallingHours);
    }
    let from = number_for(&customer, &company.settings.numbers).unwrap_or(&defaults.from);
    if from.is_empty() {
        return Err(StartError::NoNumber);
    }
    let spoken = match script {
        None => spoken_as(board, &order, &company).await?,
        Some(script) => scripted(board, &order, script, &company).await?,
    };
    let created = created(&order, defaults, from, &company, &customer, &spoken);
    board.repertoires().learn(&company);
    Ok(board.begin(call, created, order.idempotency_key).await?)
}

/// As whom the AI speaks: as the agent who is named, as whoever asks, or as any agent of the company, in this order; what an
/// agent leaves open the company says.
async fn spoken_as(
    board: &Switchboard,
    order: &StartOrder,
    company: &Company,
) -> Result<ConversationSettings, StartError> {
    let store = &board.ports().store;
    let companys = &company.settings.conversation;
    let spoken = |agent: Option<AgentSettings>| {
        let own = agent.map(|settings| settings.conversation_settings).unwrap_or_default();
        Some(own.or(companys)).filter(speaks)
    };
    if let Some(agent) = order.agent {
        let agent = store.agent(order.company, agent).await?.ok_or(StartError::NoAgent)?;
        return spoken(agent.settings).ok_or(StartError::NoSettings);
    }
    let own = store.agent(order.company, order.by).await?.and_then(|agent| agent.settings);
    match spoken(own) {
        Some(settings) => Ok(settings),
        None => {
            let team: Vec<AgentProfile> = store.candidates(order.company).await?;
            team.into_iter().find_map(|agent| spoken(agent.settings)).ok_or(StartError::NoSettings)
        }
    }
}

/// As whom the AI speaks in a campaign: its script, filled up from the settings of the agent who is named, and from the company.
async fn scripted(
    board: &Switchboard,
    order: &StartOrder,
    script: &CampaignScript,
    company: &Company,
) -> Result<ConversationSettings, StartError> {
    let own = match order.agent {
        None => ConversationSettings::default(),
        Some(agent) => {
            let agent =
                board.ports().store.agent(order.company, agent).await?.filter(|agent| !agent.disabled);
            let settings = agent.ok_or(StartError::NoAgent)?.settings;
            settings.map(|settings| settings.conversation_settings).unwrap_or_default()
        }
    };
    let mut spoken = own.or(&company.settings.conversation);
    if spoken.company_name.trim().is_empty() {
        spoken.company_name.clone_from(&company.name);
    }
    let own = [
        (&mut spoken.company_name, &script.company_name),
        (&mut spoken.service_name, &script.service_name),
        (&mut spoken.representative_name, &script.representative_name),
        (&mut spoken.target_department, &script.target_department),
    ];
    for (field, own) in own {
        if let Some(own) = own {
            field.clone_from(own);
        }
    }
    spoken.language = script.language.clone().or(spoken.language);
    if speaks(&spoken) { Ok(spoken) } else { Err(StartError::NoSettings) }
}

/// The settings name at least the company that the AI says it rings for: the law wants that said first.
fn speaks(settings: &ConversationSettings) -> bool {
    !settings.company_name.trim().is_empty()
}

fn created(
    order: &StartOrder,
    defaults: &CallDefaults,
    from: &str,
    company: &Company,
    customer: &Customer,
    spoken: &ConversationSettings,
) -> Created {
    let code = spoken.language.as_deref().unwrap_or(&company.settings.language);
    let lang = code.parse::<Lang>().unwrap_or_default();
    let handover = &company.settings.handover;
    Created {
        company_id: order.company,
        customer: CustomerRef {
            id: customer.id,
            name: customer.name.clone(),
            company: customer.company.clone(),
            phone: customer.phone.clone(),
        },
        from: from.to_owned(),
        profile: Profile {
            lang,
            company_name: spoken.company_name.clone(),
            service_name: spoken.service_name.clone(),
            representative_name: spoken.representative_name.clone(),
            target_department: spoken.target_department.clone(),
            customer_name: Some(customer.name.clone()).filter(|name| !name.is_empty()),
            customer_company: customer.company.clone(),
            templates: spoken.custom_templates.clone(),
            readings: company.speech.readings.clone(),
        },
        limits: defaults.limits.clone(),
        script: company.speech.script(lang.code()).map_or(0, |(number, _)| number),
        rules: Rules {
            handover_attempts: handover.attempts,
            handover_secs: handover.total_secs,
            wrap_up_secs: handover.wrap_up_secs.min(LONGEST_WRAP_UP_SECS),
            handover_skills: handover.skills.clone(),
            match_language: handover.match_language,
            transcribe: company.settings.transcribe.unwrap_or(defaults.rules.transcribe),
            record: company.settings.record.unwrap_or(defaults.rules.record),
            announce_recording: company
                .settings
                .record_announcement
                .unwrap_or(defaults.rules.announce_recording),
            ..defaults.rules.clone()
        },
        agent: order.agent,
        started_by: Some(order.by),
    }
}

/// The number that calls to this customer show: always the same one, so that it becomes known to them.
fn number_for<'a>(customer: &Customer, numbers: &'a [String]) -> Option<&'a String> {
    let place =
        customer.phone.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    numbers.get(place.checked_rem(numbers.len())?)
}

/// Whether the company rings at this moment, by the clock on its wall.
fn may_ring(hours: &CallingHours, zone: &str, now: tsunagu_call::Time) -> bool {
    hours.window(zone).is_ok_and(|window| window.contain(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calling_hours_are_the_companys_own_clock_and_days() {
        let hours = CallingHours::default();
        let may = |at: &str| may_ring(&hours, "Asia/Tokyo", at.parse().unwrap());
        assert!(may("2026-11-20T00:30:00Z"), "Friday 9:30 in Tokyo");
        assert!(!may("2026-11-20T09:30:00Z"), "Friday 18:30");
        assert!(!may("2026-11-21T01:00:00Z"), "Saturday");
        assert!(!may("2026-11-22T23:59:00Z"), "Monday 8:59");
        assert!(may("2026-11-23T00:00:00Z"), "Monday 9:00");
    }
}
