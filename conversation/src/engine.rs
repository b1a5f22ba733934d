//! The engine: the compiled scripts of all languages, and the three things one asks of it.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

use crate::advice::{Claims, Wording};
use crate::chart::Chart;
use crate::decision::{Decision, Line};
use crate::error::{File, Problem, ScriptError};
use crate::input::Input;
use crate::intent::Intent;
use crate::lang::Lang;
use crate::limits::Limits;
use crate::own::{Own, OwnScript};
use crate::phase::Phase;
use crate::profile::Profile;
use crate::reading::needed;
use crate::script::{self, Script};
use crate::source::{EMBEDDED, MODELS, Source};
use crate::state::State;
use crate::step::Turn;
use crate::template::{OVERRIDABLE, Templates, Values};
use crate::understanding::Understanding;
use tsunagu_understanding::{Files, OwnPhrases, Reader};

/// The compiled scripts of all languages. Make one when the server starts and share it by `Arc`.
#[derive(Debug)]
pub struct Engine {
    default: Language,
    reader: Reader,
    others: Vec<Other>,
    limits: Limits,
    /// What a language model's answer is checked for, in all languages.
    claims: Claims,
}

#[derive(Debug)]
struct Language {
    lang: Lang,
    script: Script,
    templates: Templates,
    /// How a language model is asked, where the language says so.
    wording: Option<Wording>,
}

/// A language besides the default one. What understands it may be made later: that takes longer than all the rest.
#[derive(Debug)]
struct Other {
    language: Language,
    /// None inside when it cannot be made.
    reader: OnceLock<Option<Reader>>,
    /// What it is made of, until it is made.
    files: Option<Files<'static>>,
}

impl Engine {
    /// The engine of the embedded files.
    ///
    /// # Errors
    /// Never with the files as they are delivered: a test reads them.
    pub fn embedded() -> Result<Engine, ScriptError> {
        Engine::from_sources(EMBEDDED)
    }

    /// The engine of the embedded files, ready sooner: it understands the default language at once, and each other one
    /// from [`Engine::complete`] on; who needs it before waits while it is made.
    ///
    /// # Errors
    /// Never with the files as they are delivered: a test reads them.
    pub fn embedded_default_first() -> Result<Engine, ScriptError> {
        let (limits, languages) = languages(EMBEDDED)?;
        let claims = claims_of(&languages);
        let late = |(language, files): (Language, Files<'static>)| Other {
            language,
            reader: OnceLock::new(),
            files: Some(files),
        };
        let mut others: Vec<_> = languages.into_iter().map(late).collect();
        let first = others.remove(default_of(others.iter().map(|other| other.language.lang))?);
        let reader = first.files.as_ref().map(read).ok_or_else(no_language)??;
        Ok(Engine { default: first.language, reader, others, limits, claims })
    }

    /// Makes what is not made yet.
    pub fn complete(&self) {
        for other in &self.others {
            other.reader();
        }
    }

