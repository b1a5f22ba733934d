//! What certain words mean at one company: its own phrases per intent, which count at once, on top of what was learnt.
//!
//! An utterance that is such a phrase means what the company says it means; one that is like it, or holds it, is the
//! likelier to mean that, the more alike they are. Whoever says clearly that they want no more calls, that they decline
//! or that they want a person is not overruled by likeness; the first of these not even by the very phrase: what a
//! person must be able to say cannot be configured away.

use std::collections::{BTreeSet, HashMap};

use super::decide::Likelihoods;
use super::features::hash;
use super::lexicon::Lexicon;
use super::mend::Mending;
use super::spans::Span;
use super::text::Text;
use crate::intent::Intent;

/// So many phrases of each intent are read.
pub const MAX_OWN_PHRASES: usize = 200;
/// So many characters of each are read.
pub const MAX_OWN_PHRASE_CHARS: usize = 200;

/// What is less alike does not count, from 0 to 1.
const ALIKE: f32 = 0.6;
/// How alike an utterance is at most that holds a whole phrase among other words.
const HOLDS: f32 = 0.85;
/// How alike what is not the same may be at most.
const NOT_THE_SAME: f32 = 0.99;
/// A phrase of fewer n-grams is too short to be looked for inside of utterances.
const LONG: usize = 8;
/// What is so likely by the wording is clear.
const CLEAR: f32 = 0.9;
/// How much a phrase speaks for its intent that is just alike enough, and how much one that is all but the same.
const LEAST: f32 = 2.0;
const MOST: f32 = 6.0;

/// A company's own phrases of one language, made ready to be compared with utterances.
#[derive(Debug, Clone, Default)]
pub struct OwnPhrases {
    phrases: Vec<Phrase>,
    /// Which phrases hold an n-gram.
    holding: HashMap<u64, Vec<u16>>,
}

#[derive(Debug, Clone)]
struct Phrase {
    intent: Intent,
    text: String,
    written: String,
    folded: String,
    grams: usize,
}

/// The phrase that an utterance is most like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Nearest<'a> {
    pub intent: Intent,
    /// As the company wrote it.
    pub phrase: &'a str,
    /// From 0 to 1.
    pub alike: f32,
    /// Whether it is the very phrase.
    pub exact: bool,
}

impl Nearest<'_> {
    /// Whether it counts beside what the wording means by itself.
    pub fn counts(&self, likelihoods: &Likelihoods, example: Option<Intent>, lexicon: &Lexicon) -> bool {
        let [first, _] = likelihoods.first_two(&lexicon.favour);
        if example.unwrap_or(first) == Intent::DoNotCall {
            return self.intent == Intent::DoNotCall;
        }
        let clear = example.or(Some(first).filter(|first| likelihoods.get(*first) >= CLEAR));
        let never_missed =
            |intent: Intent| lexicon.favour.get(intent as usize).is_some_and(|favour| *favour > 1.0);
        match clear {
            Some(clear) => self.exact || self.intent == clear || example.is_none() && !never_missed(clear),
            None => true,
        }
    }

    /// How much it speaks for its intent, in the model's weights.
    pub fn weight(&self) -> f32 {
        LEAST + (MOST - LEAST) * ((self.alike - ALIKE) / (1.0 - ALIKE)).clamp(0.0, 1.0)
    }
}

impl OwnPhrases {
    /// Of each intent the first [`MAX_OWN_PHRASES`] count; those with nothing in them are passed over.
    pub(super) fn new<'a>(
        lexicon: &Lexicon,
        mending: &Mending,
        phrases: impl Iterator<Item = (Intent, &'a str)>,
    ) -> Self {
        let mut own = OwnPhrases::default();
        let mut counts = [0_usize; Intent::ALL.len()];
        for (intent, phrase) in phrases {
            let end = phrase.char_indices().nth(MAX_OWN_PHRASE_CHARS).map_or(phrase.len(), |(at, _)| at);
            let phrase = phrase.get(..end).unwrap_or_default().trim();
            let text = lexicon.normalise(phrase, Some(mending));
            let count = counts.get_mut(intent as usize).filter(|count| **count < MAX_OWN_PHRASES);
            let (Some(count), false) = (count, text.is_empty()) else { continue };
            *count += 1;
            let grams = grams(&text.folded, &lexicon.denial.find(&text.folded));
            let index = own.phrases.len() as u16;
            grams.iter().for_each(|gram| own.holding.entry(*gram).or_default().push(index));
            let (grams, folded) = (grams.len(), text.folded);
            let written = lexicon.written(phrase);
            own.phrases.push(Phrase { intent, text: phrase.to_owned(), written, folded, grams });
        }
        own
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Each phrase in one way of writing (one width, one kana, no punctuation), and in the form in which it is compared with
    /// utterances, which leaves out fillers and does not tell times apart either.
    pub fn forms(&self) -> impl Iterator<Item = (&str, &str)> {
        self.phrases.iter().map(|phrase| (phrase.written.as_str(), phrase.folded.as_str()))
    }

    /// The phrase that an utterance is most like, if it is like any. What is denied does not count, unless the whole
    /// utterance is the phrase.
    pub(super) fn nearest(&self, text: &Text<'_>, denied: &[Span]) -> Option<Nearest<'_>> {
        if self.is_empty() {
            return None;
        }
        let grams = grams(&text.folded, denied);
        let mut shared = vec![0_u16; self.phrases.len()];
        for index in grams.iter().filter_map(|gram| self.holding.get(gram)).flatten() {
            if let Some(count) = shared.get_mut(usize::from(*index)) {
                *count += 1;
            }
        }
        let alike = |(phrase, shared): (&'_ Phrase, u16)| {
            let shared = f32::from(shared);
            let both = 2.0 * shared / (grams.len() + phrase.grams).max(1) as f32;
            let held = if phrase.grams >= LONG { HOLDS * shared / phrase.grams as f32 } else { 0.0 };
            both.max(held).min(NOT_THE_SAME)
        };
        let nearest = self.phrases.iter().zip(shared).map(|(phrase, shared)| {
            let exact = phrase.folded == text.folded;
            let alike = if exact { 1.0 } else { alike((phrase, shared)) };
            Nearest { intent: phrase.intent, phrase: &phrase.text, alike, exact }
        });
        // Of equally near ones that counts which must be acted on first.
        let order = |near: &Nearest<'_>| (near.exact, near.alike, std::cmp::Reverse(near.intent));
        let nearest = nearest.filter(|near| near.alike >= ALIKE);
        nearest.max_by(|a, b| {
            let ((a, a_alike, a_intent), (b, b_alike, b_intent)) = (order(a), order(b));
            a.cmp(&b).then(a_alike.total_cmp(&b_alike)).then(a_intent.cmp(&b_intent))
        })
    }
}

/// The n-grams of two and three letters outside of what is denied.
fn grams(text: &str, denied: &[Span]) -> BTreeSet<u64> {
    let mut grams = BTreeSet::new();
    let mut last: [Option<char>; 3] = [None, None, Some('\0')];
    for (at, letter) in text.char_indices().chain([(text.len(), '\0')]) {
        if denied.iter().any(|span| span.meets(Span { start: at, end: at + 1 })) {
            last = [None; 3];
            continue;
        }
        let [_, two, three] = last;
        last = [two, three, Some(letter)];
        grams.extend(three.map(|three| hash(45, [three, letter].into_iter())));
        grams.extend(two.zip(three).map(|(two, three)| hash(46, [two, three, letter].into_iter())));
    }
    grams
}
