//! The phrase files: `phrases/<intent>.toml`, with patterns and examples.

use serde::Deserialize;

use super::lexicon::Lexicon;
use super::pattern::{self, Phrase};
use crate::error::{File, Problem, ScriptError};
use crate::intent::Intent;
use crate::phase::Phase;

/// A plain phrase that speaks for an intent.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub intent: Intent,
    pub phases: PhaseSet,
    /// From 0 to 1.
    pub weight: f32,
    pub phrase: Phrase,
}

/// An utterance that is known to mean something.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub intent: Intent,
    pub phases: PhaseSet,
    /// Normalised.
    pub text: String,
}

/// Some of the phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PhaseSet(u8);

impl PhaseSet {
    const ALL: PhaseSet = PhaseSet((1 << Phase::ALL.len()) - 1);

    /// Whether the phase is one of them.
    pub fn contains(self, phase: Phase) -> bool {
        self.0 & (1 << phase as u8) != 0
    }

    /// How many there are.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The phases, if not all.
    pub fn special(self) -> Option<impl Iterator<Item = Phase>> {
        let phases = Phase::ALL.iter().copied().filter(move |phase| self.contains(*phase));
        (self != PhaseSet::ALL).then_some(phases)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    intent: String,
    #[serde(default)]
    pattern: Vec<RawPattern>,
    #[serde(default)]
    example: Vec<RawExample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPattern {
    weight: f32,
    phases: Option<Vec<String>>,
    any: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExample {
    phases: Option<Vec<String>>,
    say: Vec<String>,
}

/// Reads a language's phrase files, each given by the name of its intent, its file and its text.
pub(super) fn read(
    folder: &str,
    lexicon: &Lexicon,
    files: &[(&str, File<'_>, &str)],
) -> Result<(Vec<Rule>, Vec<Example>), ScriptError> {
    let (mut rules, mut examples) = (Vec::new(), Vec::new());
    for (name, file, text) in files {
        let raw: RawFile = file.read(text)?;
        let intent = Intent::from_name(&raw.intent).filter(|_| raw.intent == *name);
        let intent = intent
            .ok_or_else(|| file.unknown("intent", "intent, or not that of the file's name,", &raw.intent))?;
        for (index, raw) in raw.pattern.iter().enumerate() {
            let place = format!("pattern[{index}]");
            let phases = phases(*file, &place, raw.phases.as_deref())?;
            if !(0.0..=1.0).contains(&raw.weight) {
                return Err(file.wrong(place, Problem::Other("`weight` is from 0 to 1".into())));
            }
            for pattern in &raw.any {
                let phrase = pattern::read(pattern, lexicon)
                    .map_err(|why| file.wrong(&place, Problem::Pattern { pattern: pattern.clone(), why }))?;
                let weight = raw.weight;
                rules.push(Rule { intent, phases, weight, phrase });
            }
        }
        for (index, raw) in raw.example.iter().enumerate() {
            let phases = phases(*file, &format!("example[{index}]"), raw.phases.as_deref())?;
            let texts = raw.say.iter().map(|say| lexicon.normalise(say).folded);
            examples.extend(texts.map(|text| Example { intent, phases, text }));
        }
    }
    let known = |intent: &&Intent| examples.iter().any(|example| example.intent == **intent);
    match Intent::ALL.iter().find(|intent| !known(intent)) {
        Some(intent) => {
            Err(ScriptError::Missing { file: format!("{folder}/phrases/{intent}.toml, or its examples,") })
        }
        None => Ok((rules, examples)),
    }
}

fn phases(file: File<'_>, place: &str, names: Option<&[String]>) -> Result<PhaseSet, ScriptError> {
    let Some(names) = names else { return Ok(PhaseSet::ALL) };
    let mut set = 0;
    for name in names {
        let phase = Phase::from_name(name).ok_or_else(|| file.unknown(place, "phase", name))?;
        set |= 1 << phase as u8;
    }
    Ok(PhaseSet(set))
}
