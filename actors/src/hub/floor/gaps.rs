//! What does not come as news is read in the journals: what is missing here, and what happens on other nodes.

use super::{Floor, Want};
use std::collections::{HashMap, HashSet, hash_map::Entry};
use tsunagu_call::CallId;

impl Floor {
    /// What is still missing after a moment does not come.
    pub(super) fn close_gaps(&mut self) -> Vec<Want> {
        let gaps: HashSet<CallId> =
            self.lines.iter().filter(|(_, line)| line.has_gap()).map(|(call, _)| *call).collect();
        let lasting: Vec<_> = gaps.intersection(&self.gaps).copied().collect();
        self.gaps = gaps;
        lasting.into_iter().filter_map(|call| self.read_up(call)).collect()
    }

    /// So far the journals of the company's live calls are, on whichever node they are written: the places of their next entries.
    pub fn stand(&mut self, calls: &HashMap<CallId, u64>) -> Vec<Want> {
        if self.to_open.is_none() {
            return Vec::new();
        }
        let behind =
            calls.iter().filter(|(call, next)| self.lines.get(call).is_none_or(|line| line.next() < **next));
        let mut unread: Vec<CallId> = behind.map(|(call, _)| *call).collect();
        unread.extend(self.living().map(|record| record.id).filter(|call| !calls.contains_key(call)));
        unread.into_iter().filter_map(|call| self.read_up(call)).collect()
    }

    fn read_up(&mut self, call: CallId) -> Option<Want> {
        match self.reading.entry(call) {
            Entry::Occupied(_) => None,
            Entry::Vacant(unread) => {
                unread.insert(Vec::new());
                Some(Want::Journal(call))
            }
        }
    }
}
