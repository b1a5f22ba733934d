//! Reads utterances from standard input, `phase<TAB>text` or text alone, and tells how each is understood.
//!
//! `cargo run -p tsunagu-conversation --example hear -- en < utterances.txt`

use std::error::Error;
use std::io::{self, BufRead as _, Write as _};

use tsunagu_conversation::{Engine, Lang, Phase, explain};

fn main() -> Result<(), Box<dyn Error>> {
    let lang: Lang = std::env::args().nth(1).as_deref().unwrap_or("ja").parse()?;
    let engine = Engine::embedded()?;
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (phase, text) = line.split_once('\t').unwrap_or(("opening", &line));
        let phase = Phase::from_name(phase).ok_or("unknown phase")?;
        writeln!(out, "{text}\n{}\n", explain(&engine.understand(lang, phase, text, None)))?;
    }
    Ok(())
}
