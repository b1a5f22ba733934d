//! Who has a screen open: on this node, and on the others that share the store. And who had one at a node that is gone.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use tsunagu_call::{CompanyId, UserId};

/// People, each of one company.
pub(crate) type People = BTreeSet<(CompanyId, UserId)>;

/// Shared by the hub, which knows who is here, and by whoever hears of the others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Presence(Arc<Mutex<All>>);

#[derive(Debug, Default)]
struct All {
    here: People,
    /// Whose last screen here went a moment ago.
    awaited: People,
    elsewhere: People,
    /// The companies of which somebody watches here, or did a moment ago.
    watched: Vec<CompanyId>,
    /// Who had a screen at a node that is gone, and since when it is known to be: this node sees to it whether they come back.
    inherited: BTreeMap<(CompanyId, UserId), Instant>,
    /// Other nodes tell at once what is written there, all of them.
    told_of_all: bool,
}

impl Presence {
    /// Who is here.
    pub fn here(&self) -> People {
        self.all().here.clone()
    }

    /// Whose last screen went a moment ago, and whose return this node waits for.
    pub fn awaited(&self) -> People {
        let all = self.all();
        all.awaited.iter().chain(all.inherited.keys()).copied().collect()
    }

    pub fn set_here(&self, here: People, awaited: People) {
        let mut all = self.all();
        (all.here, all.awaited) = (here, awaited);
    }

    /// Who looks at other nodes' screens, and whether these nodes tell at once what is written there.
    pub fn set_elsewhere(&self, elsewhere: People, told_of_all: bool) {
        let mut all = self.all();
        (all.elsewhere, all.told_of_all) = (elsewhere, told_of_all);
    }

    /// The companies of which somebody watches here.
    pub fn watched(&self) -> Vec<CompanyId> {
        self.all().watched.clone()
    }

    pub fn set_watched(&self, watched: Vec<CompanyId>) {
        self.all().watched = watched;
    }

    /// They look at another node's screens.
    pub fn is_elsewhere(&self, company: CompanyId, user: UserId) -> bool {
        self.all().elsewhere.contains(&(company, user))
    }

    /// Somebody looks at another node's screens.
    pub fn is_anybody_elsewhere(&self) -> bool {
        !self.all().elsewhere.is_empty()
    }

    /// Other nodes tell at once what is written there, all of them.
    pub fn is_told_of_all(&self) -> bool {
        self.all().told_of_all
    }

    /// Takes over who was at nodes that are gone since now. Gives those whom it did not have to see to before.
    pub fn inherit(&self, people: impl IntoIterator<Item = (CompanyId, UserId)>, now: Instant) -> People {
        let mut all = self.all();
        let mut new = People::new();
        for person in people {
            if let Entry::Vacant(unknown) = all.inherited.entry(person) {
                unknown.insert(now);
                new.insert(person);
            }
        }
        new
    }

    /// Another node sees to them.
    pub fn disinherit(&self, people: &People) {
        self.all().inherited.retain(|person, _| !people.contains(person));
    }

    /// Those who were inherited for that long and have not come back to any node. Each is named once.
    pub fn gone(&self, grace: Duration, now: Instant) -> People {
        let mut all = self.all();
        let All { here, elsewhere, inherited, .. } = &mut *all;
        inherited.retain(|person, _| !here.contains(person) && !elsewhere.contains(person));
        let is_gone = |since: &Instant| now.duration_since(*since) >= grace;
        let gone = inherited.iter().filter(|(_, since)| is_gone(since)).map(|(person, _)| *person).collect();
        inherited.retain(|_, since| !is_gone(since));
        gone
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPANY: CompanyId = CompanyId::from_bytes([1; 12]);
    const ANNA: (CompanyId, UserId) = (COMPANY, UserId::from_bytes([2; 12]));
    const BEN: (CompanyId, UserId) = (COMPANY, UserId::from_bytes([3; 12]));
    const CLARA: (CompanyId, UserId) = (COMPANY, UserId::from_bytes([4; 12]));
    const GRACE: Duration = Duration::from_secs(15);

    #[test]
    fn who_comes_back_to_no_node_is_gone() {
        let (presence, now) = (Presence::default(), Instant::now());
        assert_eq!(presence.inherit([ANNA, BEN, CLARA], now).len(), 3);
        assert_eq!(presence.inherit([ANNA], now + GRACE), People::new(), "since the first time");
        assert_eq!(presence.awaited(), [ANNA, BEN, CLARA].into());
        presence.set_here([BEN].into(), People::new());
        presence.set_elsewhere([CLARA].into(), true);
        assert_eq!(presence.gone(GRACE, now), People::new());
        assert_eq!(presence.awaited(), [ANNA].into());
        presence.set_here(People::new(), People::new());
        assert_eq!(presence.gone(GRACE, now + GRACE), [ANNA].into());
        assert_eq!(presence.gone(GRACE, now + GRACE), People::new(), "once");
    }

    #[test]
    fn who_is_seen_to_by_another_node_is_let_go() {
        let (presence, now) = (Presence::default(), Instant::now());
        presence.inherit([ANNA, BEN], now);
        presence.disinherit(&[ANNA].into());
        assert_eq!(presence.gone(GRACE, now + GRACE), [BEN].into());
    }
}
