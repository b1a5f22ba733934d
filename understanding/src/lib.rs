//! Understanding an utterance: text and phase in, one intent and the reasons for it out.
//!
//! text → [`text`] (normalised) → [`denial`] (what does not count) → [`features`] → [`model`] (how likely each intent
//! is) → [`decide`] (one intent, in words why)
//!
//! It is pure. [`train`] makes a model of a language's phrase files; the build does that once, so that a server only
//! reads it.

pub mod error;
pub mod intent;
pub mod named;
pub mod phase;
pub mod understanding;

mod classes;
mod copies;
mod decide;
mod denial;
mod digits;
mod features;
mod files;
mod fold;
mod lexicon;
mod mend;
mod model;
mod own;
mod phrases;
mod replacer;
mod slots;
mod spans;
mod table;
mod text;
mod tokens;
mod training;
mod words;

use std::borrow::Cow;
use std::cell::RefCell;

use decide::{Decided, Likelihoods};
use error::{Problem, ScriptError};
use features::Features;
use intent::Intent;
use lexicon::Lexicon;
use mend::Mending;
use model::{Model, Weighed};
use phase::Phase;
use spans::Span;
use text::Text;
use understanding::{Evidence, EvidenceKind, MAX_EVIDENCE, Understanding};

pub use files::Files;
pub use own::{MAX_OWN_PHRASE_CHARS, MAX_OWN_PHRASES, OwnPhrases};
pub use text::MAX_UTTERANCE_CHARS;
pub use training::Course;

/// Utterances of fewer bytes are not looked at in parts.
const LONG: usize = 36;

/// So many parts of an utterance are looked at by themselves.
const MAX_PARTS: usize = 3;

/// Understands the utterances of one language.
#[derive(Debug)]
pub struct Reader {
    lexicon: Lexicon,
    model: Model,
    mending: Mending,
}

/// Trains a language's model on its phrase files. The same files give the same bytes.
///
/// # Errors
/// When a file is missing, cannot be read, or holds something wrong.
pub fn train(files: &Files<'_>, course: Course) -> Result<Vec<u8>, ScriptError> {
    let (file, text) = files.lexicon()?;
    let lexicon = Lexicon::read(file, text)?;
    let examples = phrases::read(files)?;
    Ok(training::train(&lexicon, &examples, course))
}

impl Reader {
    /// Compiles a language's lexicon. Its model is that of these bytes, which [`train`] gave for the same files; without
    /// them it is trained now, which takes some seconds.
    ///
    /// # Errors
    /// When a file is missing, cannot be read, or holds something wrong.
    pub fn read(files: &Files<'_>, model: Option<&'static [u8]>) -> Result<Self, ScriptError> {
        let (file, text) = files.lexicon()?;
        let lexicon = Lexicon::read(file, text)?;
        let learnt = |mut bytes| {
            let model = Model::read(&mut bytes)?;
            Some((model, Mending::read(&mut bytes, lexicon.spaced)?))
        };
        let (model, mending) = match model.and_then(|bytes| learnt(Cow::Borrowed(bytes))) {
            Some(learnt) => learnt,
            None => {
                let examples = phrases::read(files)?;
                let bytes = training::train(&lexicon, &examples, Course::default());
                learnt(Cow::Owned(bytes))
                    .ok_or_else(|| file.wrong("model", Problem::Other("training came to nothing".into())))?
            }
        };
        Ok(Reader { lexicon, model, mending })
    }

    /// What an utterance means in a phase. `confidence` is the recogniser's, from 0 to 1; exactly 0 counts as not given.
    /// Only the first [`MAX_UTTERANCE_CHARS`] characters are read.
    pub fn understand(&self, phase: Phase, text: &str, confidence: Option<f32>) -> Understanding {
        self.understand_with(&OwnPhrases::default(), phase, text, confidence)
    }

