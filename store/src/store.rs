//! The store as other rooms see it. One trait, in parts by what is kept; a backend implements every part.
//!
//! A method that a person's request reaches takes the company and finds nothing of another one. A method without a
//! company is for the machine itself. Every change of one document is one atomic step; only the opening of a call
//! and a commit touch several documents at once.

mod agents;
mod calls;
mod campaigns;
mod companies;
mod customers;
mod imports;
mod invitations;
mod tokens;
mod webhooks;

pub use agents::AgentStore;
pub use calls::{CallStore, CallbackStore};
pub use campaigns::{CampaignListStore, CampaignStore, LIST_STEP, Listed};
pub use companies::{CompanyStore, UserStore};
pub use customers::CustomerStore;
pub use imports::ImportStore;
pub use invitations::InvitationStore;
pub use tokens::TokenStore;
pub use webhooks::{DEAD_KEPT, DELIVERED_KEPT, ORDER_ATTEMPTS, PENDING_MOST, WEBHOOKS_MOST, WebhookStore};

use crate::{Census, StoreError};
use async_trait::async_trait;
use tsunagu_call::Time;

/// Everything that is kept. `dyn Store` offers the methods of all its parts.
#[async_trait]
pub trait Store:
    CallStore
    + CallbackStore
    + CampaignStore
    + CampaignListStore
    + AgentStore
    + CompanyStore
    + UserStore
    + CustomerStore
    + ImportStore
    + TokenStore
    + InvitationStore
    + WebhookStore
    + Send
    + Sync
    + 'static
{
    /// Says whether reading and writing work at this moment.
    async fn check(&self) -> Result<(), StoreError>;

    /// Counts what an operator watches, over all companies.
    async fn census(&self, now: Time) -> Result<Census, StoreError>;

    /// Finishes what was handed in, and stops. Whatever is asked afterwards is refused as unavailable.
    async fn close(&self) -> Result<(), StoreError>;
}
