//! A live call as pure data: its events, its machine, the hand-over and the routing of agents.
//!
//! input + time → [`Call::step`] → events (for the journal), commands (for the world), a reply (for the carrier)
//!
//! A call can always be rebuilt from its journal: [`Call::rebuild`]. This crate reads no clock, draws no random number,
//! and knows no protocol: TwiML, HTTP, databases and actors live elsewhere.

mod asking;
mod brought;
mod call;
mod calling;
pub mod campaign;
mod command;
mod directive;
mod event;
mod fold;
pub mod handover;
mod id;
mod input;
mod invariant;
mod leaving;
mod party;
mod projection;
mod record;
mod recording;
mod room;
pub mod routing;
mod rules;
mod step;
mod supervision;
mod takeover;
mod time;
mod transcription;
mod when;

pub use call::{Call, LegState, Prompt, call_of_room, room_name};
pub use calling::CallingWindow;
pub use command::{Command, CommandId, Settlement};
pub use directive::{AgentReply, Briefing, CustomerReply, Directive, Dismissal, SupervisorReply};
pub use event::{Created, EndReason, Entry, Event, Leg, LegStatus, Recorded, RoomChange};
pub use fold::JournalError;
pub use handover::{AgentLeg, Handover, Stage};
pub use id::{
    CallId, CallbackId, CampaignId, CompanyId, CustomerId, DeliveryId, DocumentId, Id, NodeId, NotAnId,
    UserId, WebhookId,
};
pub use input::{Input, Refusal, Reply, Utterance};
pub use invariant::{Broken, INVARIANTS};
pub use leaving::{Farewell, Leaving};
pub use party::{AgentRef, CustomerRef};
pub use projection::MAX_TRANSCRIPT_LINES;
pub use record::{
    AiConfiguration, CallRecord, ModeSince, Participant, Role, Speaker, Status, SupervisionRecord,
    TranscriptLine,
};
pub use recording::{Recording, RecordingStage};
pub use room::{Member, Room};
pub use rules::Rules;
pub use step::Step;
pub use supervision::{
    MAX_SUPERVISIONS, MAX_SUPERVISORS, Supervision, SupervisionEnd, SupervisionMode, SupervisionStage,
};
pub use takeover::{Takeover, TakeoverEnd};
pub use time::{NotATime, Time};
pub use transcription::Transcription;
pub use when::when;
