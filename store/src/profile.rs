//! An agent as routing and the team's list see them.

use crate::{AgentSettings, AgentStatus, User, UserRole};
use tsunagu_call::{CompanyId, UserId};

/// An agent, put together from what is known of them.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentProfile {
    /// The agent.
    pub user_id: UserId,
    /// Where they belong.
    pub company_id: CompanyId,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Where they can be reached beside their agent's telephone, E.164.
    pub phone: Option<String>,
    /// What they may do.
    pub role: UserRole,
    /// May no longer sign in, and gets no calls.
    pub disabled: bool,
    /// Their settings, once they have any.
    pub settings: Option<AgentSettings>,
    /// What they are doing, if they were ever here.
    pub status: Option<AgentStatus>,
    /// How many calls that are not over are theirs.
    pub live_calls: u32,
}

impl AgentProfile {
    pub(crate) fn of(
        user: User,
        settings: Option<AgentSettings>,
        status: Option<AgentStatus>,
        live_calls: u32,
    ) -> Self {
        Self {
            user_id: user.id,
            company_id: user.company_id,
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            phone: user.phone,
            role: user.role,
            disabled: user.disabled,
            settings,
            status,
            live_calls,
        }
    }

    /// Whether routing looks at them: may work, and has settings.
    pub(crate) const fn is_candidate(&self) -> bool {
        !self.disabled && self.settings.is_some()
    }
}

/// What became of an agent's calls that are over, those of one result together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultFigures {
    /// The result; `None` for those without one.
    pub result: Option<String>,
    /// How many calls.
    pub count: u64,
    /// How long they took together, in seconds.
    pub duration_secs: u64,
}
