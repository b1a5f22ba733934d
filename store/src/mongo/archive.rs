//! All data of a database, to be moved.

use super::{
    MongoStore, campaign_entries, form,
    outbox::note,
    shelf::{Kept, Put, Seen, Shelf, contended},
};
use crate::{
    Delivery, Invitation, Outgoing, Source, StoreError, Webhook,
    archive::{Archive, Item, Kind},
    normal_email,
};
use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use tsunagu_call::{CallRecord, CompanyId, Status};

/// How many things are written at once, where their order does not matter.
const AT_ONCE: usize = 16;
/// How often it is tried to keep something beside others.
const ATTEMPTS: u32 = 20;

#[async_trait]
impl Archive for MongoStore {
    async fn items(&self, kind: Kind, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, StoreError> {
        match kind {
            Kind::Companies => {
                listed(&self.companies, behind("_id", after), "_id", limit, |company| {
                    Item::Company(Box::new(company))
                })
                .await
            }
            Kind::Users => {
                listed(&self.users, behind("_id", after), "_id", limit, |mut user| {
                    // An older server did not keep it in this form.
                    user.email = normal_email(&user.email);
                    Item::User(user)
                })
                .await
            }
            Kind::Resets => self.resets(after, limit).await,
            Kind::Settings => {
                listed(&self.settings, behind("userId", after), "userId", limit, Item::Settings).await
            }
            Kind::Statuses => {
                listed(&self.statuses, behind("userId", after), "userId", limit, Item::status).await
            }
            Kind::Customers => {
                listed(&self.customers, behind("_id", after), "_id", limit, Item::Customer).await
            }
            Kind::Imports => {
                let which = match after {
                    Some(Item::Import(import)) => behind_two(
                        ("companyId", form::id(import.company_id)),
                        ("importId", form::id(import.id)),
                    ),
                    _ => Document::new(),
                };
                let sort = doc! { "companyId": 1, "importId": 1 };
                let found = self.imports.all_seen(which, sort, limit).await?;
                Ok(found.into_iter().map(|seen| Item::Import(seen.value.import())).collect())
            }
            Kind::Calls => {
                let found = self.calls.all_seen(behind("_id", after), doc! { "_id": 1 }, limit).await?;
                Ok(found.into_iter().map(call).collect())
            }
            Kind::Keys => self.keys(after, limit).await,
            Kind::Callbacks => {
                listed(&self.callbacks, behind("_id", after), "_id", limit, Item::Callback).await
            }
            Kind::Campaigns => {
                let found = self.campaigns.all_seen(behind("_id", after), doc! { "_id": 1 }, limit).await?;
                let campaign = |seen: Seen<_>| {
                    let driven = seen.own.get_bool("driven").unwrap_or(false);
                    Item::Campaign { campaign: Box::new(seen.value), driven }
                };
                Ok(found.into_iter().map(campaign).collect())
            }
            Kind::Entries => self.listed_customers(after, limit).await,
            Kind::Tokens => {
                let which = match after {
                    Some(Item::Token(token)) => doc! { "_id": { "$gt": &token.hash } },
                    _ => Document::new(),
                };
                listed(&self.tokens, which, "_id", limit, Item::Token).await
            }
            Kind::Invitations => {
                listed(&self.invitations, behind("_id", after), "_id", limit, Item::Invitation).await
            }
            Kind::Webhooks => listed(&self.webhooks, behind("_id", after), "_id", limit, Item::Webhook).await,
            Kind::Deliveries => self.queued(after, limit).await,
            Kind::Notes if after.is_some() => Ok(Vec::new()),
            Kind::Notes => {
                let notes = self.oldest_notes(u32::MAX).await?;
                Ok(notes
                    .into_iter()
                    .map(|note| Item::Note { company: note.company, source: note.source })
                    .collect())
            }
        }
    }

    async fn keep(&self, items: Vec<Item>) -> Result<(), StoreError> {
        let in_order = items.iter().any(|item| {
            matches!(
                item,
                Item::Entry(_)
                    | Item::Delivery(_)
                    | Item::Note { .. }
                    | Item::Webhook(_)
                    | Item::Invitation(_)
            )
        });
        let at_once = if in_order { 1 } else { AT_ONCE };
        let mut kept = stream::iter(items).map(|item| self.keep_one(item)).buffered(at_once);
        while kept.try_next().await?.is_some() {}
        Ok(())
    }
}

impl MongoStore {
    async fn keep_one(&self, item: Item) -> Result<(), StoreError> {
        let nothing = Document::new;
        match item {
            Item::Company(company) => {
                put(&self.companies, by_id(company.id), &company, nothing(), "_id").await
            }
            Item::User(user) => put(&self.users, by_id(user.id), &user, nothing(), "email").await,
            Item::Reset(reset) => self.keep_reset(reset).await,
            Item::Settings(settings) => {
                let which = doc! { "userId": form::id(settings.user_id) };
                put(&self.settings, which, &settings, nothing(), "userId").await
            }
            Item::Status(status) => {
                let which = doc! { "userId": form::id(status.user_id) };
                put(&self.statuses, which, &status, nothing(), "userId").await
            }
            Item::Customer(customer) => {
                put(&self.customers, by_id(customer.id), &customer, nothing(), "phone").await
            }
            Item::Import(import) => {
                let kept = super::imports::KeptImport::of(import);
                put(&self.imports, kept.which(), &kept, nothing(), "_id").await
            }
            Item::Call(record) => put(&self.calls, by_id(record.id), &record, nothing(), "customerId").await,
            Item::Key { company, key, call, .. } => {
                let which = doc! { "_id": form::id(call), "companyId": form::id(company) };
                self.calls.update_all(which, doc! { "$set": { "tsunagu.key": key } }).await.map(|_| ())
            }
            Item::Callback(callback) => {
                put(&self.callbacks, by_id(callback.id), &callback, nothing(), "callId").await
            }
            Item::Campaign { campaign, driven } => {
                let driven = doc! { "driven": if driven { Bson::from(true) } else { Bson::Null } };
                put(&self.campaigns, by_id(campaign.id), &campaign, driven, "_id").await
            }
            Item::Entry(entry) => {
                let which = campaign_entries::of(entry.campaign_id, entry.customer_id);
                put(&self.entries, which, &entry, nothing(), "customerId").await
            }
            Item::Token(token) => {
                put(&self.tokens, doc! { "_id": &token.hash }, &token, nothing(), "_id").await
            }
            Item::Invitation(invitation) => self.keep_invitation(&invitation).await,
            Item::Webhook(webhook) => self.keep_webhook(&webhook).await,
            Item::Delivery(Outgoing { delivery, payload }) => {
                let own = doc! { "number": ObjectId::new(), "payload": &*payload };
                match self.deliveries.seen(by_id(delivery.id)).await? {
                    Some(_) => put(&self.deliveries, by_id(delivery.id), &delivery, nothing(), "_id").await,
                    None => put(&self.deliveries, by_id(delivery.id), &delivery, own, "eventId").await,
                }
            }
            Item::Note { source: Source::Call { call, first, last }, .. } => {
                let push = doc! { "$push": { "tsunagu.outbox": note(first, last) } };
                self.calls.update_all(by_id(call), push).await.map(|_| ())
            }
            Item::Note { source: Source::Callback(callback), .. } => {
                let set = doc! { "$set": { "tsunagu.outbox": ObjectId::new() } };
                self.callbacks.update_all(by_id(callback), set).await.map(|_| ())
            }
        }
    }

