//! Packets of Socket.IO 5 as they are read: the kind, the number of attachments, the namespace, the id of an
//! acknowledgement, and JSON (`52-/custom,7["name",{"_placeholder":true,"num":0}]`).

use bytestring::ByteString;
use serde_json::{Map, Value};

/// Events that clients may not send: they mean something on either side already.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// A packet that a client may send, without its attachments.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// To which namespace.
    pub namespace: ByteString,
    /// What it says.
    pub body: Body,
    /// How many binary messages belong to it.
    pub attachments: usize,
}

/// What a packet says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// `0`: asks to be let into the namespace.
    Connect(Map<String, Value>),
    /// `1`: leaves it.
    Disconnect,
    /// `2` and `5`: something happened.
    Event {
        /// By which id an acknowledgement is wished for.
        id: Option<u64>,
        /// What.
        name: String,
        /// With what.
        args: Vec<Value>,
    },
    /// `3` and `6`: acknowledges an event.
    Ack {
        /// The event's id.
        id: u64,
        /// With what.
        args: Vec<Value>,
    },
}

/// Why something is no packet that a client may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// It is of no known kind, or of one that only servers send.
    #[error("the packet is of no kind that clients send")]
    Kind,
    /// The number of attachments is missing, nothing, or too large.
    #[error("the packet's number of attachments is not valid")]
    Attachments,
    /// The id is missing where it must be, or too large.
    #[error("the packet's id is not valid")]
    Id,
    /// The JSON is none, or not what the kind needs.
    #[error("the packet's payload is not valid")]
    Payload,
    /// A binary message came that belongs to no packet, or none where one is missing.
    #[error("the packet's attachments are out of order")]
    Order,
    /// The attachments are too long together.
    #[error("the packet's attachments are too long")]
    TooLong,
}

impl Packet {
    /// Reads a packet that has so many attachments at most.
    ///
    /// # Errors
    /// It is none, or not one that clients send.
    pub fn read(text: &ByteString, most: usize) -> Result<Self, PacketError> {
        let mut characters = text.chars();
        let kind = characters.next().ok_or(PacketError::Kind)?;
        let rest = characters.as_str();
        let (attachments, rest) = match kind {
            '0'..='3' => (0, rest),
            '5' | '6' => attachments(rest, most)?,
            _ => return Err(PacketError::Kind),
        };
        let (namespace, rest) = namespace(text, rest);
        let (id, json) = id(rest)?;
        let body = match kind {
            '0' => Body::Connect(auth(json)?),
            '1' if json.is_empty() => Body::Disconnect,
            '2' | '5' => event(id, json)?,
            '3' | '6' => Body::Ack { id: id.ok_or(PacketError::Id)?, args: array(json)? },
            _ => return Err(PacketError::Payload),
        };
        Ok(Self { namespace, body, attachments })
    }

    /// Whether each placeholder stands for an attachment.
    pub(super) fn is_whole(&self) -> bool {
        let (Body::Event { args, .. } | Body::Ack { args, .. }) = &self.body else { return true };
        args.iter().all(|arg| stands(arg, self.attachments))
    }
}

fn attachments(text: &str, most: usize) -> Result<(usize, &str), PacketError> {
    let (count, rest) = text.split_once('-').ok_or(PacketError::Attachments)?;
    let count = number(count).ok_or(PacketError::Attachments)?;
    let count = usize::try_from(count).map_err(|_| PacketError::Attachments)?;
    if (1..=most).contains(&count) { Ok((count, rest)) } else { Err(PacketError::Attachments) }
}

/// The namespace and what is behind it; without one, the packet is for the main namespace.
fn namespace<'a>(text: &ByteString, rest: &'a str) -> (ByteString, &'a str) {
    if !rest.starts_with('/') {
        return (ByteString::from_static("/"), rest);
    }
    let (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
    (text.slice_ref(namespace), rest)
}

fn id(text: &str) -> Result<(Option<u64>, &str), PacketError> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    match text.split_at_checked(end) {
        Some(("", rest)) => Ok((None, rest)),
        Some((digits, rest)) => Ok((Some(number(digits).ok_or(PacketError::Id)?), rest)),
        None => Err(PacketError::Id),
    }
}

/// A number of digits alone, without a sign.
fn number(digits: &str) -> Option<u64> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

fn auth(json: &str) -> Result<Map<String, Value>, PacketError> {
    if json.is_empty() {
        Ok(Map::new())
    } else {
        serde_json::from_str(json).map_err(|_| PacketError::Payload)
    }
}

