//! `tsunagu script`: the state chart of the conversation, drawn or checked.

use crate::cli;
use anyhow::{Context, Result};
use std::io::Write;
use std::path::Path;
use tsunagu_conversation::{Engine, Lang};

/// Prints the drawing, or that the script is as it must be.
pub fn run(options: &cli::Script) -> Result<()> {
    let chart = engine(options.lang, options.check.as_deref())?.chart(options.lang);
    let mut out = std::io::stdout().lock();
    if options.dot {
        write!(out, "{}", chart.dot())?;
    } else if options.mermaid {
        write!(out, "{}", chart.mermaid())?;
    } else {
        writeln!(out, "{} places, {} entries: as it must be", chart.places.len(), chart.edges.len())?;
    }
    Ok(())
}

/// The engine with the script of a file, if one is given.
pub fn engine(lang: Lang, script: Option<&Path>) -> Result<Engine> {
    let engine = Engine::embedded().context("the conversation's scripts are not as they must be")?;
    let Some(file) = script else { return Ok(engine) };
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
    engine.with_script(lang, &name, &text).context("the script is not as it must be")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_a_file_is_checked_with_its_place() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let own = include_str!("../config/conversation/en/script.toml");
        file.write_all(own.replacen("to = \"purpose\"", "to = \"porpoise\"", 1).as_bytes()).unwrap();
        let wrong = format!("{:#}", engine(Lang::EN, Some(file.path())).unwrap_err());
        assert!(wrong.contains(&file.path().display().to_string()), "{wrong}");
        assert!(wrong.contains("phase.opening.on.acknowledge[0]: unknown phase `porpoise`"), "{wrong}");
        let other = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&other, own.replace("say = [\"rejection\"]", "say = [\"closing\"]")).unwrap();
        assert!(engine(Lang::EN, Some(other.path())).is_ok());
    }
}
