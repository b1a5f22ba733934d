//! What signs and checks tokens, and what passwords cost.

use super::{now, password::Hasher};
use crate::error::ApiError;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::fmt;
use tsunagu_call::{CompanyId, UserId};
use tsunagu_store::{User, UserRole};

/// How long a token is good, in seconds: what a user may do is read anew with each request, so this bounds only how long
/// a stolen one is of use.
const TOKEN_SECS: i64 = 60 * 60;

/// What a password costs to hash, as a power of two, unless it is set otherwise: a quarter of a second.
const PASSWORD_COST: u32 = 12;

/// Signs and checks tokens (HS256), hashes and checks passwords. Nothing of it can be printed.
pub struct Secrets {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    pub(super) passwords: Hasher,
}

/// What a token says. `id`, `companyId`, `role` and `exp` are what older servers and clients read, too.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    pub id: UserId,
    pub company_id: CompanyId,
    pub role: UserRole,
    /// Seconds since 1970.
    pub exp: i64,
}

impl Secrets {
    /// With this secret (`JWT_SECRET`), and passwords at the usual cost.
    pub fn new(jwt_secret: SecretString) -> Self {
        Self::with_cost(jwt_secret, PASSWORD_COST)
    }

    /// With this secret, and passwords hashed at a cost of 4 to 31: each step doubles the time.
    pub fn with_cost(jwt_secret: SecretString, password_cost: u32) -> Self {
        let secret = jwt_secret.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            validation,
            passwords: Hasher::new(password_cost),
        }
    }

    /// A token for a user, good from now on for an hour.
    pub(super) fn sign(&self, user: &User) -> Result<String, ApiError> {
        let claims = Claims {
            id: user.id,
            company_id: user.company_id,
            role: user.role,
            exp: now().millis() / 1000 + TOKEN_SECS,
        };
        let signed = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing);
        signed.map_err(|error| ApiError::Faulty(error.into()))
    }

    /// What a token says, if it is ours and still good.
    pub(super) fn read(&self, token: &str) -> Option<Claims> {
        jsonwebtoken::decode(token, &self.verifying, &self.validation).ok().map(|token| token.claims)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(claims: &serde_json::Value, algorithm: Algorithm, secret: &str) -> String {
        let key = EncodingKey::from_secret(secret.as_bytes());
        jsonwebtoken::encode(&Header::new(algorithm), claims, &key).unwrap()
    }

    fn claims(exp: i64) -> serde_json::Value {
        serde_json::json!({
            "id": "0001027f80ff090807060504", "companyId": "0001027f80ff090807060505", "role": "user", "exp": exp
        })
    }

    #[test]
    fn a_token_of_an_older_server_is_read() {
        let secrets = Secrets::with_cost("s".into(), 4);
        let soon = now().millis() / 1000 + 60;
        let read = secrets.read(&encoded(&claims(soon), Algorithm::HS256, "s")).unwrap();
        assert_eq!((read.role, read.exp), (UserRole::Agent, soon));
    }

    #[test]
    fn other_tokens_are_not() {
        let secrets = Secrets::with_cost("s".into(), 4);
        let soon = now().millis() / 1000 + 60;
        let mut without_end = claims(soon);
        without_end.as_object_mut().unwrap().remove("exp");
        for token in [
            encoded(&claims(soon), Algorithm::HS256, "another secret"),
            encoded(&claims(soon), Algorithm::HS512, "s"),
            encoded(&claims(soon - 120), Algorithm::HS256, "s"),
            encoded(&without_end, Algorithm::HS256, "s"),
            "eyJhbGciOiJub25lIn0.eyJpZCI6IjAwMDEwMjdmODBmZjA5MDgwNzA2MDUwNCJ9.".to_owned(),
            String::new(),
        ] {
            assert!(secrets.read(&token).is_none(), "{token}");
        }
    }

    #[test]
    fn the_secret_is_not_shown_in_debug_output() {
        assert_eq!(format!("{:?}", Secrets::new("top secret".into())), "Secrets { .. }");
    }
}