    /// A company's own phrases, ready to be compared with utterances. Of each intent the first [`MAX_OWN_PHRASES`] count,
    /// and of each the first [`MAX_OWN_PHRASE_CHARS`] characters.
    pub fn own_phrases<'a>(&self, phrases: impl Iterator<Item = (Intent, &'a str)>) -> OwnPhrases {
        OwnPhrases::new(&self.lexicon, &self.mending, phrases)
    }

    /// What an utterance means in a phase at a company that has phrases of its own.
    pub fn understand_with(
        &self,
        own: &OwnPhrases,
        phase: Phase,
        text: &str,
        confidence: Option<f32>,
    ) -> Understanding {
        let lexicon = &self.lexicon;
        let text = lexicon.normalise(text, Some(&self.mending));
        let slots = slots::find(lexicon, &text);
        if text.is_empty() {
            return Understanding {
                intent: Intent::Unknown,
                score: 1.0,
                also: Vec::new(),
                evidence: Vec::new(),
                slots,
            };
        }
        let denied = lexicon.denial.find(&text.folded);
        let example = self.model.example(&text.folded, phase);
        let (weighed, mut likelihoods) = self.weigh(&text, &denied, phase);
        let near = own.nearest(&text, &denied).filter(|near| near.counts(&likelihoods, example, lexicon));
        if let Some(near) = near {
            likelihoods = likelihoods.with(near.intent, near.weight());
        }
        // Most utterances say one thing, and a short one says no more.
        let long = text.folded.len() >= LONG;
        let parts = if long { self.parts_of(&text, &denied, phase) } else { Vec::new() };
        let never =
            |(part, likely): &(Intent, f32)| *part == Intent::DoNotCall && *likely >= lexicon.scoring.part;
        let very = near.filter(|near| near.exact && !parts.iter().any(never));
        let known = very.map(|near| near.intent).or(example);
        let Decided { intent, score } = decide::decide(&likelihoods, known, &parts, lexicon, confidence);
        let mut evidence =
            decide::tell(lexicon, &self.model, &text, &denied, &weighed, &likelihoods, example);
        if let Some(near) = near {
            let words = near.phrase.to_owned();
            evidence.insert(
                0,
                Evidence { intent: near.intent, kind: EvidenceKind::Own, words, weight: near.alike },
            );
        }
        evidence.truncate(MAX_EVIDENCE);
        let also = decide::also(&parts, intent, &lexicon.scoring);
        Understanding { intent, score, also, evidence, slots }
    }

    /// How likely each intent is by the wording, the likeliest first. They add up to 1.
    pub fn likelihoods(&self, phase: Phase, text: &str) -> Vec<(Intent, f32)> {
        let text = self.lexicon.normalise(text, Some(&self.mending));
        let denied = self.lexicon.denial.find(&text.folded);
        let (_, likelihoods) = self.weigh(&text, &denied, phase);
        let mut all: Vec<_> = Intent::ALL.iter().map(|intent| (*intent, likelihoods.get(*intent))).collect();
        all.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        all
    }

    /// What the things said one after the other mean by themselves, each with how likely that is; nothing where only one
    /// is said.
    pub fn parts(&self, phase: Phase, text: &str) -> Vec<(Intent, f32)> {
        let text = self.lexicon.normalise(text, Some(&self.mending));
        let denied = self.lexicon.denial.find(&text.folded);
        self.parts_of(&text, &denied, phase)
    }

    fn parts_of(&self, text: &Text<'_>, denied: &[Span], phase: Phase) -> Vec<(Intent, f32)> {
        let parts = text.parts(&self.lexicon.joints, denied, MAX_PARTS).into_iter();
        let heard = parts.map(|part| {
            let (_, likelihoods) = self.weigh(&self.lexicon.part(part), &[], phase);
            let [heard, _] = likelihoods.first_two(&self.lexicon.favour);
            (heard, likelihoods.get(heard))
        });
        heard.collect()
    }

    fn weigh(&self, text: &Text<'_>, denied: &[Span], phase: Phase) -> (Weighed, Likelihoods) {
        thread_local! {
            /// Used again for the next utterance: to ask for so much memory takes longer than to fill it.
            static SEEN: RefCell<Features> = RefCell::default();
        }
        let weighed = SEEN.with_borrow_mut(|seen| {
            features::features(&self.lexicon, text, denied, phase, seen);
            self.model.weigh(&seen.all)
        });
        let likelihoods = Likelihoods::of(&weighed, &self.lexicon.scoring);
        (weighed, likelihoods)
    }
}
