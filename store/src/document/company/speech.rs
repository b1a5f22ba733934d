//! What a company has of its own for the talk of its calls: phrases that it understands in its own way, and scripts.

use crate::document::put;
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use std::collections::BTreeMap;
use tsunagu_conversation::{Intent, Reading};

/// A company's own phrases and scripts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CompanySpeech {
    /// Counts the changes: of two the one that says more is the newer.
    pub revision: u64,
    /// What means something else, or something at all, where this company rings.
    #[serde(deserialize_with = "known_phrases")]
    pub phrases: Vec<CompanyPhrase>,
    /// How the names that are spoken on its calls are read aloud.
    pub readings: Vec<Reading>,
    /// Scripts of its own, by language.
    pub scripts: BTreeMap<String, CompanyScript>,
}

/// A phrase, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CompanyPhrase {
    /// The language in which it is said (`ja`, `en`).
    pub language: String,
    /// What it means.
    pub intent: Intent,
    /// As people say it.
    pub text: String,
}

/// A script of a company's own. Calls that are under way go on by the one that they began by, so the one before is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CompanyScript {
    /// Which one it is, counted from 1.
    pub number: u64,
    /// The text of its file; the server's own script when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The text of the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// A change of what a company has of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpeechChange {
    /// All phrases.
    pub phrases: Option<Vec<CompanyPhrase>>,
    /// All readings.
    pub readings: Option<Vec<Reading>>,
    /// The script of a language; `None` gives the language back to the server's own.
    pub script: Option<(String, Option<String>)>,
}

impl CompanySpeech {
    /// Whether nobody ever changed anything.
    pub(super) const fn is_untouched(&self) -> bool {
        self.revision == 0
    }

    /// The script of a language that calls which begin now go by.
    pub fn script(&self, language: &str) -> Option<(u64, &str)> {
        let script = self.scripts.get(language)?;
        Some((script.number, script.text.as_deref()?))
    }

    /// The script of that number, while it is known.
    pub fn script_of(&self, language: &str, number: u64) -> Option<&str> {
        let script = self.scripts.get(language)?;
        match script.number.checked_sub(number)? {
            0 => script.text.as_deref(),
            1 => script.before.as_deref(),
            _ => None,
        }
    }

    pub(super) fn change(&mut self, SpeechChange { phrases, readings, script }: SpeechChange) {
        let before = self.clone();
        put(&mut self.readings, readings);
        put(&mut self.phrases, phrases);
        if let Some((language, text)) = script {
            let script = self.scripts.entry(language).or_default();
            if script.text != text {
                script.number += 1;
                script.before = std::mem::replace(&mut script.text, text);
            }
        }
        self.scripts.retain(|_, script| script.number > 0);
        if *self != before {
            self.revision += 1;
        }
    }
}

/// Those that are understood: a newer server may know of intents that this one does not.
fn known_phrases<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CompanyPhrase>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Known(CompanyPhrase),
        Unknown(IgnoredAny),
    }
    let read = Vec::<Either>::deserialize(deserializer)?.into_iter();
    Ok(read
        .filter_map(|phrase| match phrase {
            Either::Known(phrase) => Some(phrase),
            Either::Unknown(_) => None,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_server_wrote_is_passed_over() {
        let written = r#"{"revision":3,"phrases":[
            {"language":"ja","intent":"moonrise","text":"月"},{"language":"ja","intent":"absent","text":"本社です"}]}"#;
        let speech: CompanySpeech = serde_json::from_str(written).unwrap();
        assert_eq!((speech.revision, speech.phrases.len()), (3, 1));
        assert_eq!(speech.phrases[0].intent, Intent::Absent);
    }

    fn script(text: Option<&str>) -> SpeechChange {
        SpeechChange { script: Some(("ja".into(), text.map(str::to_owned))), ..SpeechChange::default() }
    }

    #[test]
    fn a_script_is_known_until_the_second_one_after_it() {
        let mut speech = CompanySpeech::default();
        speech.change(script(None));
        assert_eq!(speech, CompanySpeech::default(), "there was nothing to give back");
        speech.change(script(Some("one")));
        assert_eq!((speech.script("ja"), speech.script("en")), (Some((1, "one")), None));
        speech.change(script(Some("one")));
        assert_eq!(speech.revision, 1, "the same again is no change");
        speech.change(script(Some("two")));
        assert_eq!((speech.script_of("ja", 1), speech.script_of("ja", 2)), (Some("one"), Some("two")));
        speech.change(script(None));
        assert_eq!(speech.script("ja"), None);
        assert_eq!((speech.script_of("ja", 1), speech.script_of("ja", 2)), (None, Some("two")));
        assert_eq!((speech.script_of("ja", 0), speech.script_of("ja", 9)), (None, None));
        assert_eq!(speech.revision, 3);
        speech.change(script(Some("three")));
        assert_eq!(speech.script("ja"), Some((4, "three")), "no number comes twice");
    }

    #[test]
    fn whatever_changes_is_counted() {
        let mut speech = CompanySpeech::default();
        let phrase =
            CompanyPhrase { language: "ja".into(), intent: Intent::Absent, text: "本社です".into() };
        for (phrases, revision) in [(vec![phrase.clone()], 1), (vec![phrase], 1), (Vec::new(), 2)] {
            speech.change(SpeechChange { phrases: Some(phrases), ..SpeechChange::default() });
            assert_eq!(speech.revision, revision);
        }
        speech.change(SpeechChange::default());
        assert_eq!(speech.revision, 2);
    }
}