    /// The engine of other files, such as [`EMBEDDED`] with a company's own in place of some.
    ///
    /// # Errors
    /// When a file is missing, cannot be read, or holds something wrong; the error names file and place.
    pub fn from_sources(sources: &[Source<'_>]) -> Result<Engine, ScriptError> {
        let (limits, languages) = languages(sources)?;
        let claims = claims_of(&languages);
        // Each language takes a while to compile and train, so they do it side by side.
        let mut read = thread::scope(|scope| {
            let read = languages
                .into_iter()
                .map(|(language, files)| scope.spawn(move || read(&files).map(|reader| (language, reader))));
            let read: Vec<_> = read.collect();
            let read = read.into_iter().map(|read| read.join().unwrap_or_else(|panic| resume_unwind(panic)));
            read.collect::<Result<Vec<_>, _>>()
        })?;
        let (default, reader) = read.remove(default_of(read.iter().map(|(language, _)| language.lang))?);
        let made = |(language, reader)| Other { language, reader: Some(reader).into(), files: None };
        Ok(Engine { default, reader, others: read.into_iter().map(made).collect(), limits, claims })
    }

    /// This engine with another script for a language, under the file name that errors tell. What it understands and says
    /// stays.
    ///
    /// # Errors
    /// When there is no such language, or the script is not as it must be; the error names file and place.
    pub fn with_script(mut self, lang: Lang, file: &str, text: &str) -> Result<Engine, ScriptError> {
        let mut others = self.others.iter_mut().map(|other| &mut other.language);
        let language = match others.find(|language| language.lang == lang) {
            Some(language) => language,
            None if self.default.lang == lang => &mut self.default,
            None => return Err(ScriptError::Missing { file: format!("{lang}/templates.toml") }),
        };
        language.script = script::read(File(file), text, &language.templates)?;
        Ok(self)
    }

    /// A company's own script of a language, which counts when it is given to [`Engine::open_with`] and [`Engine::step_with`].
    /// Errors tell this file name.
    ///
    /// # Errors
    /// When there is no such language, or the script is not as it must be; the error names file and place.
    pub fn own_script(&self, lang: Lang, file: &str, text: &str) -> Result<OwnScript, ScriptError> {
        let language = self.language(lang);
        if language.lang != lang {
            return Err(ScriptError::Missing { file: format!("{lang}/templates.toml") });
        }
        Ok(OwnScript { lang, script: script::read(File(file), text, &language.templates)? })
    }

    /// The languages that there are scripts for, the default first.
    pub fn languages(&self) -> impl Iterator<Item = Lang> {
        let others = self.others.iter().map(|other| &other.language);
        std::iter::once(&self.default).chain(others).map(|language| language.lang)
    }

    /// The limits of `limits.toml`.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The state chart of a language.
    pub fn chart(&self, lang: Lang) -> Chart {
        let language = self.language(lang);
        Chart::of(language.lang, &language.script)
    }

    /// Words that are likely to be said in a phase, for the speech recognition.
    pub fn hints(&self, lang: Lang, phase: Phase) -> &[String] {
        self.language(lang).script.phase(phase).map_or(&[], |phase| &phase.hints)
    }

    /// The sentences that an agent may word otherwise, by their keys, as the script has them.
    pub fn sentences(&self, lang: Lang) -> Vec<(&'static str, String)> {
        let templates = &self.language(lang).templates;
        OVERRIDABLE.iter().filter_map(|key| Some((*key, templates.source(key)?))).collect()
    }

    /// What is said for what a sentence may have filled in, by its name, when it has no value.
    pub fn instead(&self, lang: Lang) -> BTreeMap<&'static str, String> {
        self.language(lang).templates.instead()
    }

    /// What an utterance means in a phase. `confidence` is the recogniser's, from 0 to 1; exactly 0 counts as not
    /// given. Only the first [`crate::MAX_UTTERANCE_CHARS`] characters of the text are read.
    pub fn understand(&self, lang: Lang, phase: Phase, text: &str, confidence: Option<f32>) -> Understanding {
        self.reader(lang).understand(phase, text, confidence)
    }

    /// A company's own phrases of a language, which count at once when they are given to [`Engine::understand_with`] or
    /// [`Engine::step_with`]. Making them ready takes some microseconds a phrase: keep them.
    pub fn own_phrases<'a>(
        &self,
        lang: Lang,
        phrases: impl Iterator<Item = (Intent, &'a str)>,
    ) -> OwnPhrases {
        self.reader(lang).own_phrases(phrases)
    }

    /// What an utterance means at a company with phrases of its own.
    pub fn understand_with(
        &self,
        own: &OwnPhrases,
        lang: Lang,
        phase: Phase,
        text: &str,
        confidence: Option<f32>,
    ) -> Understanding {
        self.reader(lang).understand_with(own, phase, text, confidence)
    }

