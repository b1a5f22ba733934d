//! A delivery: one event on its way to one receiver.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tsunagu_call::{CallId, CallbackId, CompanyId, DeliveryId, Time, WebhookId};

/// One event on its way to one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The delivery.
    #[serde(rename = "_id")]
    pub id: DeliveryId,
    /// To which receiver.
    pub webhook_id: WebhookId,
    /// Whose.
    pub company_id: CompanyId,
    /// What the receiver knows the event by (`webhook-id`); the same however often it is sent.
    pub event_id: String,
    /// The type of the event.
    #[serde(rename = "type")]
    pub event: String,
    /// On which call it happened.
    #[serde(default)]
    pub call_id: Option<CallId>,
    /// What has become of it.
    pub state: DeliveryState,
    /// How often it was tried since it was made or last replayed.
    pub attempts: u32,
    /// When it is tried next; absent when it is not any more.
    #[serde(default)]
    pub next_attempt_at: Option<Time>,
    /// When it was last tried.
    #[serde(default)]
    pub last_attempt_at: Option<Time>,
    /// What the receiver answered last, as an HTTP status.
    #[serde(default)]
    pub last_status: Option<u16>,
    /// Why it was not taken last time.
    #[serde(default)]
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Time,
}

/// What has become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It will be tried.
    Pending,
    /// The receiver has it.
    Delivered,
    /// It is not tried any more unless it is replayed: a dead letter.
    Dead,
}

/// A delivery with what is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The delivery.
    pub delivery: Delivery,
    /// The body, as it is signed and sent.
    pub payload: Arc<str>,
}

/// What was written together with something of which receivers may want to know. It waits to be made into deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outboxed {
    /// Its place in the outbox; they rise.
    pub number: u64,
    /// Whose.
    pub company: CompanyId,
    /// What was written.
    pub source: Source,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Entries of a call.
    Call {
        /// Which call.
        call: CallId,
        /// The place of the first of them.
        first: u64,
        /// The place of the last of them.
        last: u64,
    },
    /// A promise to ring back.
    Callback(CallbackId),
}

/// How one attempt came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// To which receiver.
    pub webhook: WebhookId,
    /// Which delivery.
    pub delivery: DeliveryId,
    /// When it was over.
    pub now: Time,
    /// What the receiver answered, as an HTTP status; absent when it did not.
    pub status: Option<u16>,
    /// How it came out.
    pub result: AttemptResult,
}

/// How one attempt came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptResult {
    /// The receiver has it.
    Delivered,
    /// It was not taken, and is tried again.
    Again {
        /// When.
        at: Time,
        /// Why it was not taken.
        error: String,
    },
    /// It was not taken, and is not tried again.
    Dead {
        /// Why it was not taken.
        error: String,
        /// The receiver wants nothing any more.
        gone: bool,
    },
}

/// What waits for one receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// The receiver.
    pub webhook: WebhookId,
    /// How many deliveries are pending.
    pub pending: u64,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Dead];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }
}

impl Delivery {
    /// Notes how an attempt came out. What is delivered stays so: somebody who claimed it meanwhile was quicker.
    pub fn tried(&mut self, attempt: &Attempt) {
        if self.state == DeliveryState::Delivered {
            return;
        }
        self.attempts = self.attempts.saturating_add(1);
        (self.last_attempt_at, self.last_status) = (Some(attempt.now), attempt.status);
        (self.state, self.next_attempt_at, self.last_error) = match &attempt.result {
            AttemptResult::Delivered => (DeliveryState::Delivered, None, None),
            AttemptResult::Again { at, error } => (DeliveryState::Pending, Some(*at), Some(error.clone())),
            AttemptResult::Dead { error, .. } => (DeliveryState::Dead, None, Some(error.clone())),
        };
    }

    /// Claims it for an attempt: it is due again at `until`. `false` when it is not due.
    pub fn claim(&mut self, now: Time, until: Time) -> bool {
        let is_due = self.state == DeliveryState::Pending && self.next_attempt_at.is_some_and(|at| at <= now);
        if is_due {
            self.next_attempt_at = Some(until);
        }
        is_due
    }

    /// There is no room for it among those that wait.
    pub fn overflow(&mut self) {
        (self.state, self.next_attempt_at) = (DeliveryState::Dead, None);
        self.last_error = Some("too many deliveries were waiting for this webhook".to_owned());
    }

    /// It is tried again from the beginning.
    pub fn replay(&mut self, now: Time) {
        (self.state, self.attempts, self.next_attempt_at) = (DeliveryState::Pending, 0, Some(now));
    }
}
