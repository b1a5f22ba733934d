//! Agents in MongoDB. What happens to a status is read, decided, and set if nobody changed it meanwhile.

use super::{
    MongoStore, form,
    shelf::{Kept, Put, contended},
    users::NO_USER,
};
use crate::{
    AgentProfile, AgentSettings, AgentSettingsChange, AgentStatus, AgentStore, Availability, Freed,
    ProfileChange, ResultFigures, StoreError, User,
};
use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc};
use std::collections::HashMap;
use tsunagu_call::{CallId, CompanyId, Time, UserId};

/// How often a step is begun anew because somebody else was first.
const ATTEMPTS: u32 = 500;

impl Kept for AgentSettings {
    const WHAT: &'static str = "agent settings";
    const COLLECTION: &'static str = "agentsettings";
}

impl Kept for AgentStatus {
    const WHAT: &'static str = "agent status";
    const COLLECTION: &'static str = "agentstatuses";
}

#[async_trait]
impl AgentStore for MongoStore {
    async fn candidates(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        let mut team = self.team(company).await?;
        team.retain(AgentProfile::is_candidate);
        Ok(team)
    }

    async fn team(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        let users = self.users.all(doc! { "companyId": form::id(company) }, doc! { "_id": 1 }, 0).await?;
        self.profiles(users).await
    }

    async fn agent(&self, company: CompanyId, user: UserId) -> Result<Option<AgentProfile>, StoreError> {
        let which = doc! { "_id": form::id(user), "companyId": form::id(company) };
        let user = self.users.one(which).await?;
        Ok(self.profiles(user.into_iter().collect()).await?.pop())
    }

    async fn put_agent_settings(&self, settings: AgentSettings) -> Result<(), StoreError> {
        self.settle(settings.company_id, settings.user_id, |stored| stored.clone_from(&settings)).await?;
        Ok(())
    }

    async fn change_agent_settings(
        &self,
        company: CompanyId,
        user: UserId,
        change: AgentSettingsChange,
    ) -> Result<AgentSettings, StoreError> {
        self.settle(company, user, |settings| settings.change(change.clone())).await
    }

    async fn change_profile(
        &self,
        company: CompanyId,
        user: UserId,
        change: ProfileChange,
    ) -> Result<User, StoreError> {
        let which = doc! { "_id": form::id(user), "companyId": form::id(company) };
        let changed = self.users.change(which, "email", |user| {
            user.change(change.clone());
            Ok(())
        });
        changed.await?.map(|(user, ())| user).ok_or(NO_USER)
    }

    async fn agent_figures(
        &self,
        company: CompanyId,
        agent: UserId,
        from: Option<Time>,
        to: Option<Time>,
    ) -> Result<Vec<ResultFigures>, StoreError> {
        let mut which = doc! {
            "companyId": form::id(company), "assignedAgent": form::id(agent), "tsunagu.over": true,
        };
        if let Some(span) = super::calls::span(from, to) {
            which.insert("startTime", span);
        }
        let group =
            doc! { "_id": "$callResult", "count": { "$sum": 1 }, "duration": { "$sum": "$duration" } };
        let found = self.calls.aggregate(vec![doc! { "$match": which }, doc! { "$group": group }]).await?;
        let mut figures: Vec<_> = found
            .iter()
            .map(|found| ResultFigures {
                result: found.get_str("_id").ok().map(str::to_owned),
                count: form::count_at(found, "count"),
                duration_secs: form::count_at(found, "duration"),
            })
            .collect();
        figures.sort_by(|one, other| one.result.cmp(&other.result));
        Ok(figures)
    }

    async fn set_agent_status(
        &self,
        company: CompanyId,
        user: UserId,
        status: Availability,
        now: Time,
    ) -> Result<AgentStatus, StoreError> {
        self.user_of(company, user).await?;
        let taken = self.step(user, |_, stored| {
            stored.set(status, now);
            true
        });
        let (stored, _) = taken.await?.ok_or(NO_USER)?;
        Ok(stored)
    }

    async fn take_for_gone(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        let which = doc! { "userId": form::id(agent) };
        let taken = self.statuses.change(which, "userId", |status| Ok(status.take_for_gone(now)));
        Ok(taken.await?.is_some_and(|(_, taken)| taken))
    }

    async fn come_back(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        let which = doc! { "userId": form::id(agent) };
        let back = self.statuses.change(which, "userId", |status| Ok(status.come_back(now)));
        Ok(back.await?.is_some_and(|(_, back)| back))
    }

    async fn reserve_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.promise(agent, call, |status| status.reserve(call, until, now)).await
    }

    async fn claim_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.promise(agent, call, |status| status.claim(call, until, now)).await
    }

    async fn seat_agent(
        &self,
        agent: UserId,
        call: CallId,
        response_secs: u32,
        now: Time,
    ) -> Result<bool, StoreError> {
        let taken = self.step(agent, |_, status| status.seat(call, response_secs, now)).await?;
        Ok(taken.is_some_and(|(_, taken)| taken))
    }

    async fn free_agent(&self, agent: UserId, call: CallId, freed: Freed) -> Result<bool, StoreError> {
        let taken = self.step(agent, |_, status| status.free(call, freed)).await?;
        Ok(taken.is_some_and(|(_, taken)| taken))
    }

    async fn withdraw_promise(&self, agent: UserId, call: CallId) -> Result<bool, StoreError> {
        let which = doc! { "userId": form::id(agent) };
        let withdrawn = self.statuses.change(which, "userId", |status| Ok(status.withdraw(call)));
        Ok(withdrawn.await?.is_some_and(|(_, withdrawn)| withdrawn))
    }

    async fn release_expired(&self, now: Time) -> Result<Vec<UserId>, StoreError> {
        let expired = doc! { "reservation.until": { "$lte": form::time(now) } };
        let mut released = Vec::new();
        for status in self.statuses.all(expired, doc! { "userId": 1 }, 0).await? {
            let which = doc! { "userId": form::id(status.user_id) };
            let let_go = self.statuses.change(which, "userId", |status| Ok(status.expire(now))).await?;
            if let_go.is_some_and(|(_, let_go)| let_go) {
                released.push(status.user_id);
            }
        }
        Ok(released)
    }
}

