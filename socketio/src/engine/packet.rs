//! Packets of Engine.IO 4: what they mean when they are read, and how they look when they are written.

use actix_web::web::Bytes;
use bytestring::ByteString;

/// A packet as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    /// `0`: the server opens a session. Clients do not send it.
    Open(ByteString),
    /// `1`: the session ends.
    Close,
    /// `2`: is somebody there? With `probe` behind it, a client tries a WebSocket.
    Ping(ByteString),
    /// `3`: somebody is.
    Pong(ByteString),
    /// `4`, or a binary frame: something for the layer above.
    Message(Message),
    /// `5`: from now on the WebSocket is the transport.
    Upgrade,
    /// `6`: ends a poll, and says nothing.
    Noop,
}

/// What one layer above says to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Text.
    Text(ByteString),
    /// Bytes.
    Binary(Bytes),
}

/// A packet as it is written, in one piece that any number of sessions share. A text begins with the digit of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text packet.
    Text(ByteString),
    /// A binary message.
    Binary(Bytes),
}

/// Why something is no packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// It has no digit of a kind in front, or something behind a kind that has nothing behind it.
    #[error("the packet is of no known kind")]
    Kind,
    /// What should be Base64 is not.
    #[error("the packet's Base64 is not valid")]
    Base64,
    /// What should be UTF-8 is not.
    #[error("the packet's text is not UTF-8")]
    Utf8,
}

impl Packet {
    /// Reads a text packet.
    ///
    /// # Errors
    /// It is of no known kind.
    pub fn read(text: &ByteString) -> Result<Self, PacketError> {
        let mut characters = text.chars();
        let kind = characters.next().ok_or(PacketError::Kind)?;
        let rest = || text.slice_ref(characters.as_str());
        match kind {
            '0' => Ok(Self::Open(rest())),
            '1' => Ok(Self::Close),
            '2' => Ok(Self::Ping(rest())),
            '3' => Ok(Self::Pong(rest())),
            '4' => Ok(Self::Message(Message::Text(rest()))),
            '5' => Ok(Self::Upgrade),
            '6' => Ok(Self::Noop),
            _ => Err(PacketError::Kind),
        }
    }
}

impl Frame {
    /// Opens a session; `handshake` is its JSON.
    pub fn open(handshake: &str) -> Self {
        Self::Text(format!("0{handshake}").into())
    }

    /// Ends a session.
    pub const fn close() -> Self {
        Self::Text(ByteString::from_static("1"))
    }

    /// Asks whether somebody is there.
    pub const fn ping() -> Self {
        Self::Text(ByteString::from_static("2"))
    }

    /// Ends a poll.
    pub const fn noop() -> Self {
        Self::Text(ByteString::from_static("6"))
    }

    /// Answers a client that tries a WebSocket.
    pub const fn probed() -> Self {
        Self::Text(ByteString::from_static("3probe"))
    }

    /// A message. Text is copied once, to put its digit in front.
    pub fn message(message: Message) -> Self {
        match message {
            Message::Text(text) => Self::Text(format!("4{text}").into()),
            Message::Binary(bytes) => Self::Binary(bytes),
        }
    }

    /// Its length on a WebSocket, in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }

    /// Nothing is in it; only a binary message can be like that.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn packets_are_told_by_their_digit() {
        let read = |text: &str| Packet::read(&text.into());
        assert_eq!(read("2"), Ok(Packet::Ping("".into())));
        assert_eq!(read("2probe"), Ok(Packet::Ping("probe".into())));
        assert_eq!(read("4hello"), Ok(Packet::Message(Message::Text("hello".into()))));
        assert_eq!(read("4"), Ok(Packet::Message(Message::Text("".into()))));
        for wrong in ["", "7", "abc", "é4", "\u{1e}"] {
            assert_eq!(read(wrong), Err(PacketError::Kind), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_message_is_read_as_it_was_written(text in ".*") {
            let message = Message::Text(text.into());
            let Frame::Text(frame) = Frame::message(message.clone()) else { panic!("text became binary") };
            prop_assert_eq!(Packet::read(&frame), Ok(Packet::Message(message)));
        }

        #[test]
        fn whatever_comes_is_a_packet_or_is_none(text in any::<String>()) {
            let known = text.starts_with(['0', '1', '2', '3', '4', '5', '6']);
            prop_assert_eq!(Packet::read(&text.into()).is_ok(), known);
        }
    }
}
