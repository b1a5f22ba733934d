//! What is in force, and where it came from: each key of the annotated file with its value.

use super::{DEFAULTS, Settings, WELL_KNOWN, build, file_from_environment};
use anyhow::Result;
use config::{Config, File, FileFormat, Value, ValueKind};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Keys whose values are never shown.
pub(super) const SECRETS: &[&str] = &[
    "store.mongodb_uri",
    "nats.url",
    "auth.jwt_secret",
    "auth.old_jwt_secrets",
    "carrier.auth_token",
    "carrier.old_auth_token",
    "language_model.key",
    "otel.headers",
];

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
    /// Its section; empty for what stands before all of them.
    pub section: &'static str,
    /// Its key within the section, dotted where its value is a part of a table there.
    pub key: String,
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
        for (key, value) in parts(key, config.get(&path(section, key))?) {
            let name = path(section, &key);
            let origin = match (variable(&name, variables), &of_file) {
                (Some(variable), _) => Origin::Variable(variable),
                (None, Some(of_file)) if of_file.get::<Value>(&name).is_ok() => {
                    Origin::File(file.unwrap_or(Path::new("")).to_owned())
                }
                _ => Origin::Default,
            };
            let secret = SECRETS.contains(&name.as_str()) && !is_empty(&value.kind);
            found.push(InForce { section, key, value: (!secret).then(|| literal(&value.kind)), origin });
        }
    }
    Ok(found)
}

