//! What the program plays into a call: how long it takes, and when its marks come back. Seconds are of call time, since
//! the stream began.

use super::feed::RATE;
use std::collections::VecDeque;

/// Marks that may wait to be reached.
const MAX_MARKS: usize = 1_000;
/// Longest sound that may wait to be played, in seconds.
const MAX_SECS: f64 = 3_600.0;

/// The sound and the marks that wait.
#[derive(Debug, Clone, Default)]
pub struct Playback {
    /// Where the sound that has been sent ends.
    until: f64,
    /// Where the sound that is being played began.
    since: Option<f64>,
    marks: VecDeque<(f64, String)>,
}

/// There is no room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;

/// What has come of the sound.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reached {
    /// Marks that were reached, in order.
    pub marks: Vec<String>,
    /// So many seconds of sound in one piece are over.
    pub played: Option<f64>,
}

impl Playback {
    /// More sound, to be played behind the rest.
    pub fn sound(&mut self, now: f64, bytes: usize) -> Result<(), Overflow> {
        let from = self.until.max(now);
        let until = from + bytes as f64 / RATE;
        if until - now > MAX_SECS {
            return Err(Overflow);
        }
        if self.since.is_none() && bytes > 0 {
            self.since = Some(now);
        }
        self.until = until;
        Ok(())
    }

    /// A mark behind what has been sent so far.
    pub fn mark(&mut self, now: f64, name: String) -> Result<(), Overflow> {
        if self.marks.len() >= MAX_MARKS {
            return Err(Overflow);
        }
        self.marks.push_back((self.until.max(now), name));
        Ok(())
    }

    /// When something is reached next.
    pub fn next_due(&self) -> Option<f64> {
        let mark = self.marks.front().map(|(at, _)| *at);
        let end = self.since.map(|_| self.until);
        mark.into_iter().chain(end).reduce(f64::min)
    }

    /// What has been reached by `now`.
    pub fn reach(&mut self, now: f64) -> Reached {
        let mut marks = Vec::new();
        while self.marks.front().is_some_and(|(at, _)| *at <= now) {
            marks.extend(self.marks.pop_front().map(|(_, name)| name));
        }
        let played = self.since.filter(|_| self.until <= now).map(|since| self.until - since);
        if played.is_some() {
            self.since = None;
        }
        Reached { marks, played }
    }

    /// Plays nothing of what is left: every mark comes back, and the sound that was being played ends here.
    pub fn clear(&mut self, now: f64) -> Reached {
        let marks = self.marks.drain(..).map(|(_, name)| name).collect();
        let played = self.since.take().map(|since| now.min(self.until) - since);
        self.until = self.until.min(now);
        Reached { marks, played }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(marks: &[&str]) -> Vec<String> {
        marks.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_mark_comes_back_when_what_was_before_it_has_been_played() {
        let mut playback = Playback::default();
        playback.sound(1.0, 8_000).unwrap();
        playback.mark(1.0, "one".into()).unwrap();
        playback.sound(1.5, 16_000).unwrap();
        playback.mark(1.5, "two".into()).unwrap();
        assert_eq!(playback.next_due(), Some(2.0));
        assert_eq!(playback.reach(1.9), Reached::default());
        assert_eq!(playback.reach(2.0), Reached { marks: names(&["one"]), played: None });
        assert_eq!(playback.reach(4.0), Reached { marks: names(&["two"]), played: Some(3.0) });
        assert_eq!(playback.next_due(), None);
    }

    #[test]
    fn a_mark_with_nothing_before_it_comes_back_at_once() {
        let mut playback = Playback::default();
        playback.mark(3.0, "now".into()).unwrap();
        assert_eq!(playback.reach(3.0).marks, names(&["now"]));
    }

    #[test]
    fn clearing_returns_all_marks_and_stops_the_sound() {
        let mut playback = Playback::default();
        playback.sound(0.0, 80_000).unwrap();
        playback.mark(0.0, "a".into()).unwrap();
        playback.mark(0.0, "b".into()).unwrap();
        assert_eq!(playback.clear(4.0), Reached { marks: names(&["a", "b"]), played: Some(4.0) });
        playback.sound(5.0, 8_000).unwrap();
        assert_eq!(playback.next_due(), Some(6.0));
    }

    #[test]
    fn what_waits_is_limited() {
        let mut playback = Playback::default();
        assert_eq!(playback.sound(0.0, 8_000 * 3_601), Err(Overflow));
        for _ in 0..MAX_MARKS {
            playback.mark(0.0, String::new()).unwrap();
        }
        assert_eq!(playback.mark(0.0, String::new()), Err(Overflow));
    }
}
