//! What follows from an attempt: taken, tried again and when, or dead.

use super::{Answer, Trouble};
use std::time::Duration;
use tsunagu_call::Time;
use tsunagu_store::AttemptResult;

/// How often a delivery is tried.
pub const LAST_ATTEMPT: u32 = 12;
/// How long the first wait is; each is three times the last.
const FIRST_WAIT_SECS: u64 = 5;
/// How long a wait is at most: six hours.
const LONGEST_WAIT_SECS: u64 = 6 * 60 * 60;

/// How long to wait after so many attempts. `chance`, from 0 to 1, spreads it from four to six fifths, so that what failed
/// together does not come back together: 5 s, 15 s, 45 s, 2 min, 7 min, 20 min, 1 h, 3 h, then 6 h each.
pub(super) fn wait(attempts: u32, chance: f64) -> Duration {
    let exponent = attempts.saturating_sub(1).min(20);
    let secs = FIRST_WAIT_SECS.saturating_mul(3_u64.saturating_pow(exponent)).min(LONGEST_WAIT_SECS);
    Duration::from_secs(secs).mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0))
}

/// What follows from the `attempt`th attempt, counted from 1. A receiver may ask for a longer wait, up to the longest.
pub(super) fn judge(
    outcome: &Result<Answer, Trouble>,
    attempt: u32,
    now: Time,
    chance: f64,
) -> AttemptResult {
    let (error, asked) = match outcome {
        Ok(Answer { status: 200..=299, .. }) => return AttemptResult::Delivered,
        Ok(Answer { status: 410, .. }) => {
            return AttemptResult::Dead { error: told(outcome), gone: true };
        }
        Ok(Answer { retry_after, .. }) => (told(outcome), retry_after.unwrap_or_default()),
        Err(_) => (told(outcome), Duration::ZERO),
    };
    if attempt >= LAST_ATTEMPT {
        return AttemptResult::Dead { error, gone: false };
    }
    let asked = asked.min(Duration::from_secs(LONGEST_WAIT_SECS));
    let millis = wait(attempt, chance).max(asked).as_millis();
    AttemptResult::Again { at: now.plus_millis(i64::try_from(millis).unwrap_or(i64::MAX)), error }
}

/// Why it was not taken, in words.
pub(super) fn told(outcome: &Result<Answer, Trouble>) -> String {
    match outcome {
        Ok(Answer { status: 410, .. }) => "answered 410: it wants no more events".to_owned(),
        Ok(Answer { status, .. }) if (300..400).contains(status) => {
            format!("answered {status}: redirects are not followed")
        }
        Ok(Answer { status, .. }) => format!("answered {status}"),
        Err(trouble) => trouble.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_millis(1_790_000_000_000);

    fn answered(status: u16, retry_after: Option<u64>) -> Result<Answer, Trouble> {
        Ok(Answer { status, retry_after: retry_after.map(Duration::from_secs) })
    }

    fn again(secs: u32, error: &str) -> AttemptResult {
        AttemptResult::Again { at: NOW.plus_secs(secs), error: error.to_owned() }
    }

    #[test]
    fn waits_grow_over_hours_and_are_spread() {
        let waits: Vec<_> = (1..=9).map(|attempt| wait(attempt, 0.5).as_secs()).collect();
        assert_eq!(waits, [5, 15, 45, 135, 405, 1215, 3645, 10_935, 21_600]);
        assert_eq!((wait(1, 0.0), wait(1, 1.0)), (Duration::from_secs(4), Duration::from_secs(6)));
        assert_eq!(wait(u32::MAX, 0.5).as_secs(), 21_600);
        let all: u64 = (1..LAST_ATTEMPT).map(|attempt| wait(attempt, 0.5).as_secs()).sum();
        assert!((20..24).contains(&(all / 3600)), "{all} s in all");
    }

    #[test]
    fn answers_are_judged() {
        for status in [200, 204, 299] {
            assert_eq!(judge(&answered(status, None), 12, NOW, 0.5), AttemptResult::Delivered);
        }
        let gone = AttemptResult::Dead { error: "answered 410: it wants no more events".into(), gone: true };
        assert_eq!(judge(&answered(410, None), 1, NOW, 0.5), gone);
        assert_eq!(judge(&answered(500, None), 2, NOW, 0.5), again(15, "answered 500"));
        assert_eq!(judge(&answered(404, None), 1, NOW, 0.5), again(5, "answered 404"));
        let moved = judge(&answered(302, None), 1, NOW, 0.5);
        assert_eq!(moved, again(5, "answered 302: redirects are not followed"));
        assert_eq!(judge(&Err(Trouble::Late), 1, NOW, 0.5), again(5, "no answer in time"));
        let dead = AttemptResult::Dead { error: "answered 503".into(), gone: false };
        assert_eq!(judge(&answered(503, Some(9)), LAST_ATTEMPT, NOW, 0.5), dead);
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_wait_and_not_for_ever() {
        assert_eq!(judge(&answered(429, Some(60)), 1, NOW, 0.5), again(60, "answered 429"));
        assert_eq!(judge(&answered(429, Some(1)), 1, NOW, 0.5), again(5, "answered 429"));
        assert_eq!(judge(&answered(503, Some(u64::MAX)), 1, NOW, 0.5), again(21_600, "answered 503"));
    }
}
