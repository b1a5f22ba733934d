//! A webhook: a receiver that a company registered for what happens on its calls.

use crate::{Attempt, AttemptResult};
use serde::{Deserialize, Serialize};
use std::fmt;
use tsunagu_call::{CompanyId, Time, WebhookId};

/// A registered receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// The webhook.
    #[serde(rename = "_id")]
    pub id: WebhookId,
    /// Whose.
    pub company_id: CompanyId,
    /// Where events are posted to.
    pub url: String,
    /// Which types of events: each its name, or the beginning of names followed by `*`.
    pub events: Vec<String>,
    /// What it is for, in the company's words.
    #[serde(default)]
    pub description: Option<String>,
    /// What deliveries are signed with, the newest first; at most two.
    pub secrets: Vec<SigningSecret>,
    /// Events are sent to it.
    pub enabled: bool,
    /// Why it was switched off, when no person did it.
    #[serde(default)]
    pub disabled: Option<Disabled>,
    /// Since when no delivery has been taken; absent while the last one was.
    #[serde(default)]
    pub failing_since: Option<Time>,
    /// When it was registered.
    pub created_at: Time,
}

/// A key that deliveries are signed with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningSecret {
    /// `whsec_` and the key in Base64.
    pub key: String,
    /// When it was made.
    pub created_at: Time,
    /// Until when it signs; absent for the present one.
    #[serde(default)]
    pub expires_at: Option<Time>,
}

/// A key is never printed.
impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningSecret").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// That a webhook was switched off by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Disabled {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: DisabledReason,
}

/// Why a webhook was switched off by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DisabledReason {
    /// It answered 410: it does not want any more.
    Gone,
    /// It has taken nothing for days.
    Failing,
}

/// What to change about a webhook; what is `None` stays. The inner `None` empties a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WebhookChange {
    /// Where events are posted to.
    pub url: Option<String>,
    /// Which types of events.
    pub events: Option<Vec<String>>,
    /// What it is for.
    pub description: Option<Option<String>>,
    /// Whether events are sent to it.
    pub enabled: Option<bool>,
}

impl Webhook {
    /// How long a receiver may take nothing before it is switched off, in milliseconds: five days.
    pub const FAILING_MILLIS: i64 = 5 * 24 * 60 * 60 * 1000;

    /// It is on, and takes events of this type.
    pub fn wants(&self, event: &str) -> bool {
        let fits = |wanted: &String| match wanted.strip_suffix('*') {
            Some(beginning) => event.starts_with(beginning),
            None => wanted == event,
        };
        self.enabled && self.events.iter().any(fits)
    }

    /// The keys that sign at this moment, the newest first.
    pub fn keys(&self, now: Time) -> impl Iterator<Item = &str> {
        let good = move |secret: &&SigningSecret| secret.expires_at.is_none_or(|end| now < end);
        self.secrets.iter().filter(good).map(|secret| secret.key.as_str())
    }

    /// Signs with a new secret from now on, and with the one before until `until`; older ones are over.
    pub fn rotate(&mut self, secret: SigningSecret, until: Time) {
        self.secrets.truncate(1);
        for before in &mut self.secrets {
            before.expires_at = Some(until);
        }
        self.secrets.insert(0, secret);
    }

    /// Applies a change. Switched on again, or sent elsewhere, it begins anew.
    pub fn change(&mut self, change: WebhookChange) {
        if change.url.as_ref().is_some_and(|url| *url != self.url) || change.enabled == Some(true) {
            self.failing_since = None;
        }
        if change.enabled.is_some() {
            self.disabled = None;
        }
        self.url = change.url.unwrap_or_else(|| std::mem::take(&mut self.url));
        self.events = change.events.unwrap_or_else(|| std::mem::take(&mut self.events));
        self.description = change.description.unwrap_or_else(|| self.description.take());
        self.enabled = change.enabled.unwrap_or(self.enabled);
    }

