//! Deliveries in SQLite: how they are kept, found when they are due, and trimmed.

use super::{failure::Failure, outbox, row, writer::Writing};
use crate::{
    Attempt, DEAD_KEPT, DELIVERED_KEPT, Delivery, DeliveryState, ORDER_ATTEMPTS, Outgoing, PENDING_MOST,
};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use tsunagu_call::{CompanyId, DeliveryId, Id, Time, WebhookId};

/// Keeps new deliveries; says how many found no room among those that wait.
pub fn keep(writing: &Writing<'_>, deliveries: &[Outgoing]) -> Result<u64, Failure> {
    let mut rooms: HashMap<WebhookId, Option<u32>> = HashMap::new();
    let mut dead = 0;
    for Outgoing { delivery, payload } in deliveries {
        let room = match rooms.get(&delivery.webhook_id) {
            Some(room) => *room,
            None => room_of(writing, delivery.webhook_id)?,
        };
        rooms.insert(delivery.webhook_id, room);
        let Some(room) = room else { continue };
        let mut delivery = delivery.clone();
        if room == 0 {
            delivery.overflow();
        }
        if insert(writing, &delivery, payload)? {
            if room == 0 {
                dead += 1;
                trim(writing, &delivery)?;
            }
            rooms.insert(delivery.webhook_id, Some(room.saturating_sub(1)));
        }
    }
    Ok(dead)
}

/// How many more may wait for a webhook; `None` when it is gone.
fn room_of(writing: &Writing<'_>, webhook: WebhookId) -> Result<Option<u32>, Failure> {
    if !outbox::is_registered(writing, webhook.bytes())? {
        return Ok(None);
    }
    let mut count = writing.connection.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM webhook_deliveries WHERE webhook = ?1 AND state = 'pending' LIMIT ?2)",
    )?;
    let waiting: u32 = count.query_row(params![webhook.bytes(), PENDING_MOST], |found| found.get(0))?;
    Ok(Some(PENDING_MOST.saturating_sub(waiting)))
}

/// Says whether it was new.
fn insert(writing: &Writing<'_>, delivery: &Delivery, payload: &str) -> Result<bool, Failure> {
    let mut insert = writing.connection.prepare_cached(
        "INSERT INTO webhook_deliveries (id, webhook, company, event, call, state, attempts, due, body, payload) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (webhook, event) DO NOTHING",
    )?;
    let written = insert.execute(params![
        delivery.id.bytes(),
        delivery.webhook_id.bytes(),
        delivery.company_id.bytes(),
        delivery.event_id,
        delivery.call_id.as_ref().map(Id::bytes),
        delivery.state.as_str(),
        delivery.attempts,
        delivery.next_attempt_at.map(Time::millis),
        row::body("delivery", delivery)?,
        payload,
    ])?;
    Ok(written > 0)
}

/// What is due for a webhook, due first first.
pub fn due(
    connection: &Connection,
    webhook: WebhookId,
    now: Time,
    limit: u32,
) -> Result<Vec<Outgoing>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT body, payload FROM webhook_deliveries d WHERE webhook = ?1 AND state = 'pending' AND due <= ?2 \
         AND NOT EXISTS (SELECT 1 FROM webhook_deliveries e WHERE e.webhook = ?1 AND e.state = 'pending' \
         AND e.call = d.call AND e.number < d.number AND e.attempts < ?3) ORDER BY due, number LIMIT ?4",
    )?;
    let mut rows = find.query(params![webhook.bytes(), now.millis(), ORDER_ATTEMPTS, limit])?;
    let mut found = Vec::new();
    while let Some(due) = rows.next()? {
        let payload = due.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.into();
        found.push(Outgoing { delivery: row::document_at("delivery", due, 0)?, payload });
    }
    Ok(found)
}

