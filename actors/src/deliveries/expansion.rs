//! From the outbox to deliveries: each note is looked up in the journal, each event in it becomes one delivery for each
//! receiver that wants it, and notes and deliveries change places in one step.

use super::{
    DeliveryPorts,
    event::events_of,
    payload::{self, Message},
};
use std::collections::{BTreeSet, HashMap};
use tsunagu_call::{CallId, CompanyId, Entry, Time, WebhookId};
use tsunagu_store::{
    Delivery, DeliveryState, FIRST_SEQ, JOURNAL_PAGE, Outboxed, Outgoing, Source, Store, StoreError, Webhook,
};

/// How many notes are taken at once.
const AT_ONCE: u32 = 256;

/// What came of a look into the outbox.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    /// The receivers for which something is new.
    pub webhooks: BTreeSet<WebhookId>,
    /// There is more in the outbox.
    pub more: bool,
}

/// Takes the oldest notes.
pub(super) async fn expand(ports: &DeliveryPorts) -> Result<Expansion, StoreError> {
    let store = &*ports.store;
    let notes = store.outbox(AT_ONCE).await?;
    let Some(last) = notes.last().map(|note| note.number) else { return Ok(Expansion::default()) };
    let mut receivers: HashMap<CompanyId, Vec<Webhook>> = HashMap::new();
    let mut deliveries = Vec::new();
    for (company, messages) in messages(store, &notes).await? {
        let webhooks = match receivers.get(&company) {
            Some(known) => known,
            None => receivers.entry(company).or_insert(store.webhooks(company).await?),
        };
        let now = ports.clock.now();
        for message in &messages {
            let wanting = webhooks.iter().filter(|webhook| webhook.wants(message.event));
            deliveries.extend(wanting.map(|webhook| outgoing(webhook, message, now)));
        }
    }
    let webhooks = deliveries.iter().map(|outgoing| outgoing.delivery.webhook_id).collect();
    let queued = deliveries.len() as u64;
    let dead = store.dispatch(last, deliveries).await?;
    metrics::counter!("webhook_events_queued_total").increment(queued);
    if dead > 0 {
        metrics::counter!("webhook_deliveries_total", "outcome" => "overflow").increment(dead);
        tracing::warn!(dead, "deliveries found no room among those that wait, and are dead letters");
    }
    Ok(Expansion { webhooks, more: notes.len() >= AT_ONCE as usize })
}

/// What the notes are about, in their order; what happened on one call is read from its journal at once.
async fn messages(
    store: &dyn Store,
    notes: &[Outboxed],
) -> Result<Vec<(CompanyId, Vec<Message>)>, StoreError> {
    let mut ranges: HashMap<CallId, Vec<(u64, u64)>> = HashMap::new();
    for note in notes {
        if let Source::Call { call, first, last } = note.source {
            ranges.entry(call).or_default().push((first, last));
        }
    }
    let mut found = Vec::new();
    for note in notes {
        let messages = match note.source {
            // All of a call at its first note.
            Source::Call { call, .. } => match ranges.remove(&call) {
                Some(ranges) => of_call(store, call, &ranges).await?,
                None => continue,
            },
            Source::Callback(callback) => {
                let callback = store.callback(note.company, callback).await?;
                callback.iter().map(payload::of_callback).collect()
            }
        };
        found.push((note.company, messages));
    }
    Ok(found)
}

async fn of_call(store: &dyn Store, call: CallId, ranges: &[(u64, u64)]) -> Result<Vec<Message>, StoreError> {
    let last = ranges.iter().map(|(_, last)| *last).max().unwrap_or(0);
    let mut journal: Vec<Entry> = Vec::new();
    loop {
        let next = journal.last().map_or(FIRST_SEQ, |entry| entry.seq + 1);
        let page = store.journal(call, next, JOURNAL_PAGE).await?;
        let ends = page.len() < JOURNAL_PAGE || page.last().is_none_or(|entry| entry.seq >= last);
        journal.extend(page);
        if ends {
            break;
        }
    }
    let wanted = |seq| ranges.iter().any(|(first, last)| (*first..=*last).contains(&seq));
    match events_of(call, &journal, wanted) {
        Ok(events) => Ok(events.iter().map(payload::of_call).collect()),
        Err(error) => {
            // It will not read better next time, and others wait behind it.
            tracing::error!(%error, callId = %call, "a call's journal cannot be read for its webhooks");
            Ok(Vec::new())
        }
    }
}

fn outgoing(webhook: &Webhook, message: &Message, now: Time) -> Outgoing {
    let delivery = Delivery {
        id: crate::fresh(now),
        webhook_id: webhook.id,
        company_id: webhook.company_id,
        event_id: message.id.clone(),
        event: message.event.to_owned(),
        call_id: message.call,
        state: DeliveryState::Pending,
        attempts: 0,
        next_attempt_at: Some(now),
        last_attempt_at: None,
        last_status: None,
        last_error: None,
        created_at: now,
    };
    Outgoing { delivery, payload: message.payload.clone() }
}
