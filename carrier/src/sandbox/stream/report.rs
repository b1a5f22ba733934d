//! What is told of a stream: to its status callback, and to those who look into the call's log.

use super::{Stream, StreamPlan};
use crate::sandbox::call::Call;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::fault::HookKind;
use crate::sandbox::log::Event;
use crate::sandbox::webhook::{Hook, Notification, Params};
use crate::sandbox::websocket::{Closed, Failure, NORMAL, OpenError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The sandbox plays so many milliseconds of sound, and hears nothing in it.
const SOUND: &str = "stream";

/// Tells of one stream.
pub struct Reporter<'a> {
    exchange: &'a Arc<Exchange>,
    call: &'a Arc<Call>,
    stream: &'a Stream,
    plan: &'a StreamPlan,
    warned: BTreeSet<u32>,
}

impl<'a> Reporter<'a> {
    /// Has told nothing yet.
    pub fn new(
        exchange: &'a Arc<Exchange>,
        call: &'a Arc<Call>,
        stream: &'a Stream,
        plan: &'a StreamPlan,
    ) -> Self {
        Self { exchange, call, stream, plan, warned: BTreeSet::new() }
    }

    /// It has started.
    pub fn started(&self) {
        self.report("stream-started", None);
    }

    /// It is over.
    pub fn stopped(&self) {
        self.report("stream-stopped", None);
    }

    /// It has failed, or will now.
    pub fn failed(&self, code: u32, message: String) {
        self.exchange.counters.erred();
        self.report("stream-error", Some(format!("{code}: {message}")));
        self.call.journal.add(Event::Error { code, message });
    }

    /// It did not come about.
    pub fn not_opened(&self, error: OpenError) {
        let code = match error.failure {
            Failure::Malformed => 31923,
            Failure::Timeout => 31901,
            Failure::Refused => 31902,
            Failure::Broken => 31903,
            Failure::Unreachable => 31904,
            Failure::Tls => 31910,
            Failure::Handshake => 31920,
        };
        self.failed(code, error.message);
    }

    /// The program has ended it. That is an error for Twilio's debugger, however politely it was done; to the
    /// application an agreed close is told as a stop alone.
    pub fn closed(&self, closed: &Closed) {
        match closed {
            Closed::Frame { code: NORMAL, .. } => {
                self.exchange.counters.erred();
                self.call.journal.add(Event::Error { code: 31921, message: closed.to_string() });
            }
            Closed::Frame { .. } => self.failed(31921, closed.to_string()),
            Closed::Protocol(_) => self.failed(31924, closed.to_string()),
            Closed::Lost(_) => self.failed(31903, closed.to_string()),
        }
    }

    /// Something is wrong with what the program sent. Twilio says so once for each stream and code.
    pub fn warn(&mut self, code: u32, message: String) {
        if self.warned.insert(code) {
            self.exchange.counters.warned();
            self.call.journal.add(Event::Warning { code, message });
        }
    }

    /// Sound of the program's was played.
    pub fn heard(&self, secs: f64, interrupted: bool) {
        let text = format!("{:.2} s of sound", secs);
        self.call.journal.add(Event::HeardBy { text, source: SOUND, interrupted });
    }

    fn report(&self, event: &str, error: Option<String>) {
        let Some((url, method)) = self.plan.callback.clone() else { return };
        let now = self.exchange.clock.now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let mut params: Params = [
            ("AccountSid", self.exchange.config.account_sid.as_str()),
            ("CallSid", self.call.sid()),
            ("StreamSid", &self.stream.sid),
            ("StreamName", self.stream.name.as_deref().unwrap_or(&self.stream.sid)),
            ("StreamEvent", event),
            ("Timestamp", &now),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        params.extend(error.map(|error| ("StreamError".to_owned(), error)));
        let hook = Hook { kind: HookKind::Stream, url, method, params };
        self.call.lane.push(&self.exchange.runtime, Notification { hook, about: event.to_owned() });
    }
}