/// Notes at a delivery how an attempt came out. One that is gone meanwhile, with its webhook, is none.
pub fn note(writing: &Writing<'_>, attempt: &Attempt) -> Result<(), Failure> {
    let query = "SELECT body FROM webhook_deliveries WHERE id = ?1";
    let found: Option<Delivery> =
        row::find("delivery", writing.connection, query, [attempt.delivery.bytes()])?;
    let Some(mut delivery) = found else { return Ok(()) };
    delivery.tried(attempt);
    update(writing, &delivery)?;
    trim(writing, &delivery)
}

/// Has one that is not pending, or all dead ones, tried anew.
pub fn replay(
    writing: &Writing<'_>,
    company: CompanyId,
    webhook: WebhookId,
    id: Option<DeliveryId>,
    now: Time,
) -> Result<u64, Failure> {
    let room = room_of(writing, webhook)?.unwrap_or(0);
    let condition = match id {
        Some(_) => "id = ?3 AND state <> 'pending'",
        None => "?3 IS NULL AND state = 'dead'",
    };
    let mut find = writing.connection.prepare_cached(&format!(
        "SELECT body FROM webhook_deliveries WHERE webhook = ?1 AND company = ?2 AND {condition} \
         ORDER BY number LIMIT ?4"
    ))?;
    let values = params![webhook.bytes(), company.bytes(), id.as_ref().map(Id::bytes), room];
    let found: Vec<Delivery> = row::documents("delivery", &mut find, values)?;
    let count = found.len() as u64;
    for mut delivery in found {
        delivery.replay(now);
        update(writing, &delivery)?;
    }
    Ok(count)
}

/// Enters a delivery, or puts it in the place of the one with its id.
#[cfg(feature = "mongodb")]
pub fn put(writing: &Writing<'_>, outgoing: &Outgoing) -> Result<(), Failure> {
    let Outgoing { delivery, payload } = outgoing;
    let query = "SELECT body FROM webhook_deliveries WHERE id = ?1";
    let known: Option<Delivery> = row::find("delivery", writing.connection, query, [delivery.id.bytes()])?;
    match known {
        Some(_) => update(writing, delivery),
        None => insert(writing, delivery, payload).map(drop),
    }
}

fn update(writing: &Writing<'_>, delivery: &Delivery) -> Result<(), Failure> {
    let mut update = writing.connection.prepare_cached(
        "UPDATE webhook_deliveries SET state = ?2, attempts = ?3, due = ?4, body = ?5 WHERE id = ?1",
    )?;
    update.execute(params![
        delivery.id.bytes(),
        delivery.state.as_str(),
        delivery.attempts,
        delivery.next_attempt_at.map(Time::millis),
        row::body("delivery", delivery)?,
    ])?;
    Ok(())
}

/// Lets go of the oldest beside this one, of which more are kept than may be.
fn trim(writing: &Writing<'_>, delivery: &Delivery) -> Result<(), Failure> {
    let (of, id, kept) = match delivery.state {
        DeliveryState::Pending => return Ok(()),
        DeliveryState::Delivered => {
            ("webhook = ?1 AND state = 'delivered'", delivery.webhook_id.bytes(), DELIVERED_KEPT)
        }
        DeliveryState::Dead => ("company = ?1 AND state = 'dead'", delivery.company_id.bytes(), DEAD_KEPT),
    };
    let mut oldest = writing.connection.prepare_cached(&format!(
        "SELECT number FROM webhook_deliveries WHERE {of} ORDER BY number DESC LIMIT 1 OFFSET ?2"
    ))?;
    let last: Option<i64> = oldest.query_row(params![id, kept], |found| found.get(0)).optional()?;
    let Some(last) = last else { return Ok(()) };
    let mut delete = writing
        .connection
        .prepare_cached(&format!("DELETE FROM webhook_deliveries WHERE {of} AND number <= ?2"))?;
    let gone = delete.execute(params![id, last])?;
    if delivery.state == DeliveryState::Dead {
        metrics::counter!("webhook_dead_letters_dropped_total").increment(gone as u64);
    }
    Ok(())
}
