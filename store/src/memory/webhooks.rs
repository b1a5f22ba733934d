//! Webhooks, the outbox and deliveries in memory.

use super::{Held, MemoryStore, page};
use crate::{
    Attempt, DEAD_KEPT, DELIVERED_KEPT, Delivery, DeliveryState, ORDER_ATTEMPTS, Outboxed, Outgoing,
    PENDING_MOST, Page, Paging, Queue, SigningSecret, Source, StoreError, WEBHOOKS_MOST, Webhook,
    WebhookChange, WebhookStore,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use tsunagu_call::{CompanyId, DeliveryId, Time, WebhookId};

#[async_trait]
impl WebhookStore for MemoryStore {
    async fn create_webhook(&self, webhook: Webhook) -> Result<(), StoreError> {
        self.with(|held| {
            let of_company = held.webhooks.values().filter(|other| other.company_id == webhook.company_id);
            if of_company.count() >= WEBHOOKS_MOST as usize {
                return Err(StoreError::TooMany { what: "webhook", limit: WEBHOOKS_MOST as usize });
            }
            if held.webhooks.contains_key(&webhook.id) {
                return Err(StoreError::Duplicate { what: "webhook", field: "_id" });
            }
            held.webhooks.insert(webhook.id, webhook);
            Ok(())
        })
    }

    async fn webhook(&self, company: CompanyId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.with(|held| Ok(held.webhooks.get(&id).filter(|webhook| webhook.company_id == company).cloned()))
    }

    async fn webhooks(&self, company: CompanyId) -> Result<Vec<Webhook>, StoreError> {
        self.with(|held| {
            Ok(held.webhooks.values().filter(|webhook| webhook.company_id == company).cloned().collect())
        })
    }

    async fn change_webhook(
        &self,
        company: CompanyId,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<Webhook, StoreError> {
        self.update_webhook(company, id, |webhook| webhook.change(change))
    }

    async fn rotate_webhook_secret(
        &self,
        company: CompanyId,
        id: WebhookId,
        secret: SigningSecret,
        until: Time,
    ) -> Result<Webhook, StoreError> {
        self.update_webhook(company, id, |webhook| webhook.rotate(secret, until))
    }

    async fn delete_webhook(&self, company: CompanyId, id: WebhookId) -> Result<bool, StoreError> {
        self.with(|held| {
            if held.webhooks.get(&id).is_none_or(|webhook| webhook.company_id != company) {
                return Ok(false);
            }
            held.webhooks.remove(&id);
            held.deliveries.retain(|kept| kept.delivery.webhook_id != id);
            Ok(true)
        })
    }

    async fn deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        state: Option<DeliveryState>,
        paging: Paging,
    ) -> Result<Page<Delivery>, StoreError> {
        self.with(|held| {
            let wanted = |delivery: &&Delivery| {
                delivery.webhook_id == webhook
                    && delivery.company_id == company
                    && state.is_none_or(|state| state == delivery.state)
            };
            let found = held.deliveries.iter().rev().map(|kept| &kept.delivery).filter(wanted).collect();
            Ok(page(found, paging))
        })
    }

    async fn delivery(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StoreError> {
        self.with(|held| {
            let mut all = held.deliveries.iter().map(|kept| &kept.delivery);
            let found = all.find(|delivery| {
                (delivery.id, delivery.webhook_id, delivery.company_id) == (id, webhook, company)
            });
            Ok(found.cloned())
        })
    }

    async fn replay_deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: Option<DeliveryId>,
        now: Time,
    ) -> Result<u64, StoreError> {
        self.with(|held| {
            let room = held.room_of(webhook).unwrap_or(0);
            let wanted = |delivery: &&mut Delivery| {
                delivery.webhook_id == webhook
                    && delivery.company_id == company
                    && match id {
                        Some(id) => delivery.id == id && delivery.state != DeliveryState::Pending,
                        None => delivery.state == DeliveryState::Dead,
                    }
            };
            let all = held.deliveries.iter_mut().map(|kept| &mut kept.delivery);
            let mut count = 0;
            for delivery in all.filter(wanted).take(room) {
                delivery.replay(now);
                count += 1;
            }
            Ok(count)
        })
    }

    async fn outbox(&self, limit: u32) -> Result<Vec<Outboxed>, StoreError> {
        self.with(|held| Ok(held.outbox.iter().take(limit as usize).copied().collect()))
    }

    async fn dispatch(&self, number: u64, deliveries: Vec<Outgoing>) -> Result<u64, StoreError> {
        self.with(|held| {
            let mut dead = 0;
            for mut outgoing in deliveries {
                let delivery = &mut outgoing.delivery;
                let Some(room) = held.room_of(delivery.webhook_id) else { continue };
                let same = |kept: &Outgoing| {
                    (kept.delivery.webhook_id, &kept.delivery.event_id)
                        == (delivery.webhook_id, &delivery.event_id)
                };
                if held.deliveries.iter().any(same) {
                    continue;
                }
                if room == 0 {
                    delivery.overflow();
                    dead += 1;
                }
                let delivery = delivery.clone();
                held.deliveries.push(outgoing);
                held.trim(&delivery);
            }
            held.outbox.retain(|note| note.number > number);
            Ok(dead)
        })
    }

    async fn delivery_queues(&self) -> Result<Vec<Queue>, StoreError> {
        self.with(|held| {
            let mut pending: BTreeMap<WebhookId, u64> = BTreeMap::new();
            for delivery in held.deliveries.iter().map(|kept| &kept.delivery) {
                let on = held.webhooks.get(&delivery.webhook_id).is_some_and(|webhook| webhook.enabled);
                if on && delivery.state == DeliveryState::Pending {
                    *pending.entry(delivery.webhook_id).or_default() += 1;
                }
            }
            Ok(pending.into_iter().map(|(webhook, pending)| Queue { webhook, pending }).collect())
        })
    }

    async fn next_delivery(&self, webhook: WebhookId) -> Result<Option<Time>, StoreError> {
        self.with(|held| {
            Ok(held.pending(webhook).filter_map(|outgoing| outgoing.delivery.next_attempt_at).min())
        })
    }

    async fn due_deliveries(
        &self,
        webhook: WebhookId,
        now: Time,
        limit: u32,
    ) -> Result<Option<(Webhook, Vec<Outgoing>)>, StoreError> {
        self.with(|held| {
            let Some(found) = held.webhooks.get(&webhook).filter(|webhook| webhook.enabled) else {
                return Ok(None);
            };
            let mut due: Vec<&Outgoing> = Vec::new();
            let mut held_back = Vec::new();
            for outgoing in held.pending(webhook) {
                let Delivery { call_id, next_attempt_at, attempts, .. } = &outgoing.delivery;
                if !held_back.contains(call_id) && next_attempt_at.is_some_and(|at| at <= now) {
                    due.push(outgoing);
                }
                if call_id.is_some() && *attempts < ORDER_ATTEMPTS {
                    held_back.push(*call_id);
                }
            }
            due.sort_by_key(|outgoing| outgoing.delivery.next_attempt_at);
            Ok(Some((found.clone(), due.into_iter().take(limit as usize).cloned().collect())))
        })
    }

    async fn note_attempt(&self, attempt: Attempt) -> Result<Option<Webhook>, StoreError> {
        self.with(|held| {
            let mut all = held.deliveries.iter_mut().map(|kept| &mut kept.delivery);
            if let Some(delivery) = all.find(|delivery| delivery.id == attempt.delivery) {
                delivery.tried(&attempt);
                let delivery = delivery.clone();
                held.trim(&delivery);
            }
            let Some(webhook) = held.webhooks.get_mut(&attempt.webhook) else { return Ok(None) };
            Ok(webhook.tried(&attempt).then(|| webhook.clone()))
        })
    }
}

impl MemoryStore {
    fn update_webhook(
        &self,
        company: CompanyId,
        id: WebhookId,
        change: impl FnOnce(&mut Webhook),
    ) -> Result<Webhook, StoreError> {
        self.with(|held| {
            let found = held.webhooks.get_mut(&id).filter(|webhook| webhook.company_id == company);
            let webhook = found.ok_or(StoreError::NotFound { what: "webhook" })?;
            change(webhook);
            Ok(webhook.clone())
        })
    }
}

impl Held {
    /// Notes something in the outbox, when its company has a webhook that is on.
    pub(super) fn note(&mut self, company: CompanyId, source: Source) {
        if self.webhooks.values().any(|webhook| webhook.enabled && webhook.company_id == company) {
            self.noted += 1;
            self.outbox.push(Outboxed { number: self.noted, company, source });
        }
    }

    fn pending(&self, webhook: WebhookId) -> impl Iterator<Item = &Outgoing> {
        self.deliveries.iter().filter(move |outgoing| {
            (outgoing.delivery.webhook_id, outgoing.delivery.state) == (webhook, DeliveryState::Pending)
        })
    }

    /// How many more may wait for a webhook; `None` when it is gone.
    fn room_of(&self, webhook: WebhookId) -> Option<usize> {
        self.webhooks.get(&webhook)?;
        Some((PENDING_MOST as usize).saturating_sub(self.pending(webhook).count()))
    }

    fn trim(&mut self, delivery: &Delivery) {
        let kept = match delivery.state {
            DeliveryState::Pending => return,
            DeliveryState::Delivered => DELIVERED_KEPT,
            DeliveryState::Dead => DEAD_KEPT,
        };
        let alike = |other: &Delivery| {
            other.state == delivery.state
                && match delivery.state {
                    DeliveryState::Delivered => other.webhook_id == delivery.webhook_id,
                    _ => other.company_id == delivery.company_id,
                }
        };
        let count = self.deliveries.iter().filter(|kept| alike(&kept.delivery)).count();
        let mut surplus = count.saturating_sub(kept as usize);
        self.deliveries.retain(|kept| {
            let goes = surplus > 0 && alike(&kept.delivery);
            surplus -= usize::from(goes);
            !goes
        });
    }
}
