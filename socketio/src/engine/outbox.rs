//! What waits to be sent to one client, bounded in pieces and bytes. Both transports are fed from it, so that an upgrade
//! neither loses nor reorders anything.

use super::packet::Frame;
use std::collections::VecDeque;

/// An emptied queue that has grown beyond this gives its memory back, in pieces.
const KEPT: usize = 32;

/// How much may wait for one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Packets.
    pub packets: usize,
    /// Bytes. A packet that is longer than half of them counts as half: a long one, such as a picture of all that is, leaves
    /// room for what follows it.
    pub bytes: usize,
}

/// The queue.
#[derive(Debug, Default)]
pub struct Outbox {
    frames: VecDeque<Frame>,
    bytes: usize,
}

impl Outbox {
    /// Nothing waits.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// How many packets wait.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Takes all of these or none.
    pub fn push(&mut self, first: &Frame, others: &[Frame], bounds: Bounds) -> bool {
        let more = others.iter().map(Frame::len).sum::<usize>() + first.len();
        let counted = more.min(bounds.bytes / 2);
        let fits = self.frames.len() + others.len() < bounds.packets && self.bytes + counted <= bounds.bytes;
        if !fits && !self.frames.is_empty() {
            return false;
        }
        self.bytes += counted;
        self.frames.push_back(first.clone());
        self.frames.extend(others.iter().cloned());
        true
    }

    /// Takes one that belongs to the protocol itself; the session sends few of them.
    pub fn insist(&mut self, frame: Frame) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
    }

    /// Gives all that waits to `write`, in order.
    pub fn drain(&mut self, write: impl FnMut(Frame)) {
        self.bytes = 0;
        self.frames.drain(..).for_each(write);
        if self.frames.capacity() > KEPT {
            self.frames = VecDeque::new();
        }
    }

    /// Forgets all that waits.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { packets: 3, bytes: 10 };

    fn text(text: &'static str) -> Frame {
        Frame::Text(text.into())
    }

    #[test]
    fn packets_and_bytes_are_bounded() {
        let mut outbox = Outbox::default();
        for _ in 0..3 {
            assert!(outbox.push(&text("4a"), &[], BOUNDS));
        }
        assert!(!outbox.push(&text("4a"), &[], BOUNDS), "a fourth packet");
        outbox.insist(Frame::ping());
        let mut sent = 0;
        outbox.drain(|_| sent += 1);
        assert_eq!(sent, 4);
        assert!(outbox.push(&text("4abcd"), &[], BOUNDS));
        assert!(outbox.push(&text("4ab"), &[], BOUNDS));
        assert!(!outbox.push(&text("4ab"), &[], BOUNDS), "an eleventh byte");
    }

    #[test]
    fn what_belongs_together_is_taken_together() {
        let mut outbox = Outbox::default();
        let parts = [Frame::Binary(vec![1].into()), Frame::Binary(vec![2].into())];
        assert!(outbox.push(&text("4"), &[], BOUNDS));
        assert!(!outbox.push(&text("4"), &parts, BOUNDS));
        assert_eq!(outbox.len(), 1);
    }

    #[test]
    fn a_long_packet_leaves_room_for_others() {
        let mut outbox = Outbox::default();
        assert!(outbox.push(&text("40"), &[], BOUNDS));
        assert!(outbox.push(&text("4abcdefghijklmnop"), &[], BOUNDS));
        assert!(outbox.push(&text("4ab"), &[], BOUNDS));
        let mut outbox = Outbox::default();
        assert!(outbox.push(&text("4abcdefghijklmnop"), &[], BOUNDS));
        assert!(outbox.push(&text("4abcdefghijklmnop"), &[], BOUNDS));
        assert!(!outbox.push(&text("4"), &[], BOUNDS), "two of them fill it");
    }
}
