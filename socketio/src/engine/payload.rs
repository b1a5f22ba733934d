//! Payloads: several packets in the body of one request or answer, joined by the record separator.

use super::packet::{Frame, Message, Packet, PacketError};
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytestring::ByteString;

/// What stands between two packets.
const SEPARATOR: char = '\u{1e}';
/// What stands in front of a binary message's Base64.
const BINARY: char = 'b';

/// Clients pad, or do not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads the packets of a payload one by one, so that a small body cannot become a great list.
pub fn read(payload: &ByteString) -> impl Iterator<Item = Result<Packet, PacketError>> {
    payload.split(SEPARATOR).map(|part| match part.strip_prefix(BINARY) {
        Some(encoded) => match BASE64.decode(encoded) {
            Ok(bytes) => Ok(Packet::Message(Message::Binary(bytes.into()))),
            Err(_) => Err(PacketError::Base64),
        },
        None => Packet::read(&payload.slice_ref(part)),
    })
}

/// Writes packets as one payload.
pub fn write<'a>(frames: impl IntoIterator<Item = &'a Frame>) -> String {
    let mut payload = String::new();
    for (place, frame) in frames.into_iter().enumerate() {
        if place > 0 {
            payload.push(SEPARATOR);
        }
        match frame {
            Frame::Text(text) => payload.push_str(text),
            Frame::Binary(bytes) => {
                payload.push(BINARY);
                BASE64.encode_string(bytes, &mut payload);
            }
        }
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn all(payload: &str) -> Vec<Result<Packet, PacketError>> {
        read(&payload.into()).collect()
    }

    #[test]
    fn text_and_bytes_share_a_payload() {
        let hello = Packet::Message(Message::Text("hello".into()));
        let bytes = Packet::Message(Message::Binary(vec![1, 2, 3, 4].into()));
        for payload in ["4hello\u{1e}bAQIDBA==", "4hello\u{1e}bAQIDBA"] {
            assert_eq!(all(payload), [Ok(hello.clone()), Ok(bytes.clone())], "{payload}");
        }
    }

    #[test]
    fn what_is_no_packet_is_said_so_in_its_place() {
        assert_eq!(all(""), [Err(PacketError::Kind)]);
        assert_eq!(all("abc"), [Err(PacketError::Kind)]);
        assert_eq!(all("3\u{1e}b!"), [Ok(Packet::Pong("".into())), Err(PacketError::Base64)]);
        assert_eq!(all("3\u{1e}"), [Ok(Packet::Pong("".into())), Err(PacketError::Kind)]);
    }

    /// A message that can be in a payload: the separator cannot be part of a text.
    fn message() -> impl Strategy<Value = Message> {
        prop_oneof![
            "[^\u{1e}]*".prop_map(|text| Message::Text(text.into())),
            vec(any::<u8>(), 0..40).prop_map(|bytes| Message::Binary(bytes.into())),
        ]
    }

    proptest! {
        #[test]
        fn a_payload_is_read_as_it_was_written(messages in vec(message(), 1..8)) {
            let frames: Vec<_> = messages.iter().cloned().map(Frame::message).collect();
            let expected: Vec<_> = messages.into_iter().map(|message| Ok(Packet::Message(message))).collect();
            prop_assert_eq!(all(&write(&frames)), expected);
        }

        #[test]
        fn any_text_can_be_read(text in any::<String>()) {
            prop_assert_eq!(all(&text).len(), text.matches(SEPARATOR).count() + 1);
        }
    }
}