fn array(json: &str) -> Result<Vec<Value>, PacketError> {
    serde_json::from_str(json).map_err(|_| PacketError::Payload)
}

fn event(id: Option<u64>, json: &str) -> Result<Body, PacketError> {
    let mut args = array(json)?.into_iter();
    let name = match args.next() {
        Some(Value::String(name)) if !RESERVED.contains(&name.as_str()) => name,
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(PacketError::Payload),
    };
    Ok(Body::Event { id, name, args: args.collect() })
}

/// Whether each placeholder in this stands for one of so many attachments.
fn stands(value: &Value, attachments: usize) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|value| stands(value, attachments)),
        Value::Object(map) if map.get("_placeholder") == Some(&Value::Bool(true)) => {
            map.get("num").and_then(Value::as_u64).is_some_and(|num| num < attachments as u64)
        }
        Value::Object(map) => map.values().all(|value| stands(value, attachments)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Packet, PacketError> {
        Packet::read(&text.into(), 10)
    }

    fn body(text: &str) -> (String, Body) {
        let packet = read(text).unwrap();
        (packet.namespace.to_string(), packet.body)
    }

    #[test]
    fn a_connect_may_bring_an_object() {
        assert_eq!(body("0"), ("/".into(), Body::Connect(Map::new())));
        assert_eq!(body("0/custom"), ("/custom".into(), Body::Connect(Map::new())));
        assert_eq!(body("0/custom,"), ("/custom".into(), Body::Connect(Map::new())));
        let (namespace, Body::Connect(auth)) = body(r#"0/custom,{"token":"abc"}"#) else {
            panic!("not a connect")
        };
        assert_eq!((namespace.as_str(), &auth["token"]), ("/custom", &json!("abc")));
        for wrong in ["0[]", "0null", "0\"a\"", "0{"] {
            assert_eq!(read(wrong), Err(PacketError::Payload), "{wrong}");
        }
    }

    #[test]
    fn an_event_has_a_name() {
        let event = |id, name: &str, args| Body::Event { id, name: name.into(), args };
        assert_eq!(body(r#"2["a",1]"#), ("/".into(), event(None, "a", vec![json!(1)])));
        assert_eq!(body(r#"2/x,12["a"]"#), ("/x".into(), event(Some(12), "a", vec![])));
        assert_eq!(body("2[7]"), ("/".into(), event(None, "7", vec![])));
        for wrong in ["2", "2{}", "2[]", "2[null]", r#"2["connect"]"#, r#"2abc["a"]"#, "2[\"a\""] {
            assert_eq!(read(wrong), Err(PacketError::Payload), "{wrong}");
        }
        assert_eq!(read(r#"299999999999999999999["a"]"#), Err(PacketError::Id));
    }

    #[test]
    fn an_acknowledgement_has_an_id() {
        assert_eq!(body("312[]"), ("/".into(), Body::Ack { id: 12, args: vec![] }));
        assert_eq!(read("3[]"), Err(PacketError::Id));
        assert_eq!(read("312{}"), Err(PacketError::Payload));
    }

    #[test]
    fn attachments_are_counted() {
        assert_eq!(read(r#"52-["a"]"#).unwrap().attachments, 2);
        assert_eq!(read(r#"62-/x,3["a"]"#).unwrap().attachments, 2);
        for wrong in ["5[\"a\"]", "50-[\"a\"]", "511-[\"a\"]", "5+1-[\"a\"]", "5-[\"a\"]", "5"] {
            assert_eq!(read(wrong), Err(PacketError::Attachments), "{wrong}");
        }
    }

    #[test]
    fn what_clients_do_not_send_is_no_packet() {
        for wrong in ["", "4{}", "7", "abc", "é"] {
            assert_eq!(read(wrong), Err(PacketError::Kind), "{wrong}");
        }
        assert_eq!(read("1{}"), Err(PacketError::Payload));
    }

    #[test]
    fn a_placeholder_stands_for_an_attachment() {
        let whole = |num: &str| {
            let text = format!(r#"51-["a",[{{"b":{{"_placeholder":true,"num":{num}}}}}]]"#);
            read(&text).unwrap().is_whole()
        };
        assert!(whole("0"));
        for wrong in ["1", "-1", "0.5", "\"0\"", "null"] {
            assert!(!whole(wrong), "{wrong}");
        }
    }
}
