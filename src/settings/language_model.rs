//! The language model that may be asked, if one is set.

use anyhow::{Context, Result, bail};
use secrecy::SecretString;
use serde::Deserialize;
use std::time::Duration;
use tsunagu_advisor::{Advisor, AdvisorConfig};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageModel {
    pub url: String,
    pub key: SecretString,
    pub name: String,
    pub budget_ms: u64,
    pub max_in_flight: usize,
    pub failures: u32,
    pub pause_secs: u64,
}

impl LanguageModel {
    /// Refuses what could not work.
    pub fn check(&self) -> Result<()> {
        // The carrier waits 15 s in all, of which the call may take ten.
        if !(50..=3000).contains(&self.budget_ms) {
            bail!("language_model.budget_ms is {}, but must lie from 50 to 3,000", self.budget_ms);
        }
        if !(1..=1000).contains(&self.max_in_flight) || !(1..=1000).contains(&self.failures) {
            bail!("language_model.max_in_flight and language_model.failures must lie from 1 to 1,000");
        }
        if !(1..=3600).contains(&self.pause_secs) {
            bail!("language_model.pause_secs is {}, but must lie from 1 to 3,600", self.pause_secs);
        }
        self.advisor().map(drop)
    }

    /// The advisor, where a model is set.
    pub fn advisor(&self) -> Result<Option<Advisor>> {
        if self.url.is_empty() {
            return Ok(None);
        }
        let config = AdvisorConfig {
            url: self.url.clone(),
            key: self.key.clone(),
            model: self.name.clone(),
            budget: Duration::from_millis(self.budget_ms),
            max_in_flight: self.max_in_flight,
            failures: self.failures,
            pause: Duration::from_secs(self.pause_secs),
        };
        Advisor::new(config).map(Some).context("language_model is not as it must be")
    }
}
