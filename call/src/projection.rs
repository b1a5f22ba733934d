//! From events to the record that is kept and shown.

mod supervision;

use crate::{
    AiConfiguration, CallId, CallRecord, Created, Entry, Event, JournalError, Leg, LegStatus, Participant,
    Recorded, RecordingStage, Role, RoomChange, Settlement, Speaker, Stage, Status, Time, TranscriptLine,
};
use tsunagu_conversation::Outcome;

/// How many lines of a transcript are kept; a call that says more keeps its first ones.
pub const MAX_TRANSCRIPT_LINES: usize = 2000;

impl CallRecord {
    /// The record of a call that was just created.
    pub fn new(id: CallId, created: &Created, at: Time) -> Self {
        let profile = &created.profile;
        Self {
            id,
            company_id: created.company_id,
            customer_id: created.customer.id,
            phone_number: created.customer.phone.clone(),
            twilio_call_sid: None,
            conference_sid: None,
            status: Status::Initiated,
            phase: None,
            start_time: at,
            answered_time: None,
            end_time: None,
            duration: 0,
            assigned_agent: None,
            transcript: Vec::new(),
            participants: Vec::new(),
            supervision: Vec::new(),
            handoff_time: None,
            handoff_reason: None,
            call_result: None,
            outcome: None,
            end_reason: None,
            notes: None,
            recording_url: None,
            recording_sid: None,
            recording_status: None,
            ai_configuration: AiConfiguration {
                company_name: profile.company_name.clone(),
                service_name: profile.service_name.clone(),
                representative_name: profile.representative_name.clone(),
                target_department: profile.target_department.clone(),
            },
            answered_by: None,
            unsettled: false,
        }
    }

    /// The record that a journal comes to.
    ///
    /// # Errors
    /// The journal does not begin with the call's creation.
    pub fn rebuild(id: CallId, journal: &[Entry]) -> Result<Self, JournalError> {
        let Some((Entry { at, event: Event::Created(created), .. }, rest)) = journal.split_first() else {
            return Err(JournalError::NoBeginning(id));
        };
        let mut record = Self::new(id, created, *at);
        for entry in rest {
            record.apply(entry.at, &entry.event);
        }
        Ok(record)
    }

    /// Takes one event in. Tells whether more than the transcript has changed.
    pub fn apply(&mut self, at: Time, event: &Event) -> bool {
        let room = MAX_TRANSCRIPT_LINES.saturating_sub(self.transcript.len());
        self.transcript.extend(TranscriptLine::of(at, event).into_iter().take(room));
        match event {
            Event::Said { talk, .. } => {
                self.phase = Some(talk.phase);
                false
            }
            Event::Pressed { .. } => false,
            // Of a call that is over the record is kept whole.
            Event::Heard { .. } | Event::Spoke { .. } | Event::Transcribed { .. } => self.status.is_over(),
            Event::Silent { .. }
            | Event::Delivered { .. }
            | Event::BriefingRepeated { .. }
            | Event::AgentLeaving(_)
            | Event::Intended { .. } => false,
            Event::Settled { settlement: Settlement::Dialled { call_sid }, .. }
                if self.twilio_call_sid.is_none() && self.handoff_time.is_none() =>
            {
                self.twilio_call_sid = Some(call_sid.clone());
                true
            }
            Event::Settled { .. } => false,
            other => {
                self.apply_header(at, other);
                true
            }
        }
    }

    fn apply_header(&mut self, at: Time, event: &Event) {
        match event {
            Event::Progressed { leg: Leg::Customer, call_sid, status, .. } => {
                self.twilio_call_sid.get_or_insert_with(|| call_sid.clone());
                if *status == LegStatus::InProgress {
                    self.answered_time.get_or_insert(at);
                    if self.status == Status::Initiated {
                        self.status = Status::AiResponding;
                    }
                    if self.participants.is_empty() {
                        self.join(at, Role::Customer, Some(call_sid.clone()));
                        self.join(at, Role::Ai, None);
                    }
                }
            }
            Event::Detected { leg: Leg::Customer, answered_by } => {
                self.answered_by = Some(answered_by.clone())
            }
            Event::HandoverRequested { reason, .. } => {
                self.status = Status::Transferring;
                self.handoff_time.get_or_insert(at);
                self.handoff_reason = Some(reason.clone());
            }
            Event::AgentReserved { agent } => self.assigned_agent = Some(agent.id),
            Event::HandoverMoved { stage } => self.move_handover(at, stage),
            Event::Room { conference_sid, change, .. } => self.change_room(at, conference_sid, change),
            Event::TakenOver { agent, .. } => {
                self.assigned_agent = Some(agent.id);
                self.change_supervision(at, event);
            }
            Event::Progressed { leg: Leg::Supervisor(_), .. }
            | Event::SupervisionRequested { .. }
            | Event::SupervisionSwitched { .. }
            | Event::SupervisionMoved { .. }
            | Event::SupervisionChanged { .. }
            | Event::SupervisionEnded { .. } => self.change_supervision(at, event),
            Event::Recorded(recorded) => self.change_recording(recorded),
            Event::RecordingPaused { paused } if self.recording_stage() <= RecordingStage::Made => {
                self.recording_status = Some(if *paused { "paused" } else { "in-progress" }.to_owned());
            }
            Event::RecordingDeleted { .. } => {
                (self.recording_url, self.recording_sid) = (None, None);
                self.recording_status = Some("deleted".to_owned());
            }
            Event::Noted { notes, outcome } => {
                self.notes = Some(notes.clone()).filter(|notes| !notes.is_empty());
                // Of a call that lives the end decides.
                if let Some(outcome) = outcome.filter(|_| self.status.is_over()) {
                    self.outcome = Some(outcome);
                    self.call_result = Some(outcome.call_result().to_owned());
                }
            }
            Event::Ended { outcome, reason, duration } => {
                self.status = if self.answered_time.is_some() && *outcome != Outcome::Failed {
                    Status::Completed
                } else {
                    Status::Failed
                };
                self.end_time = Some(at);
                self.duration = *duration;
                self.outcome = Some(*outcome);
                self.call_result = Some(outcome.call_result().to_owned());
                self.end_reason = Some(reason.word());
                for party in &mut self.participants {
                    party.left_at.get_or_insert(at);
                }
            }
            _ => {}
        }
    }

