//! The breaker: a campaign whose calls fail one after the other is paused before it has spoilt its whole list.

use super::AttemptResult;
use serde::{Deserialize, Serialize};

/// When a campaign is paused by itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct BreakerRule {
    /// How many of the last calls are looked at; before there are so many nothing is decided.
    #[cfg_attr(feature = "schema", schema(minimum = 5, maximum = 100))]
    pub window: u32,
    /// The share of them that must have failed (could not be put through, or a wrong number).
    #[cfg_attr(feature = "schema", schema(minimum = 0.05, maximum = 1))]
    pub failure_rate: f64,
}

impl Default for BreakerRule {
    fn default() -> Self {
        Self { window: 20, failure_rate: 0.5 }
    }
}

impl BreakerRule {
    /// Whether these results, the newest first, are too bad to go on.
    pub fn trips(&self, results: &[AttemptResult]) -> bool {
        let window = usize::try_from(self.window.max(1)).unwrap_or(usize::MAX);
        let Some(last) = results.get(..window) else { return false };
        let failed = last.iter().filter(|result| result.is_failure()).count();
        failed as f64 >= self.failure_rate * window as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AttemptResult::{Absent, Failed, Rejected, Success, WrongNumber};

    #[test]
    fn only_a_full_window_of_failures_trips_it() {
        let rule = BreakerRule { window: 4, failure_rate: 0.5 };
        assert!(!rule.trips(&[Failed, Failed, Failed]), "too few to tell");
        assert!(rule.trips(&[Failed, Success, WrongNumber, Rejected]));
        assert!(!rule.trips(&[Failed, Absent, Absent, Rejected]), "nobody at home is no failure");
        assert!(!rule.trips(&[Success, Success, Success, Failed, Failed, Failed]), "what is past is past");
    }
}
