//! What other nodes tell.

use super::{Facts, Floor, Want};
use std::sync::Arc;
use tokio::time::Instant;
use tsunagu_call::CallId;
use tsunagu_exchange::News;
use tsunagu_store::FIRST_SEQ;

impl Floor {
    /// Something happened on another node. It may be known here already, and what went before it may not.
    pub fn carried(&mut self, news: News, now: Instant) -> Vec<Want> {
        match news {
            News::Facts { call, entries } => {
                // Late, and told already; what comes of a call later is news.
                if self.is_forgotten(call) && entries.first().is_none_or(|first| first.seq == FIRST_SEQ) {
                    return Vec::new();
                }
                let facts = Facts { company: self.company, call, entries, record: None };
                self.hear(&Arc::new(facts), now)
            }
            News::Further { call, next } => self.further(call, next),
            News::Agent { agent } => self.doubt(agent).into_iter().collect(),
            News::SignedOut { user } => self.doubt_sign_ins(user).into_iter().collect(),
            News::Overheard { call, text } => {
                self.overhear(call, &text);
                Vec::new()
            }
        }
    }

    /// A call that is over, and of which all was told.
    fn is_forgotten(&self, call: CallId) -> bool {
        self.over.contains_key(&call) && !self.lines.contains_key(&call)
    }

    /// The journal of a call goes on up to before this place.
    fn further(&mut self, call: CallId, next: u64) -> Vec<Want> {
        if self.is_forgotten(call) || self.lines.get(&call).is_some_and(|line| line.next() >= next) {
            return Vec::new();
        }
        self.read_up(call, Vec::new()).into_iter().collect()
    }
}
