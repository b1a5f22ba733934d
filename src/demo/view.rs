//! What is shown of the calls, folded from the facts that the hub tells. Pure: facts in, rows and counters out.

use super::happening::{Happening, What};
use std::collections::{BTreeMap, VecDeque};
use tsunagu_actors::Facts;
use tsunagu_call::{CallId, CallRecord, Created, Entry, Event, Leg, LegStatus, Speaker, Stage, Status, Time};
use tsunagu_conversation::{Intent, Lang, Outcome, Phase};

/// How many ended calls are known as such, so that late news of them is not taken for a call that was missed.
const OVER_REMEMBERED: usize = 1024;
/// How many happenings are kept for the log.
const LOG_LINES: usize = 200;

/// What is shown.
#[derive(Debug, Default)]
pub struct View {
    live: BTreeMap<CallId, LiveCall>,
    over: VecDeque<CallId>,
    outcomes: BTreeMap<Outcome, u64>,
    log: VecDeque<Happening>,
}

/// Facts came of which the ones before were not told; the whole journal of the call makes it good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed;

/// A live call.
#[derive(Debug, Clone)]
pub struct LiveCall {
    /// The customer's name.
    pub name: String,
    /// Where the customer works.
    pub company: Option<String>,
    /// Where the AI stands in its script.
    pub phase: Option<Phase>,
    /// What the customer meant last.
    pub intent: Option<Intent>,
    /// The agent who is being fetched, or has the customer.
    pub agent: Option<String>,
    /// Who spoke last, and what.
    pub last_words: Option<(Speaker, String)>,
    record: CallRecord,
    lang: Lang,
    ringing: bool,
    stage: Option<Stage>,
    seq: u64,
}

/// Where a live call is, for somebody who looks on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Dialling,
    Ringing,
    WithAi,
    SeekingAgent,
    AgentRings,
    AgentBriefed,
    Joining,
    WithHuman,
}

/// How many calls there are and were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Calls that are not over.
    pub live: usize,
    /// Those with a human.
    pub with_human: usize,
    /// Those in which the customer waits for a human.
    pub waiting: usize,
    /// Calls that ended since the demo began.
    pub ended: u64,
    /// Those of them in which a human spoke with the customer.
    pub successes: u64,
}

impl View {
    /// Takes facts in, and tells what they mean. Facts that are known already change nothing.
    ///
    /// # Errors
    /// [`Missed`]: facts before these are missing.
    pub fn apply(&mut self, facts: &Facts) -> Result<Vec<Happening>, Missed> {
        let mut happenings = Vec::new();
        if self.over.contains(&facts.call) {
            return Ok(happenings);
        }
        for entry in &facts.entries {
            happenings.extend(self.take(facts.call, entry)?);
        }
        Ok(happenings)
    }

    fn take(&mut self, id: CallId, entry: &Entry) -> Result<Option<Happening>, Missed> {
        if let Event::Created(created) = &entry.event {
            self.live.entry(id).or_insert_with(|| LiveCall::new(id, created, entry.at));
        }
        // Of a call that ended within these facts, the rest is no news.
        let Some(call) = self.live.get_mut(&id) else {
            return if self.over.contains(&id) { Ok(None) } else { Err(Missed) };
        };
        if entry.seq <= call.seq {
            return Ok(None);
        }
        if entry.seq != call.seq + 1 {
            return Err(Missed);
        }
        let what = call.apply(entry);
        let happening = what.map(|what| Happening { at: entry.at, call: Some(id), who: call.who(), what });
        if let Event::Ended { outcome, .. } = &entry.event {
            *self.outcomes.entry(*outcome).or_default() += 1;
            self.live.remove(&id);
            push_bounded(&mut self.over, id, OVER_REMEMBERED);
        }
        Ok(happening)
    }

    /// Keeps a happening for the log.
    pub fn remember(&mut self, happening: Happening) {
        push_bounded(&mut self.log, happening, LOG_LINES);
    }

    /// The live calls, begun first first.
    pub fn live(&self) -> impl Iterator<Item = &LiveCall> {
        self.live.values()
    }

    /// The last happenings that were kept, newest first.
    pub fn log(&self) -> impl Iterator<Item = &Happening> {
        self.log.iter().rev()
    }

    /// How many calls ended how; every outcome is there, in the same order.
    pub fn outcomes(&self) -> impl Iterator<Item = (Outcome, u64)> {
        Outcome::ALL.iter().map(|outcome| (*outcome, self.outcomes.get(outcome).copied().unwrap_or(0)))
    }

