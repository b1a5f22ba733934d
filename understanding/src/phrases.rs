//! The phrase files: `phrases/<intent>.toml`, with what people say by the phases in which they say it.

use serde::Deserialize;

use super::files::Files;
use crate::error::{File, ScriptError};
use crate::intent::Intent;
use crate::phase::Phase;

/// An utterance that is known to mean something.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub intent: Intent,
    pub phases: PhaseSet,
    /// As it was said.
    pub text: String,
}

/// Some of the phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PhaseSet(pub u8);

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

    /// The phases.
    pub fn iter(self) -> impl Iterator<Item = Phase> {
        Phase::ALL.iter().copied().filter(move |phase| self.contains(*phase))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    intent: String,
    #[serde(default)]
    example: Vec<RawExample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExample {
    phases: Option<Vec<String>>,
    say: Vec<String>,
}

/// Reads a language's phrase files.
pub(super) fn read(files: &Files<'_>) -> Result<Vec<Example>, ScriptError> {
    let mut examples: Vec<Example> = Vec::new();
    for (name, file, text) in &files.phrases {
        let file = File(file);
        let raw: RawFile = file.read(text)?;
        let intent = Intent::from_name(&raw.intent).filter(|_| raw.intent == *name);
        let intent = intent
            .ok_or_else(|| file.unknown("intent", "intent, or not that of the file's name,", &raw.intent))?;
        for (index, raw) in raw.example.into_iter().enumerate() {
            let phases = phases(file, &format!("example[{index}]"), raw.phases.as_deref())?;
            examples.extend(raw.say.into_iter().map(|text| Example { intent, phases, text }));
        }
    }
    let known = |intent: &&Intent| examples.iter().any(|example| example.intent == **intent);
    match Intent::ALL.iter().find(|intent| !known(intent)) {
        Some(intent) => Err(ScriptError::Missing {
            file: format!("{}/phrases/{intent}.toml, or its examples,", files.folder),
        }),
        None => Ok(examples),
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
