//! A language's `lexicon.toml`: how it is written, what is passed over, what denies, what names a time.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;

use super::classes::Classes;
use super::denial::Denial;
use super::fold::{Folded, nfkc};
use super::model::{LANES, Row};
use super::replacer::Replacer;
use super::slots::Names;
use super::spans::{Edges, Span};
use super::text::MAX_UTTERANCE_CHARS;
use super::words::Words;
use crate::error::{File, Problem, ScriptError};
use crate::intent::Intent;

/// A language's writing and small words, compiled.
#[derive(Debug)]
pub(super) struct Lexicon {
    /// Whether words are set apart by spaces.
    pub spaced: bool,
    /// Variants that are recognised by their long vowel mark, before it is dropped.
    pub long_forms: Replacer,
    /// All other variants.
    pub forms: Replacer,
    /// Fillers, replaced by nothing.
    pub fillers: Replacer,
    /// Interjections before what is meant.
    pub openers: Edges,
    /// Particles and courtesies after it.
    pub closers: Edges,
    /// Words of one kind.
    pub classes: Classes,
    /// What denies the words before or after it.
    pub denial: Denial,
    /// Where one thing said ends and the next begins.
    pub joints: Words,
    /// How one may be sure.
    pub scoring: Scoring,
    /// By how much each intent is preferred.
    pub favour: Row,
    /// How likely each intent has to be.
    pub thresholds: Row,
    /// How training copies are made.
    pub copies: Copies,
    /// What names a time or day.
    time: Option<Regex>,
    /// What follows on something that only looks like a time: 24時間, two percent.
    time_except: Vec<String>,
    /// What may stand between two parts of one time.
    time_joins: Vec<String>,
    /// What names the speaker.
    pub names: Names,
    /// Every word of the lexicon itself, as it is written.
    pub own: Vec<String>,
}

/// From likelihoods to a decision. What they should be is told by cross-validation: `docs/understanding.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scoring {
    /// What is less likely is `unknown`, from 0 to 1.
    pub threshold: f32,
    /// The same for intents of which less is asked, as they must not be missed, or more, as a call ends by them.
    pub thresholds: BTreeMap<String, f32>,
    /// By how much the likelihoods are flattened, so that of those at 0.8 four in five are right.
    pub temperature: f32,
    /// By how much intents are preferred that must not be missed.
    pub favour: BTreeMap<String, f32>,
    /// How likely a part of an utterance has to be to be acted on before what the whole means.
    pub part: f32,
    /// How likely another thing said in the same utterance has to be to be answered as well.
    pub also: f32,
    /// What is left of a score when the recognition's confidence is 0.
    pub at_no_confidence: f32,
}

