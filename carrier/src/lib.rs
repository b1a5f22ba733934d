//! The carrier behind one trait: Twilio's REST client, and the sandbox carrier.
//!
//! `command → Carrier → (TwilioClient → HTTPS → Twilio or the sandbox) → the carrier's own view of it`
//!
//! The trait says what a carrier can be told to do. [`twilio::TwilioClient`] says it over Twilio's REST API and
//! makes sure that an answer lost on the way does not ring a customer twice. [`sandbox`] is the other end of the
//! line: a carrier of our own, for demonstrations, tests and load. [`script::ScriptedCarrier`] stands in where a
//! test wants no network at all.
//!
//! What it does not do: it keeps no state of a call between two commands, decides nothing about the conversation,
//! and reads no webhook (that is `tsunagu-twiml` and the HTTP room).

mod call;
mod carrier;
mod conference;
mod date;
mod error;
mod recording;
pub mod sandbox;
pub mod script;
mod status;
pub mod twilio;

pub use call::{CallEvent, CallInfo, CallQuery, CallRecording, DetectionMode, MachineDetection, NewCall};
pub use carrier::Carrier;
pub use conference::{
    ConferenceEvent, ConferenceInfo, ConferenceQuery, NewParticipant, ParticipantInfo, ParticipantUpdate,
};
pub use date::CarrierDate;
pub use error::CarrierError;
pub use recording::{
    Channels, MediaFormat, MediaRequest, RecordingCommand, RecordingInfo, RecordingMedia, RecordingSource,
};
pub use status::{AnsweredBy, CallStatus, ConferenceStatus, Direction, ParticipantStatus, RecordingStatus};
