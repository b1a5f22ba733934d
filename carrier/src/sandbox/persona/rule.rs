//! One rule of a persona: on hearing this, do that.

use regex::Regex;

use super::Span;
use super::dice::Dice;
use super::performance::{Mode, Reply};

/// When it applies, what it does, and what comes of it.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) trigger: Trigger,
    pub(super) act: Act,
    pub(super) after_secs: Span,
    pub(super) confidence: Span,
    /// Only in this step of the talk; `None`: in each.
    pub(super) step: Option<String>,
    /// The step that the talk is in afterwards.
    pub(super) goto: Option<String>,
    /// Only as the nth thing that this persona does, counted from one, greeting apart.
    pub(super) nth: Option<u32>,
    /// Not more often than this in one call.
    pub(super) max_uses: Option<u32>,
}

/// What must have been heard.
#[derive(Debug)]
pub(super) enum Trigger {
    Anything,
    Regex(Regex),
    /// One of these, in small letters.
    Words(Vec<String>),
}

/// What is done.
#[derive(Debug)]
pub(super) enum Act {
    Say { lines: Vec<String>, interrupts: bool },
    Press(String),
    HangUp { during_speech: bool },
    Silent,
}

impl Rule {
    /// Whether it applies to what was heard, given where the talk is.
    pub(super) fn applies(&self, heard: &str, mode: Mode, step: &str, nth: u32, used: u32) -> bool {
        self.step.as_deref().is_none_or(|own| own == step)
            && self.nth.is_none_or(|own| own == nth)
            && self.max_uses.is_none_or(|most| used < most)
            && self.act.is_possible(mode)
            && self.trigger.fires(heard)
    }

    /// Does it.
    pub(super) fn act(&self, dice: &mut Dice) -> Reply {
        let after_secs = dice.span(self.after_secs);
        match &self.act {
            Act::Say { lines, interrupts } => match dice.pick(lines) {
                Some(line) => Reply::Say {
                    text: line.clone(),
                    after_secs,
                    confidence: dice.span(self.confidence),
                    interrupts: *interrupts,
                },
                None => Reply::Silent,
            },
            Act::Press(digits) => Reply::Press { digits: digits.clone(), after_secs },
            Act::HangUp { during_speech } => Reply::HangUp { after_secs, during_speech: *during_speech },
            Act::Silent => Reply::Silent,
        }
    }
}

impl Act {
    /// Nobody speaks to a prompt that takes keys alone, nor presses keys at one that takes speech alone.
    fn is_possible(&self, mode: Mode) -> bool {
        match self {
            Self::Say { .. } => mode != Mode::Dtmf,
            Self::Press(_) => matches!(mode, Mode::Dtmf | Mode::Both),
            Self::HangUp { .. } | Self::Silent => true,
        }
    }
}

impl Trigger {
    fn fires(&self, heard: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Regex(regex) => regex.is_match(heard),
            Self::Words(words) => {
                let heard = heard.to_lowercase();
                words.iter().any(|word| heard.contains(word.as_str()))
            }
        }
    }
}
