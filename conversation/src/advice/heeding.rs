//! What of an advice counts in a decision: the last word, whoever gave it.

use super::{Advice, Wording};
use crate::intent::Intent;
use crate::state::{Agent, State};
use crate::understanding::{EvidenceKind, Understanding};

/// What of an advice counts.
#[derive(Debug, Default)]
pub(crate) struct Heeded {
    /// The utterance means this.
    pub intent: Option<Intent>,
    /// This answers its question.
    pub answer: Option<String>,
}

/// What counts of an advice about an utterance of which this was understood, as the talk stands now. The talk may have gone
/// on since the model was asked: what was meant for another moment does not count.
pub(crate) fn heed(
    wording: Option<&Wording>,
    state: &State,
    understood: &Understanding,
    text: &str,
    advice: &Advice,
) -> Heeded {
    let same = state.phase == advice.phase && understood.intent == advice.about;
    let open = state.ended.is_none() && state.agent == Agent::None;
    let (true, true, Some(wording)) = (same, open, wording) else { return Heeded::default() };
    match understood.intent {
        Intent::Unknown => {
            let refusing = refusing(wording, understood, text);
            let intent = advice.intent.filter(|intent| !refusing || suits_a_refusal(*intent));
            let answer = advice.answer.clone().filter(|_| intent == Some(Intent::AskQuestion));
            Heeded { intent, answer }
        }
        Intent::AskQuestion if !understood.also.iter().any(|also| declines(*also)) => {
            Heeded { intent: None, answer: advice.answer.clone() }
        }
        _ => Heeded::default(),
    }
}

/// Whether an utterance has words of a refusal, or the engine has found something in it that speaks for one.
pub(super) fn refusing(wording: &Wording, understood: &Understanding, text: &str) -> bool {
    let found = understood.evidence.iter().any(|item| match item.kind {
        // What is denied was not agreed to.
        EvidenceKind::Denied => true,
        // Of any wording some part is like a refusal.
        EvidenceKind::Wording => false,
        _ => declines(item.intent),
    });
    found || understood.also.iter().any(|also| declines(*also)) || wording.refuses(text)
}

/// Whether whoever means this wants less of the call than it wants of them.
pub(super) const fn declines(intent: Intent) -> bool {
    use Intent::{AskHuman, DoNotCall, Goodbye, Negate, Reject, Voicemail, WrongNumber};
    matches!(intent, DoNotCall | WrongNumber | Reject | Negate | Goodbye | AskHuman | Voicemail)
}

/// Whether somebody with words of a refusal may mean this: it takes the talk no further, and asks nothing of anybody.
pub(super) const fn suits_a_refusal(intent: Intent) -> bool {
    use Intent::{Absent, BusyNow, DoNotCall, Goodbye, Negate, Reject, Voicemail, WrongNumber};
    matches!(intent, DoNotCall | WrongNumber | Reject | Negate | Goodbye | Voicemail | BusyNow | Absent)
}
