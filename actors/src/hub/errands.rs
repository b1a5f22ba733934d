//! What floors want from the store, fetched beside the hub.

use super::{HubPorts, desk::Brought, floor::Want, told::written};
use async_trait::async_trait;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use std::{fmt::Display, future::Future, time::Duration};
use tsunagu_call::{CallId, CallRecord, CompanyId, Time, UserId};
use tsunagu_store::{AgentProfile, AgentStatus, Availability, Doing, StoreError, journal_from};

/// The first pause before the store is asked again; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// How often it is asked.
const ATTEMPTS: u32 = 8;
/// How often it is asked while a client waits for the answer, and what else it is told waits behind that.
const ATTEMPTS_WAITED_FOR: u32 = 4;

/// Shows calls as clients know them, in JSON.
#[async_trait]
pub trait Presenter: Send + Sync + 'static {
    /// These calls of a company, as a list.
    async fn calls(&self, company: CompanyId, calls: Vec<CallRecord>) -> Result<String, Unpresentable>;

    /// One of a company's calls.
    async fn call(&self, company: CompanyId, call: CallRecord) -> Result<String, Unpresentable>;

    /// A company's call that is over; `None` when it has no such call. One that lives must not be shown: what happens on it is
    /// told apart.
    async fn past_call(&self, company: CompanyId, call: CallId) -> Result<Option<String>, Unpresentable>;
}

/// What belongs to a call cannot be read just now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unpresentable(pub String);

/// Fetches what is wanted; `None` when nothing comes of it. What cannot be had now is given back, to be wanted again.
pub(super) async fn run(ports: &HubPorts, company: CompanyId, want: Want) -> Option<Brought> {
    match want {
        Want::List => {
            // What agents do first: what changes after that is told.
            let agents = doings(ports, company).await;
            Some(match living(ports, company).await {
                Some(calls) => Brought::List { agents, calls },
                None => Brought::Lost(Want::List),
            })
        }
        Want::Journal { call, from } => {
            let journal = patiently(ATTEMPTS, || journal_from(&*ports.store, call, from)).await;
            Some(match had(journal) {
                Some(journal) => Brought::Journal(call, journal),
                None => Brought::Lost(Want::Journal { call, from }),
            })
        }
        Want::Present { number, calls } => {
            let calls = told(ports.presenter.calls(company, calls).await);
            Some(Brought::Present { number, calls })
        }
        Want::Details(mut details) => {
            let (presenter, call) = (&ports.presenter, details.call);
            let shown = match details.record.take() {
                Some(record) => {
                    let show = || presenter.call(company, (*record).clone());
                    patiently(ATTEMPTS_WAITED_FOR, show).await.map(Some)
                }
                None => patiently(ATTEMPTS_WAITED_FOR, || presenter.past_call(company, call)).await,
            };
            Some(Brought::Details(details, shown))
        }
        Want::Agent(agent) => {
            let Some(found) = status_of(ports, company, agent).await else {
                return Some(Brought::Lost(Want::Agent(agent)));
            };
            let (status, gone) = found.unzip();
            Some(Brought::Agent { agent, status, gone: gone.unwrap_or_default() })
        }
        Want::Figures { seat, active } => Some(match told(figures(ports, company, active).await) {
            Some(figures) => Brought::Figures(seat, figures),
            None => Brought::Lost(Want::Figures { seat, active }),
        }),
        Want::ComeBack(agent) => {
            let back = patiently(ATTEMPTS, || ports.store.come_back(agent, ports.clock.now())).await;
            set(agent, back, Want::ComeBack(agent))
        }
        Want::SignIns(sign_ins) => {
            let shared = ports.store.shared()?;
            let ended =
                patiently(ATTEMPTS, || async { shared.ended_sign_ins(&sign_ins).await }).await.ok()?;
            Some(Brought::Ended(ended))
        }
        Want::Gone(agent) => {
            let gone = patiently(ATTEMPTS, || ports.store.take_for_gone(agent, ports.clock.now())).await;
            set(agent, gone, Want::Gone(agent))
        }
    }
}

fn told<T, E: Display>(result: Result<T, E>) -> Option<T> {
    result.inspect_err(|error| tracing::warn!(%error, "the hub cannot read what it is to tell")).ok()
}

