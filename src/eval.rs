//! `tsunagu eval`: how well the engine understands labelled utterances.

use crate::cli;
use anyhow::{Context, Result};
use std::io::Write;
use tsunagu_conversation::{Engine, evaluate, read_labelled};

/// Reads the file, prints the report.
pub fn run(options: &cli::Eval) -> Result<()> {
    let file = options.file.display();
    let text = std::fs::read_to_string(&options.file).with_context(|| format!("{file} cannot be read"))?;
    let lines = read_labelled(&text).with_context(|| format!("{file} is not as it must be"))?;
    let engine = Engine::embedded().context("the conversation's scripts are not as they must be")?;
    let report = evaluate(&engine, lines.into_iter());
    let mut out = std::io::stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(())
}
