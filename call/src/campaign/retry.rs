//! Who is rung again, how often, and after how long.

use super::AttemptResult;
use serde::{Deserialize, Serialize};

/// How often a customer is tried who could not be reached for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RetryRule {
    /// How many attempts there are in all, 1 to 10; with 1 nobody is rung again.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 10))]
    pub attempts: u32,
    /// How long after the end of a call the next one may come, in seconds.
    #[cfg_attr(feature = "schema", schema(minimum = 60, maximum = 2_592_000))]
    pub wait_secs: u32,
}

/// What is tried again. Whoever was reached, declined, or has a wrong number is never rung again, whatever it says here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RetryPlan {
    /// Nobody picked up, a machine did, or the person was away. 3 attempts, 2 hours apart.
    pub absent: RetryRule,
    /// The line was busy. 3 attempts, 15 minutes apart.
    pub busy: RetryRule,
    /// The call could not be put through. 2 attempts, 10 minutes apart.
    pub failed: RetryRule,
}

impl Default for RetryPlan {
    fn default() -> Self {
        let rule = |attempts, wait_secs| RetryRule { attempts, wait_secs };
        Self { absent: rule(3, 7200), busy: rule(3, 900), failed: rule(2, 600) }
    }
}

impl RetryPlan {
    /// After how many seconds somebody is rung again who has been tried so often; `None`: never.
    pub fn next(&self, result: AttemptResult, attempts: u32) -> Option<u32> {
        let rule = match result {
            AttemptResult::Absent => self.absent,
            AttemptResult::Busy => self.busy,
            AttemptResult::Failed => self.failed,
            AttemptResult::Success
            | AttemptResult::FollowUp
            | AttemptResult::Rejected
            | AttemptResult::DoNotCall
            | AttemptResult::WrongNumber
            | AttemptResult::Ended => return None,
        };
        (attempts < rule.attempts).then_some(rule.wait_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_could_not_be_reached_is_rung_again_and_nobody_else() {
        let plan = RetryPlan::default();
        assert_eq!(plan.next(AttemptResult::Absent, 1), Some(7200));
        assert_eq!(plan.next(AttemptResult::Absent, 3), None);
        assert_eq!(plan.next(AttemptResult::Failed, 1), Some(600));
        assert_eq!(plan.next(AttemptResult::Failed, 2), None, "attempts of another kind count too");
        let mut again = AttemptResult::ALL.into_iter().filter(|result| plan.next(*result, 1).is_some());
        assert!(again.all(|result| ["absent", "busy", "failed"].contains(&result.as_str())));
    }
}