    fn move_handover(&mut self, at: Time, stage: &Stage) {
        match stage {
            Stage::Bridged { .. } => {
                self.status = Status::HumanConnected;
                for party in self.participants.iter_mut().filter(|party| party.role == Role::Ai) {
                    party.left_at.get_or_insert(at);
                }
            }
            Stage::Failed { .. } | Stage::Cancelled { .. } => {
                self.status = Status::AiResponding;
                self.assigned_agent = None;
            }
            Stage::Reserving => {
                self.status = Status::Transferring;
                self.assigned_agent = None;
            }
            _ => self.status = Status::Transferring,
        }
    }

    fn change_room(&mut self, at: Time, conference_sid: &str, change: &RoomChange) {
        let current = self.conference_sid.as_deref().is_none_or(|current| current == conference_sid);
        // A conference that is over does not come back by the news of its end.
        if current || !matches!(change, RoomChange::Left { .. } | RoomChange::Ended { .. }) {
            self.conference_sid = Some(conference_sid.to_owned());
        }
        match change {
            RoomChange::Joined { call_sid } => {
                if self.twilio_call_sid.as_deref() != Some(call_sid) && self.present(call_sid).is_none() {
                    let role = if self.supervises(call_sid) { Role::Supervisor } else { Role::Agent };
                    self.join(at, role, Some(call_sid.clone()));
                }
            }
            RoomChange::Left { call_sid } => {
                // The customer who leaves the conference is still on the line, with the AI.
                let customer = self.twilio_call_sid.as_deref() == Some(call_sid);
                if let Some(party) = self.present(call_sid).filter(|_| !customer) {
                    party.left_at = Some(at);
                }
            }
            RoomChange::Muted { call_sid, muted } => {
                if let Some(party) = self.present(call_sid) {
                    party.muted = *muted;
                }
            }
            RoomChange::Held { call_sid, held } => {
                if let Some(party) = self.present(call_sid) {
                    party.on_hold = *held;
                }
            }
            // Nobody is in it any longer, whether or not that was told of each.
            RoomChange::Ended { .. } if current => {
                let guests = |party: &&mut Participant| matches!(party.role, Role::Agent | Role::Supervisor);
                for party in self.participants.iter_mut().filter(guests) {
                    party.left_at.get_or_insert(at);
                }
            }
            RoomChange::Started | RoomChange::Ended { .. } => {}
        }
    }

    /// Journals of older servers have the carrier's reports as they came: one that is older news changes nothing.
    fn change_recording(&mut self, recorded: &Recorded) {
        let stage = RecordingStage::of(&recorded.status);
        self.recording_sid = Some(recorded.sid.clone());
        if recorded.url.is_some() {
            self.recording_url.clone_from(&recorded.url);
        }
        let waits = self.recording_status.as_deref() == Some("paused") && stage == RecordingStage::Made;
        if stage >= self.recording_stage() && !waits {
            self.recording_status = Some(recorded.status.clone());
        }
    }

    fn recording_stage(&self) -> RecordingStage {
        self.recording_status.as_deref().map_or(RecordingStage::Made, RecordingStage::of)
    }

    pub(crate) fn present(&mut self, call_sid: &str) -> Option<&mut Participant> {
        self.participants
            .iter_mut()
            .find(|party| party.call_sid.as_deref() == Some(call_sid) && party.left_at.is_none())
    }

    fn join(&mut self, joined_at: Time, role: Role, call_sid: Option<String>) {
        self.participants.push(Participant {
            role,
            call_sid,
            joined_at,
            left_at: None,
            muted: false,
            on_hold: false,
        });
    }
}

impl TranscriptLine {
    /// What was said by an event.
    pub fn of(at: Time, event: &Event) -> Vec<Self> {
        let line = |speaker, message: &str| Self {
            timestamp: at,
            speaker,
            message: message.to_owned(),
            confidence: None,
            intent: None,
            score: None,
        };
        match event {
            Event::Heard { text, confidence, intent, score, .. } => {
                let heard = line(Speaker::Customer, text);
                vec![Self { confidence: *confidence, intent: Some(*intent), score: Some(*score), ..heard }]
            }
            Event::Pressed { digits, .. } => vec![line(Speaker::Customer, &format!("[{digits}]"))],
            Event::Said { directive, carried, .. } => {
                let said = directive.lines().iter().skip(*carried);
                said.map(|said| line(Speaker::Ai, &said.text)).collect()
            }
            Event::Spoke { speaker, message, confidence }
            | Event::Transcribed { speaker, message, confidence, .. } => {
                vec![Self { confidence: *confidence, ..line(*speaker, message) }]
            }
            _ => Vec::new(),
        }
    }
}
