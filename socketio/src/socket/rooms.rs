//! Who is in which room of a namespace, for whoever fans out. Plain data: its owner tells it who comes and goes.

use super::{client::Client, encode::Encoded};
use crate::engine::{SendError, Sid};
use std::{collections::HashMap, sync::Arc};

/// Somebody who can be in a room.
pub trait Member: Clone {
    /// Who it is.
    fn id(&self) -> Sid;

    /// Sends it something, without waiting.
    ///
    /// # Errors
    /// It could not be sent.
    fn try_emit(&self, packet: &Encoded) -> Result<(), SendError>;
}

impl<S> Member for Client<S> {
    fn id(&self) -> Sid {
        Client::id(self)
    }

    fn try_emit(&self, packet: &Encoded) -> Result<(), SendError> {
        Client::try_emit(self, packet)
    }
}

/// The rooms of one namespace.
#[derive(Debug)]
pub struct Rooms<M> {
    members: HashMap<Sid, Present<M>>,
    rooms: HashMap<Arc<str>, HashMap<Sid, M>>,
}

#[derive(Debug)]
struct Present<M> {
    member: M,
    rooms: Vec<Arc<str>>,
}

impl<M> Default for Rooms<M> {
    fn default() -> Self {
        Self { members: HashMap::new(), rooms: HashMap::new() }
    }
}

impl<M: Member> Rooms<M> {
    /// Somebody comes into the namespace, and is in no room yet.
    pub fn enter(&mut self, member: M) {
        let id = member.id();
        self.exit(id);
        self.members.insert(id, Present { member, rooms: Vec::new() });
    }

    /// Somebody leaves the namespace, and with it all rooms.
    pub fn exit(&mut self, id: Sid) -> Option<M> {
        let present = self.members.remove(&id)?;
        for room in &present.rooms {
            self.remove(room, id);
        }
        Some(present.member)
    }

    /// Somebody joins a room. Whether that is somebody who is in the namespace, and not in the room yet.
    pub fn join(&mut self, id: Sid, room: &str) -> bool {
        let Some(present) = self.members.get_mut(&id) else { return false };
        if present.rooms.iter().any(|one| **one == *room) {
            return false;
        }
        let name = self.rooms.get_key_value(room).map_or_else(|| Arc::from(room), |(name, _)| name.clone());
        present.rooms.push(name.clone());
        self.rooms.entry(name).or_default().insert(id, present.member.clone());
        true
    }

    /// Somebody leaves a room. Whether it was in there.
    pub fn leave(&mut self, id: Sid, room: &str) -> bool {
        let Some(present) = self.members.get_mut(&id) else { return false };
        let before = present.rooms.len();
        present.rooms.retain(|one| **one != *room);
        let was = present.rooms.len() < before;
        if was {
            self.remove(room, id);
        }
        was
    }

    fn remove(&mut self, room: &str, id: Sid) {
        if let Some(members) = self.rooms.get_mut(room) {
            members.remove(&id);
            if members.is_empty() {
                self.rooms.remove(room);
            }
        }
    }

    /// Sends to all in a room. Those whom it could not reach come back: let go of who is [`SendError::Full`], and
    /// [`exit`](Self::exit) all.
    pub fn broadcast(&self, room: &str, packet: &Encoded) -> Vec<(M, SendError)> {
        self.rooms.get(room).map(|members| unreached(members.values(), packet)).unwrap_or_default()
    }

    /// Sends to all in the namespace; the same comes back.
    pub fn broadcast_all(&self, packet: &Encoded) -> Vec<(M, SendError)> {
        unreached(self.members.values().map(|present| &present.member), packet)
    }

    /// Who is in a room.
    pub fn members(&self, room: &str) -> impl Iterator<Item = &M> {
        self.rooms.get(room).into_iter().flat_map(HashMap::values)
    }

    /// The rooms that somebody is in.
    pub fn of(&self, id: Sid) -> impl Iterator<Item = &str> {
        self.members.get(&id).into_iter().flat_map(|present| present.rooms.iter().map(AsRef::as_ref))
    }

    /// How many are in the namespace.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Nobody is in the namespace.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

fn unreached<'a, M: Member + 'a>(
    members: impl Iterator<Item = &'a M>,
    packet: &Encoded,
) -> Vec<(M, SendError)> {
    members.filter_map(|member| member.try_emit(packet).err().map(|error| (member.clone(), error))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::encode;
    use std::{cell::RefCell, rc::Rc};

    #[derive(Debug, Clone)]
    struct Fake {
        id: Sid,
        got: Rc<RefCell<usize>>,
        fails: Option<SendError>,
    }

    impl Member for Fake {
        fn id(&self) -> Sid {
            self.id
        }

        fn try_emit(&self, _: &Encoded) -> Result<(), SendError> {
            *self.got.borrow_mut() += 1;
            self.fails.map_or(Ok(()), Err)
        }
    }

    fn fake(fails: Option<SendError>) -> Fake {
        Fake { id: Sid::new(), got: Rc::default(), fails }
    }

    #[test]
    fn a_broadcast_reaches_a_room_and_says_whom_it_did_not() {
        let (hana, taro, jiro) = (fake(None), fake(Some(SendError::Full)), fake(None));
        let mut rooms = Rooms::default();
        for member in [&hana, &taro, &jiro] {
            rooms.enter(member.clone());
        }
        assert!(rooms.join(hana.id, "desk") && rooms.join(taro.id, "desk"));
        assert!(!rooms.join(hana.id, "desk"));
        let missed = rooms.broadcast("desk", &encode::event("/", "a", &[]));
        assert_eq!(
            missed.iter().map(|(who, why)| (who.id, *why)).collect::<Vec<_>>(),
            [(taro.id, SendError::Full)]
        );
        assert_eq!((*hana.got.borrow(), *jiro.got.borrow()), (1, 0));
        assert_eq!(rooms.broadcast_all(&encode::event("/", "a", &[])).len(), 1);
        assert_eq!(*jiro.got.borrow(), 1);
    }

    #[test]
    fn nothing_is_kept_of_whoever_went() {
        let hana = fake(None);
        let mut rooms = Rooms::default();
        assert!(!rooms.join(hana.id, "desk"), "not in the namespace");
        rooms.enter(hana.clone());
        assert!(rooms.join(hana.id, "desk") && rooms.join(hana.id, "call"));
        assert_eq!(rooms.of(hana.id).count(), 2);
        assert!(rooms.leave(hana.id, "call") && !rooms.leave(hana.id, "call"));
        assert_eq!(rooms.members("desk").count(), 1);
        assert!(rooms.exit(hana.id).is_some());
        assert!(rooms.is_empty() && rooms.rooms.is_empty());
    }
}
