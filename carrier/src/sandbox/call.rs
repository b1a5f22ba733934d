//! One call as the exchange keeps it: what never changes, what does, and how to reach the task that drives it.

use super::callback::Subscription;
use super::clock::{Clock, rfc2822};
use super::farewell::Farewell;
use super::log::{Event, Journal};
use super::room::Seat;
use super::stream::Stream;
use super::transcription::Transcriptions;
use super::webhook::{CookieJar, Lane, Method, Params};
use crate::{CallStatus, Direction};
use jiff::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// At most this many orders wait for a call's task; a REST request that finds it full is refused with 429.
pub const MAX_ORDERS: usize = 64;

/// Where a call gets its instructions.
#[derive(Debug, Clone)]
pub enum Source {
    /// A document at this URL.
    Url { url: String, method: Method, fallback: Option<(String, Method)> },
    /// TwiML given in the request itself; it has no base URL.
    Inline(String),
    /// Straight into a conference, as a participant created over REST.
    Conference(Box<ConferencePlan>),
    /// Dialled by another call: perhaps a whisper first, then joined to the parent.
    Bridge { whisper: Option<(String, Method)> },
}

/// How a leg takes part in a conference.
#[derive(Debug, Clone)]
pub struct ConferencePlan {
    /// The conference's name.
    pub name: String,
    /// Its sid, when a place is already reserved.
    pub sid: Option<String>,
    /// The participant; the call sid in it is filled in.
    pub seat: Seat,
    /// What those who wait hear: URL and method; `Some` with an empty URL is silence.
    pub wait: Option<(String, Method)>,
    /// What counts if this participant is the first.
    pub terms: Terms,
}

/// What the first participant settles for the whole conference.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Conference events.
    pub events: Option<Subscription>,
    /// Recording from the start.
    pub record: bool,
    /// Recording progress.
    pub recording: Option<Subscription>,
    /// 2 to 250.
    pub max_participants: usize,
    /// `region` in the resource.
    pub region: String,
}

impl Default for Terms {
    fn default() -> Self {
        Self { events: None, record: false, recording: None, max_participants: 250, region: "us1".into() }
    }
}

/// Who ends a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HangupBy {
    /// The person on the leg.
    Person,
    /// A REST request.
    Rest,
    /// Its own TwiML, by a verb or by its end.
    Document,
    /// `TimeLimit`.
    TimeLimit,
    /// The call that dialled it, or the other side of a bridge.
    Parent,
    /// An application error.
    Failure,
}

impl HangupBy {
    /// The name in the log.
    pub fn name(self) -> &'static str {
        match self {
            HangupBy::Person => "person",
            HangupBy::Rest => "rest",
            HangupBy::Document => "document",
            HangupBy::TimeLimit => "time_limit",
            HangupBy::Parent => "parent",
            HangupBy::Failure => "failure",
        }
    }
}

/// What a call's task can be told.
#[derive(Debug)]
pub enum Order {
    /// Run this instead, at once.
    Redirect(Source),
    /// End the call (or its ringing).
    Hangup(HangupBy),
    /// Give up a call that has not been answered.
    Cancel,
    /// The person will hang up then.
    LeaveAt(Instant),
    /// A new `TimeLimit`, in seconds from the answer.
    TimeLimit(f64),
}

/// What somebody who plays the person on a leg by hand does.
#[derive(Debug, Clone, PartialEq)]
pub enum ByHand {
    /// Says this.
    Say(String),
    /// Presses these keys.
    Press(String),
}

/// Machine detection, as ordered.
#[derive(Debug, Clone)]
pub struct Detection {
    /// `DetectMessageEnd` rather than `Enable`.
    pub to_message_end: bool,
    /// Where the result goes; `None`: the voice URL waits for it.
    pub callback: Option<(String, Method)>,
    /// Gives up after this many seconds.
    pub timeout: f64,
}

