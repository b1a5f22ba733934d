//! Webhooks in MongoDB. How many a company may have is carried by places, as with invitations.

use super::{
    MongoStore, form,
    shelf::{Kept, Put, contended},
};
use crate::{
    Attempt, Delivery, DeliveryState, Outboxed, Outgoing, Page, Paging, Queue, SigningSecret, StoreError,
    WEBHOOKS_MOST, Webhook, WebhookChange, WebhookStore,
};
use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use std::collections::HashSet;
use tsunagu_call::{CompanyId, DeliveryId, Time, WebhookId};

impl Kept for Webhook {
    const WHAT: &'static str = "webhook";
    const COLLECTION: &'static str = "webhooks";
}

#[async_trait]
impl WebhookStore for MongoStore {
    async fn create_webhook(&self, webhook: Webhook) -> Result<(), StoreError> {
        for _ in 0..100 {
            let theirs = doc! { "companyId": form::id(webhook.company_id) };
            let theirs = self.webhooks.all_seen(theirs, Document::new(), 0).await?;
            let taken: HashSet<i64> =
                theirs.iter().map(|other| form::number_at(&other.own, "place")).collect();
            let Some(place) = (0..i64::from(WEBHOOKS_MOST)).find(|place| !taken.contains(place)) else {
                return Err(StoreError::TooMany { what: "webhook", limit: WEBHOOKS_MOST as usize });
            };
            if self.webhooks.enter(&webhook, doc! { "place": place }).await? == Put::Done {
                return Ok(());
            }
            if self.webhooks.count(doc! { "_id": form::id(webhook.id) }, Some(1)).await? > 0 {
                return Err(StoreError::Duplicate { what: "webhook", field: "_id" });
            }
        }
        Err(contended())
    }

    async fn webhook(&self, company: CompanyId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.webhooks.one(of(company, id)).await
    }

    async fn webhooks(&self, company: CompanyId) -> Result<Vec<Webhook>, StoreError> {
        self.webhooks.all(doc! { "companyId": form::id(company) }, doc! { "_id": 1 }, 0).await
    }

    async fn change_webhook(
        &self,
        company: CompanyId,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<Webhook, StoreError> {
        self.update_webhook(company, id, |webhook| webhook.change(change.clone())).await
    }

    async fn rotate_webhook_secret(
        &self,
        company: CompanyId,
        id: WebhookId,
        secret: SigningSecret,
        until: Time,
    ) -> Result<Webhook, StoreError> {
        self.update_webhook(company, id, |webhook| webhook.rotate(secret.clone(), until)).await
    }

    async fn delete_webhook(&self, company: CompanyId, id: WebhookId) -> Result<bool, StoreError> {
        let removed = self.webhooks.remove(of(company, id)).await?;
        if removed {
            self.deliveries.remove_all(doc! { "webhookId": form::id(id) }).await?;
        }
        Ok(removed)
    }

    async fn deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        state: Option<DeliveryState>,
        paging: Paging,
    ) -> Result<Page<Delivery>, StoreError> {
        let mut which = doc! { "webhookId": form::id(webhook), "companyId": form::id(company) };
        if let Some(state) = state {
            which.insert("state", state.as_str());
        }
        self.deliveries.page(which, doc! { "tsunagu.number": -1 }, paging).await
    }

    async fn delivery(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StoreError> {
        let which = doc! {
            "_id": form::id(id), "webhookId": form::id(webhook), "companyId": form::id(company),
        };
        self.deliveries.one(which).await
    }

    async fn replay_deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: Option<DeliveryId>,
        now: Time,
    ) -> Result<u64, StoreError> {
        self.replay(company, webhook, id, now).await
    }

    async fn outbox(&self, limit: u32) -> Result<Vec<Outboxed>, StoreError> {
        self.oldest_notes(limit).await
    }

    /// The deliveries come first, and a note goes when they are there. After a crash in between they are made once more, and
    /// the unique index over a webhook and its events passes over those that are there.
    async fn dispatch(&self, number: u64, deliveries: Vec<Outgoing>) -> Result<u64, StoreError> {
        let dead = self.keep_deliveries(deliveries).await?;
        self.take_notes(number).await?;
        Ok(dead)
    }

    async fn delivery_queues(&self) -> Result<Vec<Queue>, StoreError> {
        let stages = vec![
            doc! { "$match": { "state": DeliveryState::Pending.as_str() } },
            doc! { "$group": { "_id": "$webhookId", "pending": { "$sum": 1 } } },
        ];
        let found = self.deliveries.aggregate(stages).await?;
        let on = self.webhooks.all(doc! { "enabled": true }, Document::new(), 0).await?;
        let on: HashSet<WebhookId> = on.into_iter().map(|webhook| webhook.id).collect();
        let queues = found.iter().map(|found| {
            let webhook = form::id_at("delivery", found, "_id")?;
            Ok(Queue { webhook, pending: form::count_at(found, "pending") })
        });
        let mut queues = queues.collect::<Result<Vec<_>, StoreError>>()?;
        queues.retain(|queue| on.contains(&queue.webhook));
        queues.sort_by_key(|queue| queue.webhook);
        Ok(queues)
    }

    async fn next_delivery(&self, webhook: WebhookId) -> Result<Option<Time>, StoreError> {
        let pending = doc! { "webhookId": form::id(webhook), "state": DeliveryState::Pending.as_str() };
        let first = self.deliveries.all(pending, doc! { "nextAttemptAt": 1 }, 1).await?;
        Ok(first.first().and_then(|delivery| delivery.next_attempt_at))
    }

    async fn due_deliveries(
        &self,
        webhook: WebhookId,
        now: Time,
        limit: u32,
    ) -> Result<Option<(Webhook, Vec<Outgoing>)>, StoreError> {
        let on = doc! { "_id": form::id(webhook), "enabled": true };
        let Some(found) = self.webhooks.one(on).await? else { return Ok(None) };
        Ok(Some((found, self.due(webhook, now, limit).await?)))
    }

    /// Two documents, one after the other. A crash in between loses at most that one attempt is counted against the receiver.
    async fn note_attempt(&self, attempt: Attempt) -> Result<Option<Webhook>, StoreError> {
        let which = doc! { "_id": form::id(attempt.webhook) };
        if self.webhooks.count(which.clone(), Some(1)).await? == 0 {
            return Ok(None);
        }
        self.note(&attempt).await?;
        let noted = self.webhooks.change(which, "_id", |webhook| Ok(webhook.tried(&attempt))).await?;
        Ok(noted.and_then(|(webhook, switched_off)| switched_off.then_some(webhook)))
    }
}

impl MongoStore {
    async fn update_webhook(
        &self,
        company: CompanyId,
        id: WebhookId,
        change: impl Fn(&mut Webhook),
    ) -> Result<Webhook, StoreError> {
        let changed = self.webhooks.change(of(company, id), "_id", |webhook| {
            change(webhook);
            Ok(())
        });
        changed.await?.map(|(webhook, ())| webhook).ok_or(StoreError::NotFound { what: "webhook" })
    }
}

fn of(company: CompanyId, id: WebhookId) -> Document {
    doc! { "_id": form::id(id), "companyId": form::id(company) }
}
