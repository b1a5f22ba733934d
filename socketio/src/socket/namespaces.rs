//! The namespaces of one session: who is in, who is asked about, and what a packet means for them. Pure; a client is
//! whatever stands for one.

use super::{
    ack::Answer,
    assembler::{Assembler, Limits, Whole},
    packet::{Body, PacketError},
};
use crate::engine::{Message, Sid};
use actix_web::web::Bytes;
use bytestring::ByteString;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The namespaces of one session.
#[derive(Debug)]
pub struct Namespaces<C> {
    assembler: Assembler,
    slots: Vec<Slot<C>>,
    ended: bool,
}

#[derive(Debug)]
struct Slot<C> {
    namespace: Arc<str>,
    id: Sid,
    /// Nobody yet, while the owner decides.
    client: Option<C>,
    /// The client has left before the owner has decided.
    gone: bool,
}

/// What a message means.
#[derive(Debug, PartialEq)]
pub enum Meaning<C> {
    /// Nothing, yet or at all.
    Nothing,
    /// The owner is to decide who comes in.
    Connect {
        /// Where.
        namespace: Arc<str>,
        /// Under which id.
        id: Sid,
        /// With what.
        auth: Map<String, Value>,
    },
    /// There is no such namespace.
    Unknown(ByteString),
    /// The client leaves.
    Leave(C),
    /// The client says something.
    Event {
        /// Who.
        client: C,
        /// By which id an acknowledgement is wished for.
        id: Option<u64>,
        /// What.
        name: String,
        /// With what.
        args: Vec<Value>,
        /// And which bytes.
        attachments: Vec<Bytes>,
    },
    /// The client acknowledges something.
    Ack(C, u64, Answer),
}

/// Why a session cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// What came is no packet.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// A packet is for a namespace that the client is not in, or asks for one that it has just left at the door.
    #[error("the packet does not fit the namespace")]
    Namespace,
}

impl<C> Default for Namespaces<C> {
    fn default() -> Self {
        Self { assembler: Assembler::default(), slots: Vec::new(), ended: false }
    }
}

impl<C: Clone> Namespaces<C> {
    /// A message came. `known`: the namespaces that there are; `id` makes one for whoever asks to come in.
    ///
    /// # Errors
    /// The session cannot go on.
    pub fn take(
        &mut self,
        message: Message,
        known: &[Arc<str>],
        limits: Limits,
        id: impl FnOnce() -> Sid,
    ) -> Result<Meaning<C>, Invalid> {
        if self.ended {
            return Ok(Meaning::Nothing);
        }
        let Some(Whole { packet, attachments }) = self.assembler.take(message, limits)? else {
            return Ok(Meaning::Nothing);
        };
        let place = self.slots.iter().position(|slot| *slot.namespace == *packet.namespace);
        match packet.body {
            Body::Connect(auth) => match place.and_then(|place| self.slots.get(place)) {
                Some(slot) if slot.gone => Err(Invalid::Namespace),
                // Clients that connect, let be and connect again ask twice.
                Some(_) => Ok(Meaning::Nothing),
                None => Ok(self.ask(packet.namespace, auth, known, id)),
            },
            Body::Disconnect => match place.and_then(|place| self.slots.get_mut(place)) {
                None => Err(Invalid::Namespace),
                Some(slot) => match slot.client.take() {
                    None => {
                        slot.gone = true;
                        Ok(Meaning::Nothing)
                    }
                    Some(client) => {
                        self.slots.retain(|slot| *slot.namespace != *packet.namespace);
                        Ok(Meaning::Leave(client))
                    }
                },
            },
            Body::Event { id, name, args } => {
                let client = self.client(place)?;
                Ok(Meaning::Event { client, id, name, args, attachments })
            }
            Body::Ack { id, args } => {
                let client = self.client(place)?;
                Ok(Meaning::Ack(client, id, Answer { args, attachments }))
            }
        }
    }

    fn ask(
        &mut self,
        namespace: ByteString,
        auth: Map<String, Value>,
        known: &[Arc<str>],
        id: impl FnOnce() -> Sid,
    ) -> Meaning<C> {
        let Some(known) = known.iter().find(|known| ***known == *namespace) else {
            return Meaning::Unknown(namespace);
        };
        let (namespace, id) = (known.clone(), id());
        self.slots.push(Slot { namespace: known.clone(), id, client: None, gone: false });
        Meaning::Connect { namespace, id, auth }
    }

