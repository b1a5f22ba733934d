//! What is kept, one file each, with the keys of the HTTP contract (camelCase, ids under `_id`).
//!
//! Reading is lenient: a field that an older document lacks takes its default, an unknown one is passed over.

mod agent_settings;
mod agent_status;
mod callback;
mod campaign;
mod company;
mod customer;
mod refresh_token;
mod user;

pub use agent_settings::{
    AgentSettings, ConversationSettings, DEFAULT_PRIORITY, NotificationPreferences, WorkingHours,
};
pub use agent_status::{AgentStatus, Availability, Freed, Reservation};
pub use callback::{Callback, CallbackChange, CallbackStatus, Standing};
pub use campaign::{Campaign, CampaignChange, CampaignPace, CampaignScript, CampaignStep, Limit, Prospect};
pub use company::{
    CallingHours, Company, CompanyChange, CompanySettings, CompanySettingsChange, HandoverChange,
    HandoverSettings, Weekday,
};
pub(crate) use customer::fold;
pub use customer::{Customer, CustomerChange, CustomerMark};
pub use refresh_token::{RefreshToken, Spending};
pub use user::{User, UserRole, normal_email};

/// Sets a field, if it is to change.
fn put<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
