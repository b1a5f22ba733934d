//! One attempt: a letter is signed, posted, and what came of it is noted.

use super::{
    Answer, DeliveryPorts, Letter, Trouble,
    lease::{CLAIMING, NOTING, lease},
    signing::signature,
    verdict::{judge, told},
};
use rand::RngExt;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::timeout};
use tsunagu_call::DeliveryId;
use tsunagu_store::{Attempt, AttemptResult, Outgoing, StoreError, Webhook};

/// How often a store that is busy or away is asked to note an attempt, and how long the first wait is; each is twice the
/// last.
const NOTE_ATTEMPTS: u32 = 8;
const NOTE_PAUSE: Duration = Duration::from_millis(100);

/// How a single post came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// What was answered, as an HTTP status.
    pub status: Option<u16>,
    /// Why it was not taken.
    pub error: Option<String>,
    /// How long it took.
    pub taken: Duration,
    outcome: Result<Answer, Trouble>,
}

/// Posts a letter once, signed with every secret that is good at this moment.
pub(super) async fn post(ports: &DeliveryPorts, webhook: &Webhook, id: &str, body: &Arc<str>) -> Tried {
    // Receivers compare the time with their own clock, which runs no faster than the wall's.
    let timestamp = ports.clock.wall().millis() / 1000;
    let begun = tokio::time::Instant::now();
    let outcome = match signature(webhook.keys(ports.clock.now()), id, timestamp, body) {
        Ok(signature) => {
            let headers = [
                ("webhook-id", id.to_owned()),
                ("webhook-timestamp", timestamp.to_string()),
                ("webhook-signature", signature),
            ];
            let letter = Letter { url: webhook.url.clone(), headers, body: body.clone() };
            timeout(ports.courier.longest(), ports.courier.post(letter)).await.unwrap_or(Err(Trouble::Late))
        }
        Err(error) => Err(Trouble::Refused(error.to_string())),
    };
    let status = outcome.as_ref().ok().map(|answer| answer.status);
    let error = (!matches!(status, Some(200..=299))).then(|| told(&outcome));
    Tried { status, error, taken: begun.elapsed(), outcome }
}

/// Posts a delivery, unless another node does, and notes how that came out. Says whether that is so: if not, it will be posted
/// again.
pub(super) async fn deliver(
    ports: &DeliveryPorts,
    posts: &Semaphore,
    webhook: &Webhook,
    outgoing: &Outgoing,
) -> bool {
    let Ok(_permit) = posts.acquire().await else { return false };
    let delivery = &outgoing.delivery;
    match claim(ports, delivery.id).await {
        Ok(true) => {}
        Ok(false) => return true,
        Err(error) => {
            tracing::warn!(%error, delivery = %delivery.id, "a delivery could not be claimed");
            return false;
        }
    }
    let tried = post(ports, webhook, &delivery.event_id, &outgoing.payload).await;
    let now = ports.clock.now();
    let chance = rand::rng().random();
    let result = judge(&tried.outcome, delivery.attempts.saturating_add(1), now, chance);
    metrics::histogram!("webhook_post_seconds").record(tried.taken.as_secs_f64());
    metrics::counter!("webhook_deliveries_total", "outcome" => word(&result)).increment(1);
    if result == AttemptResult::Delivered {
        let age = now.since(delivery.created_at);
        metrics::histogram!("webhook_delivery_age_seconds").record(age.as_secs_f64());
    }
    let attempt = Attempt { webhook: webhook.id, delivery: delivery.id, now, status: tried.status, result };
    note(ports, attempt).await
}

/// Whether it is this node that posts it. Where nobody shares the store, it is.
async fn claim(ports: &DeliveryPorts, delivery: DeliveryId) -> Result<bool, StoreError> {
    let Some(shared) = ports.store.shared() else { return Ok(true) };
    let now = ports.clock.now();
    let until = now.plus_millis(
        i64::try_from(lease(ports.courier.longest(), &ports.clock).as_millis()).unwrap_or(i64::MAX),
    );
    match timeout(CLAIMING, shared.claim_delivery(delivery, now, until)).await {
        Ok(claimed) => claimed,
        Err(_) => Err(StoreError::Unavailable { reason: "a claim was not confirmed in time", source: None }),
    }
}

/// Notes how an attempt came out, for so long at the most as others leave the delivery to this node.
async fn note(ports: &DeliveryPorts, attempt: Attempt) -> bool {
    let delivery = attempt.delivery;
    let noted = timeout(NOTING, try_to_note(ports, attempt)).await.unwrap_or(None);
    if noted.is_none() {
        tracing::warn!(%delivery, "an attempt could not be noted; it will be posted again");
    }
    noted.unwrap_or(false)
}

/// `None` when the store was busy or away all the time.
async fn try_to_note(ports: &DeliveryPorts, attempt: Attempt) -> Option<bool> {
    let mut pause = NOTE_PAUSE;
    for _ in 0..NOTE_ATTEMPTS {
        match ports.store.note_attempt(attempt.clone()).await {
            Ok(None) => return Some(true),
            Ok(Some(webhook)) => {
                metrics::counter!("webhooks_disabled_total").increment(1);
                let reason = webhook.disabled.map(|disabled| disabled.reason);
                tracing::warn!(webhook = %webhook.id, company = %webhook.company_id, ?reason, "webhook switched off");
                return Some(true);
            }
            Err(error) if error.is_transient() => {
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2);
            }
            Err(error) => {
                tracing::error!(%error, delivery = %attempt.delivery, "an attempt could not be noted");
                return Some(false);
            }
        }
    }
    None
}

const fn word(result: &AttemptResult) -> &'static str {
    match result {
        AttemptResult::Delivered => "delivered",
        AttemptResult::Again { .. } => "retried",
        AttemptResult::Dead { .. } => "dead",
    }
}
