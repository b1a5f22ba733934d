//! How much sound goes out when: a message covers what has passed since the one before it.
//!
//! At the wall's own pace that is the 20 ms of every message of Twilio's. Where call time runs faster a message covers
//! more instead of there being more messages, up to one second; what passes beyond that is left out, as lost packets
//! are, and shows as a gap in the timestamps.

/// Bytes of 8 kHz mu-law in a second.
pub const RATE: f64 = 8_000.0;
/// Bytes in 20 ms: every message has a multiple of it.
const FRAME: usize = 160;
/// Most bytes in one message: a second.
const MAX_BYTES: usize = 8_000;

/// The sound of one stream on its way out.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    sent_until: f64,
    chunks: u64,
}

/// What one message carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// Counted from 1.
    pub number: u64,
    /// Where it begins, in milliseconds since the stream began.
    pub millis: u64,
    /// How long it is, in bytes.
    pub bytes: usize,
}

impl Feed {
    /// What is due `now`, in seconds since the stream began; nothing before 20 ms have passed.
    pub fn due(&mut self, now: f64) -> Option<Chunk> {
        // A float falls a hair short of the frame that it has reached.
        let passed = ((now - self.sent_until) * RATE + 1e-6).max(0.0) as usize / FRAME * FRAME;
        if passed == 0 {
            return None;
        }
        self.chunks += 1;
        let millis = (self.sent_until * 1_000.0).round() as u64;
        self.sent_until += passed as f64 / RATE;
        Some(Chunk { number: self.chunks, millis, bytes: passed.min(MAX_BYTES) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(number: u64, millis: u64, bytes: usize) -> Option<Chunk> {
        Some(Chunk { number, millis, bytes })
    }

    #[test]
    fn frames_of_20_ms_at_the_walls_pace() {
        let mut feed = Feed::default();
        assert_eq!(feed.due(0.019), None);
        assert_eq!(feed.due(0.020), chunk(1, 0, 160));
        assert_eq!(feed.due(0.030), None);
        assert_eq!(feed.due(0.065), chunk(2, 20, 320));
        assert_eq!(feed.due(0.080), chunk(3, 60, 160));
    }

    #[test]
    fn a_message_holds_a_second_at_most_and_the_rest_is_lost() {
        let mut feed = Feed::default();
        assert_eq!(feed.due(5.0), chunk(1, 0, 8_000));
        assert_eq!(feed.due(5.5), chunk(2, 5_000, 4_000));
    }
}
