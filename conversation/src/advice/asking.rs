//! What may be asked of a language model, and in which words.

use serde_json::json;

use super::{MAX_FACTS_CHARS, Prompt, Question, heeding};
use crate::engine::Engine;
use crate::intent::Intent;
use crate::phase::Phase;
use crate::state::{Agent, State};
use crate::understanding::{Slots, Understanding};
use tsunagu_understanding::MAX_UTTERANCE_CHARS;

/// How many tokens a reply may have: an answer of two sentences in Japanese, and the object around it.
const MAX_TOKENS: u32 = 300;
/// What stands for a name or a number that was said.
const LEFT_OUT: &str = "…";
/// As many digits in a row may be somebody's number.
const DIGITS_OF_A_NUMBER: usize = 5;
/// What parts the digits of a number.
const PARTS: [char; 15] =
    ['-', '－', '‐', '–', '−', 'ー', ' ', '\u{3000}', '(', ')', '（', '）', 'の', '.', '、'];

impl Engine {
    /// What a language model may be asked about an utterance of which this was understood, where the talk stands so: what it means,
    /// where the engine does not know, or the answer to a question about the matter. Nothing where the engine heard a refusal
    /// or anything else, while the AI waits on hold or for an agent, and when the talk is over; nor where a number was said in a
    /// way that it cannot be left out of the words.
    pub fn question(&self, state: &State, understood: &Understanding, text: &str) -> Option<Question> {
        let asks = matches!(state.phase, Phase::Opening | Phase::Purpose | Phase::Pitch | Phase::Callback);
        let open = state.ended.is_none() && state.agent == Agent::None;
        let (wording, _) = self.advice_of(state.lang)?;
        let refuses = understood.also.iter().any(|also| heeding::declines(*also));
        let matter = match understood.intent {
            Intent::Unknown => true,
            Intent::AskQuestion => !refuses,
            _ => false,
        };
        if !(asks && open && matter && wording.phase(state.phase).is_some()) {
            return None;
        }
        let words = without_names(text, &understood.slots)?;
        // Of several numbers the first is known; another one is heard now that it is left out.
        if self.understand(state.lang, state.phase, &words, None).slots.number.is_some() {
            return None;
        }
        Some(Question {
            lang: state.lang,
            phase: state.phase,
            about: understood.intent,
            words,
            refusing: heeding::refusing(wording, understood, text),
        })
    }

    /// What is sent to a model to ask it that, at a company that says this of itself. Nothing when there is nothing to answer a
    /// question from.
    pub fn prompt(&self, question: &Question, facts: &str) -> Option<Prompt> {
        let (wording, _) = self.advice_of(question.lang)?;
        let mut user = json!({ "phase": wording.phase(question.phase)?, "utterance": question.words });
        let facts = told(facts);
        if facts.is_empty() && question.about == Intent::AskQuestion {
            return None;
        }
        if !facts.is_empty()
            && let Some(user) = user.as_object_mut()
        {
            user.insert("facts".to_owned(), facts.into());
        }
        Some(Prompt { system: wording.prompt().to_owned(), user: user.to_string(), max_tokens: MAX_TOKENS })
    }
}

/// The part of the facts that is sent, and checked against.
pub(super) fn told(facts: &str) -> String {
    facts.trim().chars().take(MAX_FACTS_CHARS).collect()
}

/// The words without the name and the number that were heard in them, and without whatever else is long enough to be somebody's
/// number. Nothing where the number that was heard is not written in digits: まるきゅうまる…, "oh three one two…".
fn without_names(text: &str, slots: &Slots) -> Option<String> {
    let mut words: String = text.chars().take(MAX_UTTERANCE_CHARS).collect();
    if let Some(name) = slots.name.as_deref().filter(|name| !name.is_empty()) {
        words = words.replace(name, LEFT_OUT);
    }
    without_numbers(&words, slots.number.as_deref().filter(|number| !number.is_empty()))
}

/// The words without runs of digits, however they are parted, that hold this number or are long enough to be one. Nothing where no
/// run holds it.
fn without_numbers(words: &str, number: Option<&str>) -> Option<String> {
    let mut kept = String::with_capacity(words.len());
    let mut run = String::new();
    let mut found = number.is_none();
    let mut close = |run: &mut String, kept: &mut String| {
        let digits: String = run.chars().filter_map(digit).collect();
        let holds = number.is_some_and(|number| digits.contains(number));
        found |= holds;
        if holds || digits.len() >= DIGITS_OF_A_NUMBER {
            kept.push_str(LEFT_OUT);
        } else {
            kept.push_str(run);
        }
        run.clear();
    };
    for c in words.chars() {
        if digit(c).is_some() || (PARTS.contains(&c) && !run.is_empty()) {
            run.push(c);
        } else {
            close(&mut run, &mut kept);
            kept.push(c);
        }
    }
    close(&mut run, &mut kept);
    found.then_some(kept)
}

/// The digit that a character is, in whichever script and width.
fn digit(c: char) -> Option<char> {
    let written = match c {
        '〇' | '零' => '0',
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))?,
        _ => c,
    };
    written.is_ascii_digit().then_some(written)
}
