//! Webhooks in SQLite.

use super::{
    SqliteStore, deliveries,
    failure::{Failure, unless_duplicate},
    outbox::{self, Subscribers},
    row::{self, List},
    writer::Writing,
};
use crate::{
    Attempt, Delivery, DeliveryState, Outboxed, Outgoing, Page, Paging, Queue, SigningSecret, StoreError,
    WEBHOOKS_MOST, Webhook, WebhookChange, WebhookStore,
};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use tsunagu_call::{CompanyId, DeliveryId, Time, WebhookId};

#[async_trait]
impl WebhookStore for SqliteStore {
    async fn create_webhook(&self, webhook: Webhook) -> Result<(), StoreError> {
        self.write(move |writing| {
            let company = webhook.company_id.bytes();
            let mut count =
                writing.connection.prepare_cached("SELECT count(*) FROM webhooks WHERE company = ?1")?;
            if count.query_row([company], |found| found.get::<_, u32>(0))? >= WEBHOOKS_MOST {
                return Err(StoreError::TooMany { what: "webhook", limit: WEBHOOKS_MOST as usize }.into());
            }
            let mut insert = writing.connection.prepare_cached(
                "INSERT INTO webhooks (id, company, enabled, body) VALUES (?1, ?2, ?3, ?4)",
            )?;
            let body = row::body("webhook", &webhook)?;
            let written = insert.execute(params![webhook.id.bytes(), company, webhook.enabled, body]);
            unless_duplicate(written, "webhook", "_id")?;
            writing.subscribers = Subscribers::load(writing.connection)?;
            Ok(())
        })
        .await
    }

    async fn webhook(&self, company: CompanyId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.read(move |connection| find_of(connection, company, id)).await
    }

    async fn webhooks(&self, company: CompanyId) -> Result<Vec<Webhook>, StoreError> {
        self.read(move |connection| {
            let mut find =
                connection.prepare_cached("SELECT body FROM webhooks WHERE company = ?1 ORDER BY id")?;
            row::documents("webhook", &mut find, [company.bytes()])
        })
        .await
    }

    async fn change_webhook(
        &self,
        company: CompanyId,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<Webhook, StoreError> {
        self.write(move |writing| {
            let change = change.clone();
            update(writing, company, id, |webhook| webhook.change(change))
        })
        .await
    }

    async fn rotate_webhook_secret(
        &self,
        company: CompanyId,
        id: WebhookId,
        secret: SigningSecret,
        until: Time,
    ) -> Result<Webhook, StoreError> {
        self.write(move |writing| {
            let secret = secret.clone();
            update(writing, company, id, |webhook| webhook.rotate(secret, until))
        })
        .await
    }

    async fn delete_webhook(&self, company: CompanyId, id: WebhookId) -> Result<bool, StoreError> {
        self.write(move |writing| {
            let mut delete =
                writing.connection.prepare_cached("DELETE FROM webhooks WHERE id = ?1 AND company = ?2")?;
            if delete.execute([id.bytes(), company.bytes()])? == 0 {
                return Ok(false);
            }
            let mut rest =
                writing.connection.prepare_cached("DELETE FROM webhook_deliveries WHERE webhook = ?1")?;
            rest.execute([id.bytes()])?;
            writing.subscribers = Subscribers::load(writing.connection)?;
            Ok(true)
        })
        .await
    }

    async fn deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        state: Option<DeliveryState>,
        paging: Paging,
    ) -> Result<Page<Delivery>, StoreError> {
        let (conditions, values) = row::all_of([
            ("webhook = ?", Some(row::blob(webhook))),
            ("company = ?", Some(row::blob(company))),
            ("state = ?", state.map(|state| state.as_str().to_owned().into())),
        ]);
        let list = List { table: "webhook_deliveries", conditions, values, order: "number DESC" };
        self.read(move |connection| row::page("delivery", connection, &list, paging)).await
    }

