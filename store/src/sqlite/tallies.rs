//! The sums that are kept beside the calls: see the schema. They change with a call's end and with what is put right
//! afterwards, in the same transaction; a call that lives has no part in them.

use super::{failure::Failure, heads::Columns, writer::Writing};
use crate::figures::{CallFigures, HOUR, Handoff, Share};
use rusqlite::params;
use tsunagu_call::{Time, UserId};

/// How many hours a slot has: one, or a block of them.
const HOUR_SLOT: i64 = 1;
const BLOCK_SLOT: i64 = 720;

/// Under which id all agents are summed up together.
pub const ALL_AGENTS: &[u8] = &[];

/// Moves a call's part from where it was to where it is now.
pub fn follow(writing: &Writing<'_>, before: Option<&Columns>, now: &Columns) -> Result<(), Failure> {
    let before = before.filter(|before| before.share.is_some());
    if before.is_some_and(|before| is_same(before, now)) {
        return Ok(());
    }
    if let Some((before, share)) = before.and_then(|before| Some((before, before.share?))) {
        put(writing, before, share.figures(before.result.as_deref()).negated())?;
        clear(writing, before)?;
    }
    match now.share {
        Some(share) => put(writing, now, share.figures(now.result.as_deref())),
        None => Ok(()),
    }
}

fn is_same(one: &Columns, other: &Columns) -> bool {
    let place = |columns: &Columns| (columns.share, columns.started, columns.status, columns.agent);
    place(one) == place(other) && one.result == other.result
}

fn put(writing: &Writing<'_>, columns: &Columns, figures: CallFigures) -> Result<(), Failure> {
    let mut add = writing.connection.prepare_cached(
        "INSERT INTO call_tallies (company, agent, hours, slot, status, result, calls, answered, seconds, handoffs, \
         connected, seconds_waited) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
         ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, answered = answered + excluded.answered, \
         seconds = seconds + excluded.seconds, handoffs = handoffs + excluded.handoffs, \
         connected = connected + excluded.connected, seconds_waited = seconds_waited + excluded.seconds_waited",
    )?;
    for_each_row(columns, |agent, hours| {
        add.execute(params![
            columns.company.bytes(),
            agent,
            hours,
            hour(columns.started).div_euclid(hours),
            columns.status.as_str(),
            columns.result.as_deref().unwrap_or_default(),
            figures.calls,
            figures.answered,
            figures.seconds,
            figures.handoffs,
            figures.connected,
            figures.seconds_waited,
        ])
    })
}

fn clear(writing: &Writing<'_>, columns: &Columns) -> Result<(), Failure> {
    let mut clear = writing.connection.prepare_cached(
        "DELETE FROM call_tallies \
         WHERE company = ?1 AND agent = ?2 AND hours = ?3 AND slot = ?4 AND status = ?5 AND result = ?6 AND calls = 0",
    )?;
    for_each_row(columns, |agent, hours| {
        clear.execute(params![
            columns.company.bytes(),
            agent,
            hours,
            hour(columns.started).div_euclid(hours),
            columns.status.as_str(),
            columns.result.as_deref().unwrap_or_default(),
        ])
    })
}

fn for_each_row(
    columns: &Columns,
    mut step: impl FnMut(&[u8], i64) -> rusqlite::Result<usize>,
) -> Result<(), Failure> {
    for hours in [HOUR_SLOT, BLOCK_SLOT] {
        step(ALL_AGENTS, hours)?;
        if let Some(agent) = columns.agent {
            step(&agent.bytes(), hours)?;
        }
    }
    Ok(())
}

/// The hour of UTC in which a moment lies, counted from 1970.
pub const fn hour(at: Time) -> i64 {
    at.millis().div_euclid(HOUR)
}

/// Whose tallies to look at.
pub fn whose(agent: Option<UserId>) -> Vec<u8> {
    agent.map_or_else(|| ALL_AGENTS.to_vec(), |agent| agent.bytes().to_vec())
}

/// How a hand-over is written in its column.
pub fn handoff_column(handoff: Option<Handoff>) -> Option<i64> {
    handoff.map(|handoff| match handoff {
        Handoff::Missed => -1,
        Handoff::Connected(waited) => i64::from(waited),
    })
}

/// The share of a call from its columns.
pub fn share(talked: Option<u32>, handoff: Option<i64>) -> Share {
    let handoff = handoff.map(|waited| u32::try_from(waited).map_or(Handoff::Missed, Handoff::Connected));
    Share { talked, handoff }
}

/// A stretch of time as it is looked at: whole hours by their tallies, what is left at its ends call by call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From this hour on…
    pub from_hour: i64,
    /// …up to before this one.
    pub to_hour: i64,
    /// Stretches of milliseconds before and behind, from the first moment up to before the second.
    pub ends: [Option<(i64, i64)>; 2],
}

