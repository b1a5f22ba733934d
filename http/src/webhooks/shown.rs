//! A webhook as it is shown: without its secrets.

use serde::Serialize;
use tsunagu_call::{Time, WebhookId};
use tsunagu_store::{Disabled, Webhook};
use utoipa::ToSchema;

/// A registered receiver of events.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownWebhook {
    #[serde(rename = "_id")]
    id: WebhookId,
    /// Where events are posted to.
    url: String,
    /// Which types of events: names, or beginnings of names followed by `*`.
    events: Vec<String>,
    /// What it is for.
    description: Option<String>,
    /// Events are sent to it.
    enabled: bool,
    /// Why the server switched it off, if it did.
    disabled: Option<Disabled>,
    /// Since when it has taken nothing; null while the last delivery was taken.
    failing_since: Option<Time>,
    /// Until when deliveries are signed with the secret before the present one as well.
    previous_secret_expires_at: Option<Time>,
    created_at: Time,
}

/// A webhook with its new secret, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WithSecret {
    #[serde(flatten)]
    webhook: ShownWebhook,
    /// What deliveries are signed with: `whsec_` and the key in Base64.
    secret: String,
}

impl ShownWebhook {
    pub(super) fn new(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            url: webhook.url,
            events: webhook.events,
            description: webhook.description,
            enabled: webhook.enabled,
            disabled: webhook.disabled,
            failing_since: webhook.failing_since,
            previous_secret_expires_at: webhook.secrets.get(1).and_then(|secret| secret.expires_at),
            created_at: webhook.created_at,
        }
    }
}

impl WithSecret {
    pub(super) fn new(webhook: Webhook, secret: String) -> Self {
        Self { webhook: ShownWebhook::new(webhook), secret }
    }
}
