//! Deliveries in MongoDB: how they are kept, found when they are due, and trimmed. What is sent stands beside each under
//! `tsunagu`, with its place in the queue, an ObjectId, which rises.

use super::{
    MongoStore, failure, form,
    patience::Asked,
    shelf::{self, Kept, Shelf},
};
use crate::{
    Attempt, DEAD_KEPT, DELIVERED_KEPT, Delivery, DeliveryState, ORDER_ATTEMPTS, Outgoing, PENDING_MOST,
    StoreError,
};
use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use std::collections::{HashMap, HashSet, hash_map::Entry};
use tsunagu_call::{CallId, CompanyId, DeliveryId, Time, WebhookId};

/// How many deliveries are entered by one command.
const STEP: usize = 100;

impl Kept for Delivery {
    const WHAT: &'static str = "delivery";
    const COLLECTION: &'static str = "webhookdeliveries";
}

/// How many deliveries are kept at most.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// That wait for one webhook.
    pub pending: u32,
    /// That are dead, of one company.
    pub dead: u32,
    /// That one webhook took.
    pub delivered: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { pending: PENDING_MOST, dead: DEAD_KEPT, delivered: DELIVERED_KEPT }
    }
}

impl MongoStore {
    /// Keeps new deliveries; says how many found no room among those that wait.
    pub(super) async fn keep_deliveries(&self, deliveries: Vec<Outgoing>) -> Result<u64, StoreError> {
        let mut rooms: HashMap<WebhookId, Option<u64>> = HashMap::new();
        let mut dead = Vec::new();
        let mut deliveries = deliveries.into_iter().peekable();
        while deliveries.peek().is_some() {
            let step: Vec<Outgoing> = deliveries.by_ref().take(STEP).collect();
            let mut known = self.known_events(&step).await?;
            let mut new = Vec::with_capacity(step.len());
            for Outgoing { mut delivery, payload } in step {
                let webhook = delivery.webhook_id;
                let room = match rooms.entry(webhook) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => place.insert(self.room_of(webhook).await?),
                };
                let Some(room) = room else { continue };
                if !known.insert((webhook, delivery.event_id.clone())) {
                    continue;
                }
                if *room == 0 {
                    delivery.overflow();
                    dead.push(delivery.clone());
                }
                *room = room.saturating_sub(1);
                let own = doc! { "number": ObjectId::new(), "payload": &*payload };
                new.push(Shelf::entered(&delivery, own, ObjectId::new())?);
            }
            self.enter_deliveries(new).await?;
        }
        // One that was removed meanwhile leaves nothing behind.
        for webhook in rooms.into_iter().filter_map(|(webhook, room)| room.map(|_| webhook)) {
            if self.webhooks.count(doc! { "_id": form::id(webhook) }, Some(1)).await? == 0 {
                self.deliveries.remove_all(doc! { "webhookId": form::id(webhook) }).await?;
            }
        }
        let companies: HashMap<_, _> = dead.iter().map(|delivery| (delivery.company_id, delivery)).collect();
        for delivery in companies.into_values() {
            self.trim(delivery).await?;
        }
        Ok(dead.len() as u64)
    }

    /// Enters them all; those whose event the webhook has already, because somebody else was first, are passed over.
    async fn enter_deliveries(&self, new: Vec<Document>) -> Result<(), StoreError> {
        if new.is_empty() {
            return Ok(());
        }
        let mut sent = 0;
        loop {
            match self.deliveries.open()?.insert_many(&new).ordered(false).answered().await {
                Ok(_) => return Ok(()),
                Err(error) if failure::is_duplicate(&error) => return Ok(()),
                // Some may not be there. What does not pass keeps the notes in the outbox, and so comes again.
                Err(error) => shelf::again(&mut sent, error).await?,
            }
        }
    }

    async fn known_events(&self, step: &[Outgoing]) -> Result<HashSet<(WebhookId, String)>, StoreError> {
        let webhooks: HashSet<WebhookId> = step.iter().map(|outgoing| outgoing.delivery.webhook_id).collect();
        let webhooks: Vec<Bson> = webhooks.into_iter().map(form::id).collect();
        let events: Vec<&str> = step.iter().map(|outgoing| outgoing.delivery.event_id.as_str()).collect();
        let which = doc! { "webhookId": { "$in": webhooks }, "eventId": { "$in": events } };
        let known = self.deliveries.all(which, Document::new(), 0).await?;
        Ok(known.into_iter().map(|delivery| (delivery.webhook_id, delivery.event_id)).collect())
    }

    /// How many more may wait for a webhook; `None` when it is gone.
    async fn room_of(&self, webhook: WebhookId) -> Result<Option<u64>, StoreError> {
        if self.webhooks.count(doc! { "_id": form::id(webhook) }, Some(1)).await? == 0 {
            return Ok(None);
        }
        let most = u64::from(self.bounds.pending);
        let waiting = self.deliveries.count(pending(webhook), Some(most)).await?;
        Ok(Some(most.saturating_sub(waiting)))
    }

    /// What is due for a webhook, due first first.
    pub(super) async fn due(
        &self,
        webhook: WebhookId,
        now: Time,
        limit: u32,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        // The first delivery of each call that keeps the later ones back.
        let mut first = pending(webhook);
        first.insert("callId", doc! { "$type": "objectId" });
        first.insert("attempts", doc! { "$lt": i64::from(ORDER_ATTEMPTS) });
        let group = doc! { "_id": "$callId", "first": { "$min": "$tsunagu.number" } };
        let first =
            self.deliveries.aggregate(vec![doc! { "$match": first }, doc! { "$group": group }]).await?;
        let mut holds_back: HashMap<CallId, ObjectId> = HashMap::new();
        for found in &first {
            let number = found.get_object_id("first").map_err(corrupt)?;
            holds_back.insert(form::id_at("delivery", found, "_id")?, number);
        }
        let mut due = pending(webhook);
        due.insert("nextAttemptAt", doc! { "$lte": form::time(now) });
        let sort = doc! { "nextAttemptAt": 1, "tsunagu.number": 1 };
        let mut due =
            self.deliveries.open()?.find(due).sort(sort).answered().await.map_err(failure::named)?;
        while found.len() < limit as usize
            && let Some(mut document) = due.try_next().answered().await.map_err(failure::named)?
        {
            let Some(Bson::Document(own)) = document.remove("tsunagu") else { continue };
            let delivery: Delivery = form::value("delivery", document)?;
            let number = own.get_object_id("number").map_err(corrupt)?;
            let first = delivery.call_id.and_then(|call| holds_back.get(&call));
            if first.is_none_or(|first| number <= *first) {
                let payload = own.get_str("payload").map_err(corrupt)?.into();
                found.push(Outgoing { delivery, payload });
            }
        }
        Ok(found)
    }

    /// Claims a delivery that is due. Should the answer be lost, nobody has it until that time.
    pub(super) async fn claim(
        &self,
        delivery: DeliveryId,
        now: Time,
        until: Time,
    ) -> Result<bool, StoreError> {
        let due = doc! {
            "_id": form::id(delivery), "state": DeliveryState::Pending.as_str(),
            "nextAttemptAt": { "$lte": form::time(now) },
        };
        let by = ObjectId::new();
        let claim = doc! {
            "$set": { "nextAttemptAt": form::time(until), "tsunagu.claim": by },
            "$inc": { "tsunagu.rev": 1_i64 },
        };
        if self.deliveries.update_all(due, claim).await? > 0 {
            return Ok(true);
        }
        // It may have been sent twice because the first answer was lost.
        let ours = doc! { "_id": form::id(delivery), "tsunagu.claim": by };
        Ok(self.deliveries.count(ours, Some(1)).await? > 0)
    }

    /// Notes at a delivery how an attempt came out. One that is gone meanwhile, with its webhook, is none.
    pub(super) async fn note(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let which = doc! { "_id": form::id(attempt.delivery) };
        let noted = self.deliveries.change(which, "_id", |delivery| {
            delivery.tried(attempt);
            Ok(())
        });
        match noted.await? {
            Some((delivery, ())) => self.trim(&delivery).await,
            None => Ok(()),
        }
    }

    /// Has one that is not pending, or all dead ones, tried anew.
    pub(super) async fn replay(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: Option<DeliveryId>,
        now: Time,
    ) -> Result<u64, StoreError> {
        let room = u32::try_from(self.room_of(webhook).await?.unwrap_or(0)).unwrap_or(u32::MAX);
        if room == 0 {
            return Ok(0);
        }
        let mut which = doc! { "webhookId": form::id(webhook), "companyId": form::id(company) };
        match id {
            Some(id) => {
                which.insert("_id", form::id(id));
                which.insert("state", doc! { "$ne": DeliveryState::Pending.as_str() });
            }
            None => drop(which.insert("state", DeliveryState::Dead.as_str())),
        }
        let mut count = 0;
        for found in self.deliveries.all(which, doc! { "tsunagu.number": 1 }, room).await? {
            let replayed = self.deliveries.change(doc! { "_id": form::id(found.id) }, "_id", |delivery| {
                let stands = delivery.state != DeliveryState::Pending;
                if stands {
                    delivery.replay(now);
                }
                Ok(stands)
            });
            count += u64::from(replayed.await?.is_some_and(|(_, replayed)| replayed));
        }
        Ok(count)
    }

    /// Lets go of the oldest beside this one, of which more are kept than may be.
    async fn trim(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let (mut which, kept) = match delivery.state {
            DeliveryState::Pending => return Ok(()),
            DeliveryState::Delivered => {
                (doc! { "webhookId": form::id(delivery.webhook_id) }, u64::from(self.bounds.delivered))
            }
            DeliveryState::Dead => {
                (doc! { "companyId": form::id(delivery.company_id) }, u64::from(self.bounds.dead))
            }
        };
        which.insert("state", delivery.state.as_str());
        if self.deliveries.count(which.clone(), Some(kept + 1)).await? <= kept {
            return Ok(());
        }
        let newest = doc! { "tsunagu.number": -1 };
        let find = self.deliveries.open()?.find_one(which.clone()).sort(newest).skip(kept);
        let last = find.projection(doc! { "tsunagu.number": 1 }).answered().await.map_err(failure::named)?;
        let Some(last) = last else { return Ok(()) };
        let number =
            last.get_document("tsunagu").and_then(|own| own.get_object_id("number")).map_err(corrupt)?;
        which.insert("tsunagu.number", doc! { "$lte": number });
        let gone = self.deliveries.remove_all(which).await?;
        if delivery.state == DeliveryState::Dead {
            metrics::counter!("webhook_dead_letters_dropped_total").increment(gone);
        }
        Ok(())
    }
}

fn pending(webhook: WebhookId) -> Document {
    doc! { "webhookId": form::id(webhook), "state": DeliveryState::Pending.as_str() }
}

fn corrupt(error: mongodb::bson::error::Error) -> StoreError {
    StoreError::corrupt("delivery", error)
}
