//! The choice of an agent for one call: looked for, reserved, and with a reason for everybody who was passed over.

use super::Pick;
use crate::{CallError, Clock};
use tsunagu_call::{
    AgentRef, CallId, Settlement, Time, UserId,
    routing::{Candidate, Needs, Search, Verdict, WorkingHours, rank},
};
use tsunagu_conversation::Lang;
use tsunagu_store::{AgentProfile, Availability, Store, StoreError};

/// Reserves the best of these agents for the call.
pub(super) async fn choose(
    store: &dyn Store,
    clock: Clock,
    pick: &Pick,
    profiles: &[AgentProfile],
) -> Result<Settlement, CallError> {
    let now = clock.now();
    // An earlier life of the call may have been promised somebody and not have learnt of it: they are first.
    let promised = profiles.iter().find(|profile| is_promised(profile, pick)).map(|profile| profile.user_id);
    if pick.claim
        && let Some(wish) = pick.wish.filter(|wish| !pick.tried.contains(wish))
        && promised.is_none_or(|promised| promised == wish)
        && let Some(settlement) = claim(store, clock, pick, wish).await?
    {
        return Ok(settlement);
    }
    let candidates = profiles.iter().map(|profile| candidate(profile, Some(pick.call))).collect();
    let search = Search { wish: promised.or(pick.wish), tried: &pick.tried, needs: &pick.needs };
    let (eligible, mut considered) = rank(candidates, search, now);
    let mut chosen = None;
    for candidate in eligible {
        if chosen.is_some() {
            considered.push(candidate.considered(Verdict::NotFirst));
            continue;
        }
        match store.reserve_agent(candidate.agent.id, pick.call, now.plus_secs(pick.hold_secs), now).await {
            Ok(true) => {
                considered.push(candidate.considered(Verdict::Chosen));
                chosen = Some(candidate.agent);
            }
            Ok(false) => considered.push(candidate.considered(Verdict::TakenMeanwhile)),
            Err(error) => {
                // It may have been written all the same.
                take_back(store, candidate.agent.id, pick).await;
                return Err(error.into());
            }
        }
    }
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
    let Some(candidate) = profile.map(|profile| candidate(&profile, Some(pick.call))) else {
        return Ok(None);
    };
    if candidate.agent.phone.is_empty() {
        return Ok(None);
    }
    match store.claim_agent(agent, pick.call, now.plus_secs(pick.hold_secs), now).await {
        Ok(true) => {
            let considered = vec![candidate.considered(Verdict::Chosen)];
            Ok(Some(Settlement::Picked { agent: candidate.agent, considered }))
        }
        Ok(false) => Ok(None),
        Err(error) => {
            // It may have been written all the same.
            take_back(store, agent, pick).await;
            Err(error.into())
        }
    }
}

/// Whom an earlier life of the call was promised by a choice like this one and has not learnt of.
pub(crate) async fn promised(store: &dyn Store, pick: &Pick) -> Result<Option<AgentRef>, StoreError> {
    let team = store.team(pick.company).await?;
    let found = team.iter().find(|profile| is_promised(profile, pick));
    Ok(found.map(|profile| candidate(profile, Some(pick.call)).agent))
}

/// How many of these agents could take a call at this moment.
pub(crate) fn free_agents(profiles: &[AgentProfile], needs: &Needs, now: Time) -> u32 {
    let candidates = profiles.iter().map(|profile| candidate(profile, None)).collect();
    let (free, _) = rank(candidates, Search { wish: None, tried: &[], needs }, now);
    u32::try_from(free.len()).unwrap_or(u32::MAX)
}

/// Withdraws a reservation that nobody knows of.
pub(super) async fn take_back(store: &dyn Store, agent: UserId, pick: &Pick) {
    if let Err(error) = store.withdraw_promise(agent, pick.call).await {
        tracing::warn!(%agent, %error, "an agent nobody waits for stays reserved until its end");
    }
}

/// The agent is reserved for this very call.
fn is_promised(profile: &AgentProfile, pick: &Pick) -> bool {
    let held = profile.status.as_ref().and_then(|status| status.reservation);
    held.is_some_and(|held| held.call_id == pick.call) && !pick.tried.contains(&profile.user_id)
}

/// An agent as routing sees them for a call; what is reserved for that call is not in its way.
fn candidate(profile: &AgentProfile, call: Option<CallId>) -> Candidate {
    let (settings, status) = (profile.settings.as_ref(), profile.status.as_ref());
    let hours = settings.and_then(|settings| {
        let hours = settings.notification_preferences.working_hours.as_ref()?;
        let zone = hours.timezone.as_deref().unwrap_or("Asia/Tokyo");
        WorkingHours::parse(&hours.start, &hours.end, zone)
            .inspect_err(|error| tracing::warn!(agent = %profile.user_id, %error, "working hours cannot be read; the agent counts as always there"))
            .ok()
    });
    let language = settings.and_then(|settings| settings.conversation_settings.language.as_deref());
    let lang = language.and_then(|code| code.parse::<Lang>().ok()).unwrap_or_default();
    let others =
        settings.iter().flat_map(|settings| &settings.languages).filter_map(|code| code.parse().ok());
    let langs = std::iter::once(lang).chain(others).collect();
    let phone = settings.and_then(|settings| settings.phone_number.clone()).unwrap_or_default();
    Candidate {
        agent: AgentRef {
            id: profile.user_id,
            name: format!("{} {}", profile.last_name, profile.first_name).trim().to_owned(),
            first_name: profile.first_name.clone(),
            last_name: profile.last_name.clone(),
            phone,
            lang,
        },
        available: status.is_some_and(|status| status.status == Availability::Available),
        on_call: status.is_some_and(|status| status.status == Availability::OnCall),
        accepts_calls: settings.is_some_and(|settings| settings.is_available),
        hours,
        reserved_until: status
            .as_ref()
            .and_then(|status| status.reservation)
            .filter(|held| Some(held.call_id) != call)
            .map(|held| held.until),
        wrapping_up_until: status.and_then(|status| status.wrap_up_until),
        skills: settings.map(|settings| settings.skills.clone()).unwrap_or_default(),
        langs,
        live_calls: profile.live_calls,
        priority: settings.map_or(0, |settings| settings.priority),
        last_activity: status.map(|status| status.last_activity).unwrap_or_default(),
    }
}
