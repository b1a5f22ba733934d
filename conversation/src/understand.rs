//! Understanding an utterance.
//!
//! text → [`text`] (normalised) → [`matcher`] (patterns, denial) and [`classifier`] (wording) → [`decide`] (one intent)

mod classifier;
mod decide;
mod denial;
mod features;
mod fold;
mod known;
mod lexicon;
mod matcher;
mod pattern;
mod phrases;
mod pieces;
mod replacer;
mod slots;
mod spans;
mod text;

use std::collections::HashMap;

use crate::error::{File, ScriptError};
use crate::intent::Intent;
use crate::phase::Phase;
use crate::understanding::Understanding;

use classifier::Classifier;
use features::Sample;
use lexicon::Lexicon;
use matcher::Matcher;
use phrases::{Example, PhaseSet};

pub use text::MAX_UTTERANCE_CHARS;

/// Understands the utterances of one language.
#[derive(Debug)]
pub(crate) struct Reader {
    lexicon: Lexicon,
    matcher: Matcher,
    classifier: Classifier,
    /// The examples by their normalised text.
    examples: HashMap<String, Vec<(PhaseSet, Intent)>>,
}

impl Reader {
    /// Compiles a language's lexicon and phrase files, and trains its classifier on the examples.
    pub fn read(
        folder: &str,
        lexicon: File<'_>,
        text: &str,
        phrases: &[(&str, File<'_>, &str)],
    ) -> Result<Self, ScriptError> {
        let lexicon = Lexicon::read(lexicon, text)?;
        let (rules, examples) = phrases::read(folder, &lexicon, phrases)?;
        let mut by_text: HashMap<String, Vec<(PhaseSet, Intent)>> = HashMap::new();
        for Example { text, phases, intent } in &examples {
            by_text.entry(text.clone()).or_default().push((*phases, *intent));
        }
        let classifier = Classifier::train(&lexicon, &examples);
        let matcher = Matcher::new(rules, &lexicon.denial);
        Ok(Reader { matcher, classifier, examples: by_text, lexicon })
    }

    /// What an utterance means in a phase.
    pub fn understand(&self, phase: Phase, text: &str, confidence: Option<f32>) -> Understanding {
        let text = self.lexicon.normalise(text);
        let found = self.matcher.find(&text, phase, &self.lexicon);
        let kept = text.without(&found.denied_spans);
        let sample = match &kept {
            Some(kept) => Sample::of(&self.lexicon, kept),
            None => Sample::between(&self.lexicon, &text.folded, &text.starts, &text.ends),
        };
        let wording = self.classifier.score(sample, phase);
        let example = match found.denied_spans.is_empty() {
            true => self.example(&text.folded, phase),
            false => None,
        };
        let evidence = decide::Evidences::new(&found, example, &wording);
        let slots = slots::find(&self.lexicon, &text);
        decide::decide(&evidence, slots, &self.lexicon.scoring, confidence, &text)
    }

    /// The intent of the example that the utterance is, if it is one. Where one stands under several intents, the
    /// more special to the phase counts.
    fn example(&self, folded: &str, phase: Phase) -> Option<Intent> {
        let examples = self.examples.get(folded)?.iter().filter(|(phases, _)| phases.contains(phase));
        examples.min_by_key(|(phases, intent)| (phases.len(), intent.priority())).map(|(_, intent)| *intent)
    }
}

#[cfg(test)]
mod tests;