    /// The counters.
    pub fn counts(&self) -> Counts {
        let with = |status: Status| self.live.values().filter(|call| call.record.status == status).count();
        Counts {
            live: self.live.len(),
            with_human: with(Status::HumanConnected),
            waiting: with(Status::Transferring),
            ended: self.outcomes.values().sum(),
            successes: self.outcomes.get(&Outcome::Success).copied().unwrap_or(0),
        }
    }
}

impl Counts {
    /// How many of a hundred ended calls were successes; none before the first has ended.
    pub fn success_rate(&self) -> Option<f64> {
        (self.ended > 0).then(|| self.successes as f64 * 100.0 / self.ended as f64)
    }
}

impl LiveCall {
    fn new(id: CallId, created: &Created, at: Time) -> Self {
        Self {
            name: created.customer.name.clone(),
            company: created.customer.company.clone(),
            phase: None,
            intent: None,
            agent: None,
            last_words: None,
            record: CallRecord::new(id, created, at),
            lang: created.profile.lang,
            ringing: false,
            stage: None,
            seq: 0,
        }
    }

    /// Takes one event in.
    fn apply(&mut self, entry: &Entry) -> Option<What> {
        self.seq = entry.seq;
        self.record.apply(entry.at, &entry.event);
        let said = self.take_words();
        match &entry.event {
            Event::Progressed { leg: Leg::Customer, status, .. } => {
                self.ringing = *status == LegStatus::Ringing
            }
            Event::Said { talk, .. } => self.phase = Some(talk.phase),
            Event::Heard { intent, .. } => self.intent = Some(*intent),
            Event::HandoverRequested { .. } => self.stage = Some(Stage::Reserving),
            Event::HandoverMoved { stage } => self.stage = Some(stage.clone()),
            Event::AgentReserved { agent } | Event::TakenOver { agent, .. } => {
                self.agent = Some(agent.name.clone());
            }
            _ => {}
        }
        let told = What::of(&entry.event, &said, self.agent.as_deref(), &self.record);
        // Somebody who waits for an agent is expected to be silent.
        let what = told.filter(|what| self.record.status != Status::Transferring || *what != What::Silent);
        if let Event::HandoverMoved {
            stage: Stage::Reserving | Stage::Failed { .. } | Stage::Cancelled { .. },
        } = &entry.event
        {
            // Told once more by name above; from now on nobody is on the way.
            self.agent = None;
        }
        what
    }

    /// Takes what was just said out of the record, which would only grow, and keeps it as the last words.
    fn take_words(&mut self) -> String {
        let lines = std::mem::take(&mut self.record.transcript);
        let Some(speaker) = lines.last().map(|line| line.speaker) else { return String::new() };
        let between = if self.lang == Lang::JA { "" } else { " " };
        let said = lines.iter().map(|line| line.message.as_str()).collect::<Vec<_>>().join(between);
        self.last_words = Some((speaker, said.clone()));
        said
    }

    /// The customer, in one line.
    pub fn who(&self) -> String {
        match &self.company {
            Some(company) => format!("{} ({company})", self.name),
            None => self.name.clone(),
        }
    }

    /// Where the call is.
    pub fn state(&self) -> State {
        match self.record.status {
            Status::Initiated if self.ringing => State::Ringing,
            Status::Initiated => State::Dialling,
            Status::HumanConnected => State::WithHuman,
            Status::Transferring => match self.stage {
                Some(Stage::Ringing { .. }) => State::AgentRings,
                Some(Stage::Briefing { .. }) => State::AgentBriefed,
                Some(Stage::Bridging { .. }) => State::Joining,
                _ => State::SeekingAgent,
            },
            // An ended call is not shown any more.
            Status::AiResponding | Status::Completed | Status::Failed => State::WithAi,
        }
    }

    /// For how long it has been going on: since the answer, or since it was asked for.
    pub fn secs(&self, now: Time) -> u32 {
        now.secs_since(self.record.answered_time.unwrap_or(self.record.start_time))
    }
}

impl State {
    /// In a word or two.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dialling => "dialling",
            Self::Ringing => "ringing",
            Self::WithAi => "with the AI",
            Self::SeekingAgent => "seeking agent",
            Self::AgentRings => "agent rings",
            Self::AgentBriefed => "agent briefed",
            Self::Joining => "joining",
            Self::WithHuman => "with a human",
        }
    }
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, limit: usize) {
    if queue.len() >= limit {
        queue.pop_front();
    }
    queue.push_back(item);
}

#[cfg(test)]
pub mod tests;