/// A key with its section.
fn path(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

/// The value of a key, or the values within it: each of them may come from somewhere else.
fn parts(key: &str, value: Value) -> Vec<(String, Value)> {
    match value.kind {
        ValueKind::Table(table) => {
            let mut within: Vec<_> = table.into_iter().collect();
            within.sort_by(|(one, _), (other, _)| one.cmp(other));
            within.into_iter().flat_map(|(part, value)| parts(&path(key, &part), value)).collect()
        }
        _ => vec![(key.to_owned(), value)],
    }
}

fn is_empty(value: &ValueKind) -> bool {
    match value {
        ValueKind::String(text) => text.is_empty(),
        ValueKind::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// The variable that sets a key, if one does: a well-known name goes before our own.
fn variable(key: &str, variables: &[String]) -> Option<String> {
    let set = |name: &&str| variables.iter().any(|set| set == name);
    let known = WELL_KNOWN.iter().filter(|(_, of)| *of == key).map(|(name, _)| *name).find(set);
    let own = || {
        let own = format!("TSUNAGU_{}", key.replace('.', "__"));
        key.contains('.').then(|| variables.iter().find(|set| set.eq_ignore_ascii_case(&own)).cloned())?
    };
    known.map(str::to_owned).or_else(own)
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

    /// All keys with the values that they have by default, as `section.key`; a table is taken apart.
    fn defaults() -> BTreeMap<String, Value> {
        let config = build(None).unwrap();
        let each = |(section, key)| {
            parts(key, config.get(&path(section, key)).unwrap())
                .into_iter()
                .map(move |(key, value)| (path(section, &key), value))
        };
        keys().flat_map(each).collect()
    }

    #[test]
    fn the_annotated_file_is_read_key_by_key() {
        let read: BTreeSet<_> = defaults().into_keys().collect();
        let all = parts("", build(None).unwrap().cache);
        let held: BTreeSet<_> = all.into_iter().map(|(key, _)| key).collect();
        assert_eq!(read, held);
        let names: Vec<_> = keys().map(|(section, key)| path(section, key)).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a key stands there once");
    }

    /// The value as the page has it: a table in one line, in the order of the annotated file.
    fn shown(name: &str) -> String {
        let (_, key) = keys().find(|(section, key)| path(section, key) == name).unwrap();
        match build(None).unwrap().get::<Value>(name).unwrap().kind {
            ValueKind::Table(_) => {
                let line = DEFAULTS.lines().find(|line| line.starts_with(&format!("{key} = {{"))).unwrap();
                let table = line.split_once(" = ").unwrap().1;
                table.split_inclusive('}').next().unwrap().to_owned()
            }
            kind => literal(&kind),
        }
    }

    #[test]
    fn the_page_names_every_key_and_no_other() {
        let known: BTreeSet<_> = keys().map(|(section, key)| path(section, key)).collect();
        let rows: BTreeMap<_, _> =
            DOCS.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).collect();
        assert_eq!(rows.keys().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>(), known);
        for (key, rest) in rows {
            let default = shown(key);
            assert!(
                rest.contains(&format!("| `{default}` |")),
                "{key}: its default is {default}, not {rest}"
            );
            for (name, of) in WELL_KNOWN {
                assert_eq!(rest.contains(&format!("`{name}`")), *of == key, "{key} and {name}: {rest}");
            }
        }
    }

    /// A setting that the program itself does not show when it is asked to is a secret, and the other way round. Every
    /// setting is asked that may hold a text; those that take certain words alone are no secrets.
    #[test]
    fn the_secrets_are_those_that_cannot_be_printed() {
        const MARK: &str = "mark.example";
        const WORDS: [&str; 2] = ["mode", "log.format"];
        let mut hidden = BTreeSet::new();
        for (name, default) in defaults() {
            let mark: Value = match default.kind {
                ValueKind::String(_) if !WORDS.contains(&name.as_str()) => MARK.into(),
                ValueKind::Array(_) => vec![MARK].into(),
                ValueKind::String(_) | ValueKind::Boolean(_) | ValueKind::I64(_) | ValueKind::Float(_) => {
                    continue;
                }
                other => panic!("{name} is {other:?}: could it be a secret?"),
            };
            let changed = Config::builder()
                .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
                .set_override(&name, mark)
                .unwrap()
                .build()
                .unwrap();
            let settings: Settings =
                changed.try_deserialize().unwrap_or_else(|error| panic!("{name}: {error}"));
            if !format!("{settings:?}").contains(MARK) {
                hidden.insert(name);
            }
        }
        assert_eq!(hidden, SECRETS.iter().map(|name| (*name).to_owned()).collect());
    }

    #[test]
    fn each_value_says_where_it_came_from_and_no_secret_its_value() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("own.toml");
        let settings = "[calls]\nring_secs = 45\n[carrier]\nauth_token = \"very-secret\"\n\
                        [auth]\nold_jwt_secrets = [\"secret-too\"]\n[auth.limits]\naccount = { burst = 7 }\n";
        std::fs::write(&file, settings).unwrap();
        let config = build(Some(&file)).unwrap();
        let variables = ["PORT", "tsunagu_log__level", "TSUNAGU_AUTH__LIMITS__ACCOUNT__PER_HOUR", "base_url"];
        let found = look(&config, Some(&file), &variables.map(str::to_owned)).unwrap();
        let of = |key: &str| {
            let one = found.iter().find(|one| one.key == key).unwrap();
            (one.value.as_deref(), one.origin.clone())
        };
        let variable = |name: &str| Origin::Variable(name.to_owned());
        let own = || Origin::File(file.clone());
        assert_eq!(of("port").1, variable("PORT"));
        assert_eq!(of("base_url").1, Origin::Default, "names are told apart by their case");
        assert_eq!(of("level").1, variable("tsunagu_log__level"));
        assert_eq!(of("ring_secs"), (Some("45"), own()));
        assert_eq!(of("auth_token"), (None, own()));
        assert_eq!(of("old_jwt_secrets"), (None, own()));
        assert_eq!(of("jwt_secret"), (Some("\"\""), Origin::Default));
        assert_eq!(of("account.burst"), (Some("7"), own()));
        assert_eq!(of("account.per_hour"), (Some("60"), variable("TSUNAGU_AUTH__LIMITS__ACCOUNT__PER_HOUR")));
        assert_eq!(of("trusted_proxies"), (Some("[]"), Origin::Default));
        assert_eq!(of("mode"), (Some("\"development\""), Origin::Default));
        assert_eq!(of("rate").0, Some("1.0"));
    }
}
