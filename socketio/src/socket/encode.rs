//! Packets as they are written. An event is written once and shared by all who get it.

use crate::engine::{Frame, Sid};
use actix_web::web::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use std::{fmt::Write, sync::Arc};

/// A packet in the form that both transports send. A clone shares its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    pub(super) head: Frame,
    pub(super) attachments: Arc<[Frame]>,
}

impl Encoded {
    /// Its length, in bytes, with attachments.
    pub fn len(&self) -> usize {
        self.head.len() + self.attachments.iter().map(Frame::len).sum::<usize>()
    }

    /// Never: a packet has at least its kind.
    pub fn is_empty(&self) -> bool {
        false
    }

    fn plain(text: String) -> Self {
        Self { head: Frame::Text(text.into()), attachments: Arc::default() }
    }
}

/// An event for the clients of a namespace.
pub fn event(namespace: &str, name: &str, args: &[Value]) -> Encoded {
    asking(namespace, None, name, args, &[])
}

/// An event with one argument, written without a detour over [`Value`].
///
/// # Errors
/// The argument cannot be JSON.
pub fn event_of<T: Serialize + ?Sized>(
    namespace: &str,
    name: &str,
    arg: &T,
) -> Result<Encoded, serde_json::Error> {
    let mut text = head('2', 0, namespace, None);
    let _ = write!(text, "[{},", Value::from(name));
    text.push_str(&serde_json::to_string(arg)?);
    text.push(']');
    Ok(Encoded::plain(text))
}

/// An event with one argument that is JSON already, and is taken as it is.
pub fn event_json(namespace: &str, name: &str, json: &str) -> Encoded {
    let mut text = head('2', 0, namespace, None);
    text.reserve(name.len() + json.len() + 5);
    let _ = write!(text, "[{},{json}]", Value::from(name));
    Encoded::plain(text)
}

/// An event with bytes. Where they belong, `args` has [`placeholder`]s.
pub fn event_with(namespace: &str, name: &str, args: &[Value], attachments: &[Bytes]) -> Encoded {
    asking(namespace, None, name, args, attachments)
}

/// Stands in the arguments for the attachment of this number, counted from 0.
pub fn placeholder(num: usize) -> Value {
    json!({ "_placeholder": true, "num": num })
}

pub(super) fn asking(
    namespace: &str,
    id: Option<u64>,
    name: &str,
    args: &[Value],
    attachments: &[Bytes],
) -> Encoded {
    let kind = if attachments.is_empty() { '2' } else { '5' };
    let mut text = head(kind, attachments.len(), namespace, id);
    let _ = write!(text, "[{}", Value::from(name));
    for arg in args {
        let _ = write!(text, ",{arg}");
    }
    text.push(']');
    with(text, attachments)
}

pub(super) fn ack(namespace: &str, id: u64, args: &[Value], attachments: &[Bytes]) -> Encoded {
    let kind = if attachments.is_empty() { '3' } else { '6' };
    let mut text = head(kind, attachments.len(), namespace, Some(id));
    for (place, arg) in args.iter().enumerate() {
        let _ = write!(text, "{}{arg}", if place == 0 { '[' } else { ',' });
    }
    text.push_str(if args.is_empty() { "[]" } else { "]" });
    with(text, attachments)
}

pub(super) fn connected(namespace: &str, id: Sid) -> Frame {
    let mut text = head('0', 0, namespace, None);
    let _ = write!(text, "{}", json!({ "sid": id }));
    Frame::Text(text.into())
}

pub(super) fn refused(namespace: &str, message: &str, data: Option<&Value>) -> Frame {
    let mut text = head('4', 0, namespace, None);
    let _ = write!(text, "{{\"message\":{}", Value::from(message));
    if let Some(data) = data {
        let _ = write!(text, ",\"data\":{data}");
    }
    text.push('}');
    Frame::Text(text.into())
}

pub(super) fn disconnect(namespace: &str) -> Frame {
    Frame::Text(head('1', 0, namespace, None).into())
}

/// What is in front of the JSON, from Engine.IO's digit of a message on.
fn head(kind: char, attachments: usize, namespace: &str, id: Option<u64>) -> String {
    let mut text = String::with_capacity(64);
    text.push('4');
    text.push(kind);
    if attachments > 0 {
        let _ = write!(text, "{attachments}-");
    }
    if namespace != "/" {
        text.push_str(namespace);
        text.push(',');
    }
    if let Some(id) = id {
        let _ = write!(text, "{id}");
    }
    text
}

fn with(text: String, attachments: &[Bytes]) -> Encoded {
    let attachments = attachments.iter().cloned().map(Frame::Binary).collect();
    Encoded { head: Frame::Text(text.into()), attachments }
}

#[cfg(test)]
mod tests;
