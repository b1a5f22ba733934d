//! Receivers of events, and the events on their way to them.

use crate::{
    Attempt, Delivery, DeliveryState, Outboxed, Outgoing, Page, Paging, Queue, SigningSecret, StoreError,
    Webhook, WebhookChange,
};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, DeliveryId, Time, WebhookId};

/// How many webhooks a company has at most.
pub const WEBHOOKS_MOST: u32 = 20;
/// How many deliveries wait for one webhook at most; what comes then is dead at once.
pub const PENDING_MOST: u32 = 10_000;
/// How many dead deliveries are kept of a company; the oldest go first.
pub const DEAD_KEPT: u32 = 1_000;
/// How many deliveries are kept of a webhook after it took them; the oldest go first.
pub const DELIVERED_KEPT: u32 = 200;
/// How often the first of a call's deliveries is tried before the later ones overtake it.
pub const ORDER_ATTEMPTS: u32 = 4;

/// Webhooks and deliveries.
///
/// *A commit that changes more of a call than its transcript, and a promise to ring back, are noted in the outbox in the
/// same step in which they are written, when the company has a webhook that is on.* Whoever makes the deliveries takes
/// them from there, and a note is gone only in the step that keeps its deliveries: a crash loses none. For other
/// companies, and for what is merely said on a call, nothing is written.
#[async_trait]
pub trait WebhookStore {
    /// Keeps a new webhook.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] when the company has [`WEBHOOKS_MOST`].
    async fn create_webhook(&self, webhook: Webhook) -> Result<(), StoreError>;

    /// A company's webhook.
    async fn webhook(&self, company: CompanyId, id: WebhookId) -> Result<Option<Webhook>, StoreError>;

    /// A company's webhooks, in the order of their ids.
    async fn webhooks(&self, company: CompanyId) -> Result<Vec<Webhook>, StoreError>;

    /// Changes a webhook, and gives it back as it is then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn change_webhook(
        &self,
        company: CompanyId,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<Webhook, StoreError>;

    /// Gives a webhook a new secret; the one before signs beside it until `until`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn rotate_webhook_secret(
        &self,
        company: CompanyId,
        id: WebhookId,
        secret: SigningSecret,
        until: Time,
    ) -> Result<Webhook, StoreError>;

    /// Removes a webhook with its deliveries. Says whether it was there.
    async fn delete_webhook(&self, company: CompanyId, id: WebhookId) -> Result<bool, StoreError>;

    /// A webhook's deliveries, queued last first.
    async fn deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        state: Option<DeliveryState>,
        paging: Paging,
    ) -> Result<Page<Delivery>, StoreError>;

    /// A webhook's delivery.
    async fn delivery(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StoreError>;

    /// Has a delivery that is not pending tried anew, or without an id all dead ones of the webhook, as many as may wait
    /// ([`PENDING_MOST`]), the oldest first. Says how many.
    async fn replay_deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: Option<DeliveryId>,
        now: Time,
    ) -> Result<u64, StoreError>;

    /// The oldest notes of the outbox, at most `limit`; for the machine.
    async fn outbox(&self, limit: u32) -> Result<Vec<Outboxed>, StoreError>;

    /// Keeps the deliveries that came of the notes up to `number` which [`Self::outbox`] gave last, and takes these from the
    /// outbox, in one step. A delivery of an event that the webhook has already, or to one that is gone, is passed over; one
    /// too many is kept as dead. Says how many were.
    async fn dispatch(&self, number: u64, deliveries: Vec<Outgoing>) -> Result<u64, StoreError>;

    /// What waits for each webhook that is on and for which something waits; for the machine.
    async fn delivery_queues(&self) -> Result<Vec<Queue>, StoreError>;

    /// When the next delivery to a webhook is due; `None` when nothing waits. For the machine.
    async fn next_delivery(&self, webhook: WebhookId) -> Result<Option<Time>, StoreError>;

    /// The webhook, when it is on, with at most `limit` of the deliveries that are due, due first first. One is passed over
    /// while an earlier one of the same call is pending and was tried less than [`ORDER_ATTEMPTS`] times.
    async fn due_deliveries(
        &self,
        webhook: WebhookId,
        now: Time,
        limit: u32,
    ) -> Result<Option<(Webhook, Vec<Outgoing>)>, StoreError>;

    /// Notes how an attempt came out, at the delivery and at its webhook, which may be switched off for it. Gives the
    /// webhook when it was.
    async fn note_attempt(&self, attempt: Attempt) -> Result<Option<Webhook>, StoreError>;
}
