//! What is kept, one file each, with the keys of the HTTP contract (camelCase, ids under `_id`).
//!
//! Reading is lenient: a field that an older document lacks takes its default, an unknown one is passed over.

mod agent_settings;
mod agent_status;
mod callback;
mod campaign;
mod company;
mod customer;
mod customer_import;
mod delivery;
mod invitation;
mod password_reset;
mod refresh_token;
mod said;
mod search;
mod user;
mod user_change;
mod webhook;

pub use agent_settings::{
    AgentSettings, AgentSettingsChange, ConversationChange, ConversationSettings, DEFAULT_PRIORITY,
    NotificationChange, NotificationPreferences, WorkingHours, WorkingHoursChange,
};
pub use agent_status::{AgentStatus, Availability, Freed, Reservation};
pub use callback::{Callback, CallbackChange, CallbackStatus, Standing};
pub use campaign::{Campaign, CampaignChange, CampaignPace, CampaignScript, CampaignStep, Limit, Prospect};
pub use company::{
    CallingHours, Company, CompanyChange, CompanyPhrase, CompanyScript, CompanySettings,
    CompanySettingsChange, CompanySpeech, HandoverChange, HandoverSettings, SpeechChange, Weekday,
};
pub use customer::{Customer, CustomerChange, CustomerEntry, CustomerMark, Entered};
pub use customer_import::{CustomerImport, ImportReport, ImportState, RowError};
pub use delivery::{Attempt, AttemptResult, Delivery, DeliveryState, Outboxed, Outgoing, Queue, Source};
pub use invitation::Invitation;
pub use password_reset::PasswordReset;
pub use refresh_token::{RefreshToken, Spending};
pub(crate) use said::{Phrase, said};
pub(crate) use search::{Needle, fold};
pub use user::{ProfileChange, User, UserRole, normal_email};
pub use user_change::UserChange;
pub use webhook::{Disabled, DisabledReason, SigningSecret, Webhook, WebhookChange};

/// Sets a field, if it is to change.
fn put<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
