//! What is wrong with settings that cannot be read, in the words of their reader, but for what may be a secret.

use super::origin::SECRETS;
use anyhow::{Error, anyhow};
use config::ConfigError;

/// The fault as it may be shown and logged.
pub(super) fn told(fault: ConfigError) -> Error {
    match fault {
        ConfigError::FileParse { uri, cause } => {
            // The lines between the first and the last show what stands in the file.
            let text = cause.to_string();
            let words: Vec<_> = text.lines().map(str::trim).filter(|line| !is_excerpt(line)).collect();
            anyhow!("{}: {}", uri.as_deref().unwrap_or("the settings"), words.join(": "))
        }
        fault => match hidden(&fault) {
            Some(words) => anyhow!(words),
            None => fault.into(),
        },
    }
}

/// `12 | key = "value"`, and the mark below it.
fn is_excerpt(line: &str) -> bool {
    line.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start().starts_with('|')
}

/// What is said instead where the value itself would be shown and may be a secret.
fn hidden(mut fault: &ConfigError) -> Option<String> {
    let mut name = None;
    let expected = loop {
        match fault {
            ConfigError::At { error, key, .. } => {
                name = name.or(key.as_deref());
                fault = error;
            }
            ConfigError::Type { expected, key, .. } => {
                name = name.or(key.as_deref());
                break *expected;
            }
            ConfigError::Message(_) if name.is_some() => break "as in the annotated file",
            _ => return None,
        }
    };
    let may_be_secret = name.is_none_or(|name| SECRETS.iter().any(|secret| name.starts_with(secret)));
    let name = name.unwrap_or("a setting");
    may_be_secret.then(|| format!("{name} is not of the right kind: it must be {expected}"))
}

#[cfg(test)]
mod tests {
    use super::{super::*, *};

    const MARK: &str = "very-secret-value";

    fn fault(toml: &str) -> Option<String> {
        let config = Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(File::from_str(toml, FileFormat::Toml))
            .build();
        let read = config.and_then(Config::try_deserialize::<Settings>);
        read.err().map(|fault| format!("{:#}", told(fault)))
    }

    #[test]
    fn no_fault_shows_a_secret() {
        for key in SECRETS {
            let (section, key) = key.split_once('.').unwrap();
            let mut faults = 0;
            for value in [
                format!("\"{MARK}\""),
                format!("[\"{MARK}\"]"),
                format!("[[\"{MARK}\"]]"),
                format!("{{ a = \"{MARK}\" }}"),
                format!("\"{MARK}"),
                MARK.to_owned(),
                format!("\"{MARK}\"\nunknown = \"{MARK}\""),
                format!("\"{MARK}\"\n{key} = \"{MARK}\""),
            ] {
                let Some(fault) = fault(&format!("[{section}]\n{key} = {value}")) else { continue };
                assert!(!fault.contains(MARK), "{value}: {fault}");
                assert!(
                    fault.contains(key) || fault.contains("line ") || fault.contains("unknown"),
                    "{fault}"
                );
                faults += 1;
            }
            assert!(faults >= 5, "{key}: {faults}");
        }
    }

    #[test]
    fn what_is_no_secret_is_shown() {
        let wrong = fault("[server]\nport = \"many\"").unwrap();
        assert!(wrong.contains("server.port") && wrong.contains("many"), "{wrong}");
        let broken = fault("[server]\nport = = 1").unwrap();
        assert!(broken.contains("line 2") && !broken.contains("= ="), "{broken}");
    }
}
