//! Who has a screen open: on this node, and on the others that share the store.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tsunagu_call::{CompanyId, UserId};

/// People, each of one company.
type People = BTreeSet<(CompanyId, UserId)>;

/// Shared by the hub, which knows who is here, and by whoever hears of the others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Presence(Arc<Mutex<Both>>);

#[derive(Debug, Default)]
struct Both {
    here: People,
    elsewhere: People,
}

impl Presence {
    /// Who is here.
    pub fn here(&self) -> People {
        self.both().here.clone()
    }

    pub fn set_here(&self, here: People) {
        self.both().here = here;
    }

    pub fn set_elsewhere(&self, elsewhere: People) {
        self.both().elsewhere = elsewhere;
    }

    /// They look at another node's screens.
    pub fn is_elsewhere(&self, company: CompanyId, user: UserId) -> bool {
        self.both().elsewhere.contains(&(company, user))
    }

    fn both(&self) -> MutexGuard<'_, Both> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
