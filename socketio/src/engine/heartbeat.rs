//! The heartbeat of one session: the server asks, the client answers, and silence ends the session.

use std::time::Duration;

/// How the server asks, and how long it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// From the opening, and from each answer, to the next question.
    pub interval: Duration,
    /// From a question to the end of the session, unless something is heard.
    pub timeout: Duration,
}

/// Where a session's heartbeat is. Times are since the server's start.
#[derive(Debug, Clone, Copy)]
pub struct Heartbeat {
    phase: Phase,
    heard: Duration,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Quiet { ask: Duration },
    Asked { end: Duration },
}

/// What a heartbeat wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// Nothing yet.
    Rest,
    /// Ask the client.
    Ask,
    /// End the session.
    End,
}

impl Heartbeat {
    /// A session opens.
    pub fn new(now: Duration, rhythm: Rhythm) -> Self {
        Self { phase: Phase::Quiet { ask: now + rhythm.interval }, heard: now }
    }

    /// A packet came, of whatever kind.
    pub fn hear(&mut self, now: Duration) {
        self.heard = now;
    }

    /// An answer came. Answers that nobody asked for change nothing.
    pub fn answer(&mut self, now: Duration, rhythm: Rhythm) {
        if let Phase::Asked { .. } = self.phase {
            self.phase = Phase::Quiet { ask: now + rhythm.interval };
        }
    }

    /// When there is something to do next.
    pub fn due(&self) -> Duration {
        match self.phase {
            Phase::Quiet { ask } => ask,
            Phase::Asked { end } => end,
        }
    }

    /// Time has passed. A client that is heard is not ended because its answer stands behind other packets.
    pub fn tick(&mut self, now: Duration, rhythm: Rhythm) -> Beat {
        match self.phase {
            Phase::Quiet { ask } if now >= ask + rhythm.timeout => Beat::End,
            Phase::Quiet { ask } if now >= ask => {
                // Counted from when it was due: a late round must not lengthen a client's silence.
                self.phase = Phase::Asked { end: ask + rhythm.timeout };
                Beat::Ask
            }
            Phase::Asked { end } if now >= end => {
                let extended = self.heard + rhythm.timeout;
                if extended > now {
                    self.phase = Phase::Asked { end: extended };
                    Beat::Rest
                } else {
                    Beat::End
                }
            }
            _ => Beat::Rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RHYTHM: Rhythm = Rhythm { interval: at(300), timeout: at(200) };

    const fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn it_asks_after_an_interval_and_ends_after_a_silence() {
        let mut beat = Heartbeat::new(at(0), RHYTHM);
        assert_eq!(beat.tick(at(299), RHYTHM), Beat::Rest);
        assert_eq!(beat.tick(at(305), RHYTHM), Beat::Ask);
        assert_eq!(beat.due(), at(500));
        assert_eq!(beat.tick(at(499), RHYTHM), Beat::Rest);
        assert_eq!(beat.tick(at(500), RHYTHM), Beat::End);
    }

    #[test]
    fn an_answer_starts_the_next_interval() {
        let mut beat = Heartbeat::new(at(0), RHYTHM);
        beat.answer(at(100), RHYTHM);
        assert_eq!(beat.due(), at(300), "nobody had asked");
        assert_eq!(beat.tick(at(300), RHYTHM), Beat::Ask);
        beat.answer(at(350), RHYTHM);
        assert_eq!(beat.due(), at(650));
    }

    #[test]
    fn whoever_talks_is_there() {
        let mut beat = Heartbeat::new(at(0), RHYTHM);
        assert_eq!(beat.tick(at(300), RHYTHM), Beat::Ask);
        beat.hear(at(450));
        assert_eq!(beat.tick(at(500), RHYTHM), Beat::Rest);
        assert_eq!(beat.tick(at(650), RHYTHM), Beat::End);
    }

    #[test]
    fn a_round_that_comes_too_late_ends_at_once() {
        assert_eq!(Heartbeat::new(at(0), RHYTHM).tick(at(500), RHYTHM), Beat::End);
    }
}
