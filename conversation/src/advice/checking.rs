//! What of a model's reply is fit to count: its intent is of the closed set, and its answer keeps to the facts and to what can be
//! spoken.

use serde::Deserialize;

use super::claims::{Claims, fold};
use super::wording::Wording;
use super::{Advice, Objection, Question, Reply, asking, heeding};
use crate::engine::Engine;
use crate::intent::Intent;

/// How many sentences an answer may have.
const SENTENCES: usize = 2;

/// What a model is to write.
#[derive(Deserialize)]
struct Written {
    intent: Option<String>,
    answer: Option<String>,
}

impl Engine {
    /// The advice that a reply comes to, at a company that says this of itself.
    pub fn advice(&self, question: &Question, facts: &str, reply: Reply) -> Advice {
        let Reply { model, millis, tokens, text } = reply;
        let (about, phase) = (question.about, question.phase);
        let empty = Advice {
            model,
            millis,
            tokens,
            about,
            phase,
            intent: None,
            answer: None,
            objection: None,
            failure: None,
            used: false,
        };
        let text = match text {
            Ok(text) => text,
            Err(failure) => return Advice { failure: Some(failure), ..empty },
        };
        let Some((wording, claims)) = self.advice_of(question.lang) else { return empty };
        let written = match read(&text) {
            Ok(written) => written,
            Err(objection) => return Advice { objection: Some(objection), ..empty },
        };
        let intent = match meant(question, written.intent.as_deref()) {
            Ok(intent) => intent,
            Err(objection) => return Advice { objection: Some(objection), ..empty },
        };
        let asked = question.about == Intent::AskQuestion || intent == Some(Intent::AskQuestion);
        let facts = asking::told(facts);
        let answer = written
            .answer
            .as_deref()
            .map(str::trim)
            .filter(|answer| asked && !facts.is_empty() && !answer.is_empty() && *answer != "null");
        match answer.map(|answer| check(wording, claims, &facts, answer).map(|()| answer.to_owned())) {
            Some(Err(objection)) => Advice { intent, objection: Some(objection), ..empty },
            answer => Advice { intent, answer: answer.and_then(Result::ok), ..empty },
        }
    }
}

/// The object within the text; models like to wrap it.
fn read(text: &str) -> Result<Written, Objection> {
    let begin = text.find('{').ok_or(Objection::Malformed)?;
    let end = text.rfind('}').ok_or(Objection::Malformed)?;
    let object = text.get(begin..=end).ok_or(Objection::Malformed)?;
    serde_json::from_str(object).map_err(|_| Objection::Malformed)
}

/// What the utterance means by the model's word; nothing where the engine knows it, or the model does not.
fn meant(question: &Question, word: Option<&str>) -> Result<Option<Intent>, Objection> {
    if question.about != Intent::Unknown {
        return Ok(None);
    }
    let Some(word) = word else { return Ok(None) };
    let intent = Intent::from_name(word.trim()).ok_or(Objection::UnknownIntent)?;
    if intent == Intent::Unknown {
        return Ok(None);
    }
    if question.refusing && !heeding::suits_a_refusal(intent) {
        return Err(Objection::AssentOverRefusal);
    }
    Ok(Some(intent))
}

/// Whether an answer may be spoken.
fn check(wording: &Wording, claims: &Claims, facts: &str, answer: &str) -> Result<(), Objection> {
    if answer.chars().count() > wording.longest() {
        return Err(Objection::TooLong);
    }
    let folded = fold(answer);
    if answer.chars().any(char::is_control) {
        return Err(Objection::Characters);
    }
    if has_address(&folded) {
        return Err(Objection::Address);
    }
    if folded.contains('?') {
        return Err(Objection::Asks);
    }
    if !folded.chars().all(|c| wording.writes(c)) {
        return Err(Objection::Characters);
    }
    if !wording.is_spoken(&folded) {
        return Err(Objection::Language);
    }
    if sentences(&folded) > SENTENCES {
        return Err(Objection::TooLong);
    }
    let facts = fold(facts);
    if !claims.has_numbers_of(&folded, &facts) {
        return Err(Objection::Number);
    }
    if !claims.claims_as(&folded, &facts) {
        return Err(Objection::Claim);
    }
    Ok(())
}

fn sentences(text: &str) -> usize {
    let mut count: usize = 0;
    let mut open = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let ends = match c {
            '。' | '!' => true,
            // Not the point of a number.
            '.' => chars.peek().is_none_or(|next| next.is_whitespace()),
            _ => false,
        };
        if ends && open {
            count += 1;
            open = false;
        } else if c.is_alphanumeric() {
            open = true;
        }
    }
    count + usize::from(open)
}

/// Whether something in it looks like an address of the web or of mail: nobody wants these read out.
fn has_address(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let dotted = chars.windows(3).any(|part| {
        matches!(part, [before, '.', after] if before.is_ascii_alphanumeric() && after.is_ascii_alphabetic())
    });
    dotted || text.contains("//") || text.contains('@') || text.contains("http") || text.contains("www")
}