    fn client(&self, place: Option<usize>) -> Result<C, Invalid> {
        let slot = place.and_then(|place| self.slots.get(place));
        slot.and_then(|slot| slot.client.clone()).ok_or(Invalid::Namespace)
    }

    /// The owner has decided to let somebody in. Whether there is still somebody.
    pub fn let_in(&mut self, id: Sid, client: C) -> bool {
        let Some(slot) = self.slots.iter_mut().find(|slot| slot.id == id) else { return false };
        if slot.gone {
            self.refuse(id);
            return false;
        }
        slot.client = Some(client);
        true
    }

    /// The owner has decided to let somebody in no more. Whether there is still somebody to tell.
    pub fn refuse(&mut self, id: Sid) -> bool {
        let told = self.slots.iter().any(|slot| slot.id == id && !slot.gone);
        self.slots.retain(|slot| slot.id != id);
        told
    }

    /// Takes somebody out.
    pub fn take_out(&mut self, id: Sid) -> Option<C> {
        let place = self.slots.iter().position(|slot| slot.id == id && slot.client.is_some())?;
        self.slots.swap_remove(place).client
    }

    /// Somebody is in.
    pub fn any(&self) -> bool {
        self.slots.iter().any(|slot| slot.client.is_some())
    }

    /// Takes everybody out, and means nothing any more.
    pub fn end(&mut self) -> Vec<C> {
        self.ended = true;
        self.assembler = Assembler::default();
        std::mem::take(&mut self.slots).into_iter().filter_map(|slot| slot.client).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LIMITS: Limits = Limits { attachments: 2, bytes: 10 };
    const ID: Sid = Sid::from_ascii(*b"aaaaaaaaaaaaaaaaaaaa");

    fn say(namespaces: &mut Namespaces<&'static str>, text: &str) -> Result<Meaning<&'static str>, Invalid> {
        let known = ["/".into(), "/custom".into()];
        namespaces.take(Message::Text(text.into()), &known, LIMITS, || ID)
    }

    fn inside() -> Namespaces<&'static str> {
        let mut namespaces = Namespaces::default();
        let asked = Meaning::Connect { namespace: "/".into(), id: ID, auth: Map::new() };
        assert_eq!(say(&mut namespaces, "0"), Ok(asked));
        assert!(!namespaces.any());
        assert!(namespaces.let_in(ID, "hana"));
        assert!(namespaces.any());
        namespaces
    }

    #[test]
    fn what_a_client_says_is_said_by_it() {
        let mut namespaces = inside();
        let said = Meaning::Event {
            client: "hana",
            id: Some(1),
            name: "a".into(),
            args: vec![json!(2)],
            attachments: vec![],
        };
        assert_eq!(say(&mut namespaces, r#"21["a",2]"#), Ok(said));
        assert_eq!(say(&mut namespaces, "1"), Ok(Meaning::Leave("hana")));
        assert_eq!(say(&mut namespaces, r#"2["a"]"#), Err(Invalid::Namespace));
    }

    #[test]
    fn nothing_may_be_said_where_one_is_not() {
        for text in [r#"2/custom,["a"]"#, "3/custom,1[]", "1/custom,"] {
            assert_eq!(say(&mut inside(), text), Err(Invalid::Namespace), "{text}");
        }
        assert_eq!(say(&mut inside(), "0"), Ok(Meaning::Nothing), "asked twice");
        assert_eq!(say(&mut inside(), "0/random"), Ok(Meaning::Unknown("/random".into())));
    }

    #[test]
    fn one_who_leaves_at_the_door_is_not_let_in() {
        let mut namespaces = Namespaces::default();
        assert!(say(&mut namespaces, "0").is_ok());
        assert_eq!(say(&mut namespaces, "1"), Ok(Meaning::Nothing));
        assert_eq!(say(&mut namespaces, "0"), Err(Invalid::Namespace), "the owner is still deciding");
        assert!(!namespaces.let_in(ID, "hana"));
        assert!(matches!(say(&mut namespaces, "0"), Ok(Meaning::Connect { .. })));
        assert!(namespaces.refuse(ID));
        assert!(matches!(say(&mut namespaces, "0"), Ok(Meaning::Connect { .. })));
    }

    #[test]
    fn after_the_end_nothing_means_anything() {
        let mut namespaces = inside();
        assert_eq!(namespaces.end(), ["hana"]);
        assert_eq!(say(&mut namespaces, "0"), Ok(Meaning::Nothing));
        assert!(!namespaces.let_in(ID, "taro"));
    }
}
