//! One picture of the screen: what stands where, and in which colour. Pure: a view and a size in, cells out.

use super::{
    columns::{cut, width},
    happening::{Happening, What, clock_face, short},
    view::{LiveCall, State, View},
};
use tsunagu_call::{Speaker, Time};
use tsunagu_conversation::Outcome;

/// A piece of text at its place in a row. It keeps to its columns by the widths that Unicode gives; that every cell says
/// where it begins keeps the columns straight where a terminal counts otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The column it begins in, from 0.
    pub column: usize,
    /// How it looks.
    pub ink: Ink,
    /// What it says.
    pub text: String,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Faint,
    Strong,
    Blue,
    Cyan,
    Yellow,
    Green,
    Red,
}

/// One row of the screen.
pub type Row = Vec<Cell>;

/// The size of a screen, in columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub columns: usize,
    pub rows: usize,
}

/// How many rows the log has at least, with its heading, before live calls take the room.
const LOG_ROWS: usize = 6;

/// Where the columns of the table begin, and how wide they are; without a width they are left out.
struct Table {
    columns: usize,
    customer: usize,
    state: usize,
    talk: usize,
    secs: usize,
    agent: usize,
    words: usize,
}

impl Table {
    /// On a narrow screen what is least needed goes first.
    const fn for_width(columns: usize) -> Self {
        let (customer, talk, agent) = match columns {
            ..72 => (16, 0, 0),
            72..110 => (22, 0, 10),
            110..140 => (30, 24, 10),
            140.. => (36, 26, 12),
        };
        let (state, secs) = (13, 4);
        let taken = customer + talk + agent + state + secs;
        Self { columns, customer, state, talk, secs, agent, words: columns.saturating_sub(taken + 6) }
    }
}

/// Draws the view: what the demo says of itself first, then the counters, the live calls and the log.
pub fn frame(view: &View, head: &[String], now: Time, size: Size) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(size.rows);
    let (title, facts) = head.split_first().map_or(("", head), |(title, facts)| (title.as_str(), facts));
    let clock = format!(" {}", clock_face(now));
    let clock_column = size.columns.saturating_sub(width(&clock));
    let mut row = Row::new();
    put(&mut row, 0, clock_column, Ink::Strong, title);
    put(&mut row, clock_column, size.columns, Ink::Faint, &clock);
    rows.push(row);
    for line in facts {
        let mut row = Row::new();
        put(&mut row, 0, size.columns, Ink::Plain, line);
        rows.push(row);
    }
    counters(&mut rows, view, size.columns);
    rows.push(Row::new());
    calls(&mut rows, view, now, size);
    rows.push(Row::new());
    rows.push(heading(&[(0, "hand-overs and ends, newest first")], size.columns));
    let left = size.rows.saturating_sub(rows.len());
    rows.extend(view.log().take(left).map(|happening| log_row(happening, size.columns)));
    rows.truncate(size.rows);
    rows
}

/// In one row where there is room for it, otherwise in two.
fn counters(rows: &mut Vec<Row>, view: &View, columns: usize) {
    const BOTH: usize = 130;
    let counts = view.counts();
    let mut line = Line::new(columns);
    line.say(Ink::Strong, &format!("{} live", counts.live));
    line.say(Ink::Green, &format!("  {} with a human", counts.with_human));
    line.say(Ink::Yellow, &format!("  {} waiting for one", counts.waiting));
    if columns < BOTH {
        rows.push(std::mem::replace(&mut line, Line::new(columns)).row);
    } else {
        line.say(Ink::Plain, "    ");
    }
    line.say(Ink::Strong, &format!("{} ended", counts.ended));
    for (outcome, count) in view.outcomes() {
        line.say(ink_of(outcome), &format!("  {} {count}", outcome.machine()));
    }
    if let Some(rate) = counts.success_rate() {
        line.say(Ink::Strong, &format!("  success rate {rate:.0} %"));
    }
    rows.push(line.row);
}

fn calls(rows: &mut Vec<Row>, view: &View, now: Time, size: Size) {
    let table = Table::for_width(size.columns);
    let titles = ["customer", "state", "phase / heard", "   s", "agent", "last words"];
    let starts = table.starts();
    let shown: Vec<(usize, &str)> =
        starts.into_iter().zip(titles).filter_map(|(at, title)| Some((at?.0, title))).collect();
    rows.push(heading(&shown, size.columns));
    let room = size.rows.saturating_sub(rows.len() + LOG_ROWS).max(1);
    let live = view.counts().live;
    let fit = if live > room { room - 1 } else { live };
    rows.extend(view.live().take(fit).map(|call| call_row(call, now, &table)));
    if live > fit {
        let mut row = Row::new();
        put(&mut row, 0, size.columns, Ink::Faint, &format!("and {} more", live - fit));
        rows.push(row);
    }
}

