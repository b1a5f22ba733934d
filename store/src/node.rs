//! The nodes that share a store, and what is in whose hands.

use crate::{AgentStatus, Availability, User};
use std::collections::{BTreeMap, BTreeSet};
use tsunagu_call::{CallId, CommandId, CompanyId, DocumentId, Entry, Event, NodeId, Time, UserId};

/// What a node tells of itself, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// Which node.
    pub node: NodeId,
    /// Where it is: one that comes up at the same place is its successor.
    pub place: String,
    /// How often it has told. Who sees it stand still for a while takes the node for dead; no clock is compared.
    pub beat: u64,
    /// Who of which company looks at its screens.
    pub present: BTreeSet<(CompanyId, UserId)>,
    /// Whose last screen went a moment ago, there or at a node that is gone: who does not come back anywhere counts as away.
    pub awaited: BTreeSet<(CompanyId, UserId)>,
    /// What is written there is told to the other nodes at once, as far as they listen.
    pub tells: bool,
    /// It has said goodbye: it is taken over from at once.
    pub left: bool,
}

/// A sign-in by which somebody looks at a node's screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignIn {
    /// Of which company.
    pub company: CompanyId,
    /// Who.
    pub user: UserId,
    /// Their [`User::session_epoch`] at that moment.
    pub epoch: u32,
    /// What all tokens that grew out of it have in common; `None` where the token does not tell, as those of an older server.
    pub family: Option<DocumentId>,
}

impl SignIn {
    /// It is still good: its user is such a one now, and its tokens were not revoked.
    pub fn is_good(&self, user: Option<&User>, revoked: bool) -> bool {
        let may = |user: &User| {
            user.company_id == self.company && !user.disabled && user.session_epoch == self.epoch
        };
        !revoked && user.is_some_and(may)
    }
}

/// What screens show of what an agent is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doing {
    /// Of which company.
    pub company: CompanyId,
    /// Who.
    pub agent: UserId,
    /// What they are doing.
    pub status: Availability,
    /// They take hand-overs at all.
    pub is_available: bool,
    /// The call they are in.
    pub call: Option<CallId>,
    /// Left alone after their last call until then.
    pub wrap_up_until: Option<Time>,
    /// When the status last changed.
    pub since: Time,
}

impl Doing {
    /// Of an agent of whom a store has this.
    pub fn of(status: &AgentStatus, is_available: bool) -> Self {
        Self {
            company: status.company_id,
            agent: status.user_id,
            status: status.status,
            is_available,
            call: status.current_call_id,
            wrap_up_until: status.wrap_up_until,
            since: status.last_activity,
        }
    }
}

/// What came of a claim to something that one node does at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nobody else has had it since this node had it last, be that long ago.
    Kept,
    /// This node has it now; it does not know what another one did with it a moment ago.
    Taken,
    /// Another node has it.
    Refused,
}

impl Claim {
    /// Of a node, at this moment, to what was last had by that node until then.
    pub fn of(node: NodeId, now: Time, last: Option<(NodeId, Time)>) -> Self {
        match last {
            Some((holder, _)) if holder == node => Self::Kept,
            Some((_, until)) if until > now => Self::Refused,
            _ => Self::Taken,
        }
    }
}

/// A call in which something is still to be done, and in whose hands it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCall {
    /// Whose call.
    pub company: CompanyId,
    /// Which.
    pub call: CallId,
    /// The place of the next entry of its journal.
    pub next: u64,
    /// Who holds what.
    pub hold: Hold,
}

/// Who holds what of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hold {
    /// The node that wrote last: the call's timers are there.
    pub owner: Option<NodeId>,
    /// The node that does each thing which the call wants done and which is not settled.
    pub hands: BTreeMap<CommandId, NodeId>,
}

impl Hold {
    /// A node has written these entries.
    pub fn wrote(&mut self, node: NodeId, entries: &[Entry]) {
        if entries.is_empty() {
            return;
        }
        self.owner = Some(node);
        for entry in entries {
            match &entry.event {
                Event::Intended { id, .. } => {
                    self.hands.insert(*id, node);
                }
                Event::Settled { id, .. } => {
                    self.hands.remove(id);
                }
                _ => {}
            }
        }
    }

    /// What one node held is another one's from now on. Says whether there was anything.
    pub fn pass(&mut self, from: NodeId, to: NodeId) -> bool {
        let mut passed = false;
        for holder in self.hands.values_mut().chain(&mut self.owner) {
            if *holder == from {
                *holder = to;
                passed = true;
            }
        }
        passed
    }

    /// All of a call that wants this done is one node's.
    pub fn all_of(node: NodeId, wanted: &BTreeSet<CommandId>) -> Self {
        Self { owner: Some(node), hands: wanted.iter().map(|command| (*command, node)).collect() }
    }

    /// Nodes that hold anything of it.
    pub fn holders(&self) -> impl Iterator<Item = NodeId> {
        self.hands.values().copied().chain(self.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_call::{Command, Settlement, Time};

    const ANNA: NodeId = NodeId::from_bytes([1; 12]);
    const BEN: NodeId = NodeId::from_bytes([2; 12]);

    fn entry(seq: u64, event: Event) -> Entry {
        Entry { seq, at: Time::from_millis(0), event }
    }

    #[test]
    fn who_wrote_last_owns_the_call_and_who_intended_does_it() {
        let mut hold = Hold::default();
        hold.wrote(ANNA, &[entry(2, Event::Intended { id: 1, command: Command::DialCustomer })]);
        hold.wrote(BEN, &[entry(3, Event::Intended { id: 2, command: Command::CheckRoom })]);
        hold.wrote(BEN, &[]);
        assert_eq!(hold, Hold { owner: Some(BEN), hands: [(1, ANNA), (2, BEN)].into() });
        hold.wrote(ANNA, &[entry(4, Event::Settled { id: 2, settlement: Settlement::Done })]);
        assert_eq!(hold, Hold { owner: Some(ANNA), hands: [(1, ANNA)].into() });
        assert!(hold.pass(ANNA, BEN) && !hold.pass(ANNA, BEN));
        assert_eq!(hold, Hold { owner: Some(BEN), hands: [(1, BEN)].into() });
        assert_eq!(hold, Hold::all_of(BEN, &[1].into()));
    }
}
