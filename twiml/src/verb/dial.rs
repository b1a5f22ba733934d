//! `<Dial>`.

use super::{Client, Conference, Method, Number, Queue, RecordingCallbackEvent, RecordingTrack, Sip, Trim};
use crate::attribute::SCHEMA;
use crate::check::{at_most, filled, phone_number, positive, url, within};
use crate::element::{Element, children_or, read, trimmed_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// At most this many endpoints ring at the same time.
pub const MAX_ENDPOINTS: usize = 10;

/// Connects the call to other parties (the first to answer wins), to a conference, or to a caller who waits in a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dial {
    /// With whom.
    pub target: DialTarget,
    /// Where control goes when the connection is over (default: the next verb).
    pub action: Option<String>,
    /// How `action` is requested (default POST).
    pub method: Option<Method>,
    /// Seconds to ring, 5 to 600 (default 30); Twilio adds about 5.
    pub timeout: Option<u32>,
    /// Longest connection in seconds, at least 1 (default 14400).
    pub time_limit: Option<u32>,
    /// The number shown to the called party (default the caller's).
    pub caller_id: Option<String>,
    /// Whether the caller's leg is answered only when the called party's is (default false).
    pub answer_on_bridge: Option<bool>,
    /// Whether the caller ends the connection with `*` (default false).
    pub hangup_on_star: Option<bool>,
    /// Whether the connection is recorded (default not).
    pub record: Option<DialRecord>,
    /// Where the state of the recording is posted.
    pub recording_status_callback: Option<String>,
    /// How that is requested (default POST).
    pub recording_status_callback_method: Option<Method>,
    /// What it is requested for (default completed).
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
    /// What is recorded (default both).
    pub recording_track: Option<RecordingTrack>,
    /// Whether silence is cut off the recording (default do-not-trim).
    pub trim: Option<Trim>,
    /// Where a SIP REFER of the called party is posted.
    pub refer_url: Option<String>,
    /// How that is requested (default POST).
    pub refer_method: Option<Method>,
    /// The ringing tone, as a country such as `jp`.
    pub ring_tone: Option<String>,
    /// Whether the endpoints ring one after another (default false).
    pub sequential: Option<bool>,
    /// Why it is called, shown by some carriers; at most 50 characters.
    pub call_reason: Option<String>,
    /// Sid of a recording configuration.
    pub recording_configuration_id: Option<String>,
}

/// With whom a call is connected; kinds cannot be mixed (13000).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialTarget {
    /// One to [`MAX_ENDPOINTS`] endpoints.
    Endpoints(Vec<Endpoint>),
    /// A conference.
    Conference(Box<Conference>),
    /// Whoever waits longest in a queue.
    Queue(Queue),
}

/// Someone to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A telephone.
    Number(Box<Number>),
    /// An application.
    Client(Box<Client>),
    /// A SIP address.
    Sip(Box<Sip>),
}

keywords! {
    /// Whether and how a connection is recorded.
    pub enum DialRecord {
        /// It is not.
        DoNotRecord = "do-not-record" | "false",
        /// From the answer, both parties in one channel.
        RecordFromAnswer = "record-from-answer" | "true",
        /// From the first ring, both parties in one channel.
        RecordFromRinging = "record-from-ringing",
        /// From the answer, a channel each.
        RecordFromAnswerDual = "record-from-answer-dual",
        /// From the first ring, a channel each.
        RecordFromRingingDual = "record-from-ringing-dual",
    }
}

attributes!(Dial, "Dial" {
    "action" => action: 11100, url;
    "method" => method: 13210;
    "timeout" => timeout: 13212, within(5, 600);
    "timeLimit" => time_limit: 13216, positive;
    "callerId" => caller_id: 13214, filled;
    "answerOnBridge" => answer_on_bridge;
    "hangupOnStar" => hangup_on_star: 13213;
    "record" => record: 13217;
    "recordingStatusCallback" => recording_status_callback: 11100, url;
    "recordingStatusCallbackMethod" => recording_status_callback_method;
    "recordingStatusCallbackEvent" => recording_status_callback_event;
    "recordingTrack" => recording_track;
    "trim" => trim;
    "referUrl" => refer_url: 11100, url;
    "referMethod" => refer_method;
    "ringTone" => ring_tone: 12200, filled;
    "sequential" => sequential;
    "callReason" => call_reason: 12200, at_most(50);
    "recordingConfigurationId" => recording_configuration_id: 12200, filled;
});

