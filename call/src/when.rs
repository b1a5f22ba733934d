//! When a customer would like to be rung, from their own words: 明日の三時ごろ, "after four", "next Tuesday morning".
//!
//! words → [`Plan`] (what was named: a day, a clock time, a part of the day, a span) → the first such moment still ahead
//!
//! Words without a date mean the next time the clock shows it. An hour from 1 to 6 with nothing beside it is one of the
//! afternoon: nobody asks to be rung at night. A day without a time of day is its morning, a part of the day the middle
//! of it. What cannot be placed in a calendar (後日, "whenever") names no moment; the night (21:00 to 7:00) is its next morning,
//! and what lies more than a year ahead the last morning of it.

mod english;
mod japanese;
mod plan;

#[cfg(test)]
mod tests;

use crate::Time;
use jiff::{ToSpan, Zoned, civil, tz::TimeZone};
use plan::Plan;
use unicode_normalization::UnicodeNormalization;

/// Words beyond this many characters are not read: no time takes so many.
const LONGEST: usize = 200;
/// The earliest and the latest time of day at which anybody is rung, whatever they said, and when instead of that. The
/// company's own calling hours narrow this further.
const EARLIEST: civil::Time = civil::Time::constant(7, 0, 0, 0);
const LATEST: civil::Time = civil::Time::constant(21, 0, 0, 0);
const AFTER_THE_NIGHT: civil::Time = civil::Time::constant(9, 0, 0, 0);
/// How many days ahead a moment may lie: a year. A promise for later than that is nobody's plan.
const FARTHEST_DAYS: i64 = 366;

/// The moment that words name, said at `said_at` by somebody whose clock hangs in `zone`; always later than `said_at`.
/// The letters tell the language. `None` when they name none.
pub fn when(words: &str, said_at: Time, zone: &TimeZone) -> Option<Time> {
    let now = said_at.timestamp().to_zoned(zone.clone());
    let text: String = words.chars().take(LONGEST).nfkc().flat_map(char::to_lowercase).collect();
    let plan: Plan = if text.chars().any(is_japanese) { japanese::read(&text) } else { english::read(&text) };
    let moment: Zoned = by_day(plan.first_after(&now)?)?;
    let last = now.date().checked_add(FARTHEST_DAYS.days()).ok()?;
    let moment = if moment.date() > last { morning_of(last, zone)? } else { moment };
    let moment = Time::from_millis(moment.timestamp().as_millisecond());
    Some(moment).filter(|moment| *moment > said_at)
}

/// The moment itself, or the next morning when it lies at night.
fn by_day(moment: Zoned) -> Option<Zoned> {
    let day = match moment.time() {
        time if time < EARLIEST => moment.date(),
        time if time > LATEST => moment.date().tomorrow().ok()?,
        _ => return Some(moment),
    };
    morning_of(day, moment.time_zone())
}

fn morning_of(day: civil::Date, zone: &TimeZone) -> Option<Zoned> {
    day.to_datetime(AFTER_THE_NIGHT).to_zoned(zone.clone()).ok()
}

/// Kana or a Chinese character.
fn is_japanese(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}
