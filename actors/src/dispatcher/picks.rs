//! Picking agents: one at a time, so that a hundred calls that want somebody in the same moment share the agents
//! evenly. That no agent is promised twice does not rest on this: the store's reservation sees to it, on any node.

use crate::{CallError, Clock};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tsunagu_call::{
    AgentRef, CallId, CompanyId, Settlement, Time, UserId,
    routing::{Candidate, Needs, Search, Verdict, WorkingHours, rank},
};
use tsunagu_conversation::Lang;
use tsunagu_store::{AgentProfile, Availability, Freed, Store};

/// How many picks may wait.
const WAITING_AT_MOST: usize = 4096;

/// A call that needs an agent.
#[derive(Debug, Clone)]
pub struct Pick {
    /// Which call.
    pub call: CallId,
    /// Whose agents.
    pub company: CompanyId,
    /// Who is tried first.
    pub wish: Option<UserId>,
    /// Who is not tried again.
    pub tried: Vec<UserId>,
    /// What is needed of the agent.
    pub needs: Needs,
    /// Who is tried first is had whatever they are doing, unless another call has them.
    pub claim: bool,
    /// How long the reservation holds if nothing comes of it.
    pub until: Time,
}

/// Where picks are handed in.
#[derive(Debug, Clone)]
pub struct PickDesk(mpsc::Sender<(Pick, oneshot::Sender<Result<Settlement, CallError>>)>);

impl PickDesk {
    /// Opens the desk; it closes when the last handle is gone.
    pub fn open(store: Arc<dyn Store>, clock: Clock) -> Self {
        let (desk, mut waiting) = mpsc::channel::<(Pick, oneshot::Sender<_>)>(WAITING_AT_MOST);
        actix::spawn(async move {
            while let Some((pick, reply)) = waiting.recv().await {
                let settlement = choose(&*store, clock, &pick).await;
                // Nobody waits any more: the reservation would stay until its end.
                if let Err(Ok(Settlement::Picked { agent, .. })) = reply.send(settlement) {
                    take_back(&*store, agent.id, &pick, clock.now()).await;
                }
            }
        });
        Self(desk)
    }

    /// Hands a pick in and waits for it.
    ///
    /// # Errors
    /// The store did not answer, or too many picks wait.
    pub async fn pick(&self, pick: Pick) -> Result<Settlement, CallError> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send((pick, reply)).map_err(|_| CallError::Overloaded)?;
        answer.await.map_err(|_| CallError::Stale)?
    }
}

async fn choose(store: &dyn Store, clock: Clock, pick: &Pick) -> Result<Settlement, CallError> {
    let now = clock.now();
    let profiles = store.candidates(pick.company).await?;
    // An earlier life of the call may have been promised somebody and not have learnt of it: they are first.
    let promised = profiles.iter().find(|profile| is_promised(profile, pick)).map(|profile| profile.user_id);
    if pick.claim
        && let Some(wish) = pick.wish.filter(|wish| !pick.tried.contains(wish))
        && promised.is_none_or(|promised| promised == wish)
        && let Some(settlement) = claim(store, clock, pick, wish).await?
    {
        return Ok(settlement);
    }
    let candidates = profiles.into_iter().map(|profile| candidate(profile, pick)).collect();
    let search = Search { wish: promised.or(pick.wish), tried: &pick.tried, needs: &pick.needs };
    let (eligible, mut considered) = rank(candidates, search, now);
    let mut chosen = None;
    for candidate in eligible {
        if chosen.is_some() {
            considered.push(candidate.considered(Verdict::NotFirst));
            continue;
        }
        match store.reserve_agent(candidate.agent.id, pick.call, pick.until, now).await {
            Ok(true) => {
                considered.push(candidate.considered(Verdict::Chosen));
                chosen = Some(candidate.agent);
            }
            Ok(false) => considered.push(candidate.considered(Verdict::TakenMeanwhile)),
            Err(error) => {
                // It may have been written all the same.
                take_back(store, candidate.agent.id, pick, now).await;
                return Err(error.into());
            }
        }
    }
    metrics::counter!("agent_picks_total", "outcome" => if chosen.is_some() { "picked" } else { "nobody_free" })
        .increment(1);
    Ok(match chosen {
        Some(agent) => Settlement::Picked { agent, considered },
        None => Settlement::NobodyFree { considered },
    })
}