    /// The greeting with which a call begins, in the profile's language.
    pub fn open(&self, profile: &Profile) -> Decision {
        self.open_with(&Own::default(), profile)
    }

    /// The greeting with which a call of a company with things of its own begins.
    pub fn open_with(&self, own: &Own, profile: &Profile) -> Decision {
        let language = self.language(profile.lang);
        let state = State { lang: language.lang, ..State::default() };
        language.turn(own, profile, &self.limits, None).open(state)
    }

    /// The sentence that tells the customer that the call is recorded, in the profile's language; none where the
    /// templates have none.
    pub fn recording_notice(&self, profile: &Profile) -> Option<Line> {
        const KEY: &str = "recording_notice";
        let templates = &self.language(profile.lang).templates;
        let values = Values { profile, callback_time: None, speaker: None };
        templates.contains(KEY).then(|| {
            let text = templates.fill(KEY, 0, values);
            Line { template: KEY.to_owned(), readings: needed(&profile.readings, &text), text }
        })
    }

    /// What follows from an input. The same state and input always give the same decision.
    pub fn step(&self, state: &State, input: &Input<'_>, profile: &Profile, limits: &Limits) -> Decision {
        self.step_with(&Own::default(), state, input, profile, limits)
    }

    /// What follows from an input at a company with things of its own. Any script that passed its check can go on from any state:
    /// each knows every phase, and what to do about everything that happens there.
    pub fn step_with(
        &self,
        own: &Own,
        state: &State,
        input: &Input<'_>,
        profile: &Profile,
        limits: &Limits,
    ) -> Decision {
        self.turn(own, state, input, profile, limits).step(state.clone(), input)
    }

    /// Which entries of the script an input takes, by where they are written (`phase.opening.on.acknowledge[0]`): one
    /// that says `as` and the one that it leads to, or just one; none where the input means nothing or the talk is over.
    pub fn taken<'a>(
        &'a self,
        state: &State,
        input: &Input<'_>,
        profile: &'a Profile,
        limits: &'a Limits,
    ) -> Vec<&'a str> {
        let language = self.language(state.lang);
        let understanding = self.heard(&OwnPhrases::default(), state, input);
        let turn = language.speaking(&language.script, profile, limits, understanding);
        language.with_advice(turn, state, input).taken(state.clone(), input)
    }

    fn turn<'a>(
        &'a self,
        own: &'a Own,
        state: &State,
        input: &Input<'_>,
        profile: &'a Profile,
        limits: &'a Limits,
    ) -> Turn<'a> {
        let understanding = self.heard(&own.phrases, state, input);
        let language = self.language(state.lang);
        language.with_advice(language.turn(own, profile, limits, understanding), state, input)
    }

    fn heard(&self, own: &OwnPhrases, state: &State, input: &Input<'_>) -> Option<Understanding> {
        let (Input::Heard { text, confidence } | Input::Advised { text, confidence, .. }) = input else {
            return None;
        };
        // Who waits for an agent has agreed to it: what they say is meant as after the pitch.
        let phase = if state.waiting() { Phase::Pitch } else { state.phase };
        Some(self.reader(state.lang).understand_with(own, phase, text, *confidence))
    }

    /// How a language model is asked in a language, and what its answers are checked for.
    pub(crate) fn advice_of(&self, lang: Lang) -> Option<(&Wording, &Claims)> {
        Some((self.language(lang).wording.as_ref()?, &self.claims))
    }

    fn language(&self, lang: Lang) -> &Language {
        self.other(lang).map_or(&self.default, |other| &other.language)
    }

    fn reader(&self, lang: Lang) -> &Reader {
        self.other(lang).and_then(Other::reader).unwrap_or(&self.reader)
    }

    fn other(&self, lang: Lang) -> Option<&Other> {
        self.others.iter().find(|other| other.language.lang == lang)
    }
}