impl Stretch {
    /// From the first moment up to before the second.
    pub fn new(from: Option<Time>, to: Option<Time>) -> Self {
        let from = from.map_or(i64::MIN, Time::millis);
        let to = to.map_or(i64::MAX, Time::millis);
        // The ends of what can be counted lie beyond every call.
        let from_hour = from.div_euclid(HOUR) + i64::from(from.rem_euclid(HOUR) > 0 && from > i64::MIN);
        let to_hour = to.div_euclid(HOUR);
        let some = |from: i64, to: i64| (from < to).then_some((from, to));
        if from_hour > to_hour {
            return Self { from_hour, to_hour, ends: [some(from, to), None] };
        }
        let before = if from == i64::MIN { None } else { some(from, from_hour.saturating_mul(HOUR)) };
        let behind = if to == i64::MAX { None } else { some(to_hour.saturating_mul(HOUR), to) };
        Self { from_hour, to_hour, ends: [before, behind] }
    }

    /// Its whole hours in as few slots as can be, in the order of time.
    pub fn slots(&self) -> Vec<Slots> {
        let from_block =
            self.from_hour.div_euclid(BLOCK_SLOT) + i64::from(self.from_hour.rem_euclid(BLOCK_SLOT) > 0);
        let to_block = self.to_hour.div_euclid(BLOCK_SLOT);
        let hours = |from, to| Slots { hours: HOUR_SLOT, from, to };
        let slots = if from_block < to_block {
            vec![
                hours(self.from_hour, from_block * BLOCK_SLOT),
                Slots { hours: BLOCK_SLOT, from: from_block, to: to_block },
                hours(to_block * BLOCK_SLOT, self.to_hour),
            ]
        } else {
            vec![hours(self.from_hour, self.to_hour)]
        };
        slots.into_iter().filter(|slots| slots.from < slots.to).collect()
    }
}

/// Slots of so many hours each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// How many hours each has.
    pub hours: i64,
    /// From this one on…
    pub from: i64,
    /// …up to before this one.
    pub to: i64,
}

impl Slots {
    /// The milliseconds of one of them, from the first up to before the second.
    pub const fn span(&self, slot: i64) -> (i64, i64) {
        let length = self.hours * HOUR;
        let from = slot.saturating_mul(length);
        (from, from.saturating_add(length))
    }

    /// The slot in which a moment lies, if it is one of these.
    pub fn of(&self, at: i64) -> Option<i64> {
        Some(at.div_euclid(self.hours * HOUR)).filter(|slot| (self.from..self.to).contains(slot))
    }

    /// They can be looked at more closely.
    pub const fn are_blocks(&self) -> bool {
        self.hours > HOUR_SLOT
    }
}

/// The hours that a block has.
pub const fn hours_of_block(block: i64) -> Slots {
    Slots { hours: HOUR_SLOT, from: block * BLOCK_SLOT, to: (block + 1) * BLOCK_SLOT }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(from: i64, to: i64) -> Stretch {
        Stretch::new(Some(Time::from_millis(from)), Some(Time::from_millis(to)))
    }

    #[test]
    fn a_stretch_is_whole_hours_and_its_ends() {
        let whole = stretch(HOUR, 3 * HOUR);
        assert_eq!((whole.from_hour, whole.to_hour, whole.ends), (1, 3, [None, None]));
        let ragged = stretch(HOUR - 1, 3 * HOUR + 1);
        let ends = [Some((HOUR - 1, HOUR)), Some((3 * HOUR, 3 * HOUR + 1))];
        assert_eq!((ragged.from_hour, ragged.to_hour, ragged.ends), (1, 3, ends));
        let within = stretch(HOUR + 1, HOUR + 2);
        assert!(within.from_hour > within.to_hour);
        assert_eq!(within.ends, [Some((HOUR + 1, HOUR + 2)), None]);
        let touching = stretch(HOUR - 5, HOUR + 5);
        assert_eq!((touching.from_hour, touching.to_hour), (1, 1));
        assert_eq!(touching.ends, [Some((HOUR - 5, HOUR)), Some((HOUR, HOUR + 5))]);
        assert_eq!(stretch(5, 5).ends, [None, None]);
        assert_eq!(stretch(5, 1).ends, [None, None]);
        assert_eq!(stretch(-1, 1).ends, [Some((-1, 0)), Some((0, 1))]);
        assert_eq!(Stretch::new(None, None).ends, [None, None]);
        assert_eq!(hour(Time::from_millis(-1)), -1);
    }

    #[test]
    fn whole_hours_come_in_as_few_slots_as_can_be() {
        let slots = |from, to| -> Vec<_> {
            let slots = stretch(from * HOUR, to * HOUR).slots();
            slots.iter().map(|slots| (slots.hours, slots.from, slots.to)).collect()
        };
        assert_eq!(slots(0, 720), [(720, 0, 1)]);
        assert_eq!(slots(-1, 1441), [(1, -1, 0), (720, 0, 2), (1, 1440, 1441)]);
        assert_eq!(slots(1, 1439), [(1, 1, 1439)], "no block is whole");
        assert_eq!(slots(5, 5), []);
        let all = Stretch::new(None, None).slots();
        assert!(all.iter().any(|slots| slots.are_blocks() && slots.of(0) == Some(0)));
        assert_eq!(hours_of_block(-1).span(-720), (-720 * HOUR, -719 * HOUR));
    }
}
