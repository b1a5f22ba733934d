//! Puts packets together with the binary messages that belong to them.

use super::packet::{Packet, PacketError};
use crate::engine::Message;
use actix_web::web::Bytes;

/// How much may belong to one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Attachments.
    pub attachments: usize,
    /// Bytes of them together.
    pub bytes: usize,
}

/// A packet with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The packet; its placeholders stay in their places.
    pub packet: Packet,
    /// What they stand for.
    pub attachments: Vec<Bytes>,
}

/// What has come of a packet so far.
#[derive(Debug, Default)]
pub struct Assembler {
    begun: Option<Box<Whole>>,
}

impl Assembler {
    /// Takes the next message, and gives the packet when it is whole.
    ///
    /// # Errors
    /// The message has no place here; nothing can be made of those that follow.
    pub fn take(&mut self, message: Message, limits: Limits) -> Result<Option<Whole>, PacketError> {
        let whole = match (message, self.begun.take()) {
            (Message::Text(text), None) => {
                let packet = Packet::read(&text, limits.attachments)?;
                if packet.attachments == 0 {
                    return Ok(Some(Whole { packet, attachments: Vec::new() }));
                }
                if !packet.is_whole() {
                    return Err(PacketError::Attachments);
                }
                Box::new(Whole { packet, attachments: Vec::new() })
            }
            (Message::Binary(bytes), Some(mut begun)) => {
                let length: usize = begun.attachments.iter().map(Bytes::len).sum();
                if bytes.len() > limits.bytes.saturating_sub(length) {
                    return Err(PacketError::TooLong);
                }
                begun.attachments.push(bytes);
                begun
            }
            (Message::Text(_), Some(_)) | (Message::Binary(_), None) => return Err(PacketError::Order),
        };
        if whole.attachments.len() == whole.packet.attachments {
            return Ok(Some(*whole));
        }
        self.begun = Some(whole);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { attachments: 2, bytes: 4 };

    fn text(text: &str) -> Message {
        Message::Text(text.into())
    }

    fn binary(bytes: &[u8]) -> Message {
        Message::Binary(bytes.to_vec().into())
    }

    #[test]
    fn a_packet_waits_for_its_attachments() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.take(text(r#"52-["a"]"#), LIMITS), Ok(None));
        assert_eq!(assembler.take(binary(&[1]), LIMITS), Ok(None));
        let whole = assembler.take(binary(&[2]), LIMITS).unwrap().unwrap();
        assert_eq!(whole.attachments, [&[1][..], &[2]]);
        assert!(assembler.take(text(r#"2["a"]"#), LIMITS).unwrap().is_some());
    }

    #[test]
    fn what_comes_out_of_order_makes_no_packet() {
        assert_eq!(Assembler::default().take(binary(&[1]), LIMITS), Err(PacketError::Order));
        let mut assembler = Assembler::default();
        assert_eq!(assembler.take(text(r#"51-["a"]"#), LIMITS), Ok(None));
        assert_eq!(assembler.take(text(r#"2["a"]"#), LIMITS), Err(PacketError::Order));
    }

    #[test]
    fn attachments_are_bounded_together() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.take(text(r#"53-["a"]"#), LIMITS), Err(PacketError::Attachments));
        assert_eq!(assembler.take(text(r#"52-["a"]"#), LIMITS), Ok(None));
        assert_eq!(assembler.take(binary(&[1, 2, 3]), LIMITS), Ok(None));
        assert_eq!(assembler.take(binary(&[4, 5]), LIMITS), Err(PacketError::TooLong));
    }
}
