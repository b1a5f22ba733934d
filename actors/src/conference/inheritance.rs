//! What a conference is born with: which of the things that its call wants done are its to do, and what may have become of them.

use super::effects::Life;
use std::collections::BTreeSet;
use tsunagu_call::CommandId;

/// What a conference is born with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inheritance {
    /// The call begins: nothing has been done.
    Nothing,
    /// All that an earlier life left.
    Everything,
    /// Of a call that nodes share, what this node was about to do.
    Part {
        /// That.
        hands: BTreeSet<CommandId>,
        /// This node wrote last.
        owns: bool,
    },
}

impl Inheritance {
    /// The call's timers are here.
    pub const fn owns(&self) -> bool {
        match self {
            Self::Nothing | Self::Everything => true,
            Self::Part { owns, .. } => *owns,
        }
    }

    /// How a pending command is to be carried out; `None` when that is another node's.
    pub fn life_of(&self, command: CommandId, wanted: bool) -> Option<Life> {
        match self {
            Self::Nothing => Some(Life::Fresh),
            Self::Part { hands, .. } if !hands.contains(&command) => None,
            Self::Everything | Self::Part { .. } if wanted => Some(Life::Inherited),
            Self::Everything | Self::Part { .. } => Some(Life::Unwanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_other_hands_is_left_there() {
        let part = Inheritance::Part { hands: [1].into(), owns: false };
        assert_eq!((part.life_of(1, true), part.life_of(2, true)), (Some(Life::Inherited), None));
        assert_eq!(Inheritance::Everything.life_of(2, false), Some(Life::Unwanted));
        assert_eq!(Inheritance::Nothing.life_of(2, false), Some(Life::Fresh));
        assert!(!part.owns() && Inheritance::Everything.owns());
    }
}
