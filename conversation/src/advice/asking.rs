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

impl Engine {
    /// What a language model may be asked about an utterance of which this was understood, where the talk stands so: what it means,
    /// where the engine does not know, or the answer to a question about the matter. Nothing where the engine heard a refusal
    /// or anything else, while the AI waits on hold or for an agent, and when the talk is over.
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
        (asks && open && matter && wording.phase(state.phase).is_some()).then(|| Question {
            lang: state.lang,
            phase: state.phase,
            about: understood.intent,
            words: without_names(text, &understood.slots),
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

/// The words without the names and numbers that were heard in them.
fn without_names(text: &str, slots: &Slots) -> String {
    let mut words: String = text.chars().take(MAX_UTTERANCE_CHARS).collect();
    for slot in [&slots.name, &slots.number].into_iter().flatten().filter(|slot| !slot.is_empty()) {
        words = words.replace(slot.as_str(), LEFT_OUT);
    }
    without_long_numbers(&words)
}

/// The words without runs of digits, however they are parted, that are long enough to be somebody's number.
fn without_long_numbers(words: &str) -> String {
    let mut kept = String::with_capacity(words.len());
    let mut run = String::new();
    let close = |run: &mut String, kept: &mut String| {
        match run.chars().filter(|c| is_digit(*c)).count() {
            digits if digits >= DIGITS_OF_A_NUMBER => kept.push_str(LEFT_OUT),
            _ => kept.push_str(run),
        }
        run.clear();
    };
    for c in words.chars() {
        let parts = matches!(c, '-' | ' ' | '\u{3000}' | 'ー' | '－' | '‐' | '(' | ')' | 'の' | '.' | '、');
        if is_digit(c) || (parts && !run.is_empty()) {
            run.push(c);
        } else {
            close(&mut run, &mut kept);
            kept.push(c);
        }
    }
    close(&mut run, &mut kept);
    kept
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
        || ('０'..='９').contains(&c)
        || matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九')
}
