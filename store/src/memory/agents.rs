//! Agents in memory.

use super::{Held, MemoryStore};
use crate::{
    AgentProfile, AgentSettings, AgentSettingsChange, AgentStatus, AgentStore, Availability, Freed,
    ProfileChange, ResultFigures, StoreError, User,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use tsunagu_call::{CallId, CompanyId, Time, UserId};

#[async_trait]
impl AgentStore for MemoryStore {
    async fn candidates(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        let mut team = self.team(company).await?;
        team.retain(AgentProfile::is_candidate);
        Ok(team)
    }

    async fn team(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        self.with(|held| {
            let members = held.users.values().filter(|user| user.company_id == company);
            Ok(members.map(|user| held.profile(user)).collect())
        })
    }

    async fn agent(&self, company: CompanyId, user: UserId) -> Result<Option<AgentProfile>, StoreError> {
        self.with(|held| Ok(held.member(company, user).ok().map(|user| held.profile(user))))
    }

    async fn put_agent_settings(&self, settings: AgentSettings) -> Result<(), StoreError> {
        self.with(|held| {
            held.member(settings.company_id, settings.user_id)?;
            held.settings.insert(settings.user_id, settings);
            Ok(())
        })
    }

    async fn change_agent_settings(
        &self,
        company: CompanyId,
        user: UserId,
        change: AgentSettingsChange,
    ) -> Result<AgentSettings, StoreError> {
        self.with(|held| {
            held.member(company, user)?;
            let settings = held.settings.entry(user).or_insert_with(|| AgentSettings::new(user, company));
            settings.change(change);
            Ok(settings.clone())
        })
    }

    async fn change_profile(
        &self,
        company: CompanyId,
        user: UserId,
        change: ProfileChange,
    ) -> Result<User, StoreError> {
        self.with(|held| {
            let mut changed = held.member(company, user)?.clone();
            changed.change(change);
            held.refuse_if_email_taken(&changed)?;
            held.users.insert(user, changed.clone());
            Ok(changed)
        })
    }

    async fn agent_figures(
        &self,
        company: CompanyId,
        agent: UserId,
        from: Option<Time>,
        to: Option<Time>,
    ) -> Result<Vec<ResultFigures>, StoreError> {
        self.with(|held| {
            let mut by_result: BTreeMap<Option<String>, (u64, u64)> = BTreeMap::new();
            for record in held.calls.values().map(|call| &call.record) {
                let theirs = record.company_id == company && record.assigned_agent == Some(agent);
                let within = from.is_none_or(|from| from <= record.start_time)
                    && to.is_none_or(|to| record.start_time < to);
                if theirs && within && record.status.is_over() {
                    let (count, duration) = by_result.entry(record.call_result.clone()).or_default();
                    *count += 1;
                    *duration += u64::from(record.duration);
                }
            }
            let figures = |(result, (count, duration_secs))| ResultFigures { result, count, duration_secs };
            Ok(by_result.into_iter().map(figures).collect())
        })
    }

    async fn set_agent_status(
        &self,
        company: CompanyId,
        user: UserId,
        status: Availability,
        now: Time,
    ) -> Result<AgentStatus, StoreError> {
        self.with(|held| {
            held.member(company, user)?;
            let stored = held.statuses.entry(user).or_insert_with(|| AgentStatus::new(user, company));
            stored.set(status, now);
            Ok(stored.clone())
        })
    }

    async fn take_for_gone(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.statuses.get_mut(&agent).is_some_and(|status| status.take_for_gone(now))))
    }

    async fn come_back(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.statuses.get_mut(&agent).is_some_and(|status| status.come_back(now))))
    }

    async fn reserve_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.promise(agent, call, |status| status.reserve(call, until, now))))
    }

    async fn claim_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.promise(agent, call, |status| status.claim(call, until, now))))
    }

    async fn seat_agent(
        &self,
        agent: UserId,
        call: CallId,
        response_secs: u32,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.step(agent, |status| status.seat(call, response_secs, now))))
    }

    async fn free_agent(&self, agent: UserId, call: CallId, freed: Freed) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.step(agent, |status| status.free(call, freed))))
    }

    async fn withdraw_promise(&self, agent: UserId, call: CallId) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.step(agent, |status| status.withdraw(call))))
    }

    async fn release_expired(&self, now: Time) -> Result<Vec<UserId>, StoreError> {
        self.with(|held| {
            let expired =
                held.statuses.values_mut().filter_map(|status| status.expire(now).then_some(status.user_id));
            Ok(expired.collect())
        })
    }
}

impl Held {
    fn member(&self, company: CompanyId, user: UserId) -> Result<&User, StoreError> {
        let member = self.users.get(&user).filter(|user| user.company_id == company);
        member.ok_or(StoreError::NotFound { what: "user" })
    }

    fn step(&mut self, agent: UserId, step: impl FnOnce(&mut AgentStatus) -> bool) -> bool {
        let Some(user) = self.users.get(&agent) else { return false };
        step(self.statuses.entry(agent).or_insert_with(|| AgentStatus::new(agent, user.company_id)))
    }

    /// The same for a promise, which who is disabled is given to no new call by.
    fn promise(&mut self, agent: UserId, call: CallId, step: impl FnOnce(&mut AgentStatus) -> bool) -> bool {
        let disabled = self.users.get(&agent).is_none_or(|user| user.disabled);
        self.step(agent, |status| (!disabled || status.is_of(call)) && step(status))
    }

    fn profile(&self, user: &User) -> AgentProfile {
        let records = self.calls.values().map(|call| &call.record);
        let theirs =
            records.filter(|record| record.assigned_agent == Some(user.id) && !record.status.is_over());
        let live_calls = u32::try_from(theirs.count()).unwrap_or(u32::MAX);
        let (settings, status) = (self.settings.get(&user.id), self.statuses.get(&user.id));
        AgentProfile::of(user.clone(), settings.cloned(), status.cloned(), live_calls)
    }
}
