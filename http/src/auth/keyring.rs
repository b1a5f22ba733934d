//! The keys of sign-in tokens: one signs, and those that are being rotated out are still believed. And the one by which a
//! refresh token follows from the one before it.

use super::{now, secrets::Claims};
use crate::error::ApiError;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256, Sha512};
use tsunagu_call::DocumentId;
use tsunagu_store::User;

/// How long a token is good unless it is set otherwise, in seconds: what a user may do is read anew with each request, so this
/// bounds only how long a stolen one is of use.
pub const TOKEN_SECS: u32 = 60 * 60;

/// Signs with one key, and checks with several.
pub(super) struct Keyring {
    header: Header,
    signing: EncodingKey,
    /// What refresh tokens follow from.
    succession: Hmac<Sha256>,
    /// The signing one first.
    verifying: Vec<(String, DecodingKey)>,
    validation: Validation,
    /// How long a token is good, in seconds.
    pub(super) token_secs: u32,
}

impl Keyring {
    /// With this secret, and nothing older.
    pub(super) fn new(secret: &SecretString) -> Self {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(name(secret));
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        let signing = EncodingKey::from_secret(secret.expose_secret().as_bytes());
        let block = Sha512::new_with_prefix("tsunagu refresh token\0")
            .chain_update(secret.expose_secret())
            .finalize();
        Self {
            header,
            signing,
            succession: Hmac::new(&block),
            verifying: vec![verifying(secret)],
            validation,
            token_secs: TOKEN_SECS,
        }
    }

    /// Also believes what was signed with this secret.
    pub(super) fn believe(&mut self, secret: &SecretString) {
        self.verifying.push(verifying(secret));
    }

    /// A token for a user, of one of their sign-ins, good from now on.
    pub(super) fn sign(&self, user: &User, sign_in: DocumentId) -> Result<String, ApiError> {
        let claims = Claims {
            id: user.id,
            company_id: user.company_id,
            role: user.role,
            epoch: user.session_epoch,
            sign_in: Some(sign_in),
            exp: now().millis() / 1000 + i64::from(self.token_secs),
        };
        let signed = jsonwebtoken::encode(&self.header, &claims, &self.signing);
        signed.map_err(|error| ApiError::Faulty(error.into()))
    }

    /// The refresh token that a request with this key gets for another one: always the same, at each server with this secret,
    /// and nobody else can tell it.
    pub(super) fn successor(&self, refresh_token: &str, key: &str) -> String {
        let named = self.succession.clone().chain_update(refresh_token).chain_update("\0").chain_update(key);
        let follows = named.finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode(follows)
    }

    /// What a token says, if it is ours and still good. One that names its key is tried with that key alone; those of
    /// older servers name none.
    pub(super) fn read(&self, token: &str) -> Option<Claims> {
        let named = jsonwebtoken::decode_header(token).ok()?.kid;
        let mut keys =
            self.verifying.iter().filter(|(name, _)| named.as_ref().is_none_or(|named| named == name));
        keys.find_map(|(_, key)| jsonwebtoken::decode(token, key, &self.validation).ok())
            .map(|token| token.claims)
    }
}

fn verifying(secret: &SecretString) -> (String, DecodingKey) {
    (name(secret), DecodingKey::from_secret(secret.expose_secret().as_bytes()))
}

/// The name of a key tells which of a few it is, and no more of the secret than a token signed with it does.
fn name(secret: &SecretString) -> String {
    let digest =
        Sha256::new_with_prefix("tsunagu key name\0").chain_update(secret.expose_secret()).finalize();
    BASE64_URL_SAFE_NO_PAD.encode(digest.iter().take(6).copied().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_store::UserRole;

    const FAMILY: DocumentId = DocumentId::from_bytes([9; 12]);

    fn encoded(header: &Header, claims: &serde_json::Value, secret: &str) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    fn claims(exp: i64) -> serde_json::Value {
        serde_json::json!({
            "id": "0001027f80ff090807060504", "companyId": "0001027f80ff090807060505", "role": "user", "exp": exp
        })
    }

    fn soon() -> i64 {
        now().millis() / 1000 + 60
    }

    fn user() -> User {
        let user = serde_json::json!({
            "_id": "0001027f80ff090807060504", "companyId": "0001027f80ff090807060505", "email": "a@b.jp",
            "passwordHash": "x", "sessionEpoch": 3
        });
        serde_json::from_value(user).unwrap()
    }

    #[test]
    fn a_token_of_an_older_server_is_read() {
        let mut keys = Keyring::new(&"new".into());
        keys.believe(&"s".into());
        let exp = soon();
        let read = keys.read(&encoded(&Header::default(), &claims(exp), "s")).unwrap();
        assert_eq!((read.role, read.exp, read.epoch), (UserRole::Agent, exp, 0));
    }

    #[test]
    fn what_was_signed_before_a_rotation_is_read_as_long_as_the_old_secret_is_named() {
        let before = Keyring::new(&"old".into());
        let token = before.sign(&user(), FAMILY).unwrap();
        let mut after = Keyring::new(&"new".into());
        assert!(after.read(&token).is_none());
        after.believe(&"old".into());
        assert_eq!(after.read(&token).unwrap().epoch, 3);
        let fresh = after.sign(&user(), FAMILY).unwrap();
        assert!(before.read(&fresh).is_none());
        assert!(Keyring::new(&"new".into()).read(&fresh).is_some());
    }

    #[test]
    fn a_token_that_names_a_key_is_not_tried_with_another() {
        let mut keys = Keyring::new(&"new".into());
        keys.believe(&"old".into());
        let mut header = Header::new(Algorithm::HS256);
        for (named, secret, good) in [
            (Some("new"), "new", true),
            (Some("new"), "old", false),
            (None, "old", true),
            (Some("x"), "new", false),
        ] {
            header.kid = named.map(|named| match named {
                "x" => "unknown".to_owned(),
                named => name(&named.into()),
            });
            assert_eq!(
                keys.read(&encoded(&header, &claims(soon()), secret)).is_some(),
                good,
                "{named:?} {secret}"
            );
        }
    }

    #[test]
    fn other_tokens_are_not() {
        let keys = Keyring::new(&"s".into());
        let mut without_end = claims(soon());
        without_end.as_object_mut().unwrap().remove("exp");
        let plain = Header::default();
        for token in [
            encoded(&plain, &claims(soon()), "another secret"),
            encoded(&Header::new(Algorithm::HS512), &claims(soon()), "s"),
            encoded(&plain, &claims(soon() - 120), "s"),
            encoded(&plain, &without_end, "s"),
            "eyJhbGciOiJub25lIn0.eyJpZCI6IjAwMDEwMjdmODBmZjA5MDgwNzA2MDUwNCJ9.".to_owned(),
            String::new(),
        ] {
            assert!(keys.read(&token).is_none(), "{token}");
        }
    }

    #[test]
    fn a_refresh_token_follows_from_the_one_before_the_key_and_the_secret() {
        let keys = Keyring::new(&"s".into());
        let next = keys.successor("a", "key");
        assert_eq!((next.len(), &next), (43, &Keyring::new(&"s".into()).successor("a", "key")));
        let others = [
            keys.successor("b", "key"),
            keys.successor("a", "k"),
            Keyring::new(&"t".into()).successor("a", "key"),
        ];
        assert!(!others.contains(&next));
    }
}
