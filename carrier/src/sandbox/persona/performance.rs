//! One call's worth of a persona.

use std::sync::Arc;

use super::Score;
use super::dice::Dice;
use super::rule::Rule;

/// The step that every talk begins in.
pub(super) const FIRST_STEP: &str = "start";

/// A persona in one call: hears, and replies.
///
/// Seconds in a [`Reply`] count from the end of what was heard, or from its beginning where the reply interrupts.
/// The listening may end before they are over; the reply is then still to come, and the sandbox keeps it for the
/// next listening instead of asking again.
#[derive(Debug)]
pub struct Performance {
    score: Arc<Score>,
    dice: Dice,
    step: String,
    done: u32,
    used: Vec<u32>,
    lines_said: usize,
}

/// What the caller can take just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Words.
    Speech,
    /// Keys.
    Dtmf,
    /// Words or keys, whichever come first.
    Both,
    /// Everything: the persona is in a conference, and other people hear it.
    Conference,
}

/// What a persona does about what it heard.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Speaks.
    Say {
        /// The words as recognition would write them.
        text: String,
        /// After so many seconds.
        after_secs: f64,
        /// How sure recognition is, 0 to 1.
        confidence: f64,
        /// While the caller still speaks: the seconds count from the beginning of that speech.
        interrupts: bool,
    },
    /// Presses keys.
    Press {
        /// `0-9`, `*`, `#`.
        digits: String,
        /// After so many seconds.
        after_secs: f64,
    },
    /// Nothing.
    Silent,
    /// Hangs up.
    HangUp {
        /// After so many seconds.
        after_secs: f64,
        /// While the caller still speaks: the seconds count from the beginning of that speech.
        during_speech: bool,
    },
}

/// How long a persona stays in a conference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conversation {
    /// It hangs up after so many seconds in company; `None`: it stays until the others have gone.
    pub leave_after_secs: Option<f64>,
    /// It hangs up after so many seconds alone; `None`: it waits for ever.
    pub leaves_if_alone_secs: Option<f64>,
}

impl Performance {
    pub(super) fn new(score: Arc<Score>, seed: u64) -> Self {
        let used = vec![0; score.rules.len()];
        Self { score, dice: Dice::new(seed), step: FIRST_STEP.to_owned(), done: 0, used, lines_said: 0 }
    }

    /// What is said on picking up, before anything is heard.
    pub fn greet(&mut self) -> Reply {
        let score = Arc::clone(&self.score);
        score.greeting.as_ref().map_or(Reply::Silent, |greeting| self.act(greeting))
    }

    /// What is done about `heard`: everything that the caller said since the last time; empty if it was silent.
    pub fn hear(&mut self, heard: &str, mode: Mode) -> Reply {
        if mode == Mode::Conference {
            return self.talk();
        }
        self.done = self.done.saturating_add(1);
        let score = Arc::clone(&self.score);
        for (rule, used) in score.rules.iter().zip(self.used.iter_mut()) {
            if rule.applies(heard, mode, &self.step, self.done, *used) {
                *used += 1;
                return self.act(rule);
            }
        }
        match &score.fallback {
            Some(rule) if rule.applies(heard, mode, &self.step, self.done, 0) => self.act(rule),
            _ => Reply::Silent,
        }
    }

    /// How long it stays in a conference that it has just come into.
    pub fn in_conference(&mut self) -> Conversation {
        let conference = &self.score.conference;
        let leave_after_secs = conference.hangs_up.then(|| self.dice.span(conference.talk_secs));
        Conversation { leave_after_secs, leaves_if_alone_secs: conference.leaves_if_alone_secs }
    }

    fn act(&mut self, rule: &Rule) -> Reply {
        if let Some(step) = &rule.goto {
            self.step.clone_from(step);
        }
        rule.act(&mut self.dice)
    }

    /// The next line of the talk in a conference; silence when all is said.
    fn talk(&mut self) -> Reply {
        let conference = &self.score.conference;
        let Some(line) = conference.says.get(self.lines_said) else { return Reply::Silent };
        self.lines_said += 1;
        Reply::Say {
            text: line.clone(),
            after_secs: self.dice.span(conference.every_secs),
            confidence: 0.9,
            interrupts: false,
        }
    }
}