/// Reserves somebody who wants the call themselves; `None` when they cannot be had.
pub(crate) async fn claim(
    store: &dyn Store,
    clock: Clock,
    pick: &Pick,
    agent: UserId,
) -> Result<Option<Settlement>, CallError> {
    let now = clock.now();
    let profile = store.agent(pick.company, agent).await?.filter(|profile| !profile.disabled);
    let Some(candidate) = profile.map(|profile| candidate(profile, pick)) else { return Ok(None) };
    if candidate.agent.phone.is_empty() {
        return Ok(None);
    }
    match store.claim_agent(agent, pick.call, pick.until, now).await {
        Ok(true) => {
            let considered = vec![candidate.considered(Verdict::Chosen)];
            Ok(Some(Settlement::Picked { agent: candidate.agent, considered }))
        }
        Ok(false) => Ok(None),
        Err(error) => {
            // It may have been written all the same.
            take_back(store, agent, pick, now).await;
            Err(error.into())
        }
    }
}

/// Gives back a reservation that nobody knows of.
async fn take_back(store: &dyn Store, agent: UserId, pick: &Pick, now: Time) {
    let freed = Freed { talk_secs: 0, wrap_up_secs: 0, handled: false, now };
    if let Err(error) = store.free_agent(agent, pick.call, freed).await {
        tracing::warn!(%agent, %error, "an agent nobody waits for stays reserved until its end");
    }
}

/// The agent is reserved for this very call.
fn is_promised(profile: &AgentProfile, pick: &Pick) -> bool {
    let held = profile.status.as_ref().and_then(|status| status.reservation);
    held.is_some_and(|held| held.call_id == pick.call) && !pick.tried.contains(&profile.user_id)
}

/// An agent as routing sees them.
fn candidate(profile: AgentProfile, pick: &Pick) -> Candidate {
    let settings = profile.settings;
    let status = profile.status;
    let hours = settings.as_ref().and_then(|settings| {
        let hours = settings.notification_preferences.working_hours.as_ref()?;
        let zone = hours.timezone.as_deref().unwrap_or("Asia/Tokyo");
        WorkingHours::parse(&hours.start, &hours.end, zone)
            .inspect_err(|error| tracing::warn!(agent = %profile.user_id, %error, "working hours cannot be read; the agent counts as always there"))
            .ok()
    });
    let language = settings.as_ref().and_then(|settings| settings.conversation_settings.language.as_deref());
    let lang = language.and_then(|code| code.parse::<Lang>().ok()).unwrap_or_default();
    let others =
        settings.iter().flat_map(|settings| &settings.languages).filter_map(|code| code.parse().ok());
    let langs = std::iter::once(lang).chain(others).collect();
    let phone = settings.as_ref().and_then(|settings| settings.phone_number.clone()).unwrap_or_default();
    Candidate {
        agent: AgentRef {
            id: profile.user_id,
            name: format!("{} {}", profile.last_name, profile.first_name).trim().to_owned(),
            phone,
            lang,
        },
        available: status.as_ref().is_some_and(|status| status.status == Availability::Available),
        accepts_calls: settings.as_ref().is_some_and(|settings| settings.is_available),
        hours,
        reserved_until: status
            .as_ref()
            .and_then(|status| status.reservation)
            .filter(|held| held.call_id != pick.call)
            .map(|held| held.until),
        wrapping_up_until: status.as_ref().and_then(|status| status.wrap_up_until),
        skills: settings.as_ref().map(|settings| settings.skills.clone()).unwrap_or_default(),
        langs,
        live_calls: profile.live_calls,
        priority: settings.as_ref().map_or(0, |settings| settings.priority),
        last_activity: status.map(|status| status.last_activity).unwrap_or_default(),
    }
}
