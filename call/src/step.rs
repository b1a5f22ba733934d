//! One step of a call: an input and the time go in; the events that happen and the answer come out.
//!
//! `step` is total and pure. It works on a copy of the call, so that whatever happens inside, the call it was given
//! stays as it was; the caller journals the events and puts the copy in its place.

mod ask;
mod deadline;
mod detect;
mod fetch;
mod finish;
mod leave;
mod participants;
mod progress;
mod prompt;
mod recording;
mod room;
mod settle;
mod supervise;
mod takeover;
mod talk;

use crate::{Call, CallId, Command, Created, Entry, Event, Input, Refusal, Reply, Speaker, Stage, Time};
use tsunagu_conversation::{Engine, Own};

/// What a step comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The call afterwards.
    pub call: Call,
    /// What happened, in order, ready for the journal.
    pub entries: Vec<Entry>,
    /// The answer to the input.
    pub reply: Reply,
}

impl Step {
    /// What is to be done in the world once the entries are in the journal.
    pub fn commands(&self) -> impl Iterator<Item = (crate::CommandId, &Command)> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Intended { id, command } => Some((*id, command)),
            _ => None,
        })
    }
}

impl Call {
    /// A new call: its creation, and the command that rings the customer. `None` never happens for these events.
    pub fn create(id: CallId, created: Created, now: Time) -> Option<Step> {
        let event = Event::Created(Box::new(created));
        let call = Self::begin(id, now, &event)?;
        let mut stepping =
            Stepping { call, entries: vec![Entry { seq: 1, at: now, event }], now, mind: None };
        stepping.command(Command::DialCustomer);
        Some(stepping.done(Reply::None))
    }

    /// Takes one input.
    ///
    /// # Errors
    /// What a person asked for does not fit the state the call is in. The carrier's inputs are never refused: what is
    /// late, doubled or unknown changes nothing and gets a harmless answer.
    pub fn step(&self, input: Input, engine: &Engine, now: Time) -> Result<Step, Refusal> {
        self.step_with(&Own::default(), input, engine, now)
    }

    /// Takes one input at a company with phrases or a script of its own. What comes of it is in the entries: the journal is folded
    /// without either.
    ///
    /// # Errors
    /// As [`Call::step`].
    pub fn step_with(&self, own: &Own, input: Input, engine: &Engine, now: Time) -> Result<Step, Refusal> {
        let mind = Some(Mind { engine, own });
        let mut step = Stepping { call: self.clone(), entries: Vec::new(), now, mind };
        let reply = match input {
            Input::CustomerAsks { call_sid } => step.customer_asks(call_sid),
            Input::CustomerSays { turn, utterance } => step.customer_says(turn, utterance),
            Input::CustomerOut => step.customer_out(),
            Input::AgentAsks { attempt, call_sid } => step.agent_asks(attempt, call_sid),
            Input::AgentPresses { attempt, digits } => step.agent_presses(attempt, &digits),
            Input::AgentOut { attempt } => step.agent_out(attempt),
            Input::SupervisorAsks { number, call_sid } => step.supervisor_asks(number, call_sid),
            Input::SupervisorPresses { number, digits } => step.supervisor_presses(number, &digits),
            Input::SupervisorOut { number } => step.supervisor_out(number),
            Input::Progress { leg, call_sid, status, sequence } => {
                step.progress(leg, call_sid, status, sequence)
            }
            Input::Detected { leg, answered_by } => step.detected(leg, answered_by),
            Input::Room { conference_sid, sequence, change } => step.room(conference_sid, sequence, change),
            Input::Recorded(recorded) => step.recorded(recorded),
            Input::SteerRecording { by, paused } => step.steer_recording(by, paused)?,
            Input::DeleteRecording => step.delete_recording(),
            Input::Settled { id, settlement } => step.settled(id, settlement),
            Input::RequestHandover { by, reason, agent, skills } => {
                step.request_handover(by, reason, agent, skills)?
            }
            Input::CancelHandover { .. } => step.withdraw_handover()?,
            Input::Supervise { by, mode, phone, lang } => step.supervise(by, mode, phone, lang)?,
            Input::TakeOver { by } => step.take_over(by)?,
            Input::StopSupervising { by } => step.stop_supervising(by)?,
            Input::SetParticipant { by, call_sid, muted, held } => {
                step.set_participant(by, call_sid, muted, held)?
            }
            Input::RemoveParticipant { by, call_sid } => step.remove_participant(by, &call_sid)?,
            Input::RequestEnd { outcome, notes } => step.request_end(outcome, notes)?,
            Input::Spoke { speaker, message, confidence } => {
                let confidence = confidence.filter(|confidence| confidence.is_finite());
                step.note(Event::Spoke { speaker, message, confidence })
            }
            Input::Transcribed { transcription_sid, sequence, speaker, message, confidence } => {
                step.transcribed(transcription_sid, sequence, speaker, message, confidence)
            }
            Input::Note { notes, outcome } => step.noted(notes, outcome),
            Input::Tick => step.tick(),
        };
        Ok(step.done(reply))
    }
}

/// A step in the making.
struct Stepping<'a> {
    call: Call,
    entries: Vec<Entry>,
    now: Time,
    /// Absent only while a call is created, when nobody speaks yet.
    mind: Option<Mind<'a>>,
}

/// Who understands and answers.
#[derive(Clone, Copy)]
struct Mind<'a> {
    engine: &'a Engine,
    /// What the company has of its own.
    own: &'a Own,
}

impl Stepping<'_> {
    /// Lets an event happen.
    fn emit(&mut self, event: Event) {
        self.call.apply(self.now, &event);
        self.entries.push(Entry { seq: self.call.seq, at: self.now, event });
    }

    /// Wants something done in the world.
    fn command(&mut self, command: Command) {
        let id = self.call.last_command + 1;
        self.emit(Event::Intended { id, command });
    }

    fn note(&mut self, event: Event) -> Reply {
        self.emit(event);
        Reply::None
    }

    /// A line of the human part. It may come when the call is over; what comes twice changes nothing.
    fn transcribed(
        &mut self,
        transcription_sid: String,
        sequence: u32,
        speaker: Speaker,
        message: String,
        confidence: Option<f32>,
    ) -> Reply {
        // Words may overtake the news that both are in the conference.
        let human = self.call.met_human || matches!(self.call.stage(), Some(Stage::Bridging { .. }));
        if human && self.call.transcription.is_news(&transcription_sid, sequence) {
            let confidence = confidence.filter(|confidence| confidence.is_finite());
            self.emit(Event::Transcribed { transcription_sid, sequence, speaker, message, confidence });
        }
        Reply::None
    }

    fn done(self, reply: Reply) -> Step {
        Step { call: self.call, entries: self.entries, reply }
    }
}
