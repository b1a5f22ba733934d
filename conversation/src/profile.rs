//! Whom the AI speaks for, and to whom.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{lang::Lang, reading::Reading};

/// The settings that fill in the templates: whom the AI speaks for, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The language in which the call begins.
    pub lang: Lang,
    /// The company on whose behalf the AI rings.
    pub company_name: String,
    /// What it offers.
    pub service_name: String,
    /// The human representative.
    pub representative_name: String,
    /// The department whose person in charge is wanted, such as 総務部.
    pub target_department: String,
    /// The customer's name, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The customer's company, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_company: Option<String>,
    /// The agent's own wording by template key, as [`crate::check_template`] allows it. One that does not pass is
    /// ignored and the script's own is spoken.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<String, String>,
    /// How names are read aloud.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}
