//! What a server for real customers is refused for. Everything that is wrong is told at once.

use super::{SHORTEST_SECRET, Settings};
use anyhow::{Result, bail};
use secrecy::{ExposeSecret, SecretString};
use zxcvbn::zxcvbn;

/// Words of secrets that were copied from an example.
const COPIED: [&str; 10] = [
    "change",
    "default",
    "dummy",
    "example",
    "insecure",
    "password",
    "placeholder",
    "secret",
    "test",
    "your",
];

/// In how many guesses somebody finds a secret who knows words and patterns, as a power of ten, at the least: some 64 bits,
/// beyond which the estimate does not count.
const GUESSES_LOG10: f64 = 19.0;
/// A random secret repeats itself little.
const DIFFERENT_CHARACTERS: usize = 8;

/// Refuses settings that are only good for trying out.
pub(super) fn check(settings: &Settings) -> Result<()> {
    let faults = faults(settings);
    if !faults.is_empty() {
        bail!("mode is production, and these settings are not fit for it:\n  - {}", faults.join("\n  - "));
    }
    Ok(())
}

fn faults(settings: &Settings) -> Vec<String> {
    let mut faults = secret_faults(settings);
    if settings.carrier.account_sid.is_empty() {
        faults.push("TWILIO_ACCOUNT_SID is not set: calls would go to a sandbox carrier".to_owned());
    }
    if !is_https(&settings.server.base_url) {
        faults.push("BASE_URL is no https address: what is said on calls would come in the clear".to_owned());
    }
    if !is_https(&settings.carrier.api_base_url) {
        faults
            .push("TWILIO_API_BASE_URL is no https address: the auth token would go in the clear".to_owned());
    }
    let model = &settings.language_model;
    if !model.url.is_empty() && !is_https(&model.url) && !model.key.expose_secret().is_empty() {
        faults.push("LANGUAGE_MODEL_URL is no https address: the key would go in the clear".to_owned());
    }
    if settings.trusted_proxies().unwrap_or_default().iter().any(|net| net.prefix_len() == 0) {
        faults.push("server.trusted_proxies takes everybody's word for their address".to_owned());
    }
    if settings.clock.rate > 1.0 {
        faults.push("clock.rate makes call time run faster than the wall's".to_owned());
    }
    faults
}

fn secret_faults(settings: &Settings) -> Vec<String> {
    let present = &settings.auth.jwt_secret;
    let mut faults = Vec::new();
    if let Some(fault) = secret_fault(present) {
        faults.push(format!("JWT_SECRET {fault}; `openssl rand -hex 32` makes a good one"));
    }
    for (secret, place) in settings.auth.old_jwt_secrets.iter().zip(1..) {
        let fault = match secret.expose_secret() == present.expose_secret() {
            true => Some("is JWT_SECRET itself"),
            false => secret_fault(secret),
        };
        if let Some(fault) = fault {
            faults.push(format!("secret {place} of auth.old_jwt_secrets {fault}"));
        }
    }
    faults
}

fn is_https(url: &str) -> bool {
    const SCHEME: &str = "https://";
    url.len() > SCHEME.len()
        && url.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// What is wrong with a secret; never the secret itself.
fn secret_fault(secret: &SecretString) -> Option<&'static str> {
    let secret = secret.expose_secret();
    let folded = secret.to_lowercase();
    let mut different: Vec<char> = secret.chars().collect();
    different.sort_unstable();
    different.dedup();
    if secret.is_empty() {
        Some("is not set")
    } else if secret.len() < SHORTEST_SECRET {
        Some("is shorter than 32 characters")
    } else if COPIED.iter().any(|word| folded.contains(word)) {
        Some("looks as if it was copied from an example")
    } else if different.len() < DIFFERENT_CHARACTERS || zxcvbn(secret, &[]).guesses_log10() < GUESSES_LOG10 {
        Some("is easy to guess")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{super::DEFAULTS, *};
    use config::{Config, File, FileFormat};

    const GOOD: &str = r#"
        mode = "production"
        [server]
        base_url = "https://calls.aozora.co.jp"
        [auth]
        jwt_secret = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        [carrier]
        account_sid = "AC00000000000000000000000000000001"
        auth_token = "4b1f0c9e8d7a6b5c4d3e2f1a0b9c8d7e"
        phone_number = "+815012345678"
    "#;

    fn checked(toml: &str) -> Result<()> {
        let config = Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(File::from_str(GOOD, FileFormat::Toml))
            .add_source(File::from_str(toml, FileFormat::Toml))
            .build()?;
        config.try_deserialize::<Settings>()?.check()
    }

    #[test]
    fn what_is_fit_is_taken() {
        checked("").unwrap();
        checked("[auth]\nold_jwt_secrets = [\"u7Qw1zK9xV4mB8nR2tY6pL0sD3fG5hJ+\"]").unwrap();
        checked("[server]\ntrusted_proxies = [\"10.0.0.0/8\"]").unwrap();
    }

    #[test]
    fn what_is_not_fit_is_refused_and_named() {
        for (toml, word) in [
            ("[auth]\njwt_secret = \"\"", "JWT_SECRET is not set"),
            ("[auth]\njwt_secret = \"too-short\"", "JWT_SECRET has 9"),
            (
                "[auth]\njwt_secret = \"your-super-secret-jwt-key-change-in-production\"",
                "copied from an example",
            ),
            ("[auth]\njwt_secret = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "easy to guess"),
            ("[auth]\njwt_secret = \"abcdefghijklmnopqrstuvwxyz0123456789\"", "easy to guess"),
            ("[auth]\njwt_secret = \"qwertyuiopasdfghjklzxcvbnm1234567890\"", "easy to guess"),
            ("[auth]\nold_jwt_secrets = [\"weak\"]", "secret 1 of auth.old_jwt_secrets is shorter"),
            ("[carrier]\naccount_sid = \"\"", "sandbox"),
            ("[server]\nbase_url = \"http://calls.aozora.co.jp\"", "BASE_URL"),
            ("[server]\nbase_url = \"\"", "BASE_URL"),
            ("[carrier]\napi_base_url = \"http://api.twilio.com\"", "TWILIO_API_BASE_URL"),
            ("[server]\ntrusted_proxies = [\"0.0.0.0/0\"]", "trusted_proxies"),
            ("[clock]\nrate = 2.0", "clock.rate"),
        ] {
            let error = format!("{:#}", checked(toml).unwrap_err());
            assert!(error.contains(word), "{word} in {error}");
            assert!(!error.contains("your-super"), "{error}");
        }
    }

    #[test]
    fn everything_is_told_at_once() {
        let toml = "[auth]\njwt_secret = \"\"\n[server]\nbase_url = \"\"\n[clock]\nrate = 2.0";
        let error = checked(toml).unwrap_err();
        assert_eq!(error.to_string().lines().count(), 4, "{error}");
    }

    #[test]
    fn random_secrets_are_good() {
        for _ in 0..100 {
            let bytes: [u8; 16] = rand::random();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(secret_fault(&hex.clone().into()), None, "{hex}");
        }
    }
}
