//! What a language model may be asked, where one is set, and what of its word counts.
//!
//! utterance → what was understood → [`Question`] → [`Prompt`] → (a model, elsewhere) → [`Reply`] → checked → [`Advice`] → step
//!
//! Nothing here asks anybody: that takes time, and is the business of another room. An advice is data that comes in with the
//! utterance and is journalled with it; the decision stays a pure function, and [`heed`] has the last word in it.

mod asking;
mod checking;
mod claims;
mod heeding;
mod wording;

use serde::{Deserialize, Serialize};

use crate::intent::Intent;
use crate::lang::Lang;
use crate::phase::Phase;
use tsunagu_understanding::named;

pub(crate) use claims::Claims;
pub(crate) use heeding::{Heeded, heed};
pub(crate) use wording::Wording;

/// The longest text of facts that is sent and checked against, in characters.
pub const MAX_FACTS_CHARS: usize = 4000;

/// What a language model may be asked about an utterance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The language spoken.
    pub lang: Lang,
    /// What the AI said last.
    pub phase: Phase,
    /// What the engine understood: `unknown`, whose meaning is asked, or `ask_question`, whose answer is.
    pub about: Intent,
    /// What was said. Names and numbers that were heard in it are not.
    pub words: String,
    /// Words in it speak of a refusal: it is not taken for assent, whatever the model says.
    pub refusing: bool,
}

/// What is sent to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What it is for, and how it is to reply.
    pub system: String,
    /// The case, as one JSON object of `phase`, `utterance` and, where the company has any, `facts`. Nothing else is sent.
    pub user: String,
    /// How many tokens the reply may have.
    pub max_tokens: u32,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The model's name.
    pub model: String,
    /// How long it took, in milliseconds.
    pub millis: u32,
    /// What it cost, as the endpoint counts.
    pub tokens: Option<Tokens>,
    /// What it wrote, or why there is nothing.
    pub text: Result<String, Failure>,
}

/// Tokens that an endpoint counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// Of what was sent.
    pub prompt: u32,
    /// Of what came back.
    pub completion: u32,
}

/// What a language model said of an utterance, checked, with what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// The model's name.
    pub model: String,
    /// How long it took, in milliseconds.
    pub millis: u32,
    /// What it cost, as the endpoint counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// What the engine had understood when the model was asked.
    pub about: Intent,
    /// What the AI had said last.
    pub phase: Phase,
    /// What the utterance means, where the engine did not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// The answer to a question, fit to be spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Why something that it said does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Objection>,
    /// Why it said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Something of it counted in what was decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

named! {
    /// Why something that a language model said does not count.
    Objection {
        /// It is not the object that was asked for.
        Malformed = "malformed",
        /// Its intent is none of the closed set.
        UnknownIntent = "unknown_intent",
        /// It takes what has words of a refusal for something else: assent, a wish, a question.
        AssentOverRefusal = "assent_over_refusal",
        /// The answer is longer than it may be, or has more than two sentences.
        TooLong = "too_long",
        /// The answer has characters that are not spoken: markup, braces, brackets, control characters, another script.
        Characters = "characters",
        /// The answer is not in the language of the talk.
        Language = "language",
        /// The answer asks something: that is the script's to do.
        Asks = "asks",
        /// The answer names an address of the web or of mail.
        Address = "address",
        /// The answer has a number, a price or a date that the facts do not have.
        Number = "number",
        /// The answer promises what the facts do not.
        Claim = "claim",
    }
}

named! {
    /// Why a language model said nothing.
    Failure {
        /// It took longer than it may.
        Late = "late",
        /// There was no connection, or it broke.
        Unreachable = "unreachable",
        /// It wants to be asked less often (429).
        Limited = "limited",
        /// It refused what it was asked, with another status than 2xx.
        Refused = "refused",
        /// It failed, with a status of 5xx.
        Broken = "broken",
        /// What came back was too big, and was not read to its end.
        TooBig = "too_big",
        /// What came back was no completion.
        Rubbish = "rubbish",
    }
}