impl MongoStore {
    async fn user_of(&self, company: CompanyId, user: UserId) -> Result<(), StoreError> {
        let which = doc! { "_id": form::id(user), "companyId": form::id(company) };
        if self.users.count(which, Some(1)).await? > 0 { Ok(()) } else { Err(NO_USER) }
    }

    /// Changes an agent's settings, new ones where there are none.
    async fn settle(
        &self,
        company: CompanyId,
        user: UserId,
        change: impl Fn(&mut AgentSettings),
    ) -> Result<AgentSettings, StoreError> {
        self.user_of(company, user).await?;
        for _ in 0..ATTEMPTS {
            let which = doc! { "userId": form::id(user) };
            let changed = self.settings.change(which, "userId", |settings| {
                change(settings);
                Ok(())
            });
            if let Some((settings, ())) = changed.await? {
                return Ok(settings);
            }
            let mut settings = AgentSettings::new(user, company);
            change(&mut settings);
            if self.settings.enter(&settings, Document::new()).await? == Put::Done {
                return Ok(settings);
            }
        }
        Err(contended())
    }

    /// Takes a status one step further, a new one where there is none, and keeps it if that changed it. The step is told who it
    /// is. Nothing for nobody.
    ///
    /// The user is read after the status: whoever disables somebody touches the status afterwards (see
    /// [`Self::touch_status`]), so a step that saw them before fails, and is taken anew.
    async fn step(
        &self,
        agent: UserId,
        step: impl Fn(&User, &mut AgentStatus) -> bool,
    ) -> Result<Option<(AgentStatus, bool)>, StoreError> {
        for _ in 0..ATTEMPTS {
            let seen = self.statuses.seen(doc! { "userId": form::id(agent) }).await?;
            let user = self.users.one(doc! { "_id": form::id(agent) }).await?;
            let Some(user) = user else { return Ok(None) };
            let new = AgentStatus::new(agent, user.company_id);
            let before = seen.as_ref().map_or(&new, |seen| &seen.value);
            let mut status = before.clone();
            let taken = step(&user, &mut status);
            if status == *before {
                return Ok(Some((status, taken)));
            }
            let put = match &seen {
                Some(seen) => self.statuses.replace(seen, &status, Document::new()).await?,
                None => self.first_status(&new).await?,
            };
            match put {
                Put::Done => return Ok(Some((status, taken))),
                Put::Taken | Put::Moved => tokio::task::yield_now().await,
            }
        }
        Err(contended())
    }

    /// Enters the status of somebody who was never here. The step begins anew on it, as it does on any other.
    async fn first_status(&self, new: &AgentStatus) -> Result<Put, StoreError> {
        self.statuses.enter(new, Document::new()).await?;
        Ok(Put::Moved)
    }

    /// The same for a promise, which who is disabled is given to no new call by.
    async fn promise(
        &self,
        agent: UserId,
        call: CallId,
        promise: impl Fn(&mut AgentStatus) -> bool,
    ) -> Result<bool, StoreError> {
        let taken =
            self.step(agent, |user, status| (!user.disabled || status.is_of(call)) && promise(status));
        Ok(taken.await?.is_some_and(|(_, taken)| taken))
    }

    /// Makes steps begin anew that saw a user before now.
    pub(super) async fn touch_status(&self, user: UserId) -> Result<(), StoreError> {
        let touch = doc! { "$inc": { "tsunagu.rev": 1_i64 } };
        self.statuses.update_all(doc! { "userId": form::id(user) }, touch).await.map(|_| ())
    }

    /// Users as agents.
    async fn profiles(&self, users: Vec<User>) -> Result<Vec<AgentProfile>, StoreError> {
        let ids: Vec<Bson> = users.iter().map(|user| form::id(user.id)).collect();
        let theirs = doc! { "userId": { "$in": ids.clone() } };
        let settings = self.settings.all(theirs.clone(), Document::new(), 0).await?;
        let statuses = self.statuses.all(theirs, Document::new(), 0).await?;
        let live = doc! { "assignedAgent": { "$in": ids }, "tsunagu.busy": { "$exists": true } };
        let group = doc! { "_id": "$assignedAgent", "calls": { "$sum": 1 } };
        let found = self.calls.aggregate(vec![doc! { "$match": live }, doc! { "$group": group }]).await?;
        let mut live_calls: HashMap<UserId, u64> = HashMap::new();
        for found in &found {
            live_calls.insert(form::id_at("call", found, "_id")?, form::count_at(found, "calls"));
        }
        let mut settings: HashMap<_, _> = settings.into_iter().map(|one| (one.user_id, one)).collect();
        let mut statuses: HashMap<_, _> = statuses.into_iter().map(|one| (one.user_id, one)).collect();
        let profile = |user: User| {
            let id = user.id;
            let live = live_calls.get(&id).copied().unwrap_or(0);
            let live = u32::try_from(live).unwrap_or(u32::MAX);
            AgentProfile::of(user, settings.remove(&id), statuses.remove(&id), live)
        };
        Ok(users.into_iter().map(profile).collect())
    }
}
