//! Identifiers in Twilio's shape: two letters and 32 hexadecimal digits.

use rand::RngExt;

/// A new sid with the given two-letter prefix (`CA`, `CF`, `RE`, …). Never taken from the seeded generator: a program
/// under test keeps sids across runs of the sandbox, and a sid that came twice would be a lie no carrier tells.
pub fn new(prefix: &str) -> String {
    format!("{prefix}{:032x}", rand::rng().random::<u128>())
}

/// Whether `text` has the shape of a sid with this prefix.
pub fn is(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// A new idempotency token (a version 4 UUID), one per logical webhook.
pub fn token() -> String {
    let bits: u128 = (rand::rng().random::<u128>() & !(0xf000_c000_u128 << 48)) | (0x4000_8000_u128 << 48);
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sids_have_their_shape() {
        let sid = new("CA");
        assert!(is("CA", &sid) && !is("CF", &sid));
        assert!(!is("CA", "CA123") && !is("CA", &sid.replace('C', "X")));
    }

    #[test]
    fn tokens_are_version_4() {
        let token = token();
        assert_eq!(token.len(), 36);
        assert_eq!(token.as_bytes()[14], b'4');
        assert!(matches!(token.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}