impl Other {
    fn reader(&self) -> Option<&Reader> {
        let make = || self.files.as_ref().and_then(|files| read(files).ok());
        self.reader.get_or_init(make).as_ref()
    }
}

/// The limits, and each language with what its reader is made of.
fn languages<'a>(sources: &[Source<'a>]) -> Result<(Limits, Vec<(Language, Files<'a>)>), ScriptError> {
    let mut limits = Limits::default();
    let mut folders: BTreeMap<&str, BTreeMap<&str, Source<'a>>> = BTreeMap::new();
    for source in sources {
        match source.name.split_once('/') {
            Some((folder, name)) => {
                folders.entry(folder).or_default().insert(name, *source);
            }
            None if source.name == "limits.toml" => limits = File(source.name).read(source.text)?,
            None => return Err(ScriptError::Stray { file: source.name.to_owned() }),
        }
    }
    let read = folders.iter().map(|(folder, files)| Language::read(folder, files));
    Ok((limits, read.collect::<Result<_, _>>()?))
}

fn claims_of(languages: &[(Language, Files<'_>)]) -> Claims {
    Claims::of(languages.iter().filter_map(|(language, _)| language.wording.as_ref()))
}

/// Which of these languages is the default.
fn default_of(mut languages: impl ExactSizeIterator<Item = Lang>) -> Result<usize, ScriptError> {
    if languages.len() == 0 {
        return Err(no_language());
    }
    Ok(languages.position(|lang| lang == Lang::default()).unwrap_or(0))
}

fn no_language() -> ScriptError {
    ScriptError::Missing { file: "ja/script.toml".to_owned() }
}

/// What understands a language. The build has trained a model on the embedded files; others are learnt from now.
fn read(files: &Files<'_>) -> Result<Reader, ScriptError> {
    let embedded = Files::by_language(EMBEDDED.iter().map(|source| (source.name, source.text)));
    let model = MODELS.iter().find(|(folder, _)| *folder == files.folder && embedded.contains(files));
    Reader::read(files, model.map(|(_, bytes)| *bytes))
}

impl Language {
    fn read<'a>(
        folder: &'a str,
        files: &BTreeMap<&'a str, Source<'a>>,
    ) -> Result<(Self, Files<'a>), ScriptError> {
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
        let wording = files.get("advice.toml").map(|source| Wording::read(File(source.name), source.text));
        let wording = wording.transpose()?;

        for (name, source) in files {
            let is_phrases = name.strip_prefix("phrases/").is_some_and(|name| name.ends_with(".toml"));
            if !is_phrases && !["templates.toml", "script.toml", "lexicon.toml", "advice.toml"].contains(name)
            {
                return Err(ScriptError::Stray { file: source.name.to_owned() });
            }
        }
        let of_language = Files::by_language(files.values().map(|source| (source.name, source.text)));
        let files = of_language.into_iter().next().ok_or_else(no_language)?;
        Ok((Language { lang, script, templates, wording }, files))
    }

    fn turn<'a>(
        &'a self,
        own: &'a Own,
        profile: &'a Profile,
        limits: &'a Limits,
        understanding: Option<Understanding>,
    ) -> Turn<'a> {
        let script = own.script(self.lang).unwrap_or(&self.script);
        self.speaking(script, profile, limits, understanding)
    }

    fn speaking<'a>(
        &'a self,
        script: &'a Script,
        profile: &'a Profile,
        limits: &'a Limits,
        understanding: Option<Understanding>,
    ) -> Turn<'a> {
        let (templates, answer, advised) = (&self.templates, None, false);
        Turn { script, templates, profile, limits, understanding, answer, advised }
    }

    /// The turn, with what counts of the advice that came with its input.
    fn with_advice<'a>(&self, turn: Turn<'a>, state: &State, input: &Input<'_>) -> Turn<'a> {
        match input {
            Input::Advised { text, advice, .. } => turn.advised(state, self.wording.as_ref(), text, advice),
            _ => turn,
        }
    }
}