    async fn delivery(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StoreError> {
        self.read(move |connection| {
            let query = "SELECT body FROM webhook_deliveries WHERE id = ?1 AND webhook = ?2 AND company = ?3";
            row::find("delivery", connection, query, [id.bytes(), webhook.bytes(), company.bytes()])
        })
        .await
    }

    async fn replay_deliveries(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        id: Option<DeliveryId>,
        now: Time,
    ) -> Result<u64, StoreError> {
        self.write(move |writing| deliveries::replay(writing, company, webhook, id, now)).await
    }

    async fn outbox(&self, limit: u32) -> Result<Vec<Outboxed>, StoreError> {
        self.read(move |connection| outbox::oldest(connection, limit)).await
    }

    async fn dispatch(&self, number: u64, deliveries: Vec<Outgoing>) -> Result<u64, StoreError> {
        self.write(move |writing| {
            let dead = deliveries::keep(writing, &deliveries)?;
            outbox::take(writing, number)?;
            Ok(dead)
        })
        .await
    }

    async fn delivery_queues(&self) -> Result<Vec<Queue>, StoreError> {
        self.read(|connection| {
            let mut find = connection.prepare_cached(
                "SELECT d.webhook, count(*) FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook \
                 WHERE d.state = 'pending' AND w.enabled = 1 GROUP BY d.webhook",
            )?;
            let queues = find.query_map([], |found| {
                Ok(Queue { webhook: row::id(found, 0)?, pending: row::unsigned(found.get(1)?) })
            })?;
            Ok(queues.collect::<rusqlite::Result<Vec<_>>>()?)
        })
        .await
    }

    async fn next_delivery(&self, webhook: WebhookId) -> Result<Option<Time>, StoreError> {
        self.read(move |connection| {
            let mut find = connection.prepare_cached(
                "SELECT due FROM webhook_deliveries WHERE webhook = ?1 AND state = 'pending' ORDER BY due LIMIT 1",
            )?;
            Ok(find.query_row([webhook.bytes()], |found| row::time(found, 0)).optional()?)
        })
        .await
    }

    async fn due_deliveries(
        &self,
        webhook: WebhookId,
        now: Time,
        limit: u32,
    ) -> Result<Option<(Webhook, Vec<Outgoing>)>, StoreError> {
        self.read(move |connection| {
            let Some(found) = find(connection, webhook)?.filter(|webhook| webhook.enabled) else {
                return Ok(None);
            };
            Ok(Some((found, deliveries::due(connection, webhook, now, limit)?)))
        })
        .await
    }

    async fn note_attempt(&self, attempt: Attempt) -> Result<Option<Webhook>, StoreError> {
        self.write(move |writing| {
            let Some(mut webhook) = find(writing.connection, attempt.webhook)? else { return Ok(None) };
            deliveries::note(writing, &attempt)?;
            let before = (webhook.enabled, webhook.failing_since);
            let switched_off = webhook.tried(&attempt);
            if before != (webhook.enabled, webhook.failing_since) {
                write(writing, &webhook)?;
            }
            Ok(switched_off.then_some(webhook))
        })
        .await
    }
}

fn find_of(connection: &Connection, company: CompanyId, id: WebhookId) -> Result<Option<Webhook>, Failure> {
    Ok(find(connection, id)?.filter(|webhook| webhook.company_id == company))
}

fn find(connection: &Connection, id: WebhookId) -> Result<Option<Webhook>, Failure> {
    row::find("webhook", connection, "SELECT body FROM webhooks WHERE id = ?1", [id.bytes()])
}

fn update(
    writing: &mut Writing<'_>,
    company: CompanyId,
    id: WebhookId,
    change: impl FnOnce(&mut Webhook),
) -> Result<Webhook, Failure> {
    let found = find_of(writing.connection, company, id)?;
    let mut webhook = found.ok_or(StoreError::NotFound { what: "webhook" })?;
    change(&mut webhook);
    write(writing, &webhook)?;
    Ok(webhook)
}

pub(super) fn write(writing: &mut Writing<'_>, webhook: &Webhook) -> Result<(), Failure> {
    let mut update =
        writing.connection.prepare_cached("UPDATE webhooks SET enabled = ?2, body = ?3 WHERE id = ?1")?;
    update.execute(params![webhook.id.bytes(), webhook.enabled, row::body("webhook", webhook)?])?;
    writing.subscribers = Subscribers::load(writing.connection)?;
    Ok(())
}