/// What may stand in place of what in copies of the examples, which the model learns from as well.
#[derive(Debug, Clone, Default)]
pub(super) struct Copies {
    /// Endings that mean the same in another tone, normalised.
    pub endings: Vec<Vec<String>>,
    /// What may be said before.
    pub before: Vec<String>,
    /// What may be said after.
    pub after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLexicon {
    spaced: bool,
    fillers: Vec<String>,
    #[serde(default)]
    keep: Vec<String>,
    openers: Vec<String>,
    closers: Vec<String>,
    joints: Vec<String>,
    variants: BTreeMap<String, Vec<String>>,
    classes: BTreeMap<String, Vec<String>>,
    denial: RawDenial,
    copies: RawCopies,
    time: RawTime,
    names: Vec<String>,
    scoring: Scoring,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCopies {
    endings: Vec<Vec<String>>,
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDenial {
    after: Vec<String>,
    before: Vec<String>,
    until: Vec<String>,
    reach: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTime {
    parts: BTreeMap<String, String>,
    patterns: Vec<String>,
    except: Vec<String>,
    joins: Vec<String>,
}

impl Lexicon {
    /// Reads a `lexicon.toml`.
    pub fn read(file: File<'_>, text: &str) -> Result<Self, ScriptError> {
        let raw: RawLexicon = file.read(text)?;
        let spaced = raw.spaced;
        let (mut long, mut short) = (Vec::new(), Vec::new());
        let own = raw.variants.iter().flat_map(|(with, forms)| forms.iter().chain([with]));
        let own = own
            .chain(raw.classes.values().flatten())
            .chain(&raw.fillers)
            .chain(&raw.openers)
            .chain(&raw.closers)
            .chain(&raw.denial.after)
            .chain(&raw.denial.before);
        let own = own.map(|word| Folded::new(&nfkc(word, MAX_UTTERANCE_CHARS), spaced, false).text).collect();
        // Fillers drawn out, such as えー, are known only by the mark: without it they would be a part of any word.
        let words = |words: &[String], with: fn(&str) -> &str| {
            let plain =
                words.iter().map(|word| Folded::new(&nfkc(word, MAX_UTTERANCE_CHARS), spaced, false).text);
            let drawn = plain.filter(|word| word.contains('ー'));
            drawn.map(|word| (trim(&word, spaced), with(word.trim()).to_owned())).collect::<Vec<_>>()
        };
        long.extend(words(&raw.fillers, |_| ""));
        long.extend(words(&raw.keep, |word| word));
        for (with, forms) in &raw.variants {
            let plain = |text: &str| Folded::new(&nfkc(text, MAX_UTTERANCE_CHARS), spaced, false);
            let with = plain(with).drop_long_vowels().text;
            // The word itself stays, also where one of its forms is a part of it.
            let itself = trim(&with, spaced);
            short.push((itself.clone(), itself));
            for form in forms {
                let form = plain(form).text;
                let pair = (trim(&form, spaced), lead(&with, &form, spaced));
                if form.contains('ー') { long.push(pair) } else { short.push(pair) }
            }
        }
        let replacer = |place: &str, pairs: Vec<(String, String)>| {
            Replacer::new(pairs, spaced).map_err(|error| file.wrong(place, Problem::Other(error.to_string())))
        };
        let mut lexicon = Lexicon {
            spaced,
            long_forms: replacer("variants", long)?,
            forms: replacer("variants", short)?,
            fillers: replacer("fillers", Vec::new())?,
            openers: Edges::default(),
            closers: Edges::default(),
            classes: Classes::new(Vec::new(), spaced)
                .map_err(|error| file.wrong("classes", Problem::Other(error.to_string())))?,
            denial: Denial::new(&[], &[], Vec::new(), 0)
                .map_err(|error| file.wrong("denial", Problem::Other(error.to_string())))?,
            joints: Words::new([].into_iter())
                .map_err(|error| file.wrong("joints", Problem::Other(error.to_string())))?,
            favour: [1.0; LANES],
            thresholds: [raw.scoring.threshold; LANES],
            scoring: raw.scoring,
            copies: Copies::default(),
            time: time(file, &raw.time)?,
            time_except: raw.time.except,
            time_joins: raw.time.joins,
            names: Names::read(file, &raw.names)?,
            own,
        };
        let all = |words: &[String]| words.iter().map(|word| lexicon.word(word)).collect::<Vec<_>>();
        let kept = all(&raw.keep).into_iter().map(|word| (trim(&word, spaced), trim(&word, spaced)));
        let fillers: Vec<String> = raw.fillers.iter().filter(|word| !word.contains('ー')).cloned().collect();
        let fillers = all(&fillers).into_iter().map(|word| (trim(&word, spaced), String::new()));
        let fillers = replacer("fillers", fillers.chain(kept).collect())?;
        let (openers, closers) = (all(&raw.openers), all(&raw.closers));
        let RawDenial { after, before, until, reach } = raw.denial;
        let denial = Denial::new(&all(&after), &all(&before), all(&until), reach)
            .map_err(|error| file.wrong("denial", Problem::Other(error.to_string())))?;
        let classes = raw.classes.values().map(|words| all(words)).collect();
        let classes = Classes::new(classes, spaced)
            .map_err(|error| file.wrong("classes", Problem::Other(error.to_string())))?;
        let RawCopies { endings, before, after } = raw.copies;
        let endings = endings.iter().map(|words| all(words)).collect();
        let copies = Copies { endings, before: all(&before), after: all(&after) };
        let joints = all(&raw.joints);
        let joints = Words::new(joints.iter().map(String::as_str))
            .map_err(|error| file.wrong("joints", Problem::Other(error.to_string())))?;
        for (intent, favour) in &lexicon.scoring.favour {
            set(&mut lexicon.favour, file, "scoring.favour", intent, *favour)?;
        }
        for (intent, threshold) in &lexicon.scoring.thresholds {
            set(&mut lexicon.thresholds, file, "scoring.thresholds", intent, *threshold)?;
        }
        (lexicon.classes, lexicon.copies, lexicon.joints) = (classes, copies, joints);
        lexicon.fillers = fillers;
        lexicon.openers = Edges::new(&openers, spaced);
        lexicon.closers = Edges::new(&closers, spaced);
        lexicon.denial = denial;
        Ok(lexicon)
    }

    /// The times in a normalised text, parts of one time joined.
    pub fn times(&self, text: &str) -> Vec<Span> {
        let mut times: Vec<Span> = Vec::new();
        let Some(regex) = &self.time else { return times };
        let found = regex.find_iter(text).filter(|found| {
            let rest = text.get(found.end()..).unwrap_or_default().trim_start();
            !found.is_empty() && !self.time_except.iter().any(|word| rest.starts_with(word.as_str()))
        });
        for found in found {
            match times.last_mut() {
                Some(last) if self.joins(text.get(last.end..found.start()).unwrap_or("?")) => {
                    last.end = found.end();
                }
                _ => times.push(Span { start: found.start(), end: found.end() }),
            }
        }
        times
    }

    fn joins(&self, between: &str) -> bool {
        between.trim().is_empty() || self.time_joins.iter().any(|join| join == between.trim())
    }

    /// A word as it looks in normalised text.
    fn word(&self, word: &str) -> String {
        self.fold(&nfkc(word, MAX_UTTERANCE_CHARS), false, false).text
    }
}

/// Sets what holds for an intent that is named in a file.
fn set(row: &mut Row, file: File<'_>, place: &str, intent: &str, value: f32) -> Result<(), ScriptError> {
    let found = Intent::from_name(intent).ok_or_else(|| file.unknown(place, "intent", intent))?;
    if let Some(held) = row.get_mut(found as usize) {
        *held = value;
    }
    Ok(())
}

fn trim(text: &str, spaced: bool) -> String {
    if spaced { text.trim().to_owned() } else { text.to_owned() }
}

/// What to write instead of a form: set apart by a space when the form is the end of a word.
fn lead(with: &str, form: &str, spaced: bool) -> String {
    let with = trim(with, spaced);
    match form.trim() {
        form if spaced && (form.starts_with('\'') || form.starts_with("n'")) => format!(" {with}"),
        _ => with,
    }
}

fn time(file: File<'_>, raw: &RawTime) -> Result<Option<Regex>, ScriptError> {
    let mut patterns = raw.patterns.join("|");
    if patterns.is_empty() {
        return Ok(None);
    }
    for (name, part) in &raw.parts {
        patterns = patterns.replace(&format!("<{name}>"), &format!("(?:{part})"));
    }
    regex(file, "time.patterns", &patterns).map(Some)
}

/// Compiles a regular expression of this place.
pub(super) fn regex(file: File<'_>, place: &str, pattern: &str) -> Result<Regex, ScriptError> {
    let compiled = regex::RegexBuilder::new(pattern).size_limit(1 << 21).build();
    compiled.map_err(|error| {
        let pattern = pattern.chars().take(80).collect();
        file.wrong(place, Problem::Pattern { pattern, why: error.to_string() })
    })
}
