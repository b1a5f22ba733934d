//! Signing by the Standard Webhooks convention (standardwebhooks.com): `v1,` and the Base64 of an HMAC-SHA256 over id,
//! timestamp and body, joined by full stops. Several signatures stand side by side while a secret is rotated.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::Sha256;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// How long a new key is, in bytes; the convention has it from 24 to 64.
const KEY_BYTES: usize = 32;

/// A secret cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signing secret is not whsec_ and Base64")]
pub struct SecretError;

/// A secret that nothing else has.
pub fn new_secret() -> String {
    let key: [u8; KEY_BYTES] = rand::rng().random();
    format!("{PREFIX}{}", BASE64_STANDARD.encode(key))
}

/// The header `webhook-signature`: one signature for each secret.
pub(super) fn signature<'a>(
    secrets: impl Iterator<Item = &'a str>,
    id: &str,
    timestamp: i64,
    body: &str,
) -> Result<String, SecretError> {
    let signatures: Result<Vec<_>, _> = secrets.map(|secret| sign(secret, id, timestamp, body)).collect();
    Ok(signatures?.join(" "))
}

fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String, SecretError> {
    let key = secret.strip_prefix(PREFIX).ok_or(SecretError)?;
    let key = BASE64_STANDARD.decode(key).map_err(|_| SecretError)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| SecretError)?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the convention's own libraries.
    #[test]
    fn the_conventions_example_is_signed_alike() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = signature(
            [secret].into_iter(),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed.as_deref(), Ok("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn each_secret_has_its_signature() {
        let (new, old) = (new_secret(), new_secret());
        assert_ne!(new, old);
        let both = signature([new.as_str(), &old].into_iter(), "m", 1, "{}").unwrap();
        let one = signature([old.as_str()].into_iter(), "m", 1, "{}").unwrap();
        assert_eq!(both.split(' ').nth(1), Some(one.as_str()));
        assert_eq!(signature(["secret"].into_iter(), "m", 1, "{}"), Err(SecretError));
    }
}
