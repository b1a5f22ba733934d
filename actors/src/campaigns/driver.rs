//! The task: round by round through the campaigns that are to be driven.

use super::{Shared, ringing::Ringing, windows::windows};
use crate::{CallDefaults, CampaignLimits, Switchboard, dispatcher::free_agents};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tsunagu_call::{
    CampaignId, CompanyId, Time,
    campaign::{CampaignState, Hindrance, Pacer, PauseReason, Situation, Turn, next_turn},
    routing::Needs,
};
use tsunagu_store::{Campaign, CampaignChange, CampaignStep, Company, StoreError};

/// How often calls in hand and agents are looked at, in call time.
pub(super) const LOOK: Duration = Duration::from_secs(1);
/// In real time the task waits no shorter than that, when it waits at all.
const NOT_SOONER: Duration = Duration::from_millis(1);
/// How often another server's campaigns are looked for when there is nothing to do, in real time.
const IDLE: Duration = Duration::from_secs(30);
/// How long it waits after the store failed, in real time.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How many campaigns are driven at once; the others wait until one of these is over.
const CAMPAIGNS: u32 = 1000;
/// How many who wait on the list of a stopped campaign are given up in one step.
const GIVEN_UP: u32 = 500;

pub(super) struct Driver {
    pub board: Switchboard,
    pub defaults: Arc<CallDefaults>,
    limits: CampaignLimits,
    shared: Arc<Shared>,
    pub ringing: Ringing,
    /// The line to the carrier, on which people's calls are put as well.
    pub line: Pacer,
    /// How many calls of the switchboard are counted on it.
    counted: u64,
    pub(super) own: HashMap<CampaignId, Own>,
}

/// What is known of one campaign for the moment.
pub(super) struct Own {
    company: CompanyId,
    pub pacer: Pacer,
    pub rung_at: Time,
    pub looked_at: Option<Time>,
    /// Calls in hand.
    pub live: u32,
    /// Those among them with nobody but the AI.
    pub unattended: u32,
}

/// A company in one round.
struct Team {
    company: Company,
    free_agents: u32,
}

impl Driver {
    pub fn new(
        board: Switchboard,
        defaults: Arc<CallDefaults>,
        limits: CampaignLimits,
        shared: Arc<Shared>,
    ) -> Self {
        let now = board.ports().clock.now();
        let (line, counted) = (Pacer::new(limits.calls_per_second, now), board.begun());
        let (ringing, own) = (Ringing::default(), HashMap::new());
        Self { board, defaults, limits, shared, ringing, line, counted, own }
    }

