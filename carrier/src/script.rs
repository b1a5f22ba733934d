//! A carrier without a network, for tests within one process.
//!
//! It is a recorder, not a simulator: it writes down what it was told, keeps just enough state to answer as a
//! carrier would, and fails when a test tells it to. Nothing rings and no webhook is sent; a test plays those
//! itself. The sandbox is the simulator.

mod carrier;
mod state;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{
    CallInfo, CallStatus, CarrierError, ConferenceInfo, NewCall, NewParticipant, ParticipantInfo,
    ParticipantUpdate, RecordingCommand, RecordingInfo,
};
use state::State;

/// The recorder. Clones share what was recorded.
#[derive(Debug, Clone, Default)]
pub struct ScriptedCarrier {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    commands: Vec<Command>,
    faults: VecDeque<Option<Fault>>,
    state: State,
}

/// A command that was carried out, with the sid that it was about or that it brought about. Reads are not recorded.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the fields are the arguments of the trait's methods")]
pub enum Command {
    CreateCall { call: NewCall, call_sid: String },
    RedirectCall { call_sid: String, url: String },
    HangUp { call_sid: String },
    Cancel { call_sid: String },
    CreateParticipant { conference: String, participant: NewParticipant, call_sid: String },
    UpdateParticipant { conference_sid: String, call_sid: String, update: ParticipantUpdate },
    RemoveParticipant { conference_sid: String, call_sid: String },
    EndConference { conference_sid: String },
    Announce { conference_sid: String, url: String },
    UpdateRecording { recording_sid: String, command: RecordingCommand },
    DeleteRecording { recording_sid: String },
}

/// What shall go wrong with a command or a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Out of reach; not done.
    Unavailable,
    /// Too many requests; not done.
    RateLimited,
    /// Refused with this code of Twilio's and status 400.
    Rejected(u32),
    /// The call is over; not done.
    NotInProgress,
    /// No such thing; not done.
    NotFound,
    /// The answer is lost before anything was done.
    LostBefore,
    /// The answer is lost after it was done.
    LostAfter,
}

impl Fault {
    fn error(self) -> CarrierError {
        match self {
            Self::Unavailable => CarrierError::Unavailable { detail: "as the test wished".to_owned() },
            Self::RateLimited => CarrierError::RateLimited { retry_after: None },
            Self::Rejected(code) => CarrierError::Rejected {
                status: 400,
                code: Some(code),
                message: "as the test wished".to_owned(),
            },
            Self::NotInProgress => CarrierError::NotInProgress,
            Self::NotFound => CarrierError::NotFound { what: "thing, as the test wished".to_owned() },
            Self::LostBefore | Self::LostAfter => {
                CarrierError::Ambiguous { detail: "as the test wished".to_owned() }
            }
        }
    }
}

impl ScriptedCarrier {
    /// A carrier that has done nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the next `count` requests fail, reads included; queued behind earlier wishes.
    pub fn fail_next(&self, count: usize, fault: Fault) {
        self.lock().faults.extend(std::iter::repeat_n(Some(fault), count));
    }

    /// Lets the next `count` requests be, reads included, before what is wished for later; queued like [`Self::fail_next`].
    pub fn spare_next(&self, count: usize) {
        self.lock().faults.extend(std::iter::repeat_n(None, count));
    }

    /// What was carried out so far, in order.
    pub fn commands(&self) -> Vec<Command> {
        self.lock().commands.clone()
    }

    /// What was carried out since the last time.
    pub fn take_commands(&self) -> Vec<Command> {
        std::mem::take(&mut self.lock().commands)
    }

    /// All calls ever made, oldest first.
    pub fn calls(&self) -> Vec<CallInfo> {
        self.lock().state.calls.clone()
    }

    /// Puts a call into a state, as its progress would. `false` if there is no such call.
    pub fn set_call_status(&self, call_sid: &str, status: CallStatus) -> bool {
        self.lock().state.set_status(call_sid, status)
    }

    /// Lets a call come into a room, as its TwiML would; the conference's sid.
    pub fn join(&self, room: &str, call_sid: &str) -> String {
        self.lock().state.join(room, ParticipantInfo { call_sid: call_sid.to_owned(), ..Default::default() })
    }

    /// All conferences ever held, oldest first.
    pub fn conferences(&self) -> Vec<ConferenceInfo> {
        self.lock().state.conferences.clone()
    }

    /// Lets there be a recording with this sound.
    pub fn add_recording(&self, recording: RecordingInfo, sound: Vec<u8>) {
        self.lock().state.recordings.push((recording, sound));
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A command: what shall go wrong with it does; otherwise it is carried out, and recorded if that succeeded.
    fn command<T>(
        &self,
        act: impl FnOnce(&mut State) -> Result<(T, Command), CarrierError>,
    ) -> Result<T, CarrierError> {
        let mut shared = self.lock();
        let fault = shared.faults.pop_front().flatten();
        if let Some(fault) = fault
            && fault != Fault::LostAfter
        {
            return Err(fault.error());
        }
        let (value, command) = act(&mut shared.state)?;
        shared.commands.push(command);
        fault.map_or(Ok(value), |fault| Err(fault.error()))
    }

    /// A read.
    fn read<T>(&self, look: impl FnOnce(&State) -> Result<T, CarrierError>) -> Result<T, CarrierError> {
        let mut shared = self.lock();
        match shared.faults.pop_front().flatten() {
            Some(fault) => Err(fault.error()),
            None => look(&shared.state),
        }
    }
}

#[cfg(test)]
mod tests;
