//! What a call came to, as a campaign sees it.

use serde::{Deserialize, Serialize};
use tsunagu_conversation::Outcome;

/// What an attempt to reach somebody came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptResult {
    /// A human spoke with them.
    Success,
    /// Somebody has to do something next; a callback, for one, is seen to by people.
    FollowUp,
    /// They declined.
    Rejected,
    /// They asked never to be called again.
    DoNotCall,
    /// The number is somebody else's.
    WrongNumber,
    /// Nobody picked up, a machine did, or the person was away.
    Absent,
    /// The line was busy.
    Busy,
    /// The call could not be put through, or was lost.
    Failed,
    /// A person on our side ended it before it came to anything.
    Ended,
}

impl AttemptResult {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Success,
        Self::FollowUp,
        Self::Rejected,
        Self::DoNotCall,
        Self::WrongNumber,
        Self::Absent,
        Self::Busy,
        Self::Failed,
        Self::Ended,
    ];

    /// That of a call that is over: its outcome, and the machine word of why it ended.
    pub fn of(outcome: Option<Outcome>, end_reason: Option<&str>) -> Self {
        match (outcome, end_reason) {
            (_, Some("never_again")) => Self::DoNotCall,
            (_, Some("wrong_number")) => Self::WrongNumber,
            (Some(Outcome::Success), _) => Self::Success,
            (Some(Outcome::FollowUp), _) => Self::FollowUp,
            (Some(Outcome::Rejected), _) => Self::Rejected,
            // Whoever took the call away from the AI knows why: the campaign does not ring again over their head.
            (_, Some("ended_by_user" | "canceled")) => Self::Ended,
            (_, Some("busy")) => Self::Busy,
            (Some(Outcome::Absent), _) => Self::Absent,
            (Some(Outcome::Failed) | None, _) => Self::Failed,
        }
    }

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::FollowUp => "follow_up",
            Self::Rejected => "rejected",
            Self::DoNotCall => "do_not_call",
            Self::WrongNumber => "wrong_number",
            Self::Absent => "absent",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Ended => "ended",
        }
    }

    /// The list or the line is to blame, not the time of day: what a breaker counts.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::WrongNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EndReason;
    use tsunagu_conversation as conversation;

    #[test]
    fn the_words_are_those_that_calls_end_with() {
        let of = |outcome, reason: EndReason| AttemptResult::of(Some(outcome), Some(&reason.word()));
        let script = EndReason::Script;
        use conversation::EndReason as Said;
        assert_eq!(of(Outcome::Rejected, script(Said::NeverAgain)), AttemptResult::DoNotCall);
        assert_eq!(of(Outcome::Failed, script(Said::WrongNumber)), AttemptResult::WrongNumber);
        assert_eq!(of(Outcome::Rejected, script(Said::Declined)), AttemptResult::Rejected);
        assert_eq!(of(Outcome::Absent, EndReason::Busy), AttemptResult::Busy);
        assert_eq!(of(Outcome::Absent, EndReason::NoAnswer), AttemptResult::Absent);
        assert_eq!(of(Outcome::Absent, EndReason::EndedByUser), AttemptResult::Ended);
        assert_eq!(of(Outcome::Success, EndReason::EndedByUser), AttemptResult::Success);
        assert_eq!(of(Outcome::Failed, EndReason::Canceled), AttemptResult::Ended);
        assert_eq!(of(Outcome::Failed, EndReason::CarrierFailed), AttemptResult::Failed);
        assert_eq!(of(Outcome::FollowUp, script(Said::CallbackAgreed)), AttemptResult::FollowUp);
        assert_eq!(AttemptResult::of(None, None), AttemptResult::Failed);
        for result in AttemptResult::ALL {
            assert_eq!(serde_json::to_value(result).unwrap(), result.as_str());
        }
    }
}