impl Element for Dial {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        match &self.target {
            DialTarget::Endpoints(endpoints) => endpoints.iter().try_for_each(|endpoint| match endpoint {
                Endpoint::Number(noun) => writer.element(&**noun),
                Endpoint::Client(noun) => writer.element(&**noun),
                Endpoint::Sip(noun) => writer.element(&**noun),
            }),
            DialTarget::Conference(noun) => writer.element(&**noun),
            DialTarget::Queue(noun) => writer.element(noun),
        }
    }

    /// The first noun decides of which kind the others may be. A bare text is a number.
    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        let mut endpoints = Vec::new();
        let mut room = None;
        let text = trimmed_text(node);
        if !text.is_empty() {
            match phone_number(&text) {
                Ok(()) => endpoints.push(Endpoint::from(Number::new(text))),
                Err(reason) => warnings.add(13223, "Dial", None, format!("{reason}; the number is skipped")),
            }
        }
        children_or(node, warnings, 13215, |child, warnings| {
            let name = child.name.as_str();
            let mixed = match name {
                "Number" | "Client" | "Sip" => room.is_some(),
                "Conference" | "Queue" => room.is_some() || !endpoints.is_empty(),
                _ => return false,
            };
            if mixed {
                warnings.add(13000, name, None, "cannot be mixed with the noun before it; it is skipped");
                return true;
            }
            match name {
                "Number" => endpoints.extend(read::<Number>(child, warnings).map(Endpoint::from)),
                "Client" => endpoints.extend(read::<Client>(child, warnings).map(Endpoint::from)),
                "Sip" => endpoints.extend(read::<Sip>(child, warnings).map(Endpoint::from)),
                "Conference" => room = read::<Conference>(child, warnings).map(DialTarget::from),
                _ => room = read::<Queue>(child, warnings).map(DialTarget::from),
            }
            true
        });
        if endpoints.len() > MAX_ENDPOINTS {
            let message = format!("more than {MAX_ENDPOINTS} endpoints; the rest is skipped");
            warnings.add(SCHEMA, "Dial", None, message);
            endpoints.truncate(MAX_ENDPOINTS);
        }
        self.target = room.unwrap_or(DialTarget::Endpoints(endpoints));
    }

    fn check(&self) -> Result<(), Error> {
        match &self.target {
            DialTarget::Endpoints(endpoints) if endpoints.is_empty() => {
                Err(Self::refuse(13215, "needs someone to dial"))
            }
            DialTarget::Endpoints(endpoints) if endpoints.len() > MAX_ENDPOINTS => {
                Err(Self::refuse(SCHEMA, format!("more than {MAX_ENDPOINTS} endpoints")))
            }
            _ => Ok(()),
        }
    }
}

impl Dial {
    /// Dials a target.
    pub fn new(target: impl Into<DialTarget>) -> Self {
        Self { target: target.into(), ..Self::default() }
    }
}

impl Default for DialTarget {
    fn default() -> Self {
        Self::Endpoints(Vec::new())
    }
}

impl From<Conference> for DialTarget {
    fn from(noun: Conference) -> Self {
        Self::Conference(Box::new(noun))
    }
}

impl From<Queue> for DialTarget {
    fn from(noun: Queue) -> Self {
        Self::Queue(noun)
    }
}

impl<E: Into<Endpoint>> From<E> for DialTarget {
    fn from(endpoint: E) -> Self {
        Self::Endpoints(vec![endpoint.into()])
    }
}

macro_rules! into_endpoint {
    ($($noun:ident),+) => {
        $(impl From<$noun> for Endpoint {
            fn from(noun: $noun) -> Self {
                Self::$noun(Box::new(noun))
            }
        })+
    };
}

into_endpoint!(Number, Client, Sip);
