//! `script.toml` as it stands.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Ladders by the name of what they hang on.
pub(super) type RawOn = BTreeMap<String, Vec<RawStep>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScript {
    pub start: String,
    #[serde(default)]
    pub hints: Vec<String>,
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    #[serde(default)]
    pub on: RawOn,
    pub phase: BTreeMap<String, RawPhase>,
    pub waiting: RawPhase,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPhase {
    #[serde(default)]
    pub prompt: Vec<String>,
    pub question: Option<String>,
    pub continues: Option<String>,
    #[serde(default)]
    pub hints: Vec<String>,
    #[serde(default = "yes")]
    pub barge_in: bool,
    #[serde(default)]
    pub on: RawOn,
    #[serde(default)]
    pub otherwise: Vec<RawStep>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub times: Option<u16>,
    pub when: Option<String>,
    #[serde(default)]
    pub answer_also: bool,
    #[serde(default)]
    pub say: Vec<String>,
    pub to: Option<String>,
    pub barge_in: Option<bool>,
    #[serde(rename = "do")]
    pub action: Option<String>,
    #[serde(rename = "as")]
    pub as_trigger: Option<String>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
    pub mark: Option<String>,
    #[serde(default)]
    pub callback: bool,
}

fn yes() -> bool {
    true
}
