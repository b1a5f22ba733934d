//! Whoever gives out credentials: an operator, an account, and users of it, as `nsc` makes them
//! (<https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt>).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use nkeys::KeyPair;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub struct Office {
    directory: PathBuf,
    operator: KeyPair,
    account: KeyPair,
}

impl Office {
    pub fn new(directory: &Path) -> Self {
        let (operator, account) = (KeyPair::new_operator(), KeyPair::new_account());
        Self { directory: directory.to_owned(), operator, account }
    }

    /// The settings of a server that believes this office.
    pub fn settings(&self) -> PathBuf {
        let operator = token(&self.operator, &self.operator, &json!({ "type": "operator", "version": 2 }));
        let limits = json!({ "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true,
            "conn": -1, "leaf": -1 });
        let account = token(
            &self.account,
            &self.operator,
            &json!({ "type": "account", "version": 2, "limits": limits }),
        );
        let key = self.account.public_key();
        let text =
            format!("operator: {operator}\nresolver: MEMORY\nresolver_preload: {{ {key}: {account} }}\n");
        self.write("nats.conf", &text)
    }

    /// The credentials of a user who may publish and subscribe to this.
    pub fn creds(&self, name: &str, subjects: &str) -> PathBuf {
        let user = KeyPair::new_user();
        let may = json!({ "allow": [subjects] });
        let claims = json!({ "type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1, "pub": may, "sub": may });
        let (token, seed) = (token(&user, &self.account, &claims), user.seed().unwrap());
        let text = format!(
            "-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n\
             ************************* IMPORTANT *************************\n\
             NKEY Seed printed below can be used to sign and prove identity.\n\n\
             -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
        );
        self.write(name, &text)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// What an issuer says of somebody, signed.
fn token(of: &KeyPair, issuer: &KeyPair, nats: &Value) -> String {
    let claims = json!({ "jti": of.public_key(), "iat": 1_700_000_000, "iss": issuer.public_key(), "name": "test",
        "sub": of.public_key(), "nats": nats });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let said = format!("{}.{}", part(&json!({ "typ": "JWT", "alg": "ed25519-nkey" })), part(&claims));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(issuer.sign(said.as_bytes()).unwrap());
    format!("{said}.{signature}")
}
