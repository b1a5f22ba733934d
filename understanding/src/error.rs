//! What can be wrong with the data files.

use toml::de::{DeTable, DeValue};

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
        "{file}: no such file belongs here; known are limits.toml and, per language, script.toml, templates.toml, lexicon.toml, advice.toml and phrases/<intent>.toml"
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

impl ScriptError {
    /// The file whose fault it is.
    pub fn file(&self) -> &str {
        match self {
            ScriptError::Syntax { file, .. }
            | ScriptError::Missing { file }
            | ScriptError::Stray { file }
            | ScriptError::Wrong { file, .. } => file,
        }
    }

    /// Where in a file of this text it is: the line that the fault is in, or that the last part of its path of keys that there
    /// is begins with. None when it is about the whole file.
    pub fn position(&self, text: &str) -> Option<Position> {
        let at = match self {
            ScriptError::Syntax { source, .. } => source.span()?.start,
            ScriptError::Wrong { place, .. } => written_at(text, place)?,
            ScriptError::Missing { .. } | ScriptError::Stray { .. } => return None,
        };
        let before = text.get(..at)?;
        let line = before.rsplit('\n').next().unwrap_or_default();
        Some(Position { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 })
    }
}

/// A place in a text, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Counted from 1.
    pub line: usize,
    /// Counted in characters from 1.
    pub column: usize,
}

/// Where a path of keys (`phase.opening.on.acknowledge[0]`) is written, as far as it is.
fn written_at(text: &str, place: &str) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let mut found = None;
    let mut inside = Some(table.get_ref());
    for part in place.split('.') {
        let (key, index) = match part.split_once('[') {
            Some((key, index)) => (key, index.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let Some((written, value)) = inside.and_then(|table| table.get_key_value(key)) else { break };
        found = Some(written.span().start);
        let entry = match (index, value.get_ref()) {
            (Some(index), DeValue::Array(entries)) => entries.get(index),
            _ => None,
        };
        found = entry.map(|entry| entry.span().start).or(found);
        inside = match entry.unwrap_or(value).get_ref() {
            DeValue::Table(table) => Some(table),
            _ => None,
        };
    }
    found
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "start = \"opening\"\n[phase.opening]\nprompt = []\n[phase.opening.on]\nreject = [\n  { say = [\"a\"] },\n  { say = [\"あ\"] },\n]\n";

    fn position(place: &str) -> Option<(usize, usize)> {
        let position = File("x.toml").wrong(place, Problem::Missing("it")).position(TEXT);
        position.map(|Position { line, column }| (line, column))
    }

    #[test]
    fn a_path_of_keys_is_found_as_far_as_it_is_written() {
        assert_eq!(position("start"), Some((1, 1)));
        assert_eq!(position("phase.opening"), Some((2, 8)));
        assert_eq!(position("phase.opening.on.reject"), Some((5, 1)));
        assert_eq!(position("phase.opening.on.reject[1].say"), Some((7, 5)));
        assert_eq!(position("phase.opening.on.reject[9]"), Some((5, 1)));
        assert_eq!(position("phase.opening.on.affirm"), Some((4, 16)));
        assert_eq!(position("phase.pitch"), Some((2, 2)));
        assert_eq!(position("waiting"), None);
    }

    #[test]
    fn what_cannot_be_read_tells_its_line() {
        let text = "a = 1\nあ = \n";
        let error = File("x.toml").read::<toml::Table>(text).unwrap_err();
        assert_eq!((error.file(), error.position(text).map(|position| position.line)), ("x.toml", Some(2)));
        assert_eq!(ScriptError::Missing { file: "y.toml".into() }.position(text), None);
    }
}
