//! What is true of every call in every state, by name: checked by property tests and by debug assertions.

use crate::{Call, Directive, Stage, Status};

/// A rule and the predicate that tells whether a call keeps it.
pub type Invariant = (&'static str, fn(&Call) -> bool);

/// A broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("invariant broken: {0}")]
pub struct Broken(pub &'static str);

/// All rules.
pub const INVARIANTS: &[Invariant] = &[
    ("a call that is over has decided what came of it", |call| !call.status.is_over() || call.decided.is_some()),
    ("a call that is over has let its agent go", |call| {
        !call.status.is_over() || call.handover.as_ref().is_none_or(|handover| handover.agent.is_none())
    }),
    ("a call that is over wants nothing at a time", |call| !call.status.is_over() || call.next_deadline().is_none()),
    ("a call that lives has a moment at which it does something by itself", |call| {
        call.status.is_over() || call.next_deadline().is_some()
    }),
    ("the customer is sent to the conference only when an agent has accepted", |call| {
        let joins = call.prompt.directive.as_deref().is_some_and(Directive::is_join);
        !joins
            || call.status.is_over()
            || matches!(
                call.stage(),
                Some(Stage::Bridging { .. } | Stage::Bridged { .. } | Stage::Failed { .. })
            )
    }),
    ("an agent is held only by a hand-over that is open or bridged", |call| {
        call.handover.as_ref().is_none_or(|handover| {
            handover.agent.is_none() || handover.stage.is_open() || matches!(handover.stage, Stage::Bridged { .. })
        })
    }),
    ("who is told to be with a human has met one", |call| call.status != Status::HumanConnected || call.met_human),
    ("no prompt was delivered that was not said", |call| call.prompt.delivered <= call.prompt.turn),
];

impl Call {
    /// Checks every invariant.
    ///
    /// # Errors
    /// The first that is broken.
    pub fn check(&self) -> Result<(), Broken> {
        INVARIANTS.iter().find(|(_, holds)| !holds(self)).map_or(Ok(()), |(name, _)| Err(Broken(name)))
    }
}