/// What is settled when a call is created.
#[derive(Debug)]
pub struct Facts {
    /// `CA…`.
    pub sid: String,
    /// Rises with every call of this sandbox.
    pub ordinal: u64,
    /// Whom it rings, or who is rung by an inbound call.
    pub to: String,
    /// Who it seems to come from.
    pub from: String,
    /// Who started it.
    pub direction: Direction,
    /// The call that dialled it.
    pub parent: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// Seconds to ring, without the five that are always added.
    pub timeout: f64,
    /// Machine detection.
    pub detection: Option<Detection>,
    /// Record from the answer on.
    pub record: Option<RecordPlan>,
    /// Keys pressed on answer.
    pub send_digits: Option<String>,
    /// `CallerName`, `ForwardedFrom`: sent along if given.
    pub extra: Params,
}

/// How a recording is made and reported.
#[derive(Debug, Clone)]
pub struct RecordPlan {
    /// 1 or 2.
    pub channels: u16,
    /// `inbound`, `outbound`, `both`.
    pub track: String,
    /// `RecordingSource`.
    pub source: &'static str,
    /// Progress.
    pub callback: Option<Subscription>,
}

/// What changes in a call's life.
pub struct State {
    /// Where it stands.
    pub status: CallStatus,
    /// When it last changed.
    pub updated: Timestamp,
    /// When it was dialled.
    pub started: Option<Timestamp>,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Milliseconds in the queue.
    pub queue_ms: u64,
    /// Result of machine detection.
    pub answered_by: Option<&'static str>,
    /// SIP code of a call that was not connected.
    pub sip: Option<u16>,
    /// Call progress callback.
    pub progress: Option<Subscription>,
    /// Seconds after the answer at which it is ended.
    pub time_limit: f64,
    /// The conference that it is in: sid and name.
    pub conference: Option<(String, String)>,
    /// What is requested when the call ends or is redirected inside the running verb.
    pub farewell: Option<Farewell>,
    /// Its streams.
    pub streams: Vec<Arc<Stream>>,
    /// Calls that it has dialled.
    pub children: Vec<Arc<Call>>,
    /// Recordings that end with the call, that of `Record=true` first.
    pub recordings: Vec<String>,
    /// The persona's name, for inspection.
    pub persona: Option<String>,
}

/// A call.
pub struct Call {
    /// What never changes.
    pub facts: Facts,
    /// What happened.
    pub journal: Arc<Journal>,
    /// Cookies of its webhooks.
    pub jar: Arc<CookieJar>,
    /// Its notifications, in order.
    pub lane: Arc<Lane>,
    /// The way to its task.
    pub orders: mpsc::Sender<Order>,
    /// The way to a person played by hand.
    pub by_hand: mpsc::Sender<ByHand>,
    /// Its status, for those who wait for it (`<Dial>`).
    pub progress: watch::Sender<CallStatus>,
    /// Set when a whispered call is ready to be joined with its parent.
    pub ready: watch::Sender<bool>,
    /// What is said on it, written down.
    pub transcriptions: Transcriptions,
    state: Mutex<State>,
    sequence: AtomicU64,
}

impl Call {
    /// A call in its first state.
    pub fn new(
        facts: Facts,
        state: State,
        journal: Arc<Journal>,
        jar: Arc<CookieJar>,
        lane: Arc<Lane>,
        orders: mpsc::Sender<Order>,
        by_hand: mpsc::Sender<ByHand>,
    ) -> Self {
        let progress = watch::Sender::new(state.status);
        let ready = watch::Sender::new(false);
        let (state, sequence) = (Mutex::new(state), AtomicU64::new(0));
        Self {
            facts,
            journal,
            jar,
            lane,
            orders,
            by_hand,
            progress,
            ready,
            transcriptions: Transcriptions::default(),
            state,
            sequence,
        }
    }

    /// `CA…`.
    pub fn sid(&self) -> &str {
        &self.facts.sid
    }

    /// Reads the state.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state.
    pub fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where it stands.
    pub fn status(&self) -> CallStatus {
        self.read(|state| state.status)
    }

