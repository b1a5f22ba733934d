//! One live call, followed from its journal: what it is by now, and what its next entries tell.

use super::{
    Facts,
    told::{Before, Context, Told, told},
};
use std::{collections::BTreeMap, sync::Arc};
use tsunagu_call::{
    AgentRef, CallId, CallRecord, Command, CommandId, Entry, Event, JournalError, Stage, UserId,
};

/// How many pieces of news wait for one that has not come. Beyond that the journal is read.
const HELD: usize = 64;

/// The call.
#[derive(Debug)]
pub(super) struct Line {
    /// As it is shown.
    pub record: CallRecord,
    agent: Option<AgentRef>,
    stage: Option<Stage>,
    commands: BTreeMap<CommandId, Command>,
    next: u64,
    held: BTreeMap<u64, Arc<Facts>>,
}

/// What was heard.
#[derive(Debug, Default, PartialEq)]
pub(super) struct News {
    /// What is to be told, in order.
    pub told: Vec<Told>,
    /// Whose status may have changed.
    pub agents: Vec<UserId>,
}

/// Entries are missing that do not come: the journal has them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Missed;

impl Line {
    /// The call that a journal comes to.
    pub fn rebuild(call: CallId, journal: &[Entry]) -> Result<Self, JournalError> {
        let Some((Entry { at, event: Event::Created(created), .. }, rest)) = journal.split_first() else {
            return Err(JournalError::NoBeginning(call));
        };
        let mut line = Self::new(CallRecord::new(call, created, *at));
        for entry in rest {
            line.note(entry);
            line.record.apply(entry.at, &entry.event);
        }
        Ok(line)
    }

    /// A call that begins with these facts, and what they tell; `None` when they are not its beginning.
    pub fn begin(facts: &Arc<Facts>) -> Option<(Self, News)> {
        let first = facts.entries.first()?;
        let Event::Created(created) = &first.event else { return None };
        let mut line = Self::new(CallRecord::new(facts.call, created, first.at));
        let before = Before::of(&line.record);
        let mut news = News::default();
        news.told.extend(told(first.at, &first.event, &before, &line.record, Context::default()));
        line.take(facts, &mut news);
        Some((line, news))
    }

    fn new(record: CallRecord) -> Self {
        Self { record, agent: None, stage: None, commands: BTreeMap::new(), next: 2, held: BTreeMap::new() }
    }

    /// The place of the next entry.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Something is missing before what has come: what was decided while nobody looked is never told.
    pub fn has_gap(&self) -> bool {
        !self.held.is_empty()
    }

    /// Hears facts, in whatever order and however often they come.
    pub fn hear(&mut self, facts: &Arc<Facts>) -> Result<News, Missed> {
        let mut news = News::default();
        let Some(first) = facts.entries.first() else { return Ok(news) };
        if first.seq > self.next {
            if self.held.len() >= HELD {
                return Err(Missed);
            }
            self.held.insert(first.seq, facts.clone());
            return Ok(news);
        }
        self.take(facts, &mut news);
        while let Some(next) = self.held.first_entry().filter(|held| *held.key() <= self.next) {
            let facts = next.remove();
            self.take(&facts, &mut news);
        }
        Ok(news)
    }

    fn take(&mut self, facts: &Facts, news: &mut News) {
        for entry in &facts.entries {
            if entry.seq != self.next {
                continue;
            }
            let before = Before::of(&self.record);
            let stage = self.stage.clone();
            let command = self.note(entry);
            self.record.apply(entry.at, &entry.event);
            let context =
                Context { agent: self.agent.as_ref(), command: command.as_ref(), stage: stage.as_ref() };
            news.told.extend(told(entry.at, &entry.event, &before, &self.record, context));
            if let Some(Command::SeatAgent { agent, .. } | Command::FreeAgent { agent, .. }) = command {
                news.agents.push(agent);
            }
        }
    }

    /// Remembers what later entries refer to; gives the command that this one settles.
    fn note(&mut self, entry: &Entry) -> Option<Command> {
        self.next = entry.seq + 1;
        match &entry.event {
            Event::AgentReserved { agent } | Event::TakenOver { agent, .. } => {
                self.agent = Some(agent.clone())
            }
            Event::HandoverMoved { stage } => self.stage = Some(stage.clone()),
            Event::Intended {
                id,
                command:
                    command @ (Command::DialAgent { .. } | Command::SeatAgent { .. } | Command::FreeAgent { .. }),
            } => drop(self.commands.insert(*id, command.clone())),
            Event::Settled { id, .. } => return self.commands.remove(id),
            _ => {}
        }
        None
    }
}

impl News {
    /// Takes another's news in, after its own.
    pub fn extend(&mut self, mut later: Self) {
        self.told.append(&mut later.told);
        self.agents.append(&mut later.agents);
    }
}