    /// Notes how an attempt came out. Says whether it was switched off for it.
    pub fn tried(&mut self, attempt: &Attempt) -> bool {
        match attempt.result {
            AttemptResult::Delivered => {
                self.failing_since = None;
                false
            }
            AttemptResult::Again { .. } => self.failed(false, attempt.now),
            AttemptResult::Dead { gone, .. } => self.failed(gone, attempt.now),
        }
    }

    fn failed(&mut self, gone: bool, now: Time) -> bool {
        let since = *self.failing_since.get_or_insert(now);
        let reason = match gone {
            true => DisabledReason::Gone,
            false if now >= since.plus_millis(Self::FAILING_MILLIS) => DisabledReason::Failing,
            false => return false,
        };
        if !self.enabled {
            return false;
        }
        (self.enabled, self.disabled) = (false, Some(Disabled { at: now, reason }));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_millis(1_790_000_000_000);

    fn secret(key: &str) -> SigningSecret {
        SigningSecret { key: key.into(), created_at: NOW, expires_at: None }
    }

    fn webhook(events: &[&str]) -> Webhook {
        Webhook {
            id: WebhookId::from_bytes([1; 12]),
            company_id: CompanyId::from_bytes([2; 12]),
            url: "https://example.jp/hook".into(),
            events: events.iter().map(|event| (*event).to_owned()).collect(),
            description: None,
            secrets: vec![secret("whsec_first")],
            enabled: true,
            disabled: None,
            failing_since: None,
            created_at: NOW,
        }
    }

    #[test]
    fn names_and_beginnings_are_wanted() {
        for (wanted, event, expected) in [
            ("*", "call.ended", true),
            ("call.*", "call.handoff.failed", true),
            ("call.handoff.*", "call.ended", false),
            ("call.ended", "call.ended", true),
            ("call.ended", "call.ended.again", false),
        ] {
            assert_eq!(webhook(&[wanted]).wants(event), expected, "{wanted} {event}");
        }
        assert!(!Webhook { enabled: false, ..webhook(&["*"]) }.wants("call.ended"));
    }

    #[test]
    fn two_secrets_sign_for_a_while_and_never_three() {
        let mut webhook = webhook(&["*"]);
        webhook.rotate(secret("whsec_second"), NOW.plus_secs(60));
        assert_eq!(webhook.keys(NOW).collect::<Vec<_>>(), ["whsec_second", "whsec_first"]);
        assert_eq!(webhook.keys(NOW.plus_secs(60)).collect::<Vec<_>>(), ["whsec_second"]);
        webhook.rotate(secret("whsec_third"), NOW.plus_secs(90));
        assert_eq!(webhook.keys(NOW).collect::<Vec<_>>(), ["whsec_third", "whsec_second"]);
        assert!(!format!("{webhook:?}").contains("whsec_"));
    }

    #[test]
    fn days_of_failing_switch_it_off_and_one_success_forgives_them() {
        let mut webhook = webhook(&["*"]);
        let days = |days: i64| NOW.plus_millis(days * 24 * 60 * 60 * 1000);
        assert!(!webhook.failed(false, NOW) && !webhook.failed(false, days(4)));
        webhook.failing_since = None;
        assert!(!webhook.failed(false, days(5)) && !webhook.failed(false, days(9)));
        assert!(webhook.failed(false, days(10)));
        assert_eq!(webhook.disabled, Some(Disabled { at: days(10), reason: DisabledReason::Failing }));
        assert!(!webhook.failed(false, days(11)), "once is enough");
        webhook.change(WebhookChange { enabled: Some(true), ..WebhookChange::default() });
        assert_eq!((webhook.enabled, webhook.disabled, webhook.failing_since), (true, None, None));
        assert!(webhook.failed(true, NOW));
        assert_eq!(webhook.disabled.map(|disabled| disabled.reason), Some(DisabledReason::Gone));
    }
}
