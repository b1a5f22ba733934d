//! Agents as they are shown.

use serde::Serialize;
use tsunagu_call::{CompanyId, UserId};
use tsunagu_store::{AgentProfile, AgentSettings, AgentStatus, User, UserRole};
use utoipa::ToSchema;

/// A user, without what concerns nobody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownUser {
    #[serde(rename = "_id")]
    id: UserId,
    company_id: CompanyId,
    first_name: String,
    last_name: String,
    email: String,
    phone: Option<String>,
    role: UserRole,
    /// May no longer sign in, and gets no calls.
    disabled: bool,
}

/// Somebody with their settings and what they are doing; null for what was never set.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownAgent {
    user: ShownUser,
    settings: Option<AgentSettings>,
    status: Option<AgentStatus>,
}

/// The same with how many calls are theirs at this moment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownMember {
    #[serde(flatten)]
    agent: ShownAgent,
    live_calls: u32,
}

impl From<AgentProfile> for ShownAgent {
    fn from(profile: AgentProfile) -> Self {
        let user = ShownUser {
            id: profile.user_id,
            company_id: profile.company_id,
            first_name: profile.first_name,
            last_name: profile.last_name,
            email: profile.email,
            phone: profile.phone,
            role: profile.role,
            disabled: profile.disabled,
        };
        Self { user, settings: profile.settings, status: profile.status }
    }
}

impl From<AgentProfile> for ShownMember {
    fn from(profile: AgentProfile) -> Self {
        Self { live_calls: profile.live_calls, agent: profile.into() }
    }
}

impl From<User> for ShownUser {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            company_id: user.company_id,
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            phone: user.phone,
            role: user.role,
            disabled: user.disabled,
        }
    }
}