/// Asks so often, with growing pauses, while the store cannot answer.
async fn patiently<T, E: Display, F: Future<Output = Result<T, E>>>(
    attempts: u32,
    ask: impl Fn() -> F,
) -> Result<T, E> {
    let mut attempt = 0;
    loop {
        match ask().await {
            Err(error) if attempt + 1 < attempts => {
                tracing::warn!(%error, attempt, "the hub cannot read the store");
            }
            answer => {
                return answer
                    .inspect_err(|error| tracing::warn!(%error, "the hub gives up reading the store"));
            }
        }
        tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(attempt)).await;
        attempt += 1;
    }
}

/// What was answered; `None` when it may be had later. What cannot be understood will not be later either: it counts as nothing, so
/// that nothing else waits for it.
fn had<T: Default>(answer: Result<T, StoreError>) -> Option<T> {
    match answer {
        Err(error) if error.is_transient() => None,
        answer => Some(answer.unwrap_or_default()),
    }
}

/// What comes of setting an agent's status, which was wanted like this.
fn set(agent: UserId, changed: Result<bool, StoreError>, want: Want) -> Option<Brought> {
    match had(changed) {
        Some(changed) => changed.then_some(Brought::Changed(agent)),
        None => Some(Brought::Lost(want)),
    }
}

async fn living(ports: &HubPorts, company: CompanyId) -> Option<Vec<CallId>> {
    let living = had(patiently(ATTEMPTS, || ports.store.live_calls()).await)?;
    Some(living.into_iter().filter(|live| live.company == company).map(|live| live.call).collect())
}

/// What the company's agents are doing, where other nodes may change it.
async fn doings(ports: &HubPorts, company: CompanyId) -> Vec<(UserId, String)> {
    let Some(shared) = ports.store.shared() else { return Vec::new() };
    let doings = patiently(ATTEMPTS, || async { shared.doings(&[company]).await }).await.unwrap_or_default();
    doings.iter().map(|doing| (doing.agent, shown(doing))).collect()
}

/// What an agent is doing, as screens are told.
pub(super) fn shown(doing: &Doing) -> String {
    written(&AgentStatusChanged {
        user_id: doing.agent,
        status: doing.status,
        is_available: doing.is_available,
        current_call_id: doing.call,
        wrap_up_until: doing.wrap_up_until,
        timestamp: doing.since,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentStatusChanged {
    user_id: UserId,
    status: Availability,
    is_available: bool,
    current_call_id: Option<CallId>,
    wrap_up_until: Option<Time>,
    timestamp: Time,
}

/// What screens are told of an agent, if there is one, and whether they have been taken for gone; `None` when that cannot be had now.
async fn status_of(ports: &HubPorts, company: CompanyId, agent: UserId) -> Option<Option<(String, bool)>> {
    let profile = had(patiently(ATTEMPTS, || ports.store.agent(company, agent)).await)?;
    Some(profile.map(|profile| {
        let is_available = profile.settings.is_some_and(|settings| settings.is_available);
        let status = profile.status.unwrap_or_else(|| AgentStatus::new(agent, company));
        (shown(&Doing::of(&status, is_available)), status.gone_from.is_some())
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatisticsUpdate {
    total_calls_today: u64,
    active_calls_now: usize,
    available_agents: usize,
    timestamp: Time,
}

/// The day is that of the company's clock.
async fn figures(ports: &HubPorts, company: CompanyId, active: usize) -> Result<String, StoreError> {
    let now = ports.clock.now();
    let settings = ports.store.company(company).await?.map(|company| company.settings).unwrap_or_default();
    let zone = TimeZone::get(&settings.timezone).unwrap_or(TimeZone::UTC);
    let begun = ports.store.calls_begun(company, midnight(now, zone)).await?;
    let agents = ports.store.candidates(company).await?;
    Ok(written(&StatisticsUpdate {
        total_calls_today: begun,
        active_calls_now: active,
        available_agents: agents.iter().filter(|agent| is_free(agent, now)).count(),
        timestamp: now,
    }))
}

fn midnight(now: Time, zone: TimeZone) -> Time {
    let now_there = Timestamp::from_millisecond(now.millis()).unwrap_or_default().to_zoned(zone);
    now_there.start_of_day().map_or(now, |day| Time::from_millis(day.timestamp().as_millisecond()))
}

fn is_free(agent: &AgentProfile, now: Time) -> bool {
    let takes_calls = agent.settings.as_ref().is_some_and(|settings| settings.is_available);
    takes_calls
        && agent.status.as_ref().is_some_and(|status| {
            status.status == Availability::Available
                && !status.is_wrapping_up(now)
                && status.reservation.is_none_or(|held| held.until <= now)
        })
}
