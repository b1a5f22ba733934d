//! When a customer would like to be rung, from their own words: 明日の三時ごろ, "after four", "next Tuesday morning".
//!
//! words → [`Plan`] (what was named: a day, a clock time, a part of the day, a span) → the first such moment still ahead
//!
//! Words without a date mean the next time the clock shows it. An hour from 1 to 6 with nothing beside it is one of the
//! afternoon: nobody asks to be rung at night. A day without a time of day is its morning, a part of the day the middle
//! of it. What cannot be placed in a calendar (後日, "whenever") names no moment.

mod english;
mod japanese;
mod plan;

#[cfg(test)]
mod tests;

use crate::Time;
use jiff::{Zoned, tz::TimeZone};
use plan::Plan;
use unicode_normalization::UnicodeNormalization;

/// Words beyond this many characters are not read: no time takes so many.
const LONGEST: usize = 200;

/// The moment that words name, said at `said_at` by somebody whose clock hangs in `zone`; always later than `said_at`.
/// The letters tell the language. `None` when they name none.
pub fn when(words: &str, said_at: Time, zone: &TimeZone) -> Option<Time> {
    let now = said_at.timestamp().to_zoned(zone.clone());
    let text: String = words.chars().take(LONGEST).nfkc().flat_map(char::to_lowercase).collect();
    let plan: Plan = if text.chars().any(is_japanese) { japanese::read(&text) } else { english::read(&text) };
    let moment: Zoned = plan.first_after(&now)?;
    Some(Time::from_millis(moment.timestamp().as_millisecond())).filter(|moment| *moment > said_at)
}

/// Kana or a Chinese character.
fn is_japanese(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}
