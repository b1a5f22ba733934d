//! Agents: their settings, what they are doing, and to which call they are promised.

use crate::{
    AgentProfile, AgentSettings, AgentSettingsChange, AgentStatus, Availability, Freed, ProfileChange,
    ResultFigures, StoreError, User,
};
use async_trait::async_trait;
use tsunagu_call::{CallId, CompanyId, Time, UserId};

/// Agents. The transitions are those of [`AgentStatus`], each in one atomic step; for an agent without a status they
/// start from [`AgentStatus::new`].
#[async_trait]
pub trait AgentStore {
    /// Those whom routing may look at: the company's users who are not disabled and have settings.
    async fn candidates(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError>;

    /// All users of the company, as agents.
    async fn team(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError>;

    /// One user of the company, as an agent.
    async fn agent(&self, company: CompanyId, user: UserId) -> Result<Option<AgentProfile>, StoreError>;

    /// Keeps an agent's settings in place of those before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the company has no such user.
    async fn put_agent_settings(&self, settings: AgentSettings) -> Result<(), StoreError>;

    /// Changes an agent's settings, new ones when there are none, and gives them back as they are then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the company has no such user.
    async fn change_agent_settings(
        &self,
        company: CompanyId,
        user: UserId,
        change: AgentSettingsChange,
    ) -> Result<AgentSettings, StoreError>;

    /// Changes what a user says of themselves, and gives them back as they are then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the company has no such user; [`StoreError::Duplicate`] when the new e-mail address
    /// is taken.
    async fn change_profile(
        &self,
        company: CompanyId,
        user: UserId,
        change: ProfileChange,
    ) -> Result<User, StoreError>;

    /// The figures of an agent's calls that are over and began at `from` or later and before `to`, by result.
    async fn agent_figures(
        &self,
        company: CompanyId,
        agent: UserId,
        from: Option<Time>,
        to: Option<Time>,
    ) -> Result<Vec<ResultFigures>, StoreError>;

    /// Sets what an agent is doing and gives the whole status back; see [`AgentStatus::set`].
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the company has no such user.
    async fn set_agent_status(
        &self,
        company: CompanyId,
        user: UserId,
        status: Availability,
        now: Time,
    ) -> Result<AgentStatus, StoreError>;

    /// Takes an agent for gone, whose last connection has been away for too long; says whether that changed anything. Nothing for
    /// nobody. See [`AgentStatus::take_for_gone`].
    async fn take_for_gone(&self, agent: UserId, now: Time) -> Result<bool, StoreError>;

    /// Somebody has connected: who was taken for gone does what they did; says whether that changed anything. See
    /// [`AgentStatus::come_back`].
    async fn come_back(&self, agent: UserId, now: Time) -> Result<bool, StoreError>;

    /// Promises an agent to a call until `until`; says whether the call has them now. See [`AgentStatus::reserve`].
    async fn reserve_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError>;

    /// Promises somebody who wants a call themselves to it until `until`; says whether the call has them now. See
    /// [`AgentStatus::claim`].
    async fn claim_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError>;

    /// Puts an agent on the call that they accepted, `response_secs` after the hand-over began; says whether the call
    /// has them now. See [`AgentStatus::seat`].
    async fn seat_agent(
        &self,
        agent: UserId,
        call: CallId,
        response_secs: u32,
        now: Time,
    ) -> Result<bool, StoreError>;

    /// Takes an agent back from a call, whatever of them it has; says whether that changed anything. May be
    /// repeated. See [`AgentStatus::free`].
    async fn free_agent(&self, agent: UserId, call: CallId, freed: Freed) -> Result<bool, StoreError>;

    /// Withdraws a promise of which its call knows nothing; says whether there was one. May be repeated. See
    /// [`AgentStatus::withdraw`].
    async fn withdraw_promise(&self, agent: UserId, call: CallId) -> Result<bool, StoreError>;

    /// Lets go of every promise whose time is over, and names the agents.
    async fn release_expired(&self, now: Time) -> Result<Vec<UserId>, StoreError>;
}