    async fn resets(&self, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, StoreError> {
        let mut which = behind("_id", after);
        which.insert("tsunagu.reset.hash", doc! { "$exists": true });
        let found = self.users.all_seen(which, doc! { "_id": 1 }, limit).await?;
        let resets = found.iter().filter_map(|seen| super::users::reset_of(&seen.own).transpose());
        resets.map(|reset| reset.map(Item::Reset)).collect()
    }

    async fn keys(&self, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, StoreError> {
        let mut which = match after {
            Some(Item::Key { company, key, .. }) => {
                behind_two(("companyId", form::id(*company)), ("tsunagu.key", key.as_str().into()))
            }
            _ => Document::new(),
        };
        which.insert("$and", vec![doc! { "tsunagu.key": { "$exists": true } }]);
        let sort = doc! { "companyId": 1, "tsunagu.key": 1 };
        let found = self.calls.all_seen(which, sort, limit).await?;
        let key = |seen: &Seen<CallRecord>| {
            let record = &seen.value;
            let key = seen.own.get_str("key").map_err(|error| StoreError::corrupt("call", error))?.to_owned();
            Ok(Item::Key { company: record.company_id, key, call: record.id, started: record.start_time })
        };
        found.iter().map(key).collect()
    }

    async fn listed_customers(&self, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, StoreError> {
        let which = match after {
            Some(Item::Entry(entry)) => {
                let last = self.entries.seen(campaign_entries::of(entry.campaign_id, entry.customer_id));
                last.await?.map_or_else(Document::new, |last| doc! { "_id": { "$gt": last.id().clone() } })
            }
            _ => Document::new(),
        };
        listed(&self.entries, which, "_id", limit, Item::Entry).await
    }

    async fn queued(&self, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, StoreError> {
        let which = match after {
            Some(Item::Delivery(outgoing)) => {
                let last = self.deliveries.seen(by_id(outgoing.delivery.id)).await?;
                let number = last.and_then(|last| last.own.get("number").cloned());
                number.map_or_else(Document::new, |number| doc! { "tsunagu.number": { "$gt": number } })
            }
            _ => Document::new(),
        };
        let found = self.deliveries.all_seen(which, doc! { "tsunagu.number": 1 }, limit).await?;
        let delivery = |seen: Seen<Delivery>| {
            let payload =
                seen.own.get_str("payload").map_err(|error| StoreError::corrupt("delivery", error))?;
            Ok(Item::Delivery(Outgoing { payload: payload.into(), delivery: seen.value }))
        };
        found.into_iter().map(delivery).collect()
    }

    async fn keep_invitation(&self, invitation: &Invitation) -> Result<(), StoreError> {
        let place = free_place(&self.invitations, invitation.company_id).await?;
        put(&self.invitations, by_id(invitation.id), invitation, doc! { "place": place }, "email").await
    }

    async fn keep_webhook(&self, webhook: &Webhook) -> Result<(), StoreError> {
        let place = free_place(&self.webhooks, webhook.company_id).await?;
        put(&self.webhooks, by_id(webhook.id), webhook, doc! { "place": place }, "_id").await
    }
}

/// A call as it is told. One of an older server that is not over has no journal: nobody can go on with it, here or elsewhere.
fn call(seen: Seen<CallRecord>) -> Item {
    let mut record = seen.value;
    if !record.status.is_over() && form::count_at(&seen.own, "next") == 0 && !seen.own.contains_key("busy") {
        record.status = Status::Failed;
    }
    Item::Call(Box::new(record))
}

async fn listed<T: Kept>(
    shelf: &Shelf<T>,
    which: Document,
    key: &str,
    limit: u32,
    item: impl Fn(T) -> Item,
) -> Result<Vec<Item>, StoreError> {
    let found = shelf.all_seen(which, doc! { key: 1 }, limit).await?;
    Ok(found.into_iter().map(|seen| item(seen.value)).collect())
}

/// Enters a value, or puts it in the place of the one that is there.
async fn put<T: Kept>(
    shelf: &Shelf<T>,
    which: Document,
    value: &T,
    more: Document,
    field: &'static str,
) -> Result<(), StoreError> {
    for _ in 0..ATTEMPTS {
        let seen = shelf.seen(which.clone()).await?;
        let done = match &seen {
            Some(seen) => shelf.replace(seen, value, more.clone()).await?,
            None => shelf.enter(value, more.clone()).await?,
        };
        match done {
            Put::Done => return Ok(()),
            Put::Taken => return Err(StoreError::Duplicate { what: T::WHAT, field }),
            Put::Moved => {}
        }
    }
    Err(contended())
}

/// The first place that nobody of a company has.
async fn free_place<T: Kept>(shelf: &Shelf<T>, company: CompanyId) -> Result<i64, StoreError> {
    let theirs = shelf.all_seen(doc! { "companyId": form::id(company) }, Document::new(), 0).await?;
    let last = theirs.iter().map(|seen| form::number_at(&seen.own, "place")).max();
    Ok(last.map_or(0, |last| last + 1))
}

fn by_id<T>(id: tsunagu_call::Id<T>) -> Document {
    doc! { "_id": form::id(id) }
}

/// Those behind a thing, in the order of one field, which holds its id.
fn behind(key: &str, after: Option<&Item>) -> Document {
    let id = match after {
        Some(Item::Company(company)) => form::id(company.id),
        Some(Item::User(user)) => form::id(user.id),
        Some(Item::Reset(reset)) => form::id(reset.user_id),
        Some(Item::Settings(settings)) => form::id(settings.user_id),
        Some(Item::Status(status)) => form::id(status.user_id),
        Some(Item::Customer(customer)) => form::id(customer.id),
        Some(Item::Call(record)) => form::id(record.id),
        Some(Item::Callback(callback)) => form::id(callback.id),
        Some(Item::Campaign { campaign, .. }) => form::id(campaign.id),
        Some(Item::Invitation(invitation)) => form::id(invitation.id),
        Some(Item::Webhook(webhook)) => form::id(webhook.id),
        _ => return Document::new(),
    };
    doc! { key: { "$gt": id } }
}

/// Those behind a place in the order of two fields.
fn behind_two(first: (&str, Bson), second: (&str, Bson)) -> Document {
    let same = doc! { first.0: first.1.clone(), second.0: { "$gt": second.1 } };
    doc! { "$or": [{ first.0: { "$gt": first.1 } }, same] }
}
