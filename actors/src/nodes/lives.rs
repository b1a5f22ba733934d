//! Which of the nodes that share a store are alive. A node that tells the same sign again and again is dead: nobody's clock is
//! compared with anybody else's, and while the store cannot be read nobody dies.

use std::collections::BTreeMap;
use tsunagu_call::NodeId;
use tsunagu_store::Sign;

/// At so many looks, one a second, a sign must have stood still.
pub(super) const STILL: u32 = 5;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Lives {
    seen: BTreeMap<NodeId, Seen>,
}

#[derive(Debug)]
struct Seen {
    beat: u64,
    still: u32,
    left: bool,
}

impl Seen {
    const fn is_dead(&self) -> bool {
        self.left || self.still > STILL
    }
}

/// What a look finds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Nodes that tell signs and are dead.
    pub dead: Vec<NodeId>,
    /// Somebody is not there any more who was.
    pub gone: bool,
}

impl Lives {
    /// The signs that all nodes told last.
    pub fn look(&mut self, signs: &[Sign]) -> Found {
        let before = self.seen.len();
        self.seen.retain(|node, _| signs.iter().any(|sign| sign.node == *node));
        let gone = self.seen.len() < before;
        for sign in signs {
            let still = match self.seen.get(&sign.node) {
                Some(seen) if seen.beat == sign.beat => seen.still + 1,
                _ => 0,
            };
            self.seen.insert(sign.node, Seen { beat: sign.beat, still, left: sign.left });
        }
        let dead = self.seen.iter().filter(|(_, seen)| seen.is_dead()).map(|(node, _)| *node).collect();
        Found { dead, gone }
    }

    /// This one was dead at the last look.
    pub fn is_dead(&self, node: NodeId) -> bool {
        self.seen.get(&node).is_some_and(Seen::is_dead)
    }

    /// How many are alive, as far as is known.
    pub fn count(&self) -> usize {
        self.seen.values().filter(|seen| !seen.is_dead()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: NodeId = NodeId::from_bytes([1; 12]);
    const BEN: NodeId = NodeId::from_bytes([2; 12]);

    fn sign(node: NodeId, beat: u64) -> Sign {
        let (present, awaited) = Default::default();
        Sign { node, place: String::new(), beat, present, awaited, tells: false, left: false }
    }

    #[test]
    fn whose_sign_stands_still_is_dead_until_it_moves() {
        let mut lives = Lives::default();
        for beat in 0..=u64::from(STILL) {
            assert_eq!(lives.look(&[sign(ANNA, beat), sign(BEN, 7)]), Found::default(), "{beat}");
        }
        assert_eq!(lives.look(&[sign(ANNA, 9), sign(BEN, 7)]).dead, [BEN]);
        assert_eq!(lives.count(), 1);
        assert_eq!(lives.look(&[sign(ANNA, 10), sign(BEN, 8)]), Found::default());
        assert_eq!(lives.count(), 2);
    }

    #[test]
    fn who_says_goodbye_is_dead_at_once_and_missed_once() {
        let mut lives = Lives::default();
        lives.look(&[sign(ANNA, 1), sign(BEN, 1)]);
        let left = Sign { left: true, ..sign(BEN, 1) };
        assert_eq!(lives.look(&[sign(ANNA, 2), left]), Found { dead: vec![BEN], gone: false });
        assert!(lives.is_dead(BEN) && !lives.is_dead(ANNA));
        assert_eq!(lives.look(&[sign(ANNA, 2)]), Found { dead: vec![], gone: true });
        assert_eq!(lives.look(&[sign(ANNA, 3)]), Found::default());
    }
}
