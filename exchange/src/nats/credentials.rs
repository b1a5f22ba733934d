//! The credentials file (`.creds`): a user's token (JWT) and the key (nkey seed) by which they sign what the server gives them to
//! sign, as `nsc` writes it (<https://docs.nats.io/using-nats/developer/connecting/creds>).

use super::NatsError;
use async_nats::ConnectOptions;
use std::{fs::File, io::Read, path::Path};

/// The longest file that is read, in bytes. A token with many permissions has a few KiB.
const LONGEST: u64 = 256 * 1024;

/// The options of a connection, which shows these credentials if there are any.
pub(super) fn credentials(path: Option<&Path>) -> Result<ConnectOptions, NatsError> {
    let Some(path) = path else { return Ok(ConnectOptions::new()) };
    let refused = |reason: String| NatsError::Credentials { path: path.to_owned(), reason };
    let mut text = String::new();
    let file = File::open(path).map_err(|error| refused(error.to_string()))?;
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| refused(error.to_string()))?;
    ConnectOptions::with_credentials(&text).map_err(|error| refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nkeys::KeyPair;

    #[test]
    fn a_file_that_holds_no_credentials_is_refused_by_name_and_nothing_of_it_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tsunagu.creds");
        let told = |text: &[u8]| {
            std::fs::write(&path, text).unwrap();
            credentials(Some(&path)).map(drop).map_err(|error| error.to_string())
        };
        let seed = KeyPair::new_user().seed().unwrap();
        let part =
            |what: &str, text: &str| format!("-----BEGIN {what}-----\n{text}\n------END {what}------\n\n");
        let token = part("NATS USER JWT", "eyJ0eXAi.eyJqdGki.c2ln");
        assert_eq!(told((token.clone() + &part("USER NKEY SEED", &seed)).as_bytes()), Ok(()));
        let spoilt = seed.replace(&seed[9..13], "AAAA");
        for (text, word) in [
            (String::new(), "JWT"),
            ("user:secret".to_owned(), "JWT"),
            (token.clone(), "nkey"),
            (token.clone() + &part("USER NKEY SEED", &spoilt), "hecksum"),
        ] {
            let told = told(text.as_bytes()).unwrap_err();
            assert!(told.contains("tsunagu.creds") && told.contains(word), "{told}");
            assert!(!told.contains("secret") && !told.contains(&spoilt), "{told}");
        }
        assert!(told(&[0xff, 0xfe]).is_err(), "no text");
        let nowhere = credentials(Some(&directory.path().join("none.creds"))).map(drop).unwrap_err();
        assert!(nowhere.to_string().contains("none.creds cannot be used: No such file"), "{nowhere}");
        assert!(credentials(Some(directory.path())).is_err(), "a directory");
        assert!(credentials(None).is_ok());
    }
}