    /// The status as REST names it, which does not know `initiated`.
    pub fn rest_status(&self) -> &'static str {
        match self.status() {
            CallStatus::Initiated => CallStatus::Queued.as_str(),
            status => status.as_str(),
        }
    }

    /// Moves on to `status` and logs it. A final status stays.
    pub fn advance(&self, status: CallStatus, now: Timestamp) -> bool {
        let moved = self.write(|state| {
            if state.status.is_final() {
                return false;
            }
            state.status = status;
            state.updated = now;
            match status {
                CallStatus::Initiated => state.started = Some(now),
                CallStatus::InProgress => state.answered = Some(now),
                status if status.is_final() => state.ended = Some(now),
                _ => {}
            }
            true
        });
        if moved {
            self.journal.add(Event::Status { status: status.as_str() });
            self.progress.send_replace(status);
        }
        moved
    }

    /// Whole seconds between answer and end (or `now`), 0 for a call that was never answered.
    pub fn duration(&self, now: Timestamp) -> u64 {
        self.read(|state| {
            let end = state.ended.unwrap_or(now);
            state.answered.map_or(0, |answered| Clock::between(answered, end).round() as u64)
        })
    }

    /// The next `SequenceNumber` of its progress callbacks.
    pub fn next_sequence(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::Relaxed)
    }

    /// The number of the person on this leg.
    pub fn party(&self) -> &str {
        match self.facts.direction {
            Direction::Inbound => &self.facts.from,
            _ => &self.facts.to,
        }
    }

    /// The parameters that every webhook about this call carries.
    pub fn standard(&self, account: &str) -> Params {
        let facts = &self.facts;
        let mut params: Params = [
            ("CallSid", facts.sid.as_str()),
            ("AccountSid", account),
            ("From", &facts.from),
            ("To", &facts.to),
            ("CallStatus", self.status().as_str()),
            ("ApiVersion", "2010-04-01"),
            ("Direction", facts.direction.as_str()),
            ("Caller", &facts.from),
            ("Called", &facts.to),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        if let Some(parent) = &facts.parent {
            params.push(("ParentCallSid".into(), parent.clone()));
        }
        params.extend(facts.extra.iter().cloned());
        params
    }

    /// The resource as REST shows it.
    pub fn resource(&self, account: &str, now: Timestamp) -> serde_json::Value {
        let facts = &self.facts;
        let uri = format!("/2010-04-01/Accounts/{account}/Calls/{}", facts.sid);
        let duration = self.duration(now).to_string();
        let date = |at: Option<Timestamp>| at.map(rfc2822);
        let status = self.rest_status();
        self.read(|state| {
            serde_json::json!({
                "sid": facts.sid,
                "account_sid": account,
                "parent_call_sid": facts.parent,
                "date_created": rfc2822(facts.created),
                "date_updated": rfc2822(state.updated),
                "to": facts.to,
                "to_formatted": facts.to,
                "from": facts.from,
                "from_formatted": facts.from,
                "phone_number_sid": null,
                "status": status,
                "start_time": date(state.answered.or(state.started.filter(|_| state.status.is_final()))),
                "end_time": date(state.ended),
                "duration": state.ended.map(|_| duration),
                "price": null,
                "price_unit": "USD",
                "direction": facts.direction.as_str(),
                "answered_by": state.answered_by,
                "annotation": null,
                "api_version": "2010-04-01",
                "forwarded_from": null,
                "group_sid": null,
                "caller_name": null,
                "queue_time": state.queue_ms.to_string(),
                "trunk_sid": null,
                "uri": format!("{uri}.json"),
                "subresource_uris": {
                    "notifications": format!("{uri}/Notifications.json"),
                    "recordings": format!("{uri}/Recordings.json"),
                    "streams": format!("{uri}/Streams.json"),
                    "transcriptions": format!("{uri}/Transcriptions.json"),
                    "events": format!("{uri}/Events.json"),
                },
            })
        })
    }
}
