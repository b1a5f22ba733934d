//! What happened on a call or in a conference, as the inspection API tells it.

use super::clock::Clock;
use super::webhook::{Answer, Hook, HookFailure};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// At most this many entries are kept for one call; the newest are dropped then, so that the beginning stays readable.
const MAX_ENTRIES: usize = 2_000;

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The call's status changed.
    Status { status: &'static str },
    /// The person on this leg heard this (`<Say>`, an announcement, another participant).
    HeardBy { text: String, source: &'static str, interrupted: bool },
    /// The person on this leg said this.
    SaidBy { text: String, confidence: f64 },
    /// Keys were pressed by the person on this leg.
    Dtmf { digits: String },
    /// A webhook was sent.
    Webhook {
        about: String,
        url: String,
        method: &'static str,
        params: BTreeMap<String, String>,
        status: Option<u16>,
        error: Option<String>,
    },
    /// A notification was lost on purpose.
    Lost { about: String, url: String },
    /// A TwiML verb began.
    Verb { name: &'static str, detail: String },
    /// Entered a conference.
    Joined { conference_sid: String, name: String },
    /// Left a conference.
    Left { conference_sid: String, name: String, reason: &'static str },
    /// Put on hold or taken back, muted or unmuted.
    Participant { conference_sid: String, change: &'static str },
    /// Machine detection came to a result.
    Amd { answered_by: String, millis: u64 },
    /// A recording began or ended.
    Recording { recording_sid: String, status: &'static str },
    /// The person hung up.
    HungUp { by: &'static str },
    /// Something that Twilio's debugger would show as a warning.
    Warning { code: u32, message: String },
    /// Something that Twilio's debugger would show as an error.
    Error { code: u32, message: String },
}

impl Event {
    /// The entry for a webhook and its outcome.
    pub fn webhook(about: String, hook: &Hook, outcome: &Result<Answer, HookFailure>) -> Self {
        let (status, error) = match outcome {
            Ok(answer) => (Some(answer.status), None),
            Err(failure) => (None, Some(format!("{} {}", failure.code, failure.message))),
        };
        Self::sent(about, hook, status, error)
    }

    /// The entry for a webhook whose answer nobody waited for. Whether it arrived is not known.
    pub fn given_up(about: String, hook: &Hook) -> Self {
        Self::sent(about, hook, None, Some("given up before the answer came".to_owned()))
    }

    fn sent(about: String, hook: &Hook, status: Option<u16>, error: Option<String>) -> Self {
        let url = hook.url.clone();
        let params = hook.params.iter().cloned().collect();
        Event::Webhook { about, url, method: hook.method.as_str(), params, status, error }
    }
}

/// An event with its moment.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// When, in call time.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// The log of one call or conference.
#[derive(Debug)]
pub struct Journal {
    clock: Clock,
    entries: Mutex<Vec<Entry>>,
}

impl Journal {
    /// An empty log.
    pub fn new(clock: Clock) -> Self {
        Self { clock, entries: Mutex::default() }
    }

    /// Writes down that something happens now.
    pub fn add(&self, event: Event) {
        self.add_at(self.clock.now(), event);
    }

    /// Writes down that something began at `at`, which is known only now that it is over.
    pub fn add_at(&self, at: Timestamp, event: Event) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() < MAX_ENTRIES {
            entries.push(Entry { at, event });
        }
    }

    /// The present moment, for [`add_at`](Self::add_at).
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Everything so far, in the order in which it began.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone();
        entries.sort_by_key(|entry| entry.at);
        entries
    }
}