    pub async fn run(mut self) {
        while !self.is_stopping() {
            let pause = match self.round().await {
                Ok(Some(next)) if next <= self.now() => Duration::ZERO,
                Ok(Some(next)) => self.board.ports().clock.until(next).clamp(NOT_SOONER, IDLE),
                Ok(None) => IDLE,
                Err(error) => {
                    tracing::warn!(%error, "campaigns could not be looked after; it is tried again");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = self.shared.news.notified() => {}
                () = tokio::time::sleep(self.ringing.no_later(pause)) => {}
            }
        }
        self.leave_ringing().await;
    }

    fn is_stopping(&self) -> bool {
        self.shared.stopping.load(Ordering::Relaxed)
    }

    /// Nobody is rung: the server goes down.
    pub(super) fn is_closing(&self) -> bool {
        self.is_stopping() || self.board.is_draining()
    }

    pub(super) fn now(&self) -> Time {
        self.board.ports().clock.now()
    }

    /// Looks after every campaign once; tells when the next one wants it.
    async fn round(&mut self) -> Result<Option<Time>, StoreError> {
        let mut campaigns = self.board.ports().store.driven_campaigns(CAMPAIGNS).await?;
        self.own.retain(|id, _| campaigns.iter().any(|campaign| campaign.id == *id));
        self.shared.hindrances().retain(|id, _| self.own.contains_key(id));
        let now = self.now();
        for campaign in &campaigns {
            self.own.entry(campaign.id).or_insert_with(|| Own::new(campaign, now));
        }
        metrics::gauge!("campaigns_driven").set(campaigns.len() as f64);
        self.keep_ringing(&campaigns).await?;
        // Whoever has waited for the line longest is first.
        campaigns.sort_by_key(|campaign| self.own.get(&campaign.id).map(|own| own.rung_at));
        let (mut next, mut teams) = (None, HashMap::new());
        for campaign in campaigns {
            if self.is_stopping() {
                break;
            }
            let wanted = match self.look_after(&campaign, &mut teams).await {
                Ok(wanted) => wanted,
                // What is wrong with one campaign is not the others' concern.
                Err(error) => {
                    tracing::warn!(campaign = %campaign.id, %error, "a campaign could not be looked after");
                    Some(self.now().plus_secs(1))
                }
            };
            next = next.into_iter().chain(wanted).min();
        }
        let live: u32 = self.own.values().map(|own| own.live).sum();
        metrics::gauge!("campaign_calls_live").set(f64::from(live));
        Ok(next)
    }

    /// Does what there is to do in one campaign; tells when there is more, `None` when there is nothing to wait for.
    async fn look_after(
        &mut self,
        campaign: &Campaign,
        teams: &mut HashMap<CompanyId, Team>,
    ) -> Result<Option<Time>, StoreError> {
        if self.wants_look(campaign.id) {
            self.look(campaign).await?;
        }
        let next_look = self.now().plus_millis(millis(LOOK));
        if campaign.state != CampaignState::Running {
            self.note_hindrance(campaign.id, None);
            return Ok(if self.put_aside(campaign).await? { None } else { Some(next_look) });
        }
        if self.is_closing() {
            return Ok(Some(next_look));
        }
        let turn = self.turn(campaign, teams).await?;
        let hindrance = match turn {
            // It is another server's turn, as far as is known.
            Turn::Ring if !self.rings() => Some(Hindrance::Pace),
            Turn::Ring => None,
            Turn::Wait { hindrance, .. } => Some(hindrance),
        };
        self.note_hindrance(campaign.id, hindrance);
        if is_eager(&turn) {
            self.wish_to_ring();
            if !self.rings() {
                return Ok(Some(next_look));
            }
        }
        Ok(match turn {
            Turn::Ring => {
                self.ring(campaign).await?;
                Some(self.now())
            }
            Turn::Wait { hindrance: Hindrance::NoHours, .. } => {
                self.pause(campaign, PauseReason::NoHours).await?;
                None
            }
            Turn::Wait { hindrance: Hindrance::LastCalls, .. } if self.is_idle(campaign.id) => {
                self.complete(campaign).await?;
                None
            }
            // A call may end sooner, and an agent may come free.
            Turn::Wait { hindrance: Hindrance::FreeAgents, .. } => Some(next_look),
            Turn::Wait { until, .. } if self.is_idle(campaign.id) => until,
            Turn::Wait { until, .. } => until.into_iter().chain([next_look]).min(),
        })
    }

    async fn turn(
        &mut self,
        campaign: &Campaign,
        teams: &mut HashMap<CompanyId, Team>,
    ) -> Result<Turn, StoreError> {
        let next_due = self.board.ports().store.next_due(campaign.id).await?;
        let team = match teams.entry(campaign.company_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(self.team(campaign.company_id).await?),
        };
        let now = self.now();
        self.count_line(now);
        let ours = self.own.values().filter(|own| own.company == campaign.company_id);
        let unattended = ours.map(|own| own.unattended).sum();
        let pace = campaign.pace;
        let Some(own) = self.own.get_mut(&campaign.id) else {
            return Ok(Turn::Wait { hindrance: Hindrance::Pace, until: Some(now.plus_secs(1)) });
        };
        own.pacer.set_pace(pace.calls_per_second.min(self.limits.calls_per_second));
        Ok(next_turn(&Situation {
            now,
            windows: &windows(campaign, &team.company),
            next_due,
            line: &self.line,
            own: &own.pacer,
            live: own.live,
            at_once: pace.calls_at_once,
            unattended,
            free_agents: team.free_agents,
            agents_factor: pace.agents_factor,
        }))
    }

    async fn team(&self, id: CompanyId) -> Result<Team, StoreError> {
        let store = &self.board.ports().store;
        let company = store.company(id).await?.ok_or(StoreError::NotFound { what: "company" })?;
        let handover = &company.settings.handover;
        let needs = Needs { skills: handover.skills.clone(), lang: None };
        let free_agents = free_agents(&store.candidates(id).await?, &needs, self.now());
        Ok(Team { company, free_agents })
    }

    /// Puts on the line what was begun since the last time, whoever wanted it: people never wait for campaigns, but campaigns
    /// wait until the line has dealt with people's calls.
    pub(super) fn count_line(&mut self, now: Time) {
        let begun = self.board.begun();
        for _ in self.counted..begun {
            self.line.note(now);
        }
        self.counted = begun;
    }

    fn wants_look(&self, id: CampaignId) -> bool {
        let looked_at = self.own.get(&id).and_then(|own| own.looked_at);
        looked_at.is_none_or(|at| at.plus_millis(millis(LOOK)) <= self.now())
    }

    fn is_idle(&self, id: CampaignId) -> bool {
        self.own.get(&id).is_none_or(|own| own.live == 0)
    }

    /// Nobody of it is rung any more, for now or for good. Says whether nothing is left to do.
    async fn put_aside(&self, campaign: &Campaign) -> Result<bool, StoreError> {
        let store = &self.board.ports().store;
        if campaign.state == CampaignState::Stopped {
            while store.give_up_waiting(campaign.id, GIVEN_UP).await? > 0 {
                tokio::task::yield_now().await;
            }
        }
        store.rest_campaign(campaign.id).await
    }

    async fn complete(&self, campaign: &Campaign) -> Result<(), StoreError> {
        self.step(campaign, CampaignState::Completed, None).await.map(|done| {
            if done {
                tracing::info!(campaign = %campaign.id, "campaign completed");
            }
        })
    }

    pub(super) async fn pause(&self, campaign: &Campaign, reason: PauseReason) -> Result<(), StoreError> {
        if self.step(campaign, CampaignState::Paused, Some(reason)).await? {
            tracing::warn!(campaign = %campaign.id, ?reason, "campaign paused itself");
        }
        Ok(())
    }

    /// Says whether it was still where it had been seen.
    async fn step(
        &self,
        campaign: &Campaign,
        to: CampaignState,
        reason: Option<PauseReason>,
    ) -> Result<bool, StoreError> {
        let step = CampaignStep { from: CampaignState::Running, to, reason, now: self.now() };
        let change = CampaignChange { step: Some(step), ..CampaignChange::default() };
        match self.board.ports().store.change_campaign(campaign.company_id, campaign.id, change).await {
            Ok(_) => {
                // The next round sees it as it is now.
                self.shared.news.notify_one();
                Ok(true)
            }
            Err(StoreError::Changed { .. } | StoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn note_hindrance(&self, id: CampaignId, hindrance: Option<Hindrance>) {
        let mut known = self.shared.hindrances();
        match hindrance {
            Some(hindrance) => drop(known.insert(id, hindrance)),
            None => drop(known.remove(&id)),
        }
    }
}

/// It would ring if its limits let it.
const fn is_eager(turn: &Turn) -> bool {
    use Hindrance::{CallsAtOnce, FreeAgents, Pace};
    matches!(turn, Turn::Ring | Turn::Wait { hindrance: CallsAtOnce | FreeAgents | Pace, .. })
}

impl Own {
    pub fn new(campaign: &Campaign, now: Time) -> Self {
        Self {
            company: campaign.company_id,
            pacer: Pacer::new(campaign.pace.calls_per_second, now),
            rung_at: Time::default(),
            looked_at: None,
            live: 0,
            unattended: 0,
        }
    }
}

pub(super) fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
