//! What is in force, and where it came from: each key of the annotated file with its value.

use super::{DEFAULTS, Settings, WELL_KNOWN, build, file_from_environment};
use anyhow::Result;
use config::{Config, File, FileFormat, Value, ValueKind};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Keys whose values are never shown.
const SECRETS: &[&str] =
    &["store.mongodb_uri", "auth.jwt_secret", "carrier.auth_token", "carrier.old_auth_token", "otel.headers"];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is the default.
    Default,
    /// The file.
    File(PathBuf),
    /// This variable of the environment, or of `.env`.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "{name} in the environment"),
        }
    }
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    /// Its section.
    pub section: &'static str,
    /// Its key within the section.
    pub key: &'static str,
    /// The value as the file would have it; none when it is a secret that is set.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// Every setting of this process, in the order of the annotated file.
pub fn in_force() -> Result<Vec<InForce>> {
    Settings::load()?;
    let file = file_from_environment();
    let variables: Vec<_> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, _)| name)
        .collect();
    look(&build(file.as_deref())?, file.as_deref(), &variables)
}

fn look(config: &Config, file: Option<&Path>, variables: &[String]) -> Result<Vec<InForce>> {
    let of_file = match file {
        Some(path) => Some(Config::builder().add_source(File::from(path).format(FileFormat::Toml)).build()?),
        None => None,
    };
    let mut found = Vec::new();
    for (section, key) in keys() {
        let name = format!("{section}.{key}");
        let value: Value = config.get(&name)?;
        let secret = SECRETS.contains(&name.as_str())
            && !matches!(&value.kind, ValueKind::String(text) if text.is_empty());
        let origin = match (variable(&name, variables), &of_file) {
            (Some(variable), _) => Origin::Variable(variable),
            (None, Some(of_file)) if of_file.get::<Value>(&name).is_ok() => {
                Origin::File(file.unwrap_or(Path::new("")).to_owned())
            }
            _ => Origin::Default,
        };
        found.push(InForce { section, key, value: (!secret).then(|| literal(&value.kind)), origin });
    }
    Ok(found)
}

/// The variable that sets a key, if one does: a well-known name goes before our own.
fn variable(key: &str, variables: &[String]) -> Option<String> {
    let known = WELL_KNOWN.iter().filter(|(_, of)| *of == key).map(|(name, _)| (*name).to_owned());
    let own = format!("TSUNAGU_{}", key.to_uppercase().replacen('.', "__", 1));
    known.chain([own]).find_map(|name| variables.iter().find(|set| set.eq_ignore_ascii_case(&name)).cloned())
}

/// All keys with their sections, in the order of the annotated file.
pub fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut section = "";
    DEFAULTS.lines().filter_map(move |line| {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
        }
        let (key, _) = line.split_once(" = ")?;
        (!key.starts_with('#')).then_some((section, key))
    })
}

/// A value as TOML has it.
fn literal(value: &ValueKind) -> String {
    match value {
        ValueKind::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| literal(&item.kind)).collect();
            format!("[{}]", items.join(", "))
        }
        ValueKind::Float(number) => format!("{number:?}"),
        // JSON's strings are strings of TOML.
        ValueKind::String(text) => serde_json::Value::from(text.as_str()).to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    const DOCS: &str = include_str!("../../docs/configuration.md");

    #[test]
    fn the_annotated_file_is_read_key_by_key() {
        let read: BTreeSet<_> = keys().map(|(section, key)| format!("{section}.{key}")).collect();
        let mut held = BTreeSet::new();
        for (section, keys) in build(None).unwrap().cache.into_table().unwrap() {
            held.extend(keys.into_table().unwrap().into_keys().map(|key| format!("{section}.{key}")));
        }
        assert_eq!(read, held);
        assert_eq!(keys().count(), read.len(), "a key stands there once");
    }

    #[test]
    fn the_page_names_every_key_and_no_other() {
        let rows: BTreeMap<_, _> = DOCS
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .filter(|(key, _)| key.contains('.'))
            .collect();
        let known: BTreeSet<_> = keys().map(|(section, key)| format!("{section}.{key}")).collect();
        assert_eq!(rows.keys().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>(), known);
        let config = build(None).unwrap();
        for (key, rest) in rows {
            let default = literal(&config.get::<Value>(key).unwrap().kind);
            assert!(
                rest.contains(&format!("| `{default}` |")),
                "{key}: its default is {default}, not {rest}"
            );
            for (name, of) in WELL_KNOWN {
                assert_eq!(rest.contains(&format!("`{name}`")), *of == key, "{key} and {name}: {rest}");
            }
        }
    }

    /// A setting that the program itself does not show when it is asked to is a secret, and the other way round.
    #[test]
    fn the_secrets_are_those_that_cannot_be_printed() {
        const MARK: &str = "https://mark.example:1";
        for (section, key) in keys() {
            let name = format!("{section}.{key}");
            let changed = Config::builder()
                .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
                .set_override(&name, MARK)
                .unwrap()
                .build()
                .unwrap();
            let Ok(settings) = changed.try_deserialize::<Settings>() else { continue };
            let shown = format!("{settings:?}").contains(MARK);
            assert_eq!(SECRETS.contains(&name.as_str()), !shown, "{name}");
        }
    }

    #[test]
    fn each_value_says_where_it_came_from_and_no_secret_its_value() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("own.toml");
        std::fs::write(&file, "[calls]\nring_secs = 45\n[carrier]\nauth_token = \"very-secret\"\n").unwrap();
        let config = build(Some(&file)).unwrap();
        let variables = ["PORT".to_owned(), "tsunagu_log__level".to_owned()];
        let found = look(&config, Some(&file), &variables).unwrap();
        let of = |key: &str| found.iter().find(|one| one.key == key).unwrap();
        assert_eq!(of("port").origin, Origin::Variable("PORT".to_owned()));
        assert_eq!(of("level").origin, Origin::Variable("tsunagu_log__level".to_owned()));
        assert_eq!(
            (of("ring_secs").value.as_deref(), &of("ring_secs").origin),
            (Some("45"), &Origin::File(file.clone()))
        );
        assert_eq!(
            (of("auth_token").value.as_deref(), &of("auth_token").origin),
            (None, &Origin::File(file.clone()))
        );
        assert_eq!(
            (of("jwt_secret").value.as_deref(), &of("jwt_secret").origin),
            (Some("\"\""), &Origin::Default)
        );
        assert_eq!(of("rate").value.as_deref(), Some("1.0"));
    }
}
