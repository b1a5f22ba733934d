//! What came of a call, in the words of people, of machines and of older clients.

use crate::envelope::Body;
use tsunagu_conversation::Outcome;

/// Words of older clients that leave the outcome to what happened on the call.
pub(super) const UNDECIDED: [&str; 2] = ["手動終了", "完了"];

/// The outcome in the field `result`, if one is given and named.
pub(super) fn outcome(body: &mut Body) -> Option<Outcome> {
    let word = body.optional_text("result", 100)?;
    let named = Outcome::ALL
        .iter()
        .copied()
        .find(|outcome| outcome.call_result() == word || outcome.machine() == word);
    if named.is_none() && !UNDECIDED.contains(&word.as_str()) {
        let words: Vec<_> =
            Outcome::ALL.iter().map(|outcome| outcome.call_result()).chain(UNDECIDED).collect();
        body.refuse("result", format!("must be one of {}", words.join(", ")));
    }
    named
}
