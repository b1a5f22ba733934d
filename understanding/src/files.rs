//! The data files that a language's understanding is made of.

use std::collections::BTreeMap;

use crate::error::{File, ScriptError};

/// A language's files: `lexicon.toml` and `phrases/<intent>.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files<'a> {
    /// The language's folder.
    pub folder: &'a str,
    /// The whole name and the text of the lexicon, if there is one.
    pub lexicon: Option<(&'a str, &'a str)>,
    /// Of each phrase file the intent, the whole name, and the text; by intent.
    pub phrases: Vec<(&'a str, &'a str, &'a str)>,
}

impl<'a> Files<'a> {
    /// Sorts files, given by their names inside `config/conversation` with their texts; others are passed over.
    pub fn by_language(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Self> {
        let mut languages: BTreeMap<&str, Files<'a>> = BTreeMap::new();
        for (name, text) in files {
            let Some((folder, inside)) = name.split_once('/') else { continue };
            let empty = Files { folder, lexicon: None, phrases: Vec::new() };
            let language = languages.entry(folder).or_insert(empty);
            let phrases = inside.strip_prefix("phrases/").and_then(|inside| inside.strip_suffix(".toml"));
            if let Some(intent) = phrases {
                language.phrases.push((intent, name, text));
            } else if inside == "lexicon.toml" {
                language.lexicon = Some((name, text));
            }
        }
        languages.values_mut().for_each(|language| language.phrases.sort_unstable());
        languages.into_values().collect()
    }

    /// The lexicon.
    pub(crate) fn lexicon(&self) -> Result<(File<'a>, &'a str), ScriptError> {
        let (name, text) = self
            .lexicon
            .ok_or_else(|| ScriptError::Missing { file: format!("{}/lexicon.toml", self.folder) })?;
        Ok((File(name), text))
    }
}
