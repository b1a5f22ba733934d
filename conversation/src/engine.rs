//! The engine: the compiled scripts of all languages, and the three things one asks of it.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::thread;

use crate::decision::{Decision, Line};
use crate::error::{File, Problem, ScriptError};
use crate::input::Input;
use crate::lang::Lang;
use crate::limits::Limits;
use crate::phase::Phase;
use crate::profile::Profile;
use crate::script::{self, Script};
use crate::source::{EMBEDDED, Source};
use crate::state::State;
use crate::step::Turn;
use crate::template::{Templates, Values};
use crate::understand::Reader;
use crate::understanding::Understanding;

/// The compiled scripts of all languages. Make one when the server starts and share it by `Arc`.
#[derive(Debug)]
pub struct Engine {
    default: Language,
    others: Vec<Language>,
    limits: Limits,
}

#[derive(Debug)]
struct Language {
    lang: Lang,
    script: Script,
    templates: Templates,
    reader: Reader,
}

impl Engine {
    /// The engine of the embedded files.
    ///
    /// # Errors
    /// Never with the files as they are delivered: a test reads them.
    pub fn embedded() -> Result<Engine, ScriptError> {
        Engine::from_sources(EMBEDDED)
    }

    /// The engine of other files, such as [`EMBEDDED`] with a company's own in place of some.
    ///
    /// # Errors
    /// When a file is missing, cannot be read, or holds something wrong; the error names file and place.
    pub fn from_sources(sources: &[Source<'_>]) -> Result<Engine, ScriptError> {
        let mut limits = Limits::default();
        let mut folders: BTreeMap<&str, BTreeMap<&str, &Source<'_>>> = BTreeMap::new();
        for source in sources {
            match source.name.split_once('/') {
                Some((folder, name)) => {
                    folders.entry(folder).or_default().insert(name, source);
                }
                None if source.name == "limits.toml" => limits = File(source.name).read(source.text)?,
                None => return Err(ScriptError::Stray { file: source.name.to_owned() }),
            }
        }
        // Each language takes a while to compile and train, so they do it side by side.
        let mut others = thread::scope(|scope| {
            let readers = folders.iter();
            let readers = readers.map(|(folder, files)| scope.spawn(move || Language::read(folder, files)));
            let readers: Vec<_> = readers.collect();
            let read =
                readers.into_iter().map(|reader| reader.join().unwrap_or_else(|panic| resume_unwind(panic)));
            read.collect::<Result<Vec<_>, _>>()
        })?;
        let default = others.iter().position(|language| language.lang == Lang::default()).unwrap_or(0);
        if others.is_empty() {
            return Err(ScriptError::Missing { file: "ja/script.toml".to_owned() });
        }
        Ok(Engine { default: others.remove(default), others, limits })
    }

    /// The languages that there are scripts for, the default first.
    pub fn languages(&self) -> impl Iterator<Item = Lang> {
        std::iter::once(&self.default).chain(&self.others).map(|language| language.lang)
    }

    /// The limits of `limits.toml`.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Words that are likely to be said in a phase, for the speech recognition.
    pub fn hints(&self, lang: Lang, phase: Phase) -> &[String] {
        self.language(lang).script.phase(phase).map_or(&[], |phase| &phase.hints)
    }

    /// What an utterance means in a phase. `confidence` is the recogniser's, from 0 to 1; exactly 0 counts as not
    /// given. Only the first [`crate::MAX_UTTERANCE_CHARS`] characters of the text are read.
    pub fn understand(&self, lang: Lang, phase: Phase, text: &str, confidence: Option<f32>) -> Understanding {
        self.language(lang).reader.understand(phase, text, confidence)
    }

    /// The greeting with which a call begins, in the profile's language.
    pub fn open(&self, profile: &Profile) -> Decision {
        let language = self.language(profile.lang);
        let state = State { lang: language.lang, ..State::default() };
        language.turn(profile, &self.limits, None).open(state)
    }

    /// The sentence that tells the customer that the call is recorded, in the profile's language; none where the
    /// templates have none.
    pub fn recording_notice(&self, profile: &Profile) -> Option<Line> {
        const KEY: &str = "recording_notice";
        let templates = &self.language(profile.lang).templates;
        let values = Values { profile, callback_time: None };
        templates
            .contains(KEY)
            .then(|| Line { template: KEY.to_owned(), text: templates.fill(KEY, 0, values) })
    }

    /// What follows from an input. The same state and input always give the same decision.
    pub fn step(&self, state: &State, input: &Input<'_>, profile: &Profile, limits: &Limits) -> Decision {
        let language = self.language(state.lang);
        let understanding = match input {
            Input::Heard { text, confidence } => {
                // Who waits for an agent has agreed to it: what they say is meant as after the pitch.
                let phase = if state.waiting() { Phase::Pitch } else { state.phase };
                Some(language.reader.understand(phase, text, *confidence))
            }
            _ => None,
        };
        language.turn(profile, limits, understanding).step(state.clone(), input)
    }

    fn language(&self, lang: Lang) -> &Language {
        self.others.iter().find(|language| language.lang == lang).unwrap_or(&self.default)
    }
}

impl Language {
    fn read(folder: &str, files: &BTreeMap<&str, &Source<'_>>) -> Result<Self, ScriptError> {
        let place = File(folder);
        let lang = folder.parse().map_err(|error: crate::lang::LangError| {
            place.wrong("folder", Problem::Other(error.to_string()))
        })?;
        let get = |name: &str| {
            let file = files.get(name).map(|source| (File(source.name), source.text));
            file.ok_or_else(|| ScriptError::Missing { file: format!("{folder}/{name}") })
        };
        let (file, text) = get("templates.toml")?;
        let templates = Templates::read(file, text)?;
        let (file, text) = get("script.toml")?;
        let script = script::read(file, text, &templates)?;

        let mut phrases = Vec::new();
        for (name, source) in files {
            match (*name, name.strip_prefix("phrases/").and_then(|name| name.strip_suffix(".toml"))) {
                ("templates.toml" | "script.toml" | "lexicon.toml", _) => {}
                (_, Some(intent)) => phrases.push((intent, File(source.name), source.text)),
                _ => return Err(ScriptError::Stray { file: source.name.to_owned() }),
            }
        }
        let (file, text) = get("lexicon.toml")?;
        let reader = Reader::read(folder, file, text, &phrases)?;
        Ok(Language { lang, script, templates, reader })
    }

    fn turn<'a>(
        &'a self,
        profile: &'a Profile,
        limits: &'a Limits,
        understanding: Option<Understanding>,
    ) -> Turn<'a> {
        Turn { script: &self.script, templates: &self.templates, profile, limits, understanding }
    }
}
