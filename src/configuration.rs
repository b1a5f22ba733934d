//! `tsunagu config`: the annotated settings, those in force, and whether a file would be understood.

use crate::{
    cli,
    settings::{DEFAULTS, InForce, Settings, in_force},
};
use anyhow::Result;
use std::io::{self, Write};

/// Prints what is asked for.
pub fn run(options: &cli::Config) -> Result<()> {
    let out = io::stdout().lock();
    if let Some(file) = &options.check {
        Settings::checked(Some(file))?;
        return tell(out, &format!("{}: every setting is understood\n", file.display()));
    }
    if options.effective {
        return tell(out, &listed(&in_force()?));
    }
    tell(out, DEFAULTS)
}

fn tell(mut out: impl Write, text: &str) -> Result<()> {
    Ok(out.write_all(text.as_bytes())?)
}

/// As a file of settings, but for the secrets, which are told to be set and no more.
fn listed(settings: &[InForce]) -> String {
    let mut text = String::new();
    let mut section = "";
    for setting in settings {
        if setting.section != section {
            section = setting.section;
            let gap = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}[{section}]\n"));
        }
        text.push_str(&match &setting.value {
            Some(value) => format!("{} = {value}  # {}\n", setting.key, setting.origin),
            None => format!("# {} is set, and a secret  # {}\n", setting.key, setting.origin),
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Origin;

    #[test]
    fn secrets_are_told_to_be_set_and_no_more() {
        let setting = |section, key: &str, value: Option<&str>, origin| InForce {
            section,
            key: key.to_owned(),
            value: value.map(str::to_owned),
            origin,
        };
        let text = listed(&[
            setting("", "mode", Some("\"development\""), Origin::Default),
            setting("server", "port", Some("5001"), Origin::Variable("PORT".to_owned())),
            setting("auth", "jwt_secret", None, Origin::File("own.toml".into())),
        ]);
        assert_eq!(
            text,
            "mode = \"development\"  # default\n\n[server]\nport = 5001  # PORT in the environment\n\n[auth]\n# jwt_secret is set, and a secret  # own.toml\n"
        );
    }
}
