//! Everything that is kept, one thing after the other: what it takes to move all data from one backend to another.
//!
//! *read a page of one kind → see what of it is there → keep the rest.* Beside the [`Store`] that rooms use, since it knows
//! no company and no rule: what is read is what is kept. What a backend keeps beside the documents (columns, counts, notes on
//! who was there first) it makes anew from them.

mod moving;

#[cfg(test)]
mod tests;

pub use moving::{Compared, Copied, MoveError, compare, copy};

use crate::{
    AgentSettings, AgentStatus, Callback, Campaign, Company, Customer, CustomerImport, Invitation, Outgoing,
    PasswordReset, RefreshToken, Source, Store, StoreError, User, Webhook,
};
use async_trait::async_trait;
use tsunagu_call::{CallId, CallRecord, CompanyId, Time, campaign::CampaignEntry};

/// A kind of thing that is kept. Journals come with their calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Companies.
    Companies,
    /// Users.
    Users,
    /// Password resets that stand.
    Resets,
    /// Settings of agents.
    Settings,
    /// What agents are doing.
    Statuses,
    /// Customers.
    Customers,
    /// Imports of customers.
    Imports,
    /// Calls.
    Calls,
    /// Idempotency keys that opened calls.
    Keys,
    /// Promises to ring back.
    Callbacks,
    /// Campaigns.
    Campaigns,
    /// Customers on the lists of campaigns.
    Entries,
    /// Refresh tokens.
    Tokens,
    /// Invitations that stand.
    Invitations,
    /// Receivers of events.
    Webhooks,
    /// What is on its way to them, or was.
    Deliveries,
    /// The outbox.
    Notes,
}

/// One thing that is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A company.
    Company(Box<Company>),
    /// A user.
    User(User),
    /// A password reset.
    Reset(PasswordReset),
    /// An agent's settings.
    Settings(AgentSettings),
    /// What an agent is doing.
    Status(AgentStatus),
    /// A customer.
    Customer(Customer),
    /// An import.
    Import(CustomerImport),
    /// A call, without its journal.
    Call(Box<CallRecord>),
    /// An idempotency key.
    Key {
        /// Whose.
        company: CompanyId,
        /// The key.
        key: String,
        /// The call that it opened.
        call: CallId,
        /// When that began.
        started: Time,
    },
    /// A promise to ring back.
    Callback(Callback),
    /// A campaign.
    Campaign {
        /// The campaign.
        campaign: Box<Campaign>,
        /// Something is still to be done in it.
        driven: bool,
    },
    /// A customer on a campaign's list.
    Entry(CampaignEntry),
    /// A refresh token.
    Token(RefreshToken),
    /// An invitation.
    Invitation(Invitation),
    /// A receiver of events.
    Webhook(Webhook),
    /// A delivery with what is sent.
    Delivery(Outgoing),
    /// A note of the outbox.
    Note {
        /// Whose.
        company: CompanyId,
        /// What it is about.
        source: Source,
    },
}

/// A store whose data can be moved, while nobody else uses it.
#[async_trait]
pub trait Archive: Store {
    /// Things of one kind, in an order that every backend keeps: at most `limit` of those behind `after`, which is there. Of
    /// notes all, at once.
    async fn items(&self, kind: Kind, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, StoreError>;

    /// Keeps things of one kind, each in the place of what has its id; those that are new come behind those that are there, in
    /// this order. A call's journal is left alone.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when another thing has what should be there once; those before it are kept, those behind it
    /// may be.
    async fn keep(&self, items: Vec<Item>) -> Result<(), StoreError>;
}

impl Kind {
    /// All of them, each behind those that it speaks of.
    pub const ALL: [Self; 17] = [
        Self::Companies,
        Self::Users,
        Self::Resets,
        Self::Settings,
        Self::Statuses,
        Self::Customers,
        Self::Imports,
        Self::Calls,
        Self::Keys,
        Self::Callbacks,
        Self::Campaigns,
        Self::Entries,
        Self::Tokens,
        Self::Invitations,
        Self::Webhooks,
        Self::Deliveries,
        Self::Notes,
    ];

    /// Its name in sentences.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Users => "users",
            Self::Resets => "password resets",
            Self::Settings => "agent settings",
            Self::Statuses => "agent statuses",
            Self::Customers => "customers",
            Self::Imports => "imports",
            Self::Calls => "calls",
            Self::Keys => "idempotency keys",
            Self::Callbacks => "callbacks",
            Self::Campaigns => "campaigns",
            Self::Entries => "campaign entries",
            Self::Tokens => "refresh tokens",
            Self::Invitations => "invitations",
            Self::Webhooks => "webhooks",
            Self::Deliveries => "deliveries",
            Self::Notes => "notes of the outbox",
        }
    }
}

impl Item {
    /// What an agent is doing. Of the average all is told that means anything: the last bits of a long fraction come differently
    /// out of a text.
    pub(crate) fn status(status: AgentStatus) -> Self {
        let average = (status.average_response_time * 1e6).round() / 1e6;
        Self::Status(AgentStatus { average_response_time: average, ..status })
    }

    /// What it is known by, for whoever looks for it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Company(company) => format!("company {}", company.id),
            Self::User(user) => format!("user {}", user.id),
            Self::Reset(reset) => format!("password reset of user {}", reset.user_id),
            Self::Settings(settings) => format!("settings of agent {}", settings.user_id),
            Self::Status(status) => format!("status of agent {}", status.user_id),
            Self::Customer(customer) => format!("customer {}", customer.id),
            Self::Import(import) => format!("import {}", import.id),
            Self::Call(call) => format!("call {}", call.id),
            Self::Key { call, .. } => format!("idempotency key of call {call}"),
            Self::Callback(callback) => format!("callback {}", callback.id),
            Self::Campaign { campaign, .. } => format!("campaign {}", campaign.id),
            Self::Entry(entry) => {
                format!("customer {} on the list of campaign {}", entry.customer_id, entry.campaign_id)
            }
            Self::Token(token) => format!("refresh token of user {}", token.user_id),
            Self::Invitation(invitation) => format!("invitation {}", invitation.id),
            Self::Webhook(webhook) => format!("webhook {}", webhook.id),
            Self::Delivery(outgoing) => format!("delivery {}", outgoing.delivery.id),
            Self::Note { source: Source::Call { call, first, .. }, .. } => {
                format!("note on call {call} from entry {first} on")
            }
            Self::Note { source: Source::Callback(callback), .. } => format!("note on callback {callback}"),
        }
    }
}
