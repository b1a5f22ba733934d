//! Ids of sessions and of sockets: whoever knows one speaks for its client, so nobody can guess one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, Serializer};
use std::fmt;

/// Its length, in characters.
const LENGTH: usize = 20;

/// An id: 120 random bits as 20 URL-safe characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sid([u8; LENGTH]);

impl Sid {
    /// An id that nobody has seen.
    pub fn new() -> Self {
        Self::from_bits(rand::random())
    }

    /// The id of these bits.
    pub fn from_bits(bits: [u8; 15]) -> Self {
        let mut text = [b'-'; LENGTH];
        // 15 bytes are 20 characters exactly.
        let written = URL_SAFE_NO_PAD.encode_slice(bits, &mut text);
        debug_assert_eq!(written, Ok(LENGTH));
        Self(text)
    }

    #[cfg(test)]
    pub(crate) const fn from_ascii(text: [u8; LENGTH]) -> Self {
        Self(text)
    }

    /// Reads an id.
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().ok()?;
        let plain = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        plain.then_some(Self(bytes))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Default for Sid {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whoever knows an id speaks for its client: logs show its beginning alone.
impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sid({}…)", self.as_str().get(..4).unwrap_or_default())
    }
}

impl Serialize for Sid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_twenty_characters_and_is_read_again() {
        let id = Sid::new();
        assert_eq!(id.to_string().len(), LENGTH);
        assert_eq!(Sid::read(&id.to_string()), Some(id));
        assert_ne!(Sid::new(), id);
        assert_eq!(Sid::from_bits([0xff; 15]).as_str(), "____________________");
    }

    #[test]
    fn what_cannot_be_an_id_is_none() {
        for wrong in ["", "short", "twenty-one-characters", "twenty characters!!!", "日本語日本語日"] {
            assert_eq!(Sid::read(wrong), None, "{wrong}");
        }
    }
}