impl Table {
    /// Where each column begins and how wide it is, in their order.
    fn starts(&self) -> [Option<(usize, usize)>; 6] {
        let mut at = 0;
        [self.customer, self.state, self.talk, self.secs, self.agent, self.words].map(|width| {
            let start = at;
            at += if width == 0 { 0 } else { width + 1 };
            (width > 0).then_some((start, width))
        })
    }
}

fn call_row(call: &LiveCall, now: Time, table: &Table) -> Row {
    let state = call.state();
    let ink = match state {
        State::Dialling | State::Ringing => Ink::Blue,
        State::WithAi => Ink::Cyan,
        State::SeekingAgent | State::AgentRings | State::AgentBriefed | State::Joining => Ink::Yellow,
        State::WithHuman => Ink::Green,
    };
    let talk = match (call.phase, call.intent) {
        (Some(phase), Some(intent)) => format!("{phase} / {intent}"),
        (Some(phase), None) => phase.to_string(),
        _ => String::new(),
    };
    let words = call
        .last_words
        .as_ref()
        .map(|(speaker, text)| format!("{}: {text}", name(*speaker)))
        .unwrap_or_default();
    let secs = format!("{:>width$}", call.secs(now), width = table.secs);
    let texts = [
        (Ink::Plain, call.who()),
        (ink, state.label().to_owned()),
        (Ink::Faint, talk),
        (Ink::Plain, secs),
        (Ink::Plain, call.agent.clone().unwrap_or_default()),
        (if matches!(call.last_words, Some((Speaker::Ai, _))) { Ink::Faint } else { Ink::Plain }, words),
    ];
    let mut row = Row::new();
    for (place, (ink, text)) in table.starts().into_iter().zip(texts) {
        if let Some((column, width)) = place {
            put(&mut row, column, table.columns.min(column + width), ink, &text);
        }
    }
    row
}

fn log_row(happening: &Happening, columns: usize) -> Row {
    const CALL: usize = 9;
    const WHO: usize = 16;
    let ink = match &happening.what {
        What::Ended { outcome, .. } => ink_of(*outcome),
        What::Joined { .. } => Ink::Green,
        What::HandoverFailed { .. } | What::CarrierRefused { .. } => Ink::Red,
        What::Note { .. } => Ink::Strong,
        _ => Ink::Yellow,
    };
    let mut row = Row::new();
    put(&mut row, 0, columns.min(CALL - 1), Ink::Faint, &clock_face(happening.at));
    let mut what = CALL;
    if let Some(call) = &happening.call {
        what = WHO + Table::for_width(columns).customer + 1;
        put(&mut row, CALL, columns.min(WHO - 1), Ink::Faint, &short(call));
        put(&mut row, WHO, columns.min(what - 1), Ink::Plain, &happening.who);
    }
    put(&mut row, what, columns, ink, &happening.what.to_string());
    row
}

fn heading(titles: &[(usize, &str)], columns: usize) -> Row {
    let mut row = Row::new();
    for (place, (column, title)) in titles.iter().enumerate() {
        let end = titles.get(place + 1).map_or(columns, |(next, _)| columns.min(*next));
        put(&mut row, *column, end, Ink::Faint, title);
    }
    row
}

/// Puts a text into a row, from one column up to another.
fn put(row: &mut Row, column: usize, end: usize, ink: Ink, text: &str) {
    let text = cut(text, end.saturating_sub(column));
    if !text.is_empty() {
        row.push(Cell { column, ink, text });
    }
}

/// A row that is written from left to right.
struct Line {
    row: Row,
    next: usize,
    columns: usize,
}

impl Line {
    const fn new(columns: usize) -> Self {
        Self { row: Row::new(), next: 0, columns }
    }

    fn say(&mut self, ink: Ink, text: &str) {
        put(&mut self.row, self.next, self.columns, ink, text);
        self.next += width(text);
    }
}

const fn ink_of(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Success => Ink::Green,
        Outcome::FollowUp => Ink::Cyan,
        Outcome::Absent => Ink::Blue,
        Outcome::Rejected => Ink::Yellow,
        Outcome::Failed => Ink::Red,
    }
}

const fn name(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Ai => "AI",
        Speaker::Customer => "customer",
        Speaker::Agent => "agent",
    }
}

#[cfg(test)]
mod tests;
