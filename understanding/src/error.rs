//! What can be wrong with the data files.

/// A data file that cannot be used: which file, which place in it, and what is wrong there.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The file is not TOML, or holds keys or types that do not belong there; the source tells line and column.
    #[error("cannot read {file}")]
    Syntax {
        /// The file's name.
        file: String,
        /// What the TOML reader says.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A file that must be there is not.
    #[error("{file} is missing")]
    Missing {
        /// The file's name.
        file: String,
    },
    /// A file that belongs nowhere.
    #[error(
        "{file}: no such file belongs here; known are limits.toml and, per language, script.toml, templates.toml, lexicon.toml and phrases/<intent>.toml"
    )]
    Stray {
        /// The file's name.
        file: String,
    },
    /// The file is well-formed but what it says is wrong.
    #[error("{file}: {place}: {problem}")]
    Wrong {
        /// The file's name.
        file: String,
        /// Where in it, as a path of keys.
        place: String,
        /// What is wrong.
        problem: Problem,
    },
}

/// What is wrong at a place of a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A name that is not in its closed set.
    Unknown {
        /// What kind of name: phase, action, template …
        what: &'static str,
        /// The name.
        name: String,
    },
    /// No way leads to this phase from the start.
    Unreachable(String),
    /// In this phase nothing is said about that intent or event.
    NoTransition(String),
    /// Something that has to be there is not.
    Missing(&'static str),
    /// A pattern that cannot be read.
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why not.
        why: String,
    },
    /// Anything else, in a sentence.
    Other(String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Unknown { what, name } => write!(f, "unknown {what} `{name}`"),
            Problem::Unreachable(phase) => write!(f, "no transition leads to phase `{phase}`"),
            Problem::NoTransition(trigger) => write!(f, "no transition for `{trigger}`"),
            Problem::Missing(what) => write!(f, "{what} is missing"),
            Problem::Pattern { pattern, why } => write!(f, "bad pattern `{pattern}`: {why}"),
            Problem::Other(sentence) => f.write_str(sentence),
        }
    }
}

/// A file under its name, from which errors are made.
#[derive(Debug, Clone, Copy)]
pub struct File<'a>(pub &'a str);

impl File<'_> {
    /// An error at a place of this file.
    pub fn wrong(self, place: impl Into<String>, problem: Problem) -> ScriptError {
        ScriptError::Wrong { file: self.0.to_owned(), place: place.into(), problem }
    }

    /// The error of a name that is not in its closed set.
    pub fn unknown(self, place: impl Into<String>, what: &'static str, name: &str) -> ScriptError {
        self.wrong(place, Problem::Unknown { what, name: name.to_owned() })
    }

    /// Reads the text as TOML.
    pub fn read<T: serde::de::DeserializeOwned>(self, text: &str) -> Result<T, ScriptError> {
        toml::from_str(text)
            .map_err(|source| ScriptError::Syntax { file: self.0.to_owned(), source: Box::new(source) })
    }
}
