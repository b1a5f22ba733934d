//! What Twilio posts to an application, as typed values.
//!
//! Each type reads itself from a [`Form`] and writes itself back. A parameter that the type does not know, or an optional one
//! that cannot be read, stays in `extra`, so nothing that came is lost. Values are never trimmed or normalised.
//!
//! Sources: <https://www.twilio.com/docs/voice/twiml>, <https://www.twilio.com/docs/voice/api/call-resource>,
//! <https://www.twilio.com/docs/voice/twiml/conference>.

#[macro_use]
mod parameters;
mod amd;
mod call_status;
mod conference;
mod connect;
mod dial;
mod enqueue;
mod form;
mod gather;
mod partial;
mod record;
mod recording;
mod stream;
mod transcription;
mod voice;

pub(crate) use parameters::ParameterValue;

pub use amd::AmdEvent;
pub use call_status::CallStatusEvent;
pub use conference::{ConferenceEvent, ConferenceEventKind, ReasonConferenceEnded, ReasonParticipantLeft};
pub use connect::{ConnectResult, SessionStatus};
pub use dial::{DialCallStatus, DialResult};
pub use enqueue::{EnqueueResult, QueueResult};
pub use form::{Form, FormError, MAX_FORM, MAX_PARAMETERS};
pub use gather::{GatherInput, GatherResult};
pub use partial::PartialResult;
pub use record::RecordResult;
pub use recording::{RecordingEvent, RecordingSource, RecordingStatus};
pub use stream::{StreamEvent, StreamEventKind};
pub use transcription::{TranscriptionEvent, TranscriptionEventKind};
pub use voice::{AnsweredBy, CallStatus, Direction, VoiceRequest};

#[cfg(test)]
mod tests;
