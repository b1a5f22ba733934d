//! TwiML's verbs and nouns. Every attribute is optional and absent by default; Twilio's own default then holds.
//!
//! Source of names, ranges and defaults: <https://www.twilio.com/docs/voice/twiml> and its pages.

mod client;
mod conference;
mod connect;
mod conversation_relay;
mod dial;
mod enqueue;
mod gather;
mod hangup;
mod hints;
mod leave;
mod machine_detection;
mod method;
mod number;
mod parameter;
mod pause;
mod play;
mod queue;
mod record;
mod recording;
mod recording_choice;
mod redirect;
mod refer;
mod reject;
mod say;
mod sip;
mod ssml;
mod start;
mod stop;
mod stream;
mod transcription;

pub use client::Client;
pub use conference::{Beep, Conference, ConferenceCallbackEvent, ConferenceRecord, JitterBufferSize, Region};
pub use connect::{Connect, ConnectTarget};
pub use conversation_relay::{
    ConversationRelay, EndpointTimeout, IncludeInPrompt, InterruptSensitivity, Interruptible, Language,
    RelayDebug, RelayEvent, TextNormalization, TranscriptionProvider, TtsProvider,
};
pub use dial::{Dial, DialRecord, DialTarget, Endpoint, MAX_ENDPOINTS};
pub use enqueue::{Enqueue, Task};
pub use gather::{Gather, Input, Prompt, SpeechModel, Timeout};
pub use hints::{Hints, MAX_HINT, MAX_HINTS};
pub use machine_detection::MachineDetection;
pub use method::Method;
pub use number::{CallProgressEvent, Number};
pub use parameter::Parameter;
pub use pause::Pause;
pub use play::Play;
pub use queue::Queue;
pub use record::Record;
pub use recording::{Recording, RecordingChannels};
pub use recording_choice::{RecordingCallbackEvent, RecordingTrack, Trim};
pub use redirect::Redirect;
pub use refer::Refer;
pub use reject::{Reject, RejectReason};
pub use say::{MAX_SAY, Say};
pub use sip::Sip;
pub use ssml::{
    Break, BreakStrength, Emphasis, EmphasisLevel, Lang, MAX_SPEECH_DEPTH, Paragraph, Phoneme,
    PhoneticAlphabet, Prosody, SayAs, Sentence, Speech, Sub, Word,
};
pub use start::{Start, StartNoun};
pub use stop::{Stop, StopNoun};
pub use stream::{Stream, StreamTrack};
pub use transcription::{Transcription, TranscriptionEngine};

use crate::element::read;
use crate::error::Error;
use crate::response::take;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// One instruction of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// Speaks text.
    Say(Say),
    /// Plays audio or keys.
    Play(Play),
    /// Waits in silence.
    Pause(Pause),
    /// Listens for keys or speech.
    Gather(Gather),
    /// Goes on with another document.
    Redirect(Redirect),
    /// Ends the call.
    Hangup,
    /// Declines an inbound call without answering it.
    Reject(Reject),
    /// Records the caller.
    Record(Record),
    /// Connects the call to another party or to a conference.
    Dial(Box<Dial>),
    /// Connects the call to an application over WebSocket.
    Connect(Box<Connect>),
    /// Starts a service in the background.
    Start(Start),
    /// Stops a service in the background.
    Stop(Stop),
    /// Puts the call into a queue.
    Enqueue(Enqueue),
    /// Leaves the queue in which the call waits.
    Leave,
    /// Hands a SIP call over with SIP REFER.
    Refer(Refer),
}

impl Verb {
    pub(crate) fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        match self {
            Self::Say(verb) => writer.element(verb),
            Self::Play(verb) => writer.element(verb),
            Self::Pause(verb) => writer.element(verb),
            Self::Gather(verb) => writer.element(verb),
            Self::Redirect(verb) => writer.element(verb),
            Self::Hangup => writer.element(&hangup::Hangup),
            Self::Reject(verb) => writer.element(verb),
            Self::Record(verb) => writer.element(verb),
            Self::Dial(verb) => writer.element(&**verb),
            Self::Connect(verb) => writer.element(&**verb),
            Self::Start(verb) => writer.element(verb),
            Self::Stop(verb) => writer.element(verb),
            Self::Enqueue(verb) => writer.element(verb),
            Self::Leave => writer.element(&leave::Leave),
            Self::Refer(verb) => writer.element(verb),
        }
    }
}

/// Reads a child of `<Response>`; false when it is no verb.
pub(crate) fn read_verb(node: &Node, warnings: &mut Warnings, verbs: &mut Vec<Verb>) -> bool {
    match node.name.as_str() {
        "Say" => take::<Say, _>(node, warnings, verbs),
        "Play" => take::<Play, _>(node, warnings, verbs),
        "Pause" => take::<Pause, _>(node, warnings, verbs),
        "Gather" => take::<Gather, _>(node, warnings, verbs),
        "Redirect" => take::<Redirect, _>(node, warnings, verbs),
        "Hangup" => {
            verbs.extend(read::<hangup::Hangup>(node, warnings).map(|_| Verb::Hangup));
            true
        }
        "Reject" => take::<Reject, _>(node, warnings, verbs),
        "Record" => take::<Record, _>(node, warnings, verbs),
        "Dial" => take::<Dial, _>(node, warnings, verbs),
        "Connect" => take::<Connect, _>(node, warnings, verbs),
        "Start" => take::<Start, _>(node, warnings, verbs),
        "Stop" => take::<Stop, _>(node, warnings, verbs),
        "Enqueue" => take::<Enqueue, _>(node, warnings, verbs),
        "Leave" => {
            verbs.extend(read::<leave::Leave>(node, warnings).map(|_| Verb::Leave));
            true
        }
        "Refer" => take::<Refer, _>(node, warnings, verbs),
        _ => false,
    }
}

macro_rules! into_verb {
    ($($verb:ident),+) => {
        $(impl From<$verb> for Verb {
            fn from(verb: $verb) -> Self {
                Self::$verb(verb)
            }
        })+
    };
}

into_verb!(Say, Play, Pause, Gather, Redirect, Reject, Record, Start, Stop, Enqueue, Refer);

impl From<Dial> for Verb {
    fn from(verb: Dial) -> Self {
        Self::Dial(Box::new(verb))
    }
}

impl From<Connect> for Verb {
    fn from(verb: Connect) -> Self {
        Self::Connect(Box::new(verb))
    }
}
