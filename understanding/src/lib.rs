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
mod features;
mod files;
mod fold;
mod lexicon;
mod model;
mod phrases;
mod replacer;
mod slots;
mod spans;
mod text;
mod tokens;
mod training;

use std::borrow::Cow;

use decide::{Decided, Likelihoods};
use error::{Problem, ScriptError};
use intent::Intent;
use lexicon::Lexicon;
use model::Model;
use phase::Phase;
use spans::Span;
use text::Text;
use understanding::{MAX_EVIDENCE, Understanding};

pub use files::Files;
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
        let model = match model.and_then(|bytes| Model::read(Cow::Borrowed(bytes))) {
            Some(model) => model,
            None => {
                let examples = phrases::read(files)?;
                let bytes = training::train(&lexicon, &examples, Course::default());
                Model::read(Cow::Owned(bytes))
                    .ok_or_else(|| file.wrong("model", Problem::Other("training came to nothing".into())))?
            }
        };
        Ok(Reader { lexicon, model })
    }

    /// What an utterance means in a phase. `confidence` is the recogniser's, from 0 to 1; exactly 0 counts as not given.
    /// Only the first [`MAX_UTTERANCE_CHARS`] characters are read.
    pub fn understand(&self, phase: Phase, text: &str, confidence: Option<f32>) -> Understanding {
        let lexicon = &self.lexicon;
        let text = lexicon.normalise(text);
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
        let weighed = self.model.weigh(&features::features(lexicon, &text, &denied, phase));
        let likelihoods = Likelihoods::of(&weighed, &lexicon.scoring);
        // Most utterances say one thing, and a short one says no more.
        let long = text.folded.len() >= LONG;
        let parts = if long { self.parts_of(&text, &denied, phase) } else { Vec::new() };
        let Decided { intent, score } =
            decide::decide(&likelihoods, example, &parts, &lexicon.scoring, confidence);
        let mut evidence = decide::tell(lexicon, &text, &denied, &weighed, &likelihoods, example);
        evidence.truncate(MAX_EVIDENCE);
        let also = decide::also(&parts, intent, &lexicon.scoring);
        Understanding { intent, score, also, evidence, slots }
    }

    /// How likely each intent is by the wording, the likeliest first. They add up to 1.
    pub fn likelihoods(&self, phase: Phase, text: &str) -> Vec<(Intent, f32)> {
        let text = self.lexicon.normalise(text);
        let denied = self.lexicon.denial.find(&text.folded);
        let weighed = self.model.weigh(&features::features(&self.lexicon, &text, &denied, phase));
        let likelihoods = Likelihoods::of(&weighed, &self.lexicon.scoring);
        let ranked = likelihoods.ranked(&self.lexicon.scoring).into_iter();
        ranked.map(|intent| (intent, likelihoods.get(intent))).collect()
    }

    /// What the things said one after the other mean by themselves, each with how likely that is; nothing where only one
    /// is said.
    pub fn parts(&self, phase: Phase, text: &str) -> Vec<(Intent, f32)> {
        let text = self.lexicon.normalise(text);
        let denied = self.lexicon.denial.find(&text.folded);
        self.parts_of(&text, &denied, phase)
    }

    fn parts_of(&self, text: &Text<'_>, denied: &[Span], phase: Phase) -> Vec<(Intent, f32)> {
        let parts = text.parts(&self.lexicon.joints, denied, MAX_PARTS).into_iter();
        let heard = parts.filter_map(|part| {
            let part = self.lexicon.normalise_again(part);
            let weighed = self.model.weigh(&features::features(&self.lexicon, &part, &[], phase));
            let likelihoods = Likelihoods::of(&weighed, &self.lexicon.scoring);
            let heard = likelihoods.ranked(&self.lexicon.scoring).into_iter().next()?;
            Some((heard, likelihoods.get(heard)))
        });
        heard.collect()
    }
}
