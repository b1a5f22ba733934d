//! What a language says about asking a model: `advice.toml`. A language without one is understood by the engine alone.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::claims::{Denials, Numbers, fold, has};
use crate::error::{File, Problem, ScriptError};
use crate::intent::Intent;
use crate::phase::Phase;

/// The longest answer that a language may allow, in characters.
const LONGEST: usize = 500;

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wording {
    writing: Writing,
    longest: usize,
    telltales: Vec<String>,
    refusing: Vec<String>,
    prompt: String,
    phases: BTreeMap<String, String>,
    pub(super) numbers: Numbers,
    pub(super) units: BTreeMap<String, Vec<String>>,
    pub(super) claims: BTreeMap<String, Vec<String>>,
    pub(super) denials: Denials,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Writing {
    Latin,
    Japanese,
}

impl Wording {
    /// Reads the file.
    pub fn read(file: File<'_>, text: &str) -> Result<Self, ScriptError> {
        let mut wording: Wording = file.read(text)?;
        if wording.longest == 0 || wording.longest > LONGEST {
            let problem = Problem::Other(format!("must lie from 1 to {LONGEST}"));
            return Err(file.wrong("longest", problem));
        }
        for (place, words) in [("telltales", &wording.telltales), ("refusing", &wording.refusing)] {
            if words.is_empty() || words.iter().any(|word| word.trim().is_empty()) {
                return Err(file.wrong(place, Problem::Missing("a word")));
            }
        }
        if let Some(intent) = Intent::ALL.iter().find(|intent| !has(&wording.prompt, intent.name())) {
            let problem = Problem::Other(format!("does not tell what `{intent}` means"));
            return Err(file.wrong("prompt", problem));
        }
        if let Some(name) = wording.phases.keys().find(|name| Phase::from_name(name).is_none()) {
            return Err(file.unknown("phases", "phase", name));
        }
        wording.refusing.iter_mut().chain(&mut wording.telltales).for_each(|word| *word = fold(word));
        Ok(wording)
    }

    /// What the AI has done in a phase in which a model may be asked.
    pub(super) fn phase(&self, phase: Phase) -> Option<&str> {
        self.phases.get(phase.name()).map(String::as_str)
    }

    /// What a model is told first.
    pub(super) fn prompt(&self) -> &str {
        self.prompt.trim()
    }

    /// How many characters an answer may have.
    pub(super) const fn longest(&self) -> usize {
        self.longest
    }

    /// Whether there are words of a refusal in it.
    pub(super) fn refuses(&self, text: &str) -> bool {
        let text = fold(text);
        self.refusing.iter().any(|word| has(&text, word))
    }

    /// Whether a character is one that is written in this language and spoken, once it is folded.
    pub(super) fn writes(&self, c: char) -> bool {
        const MARKS: &str = " 、。,.!・「」()%¥$€£&'\"“”‘’:;-–—~";
        let letter = match self.writing {
            Writing::Latin => c.is_alphabetic() && c < '\u{250}',
            Writing::Japanese => c.is_ascii_alphabetic() || is_japanese(c),
        };
        letter || c.is_ascii_digit() || MARKS.contains(c)
    }

    /// Whether it is in this language.
    pub(super) fn is_spoken(&self, text: &str) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let own = match self.writing {
            Writing::Latin => letters,
            Writing::Japanese => text.chars().filter(|c| is_japanese(*c) && c.is_alphabetic()).count(),
        };
        own * 2 > letters && self.telltales.iter().any(|word| has(text, word))
    }
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | 'ー' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '々' | '〇')
}
