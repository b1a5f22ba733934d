//! Evaluates the engine on a JSONL file of labelled utterances.
//!
//! `cargo run -p tsunagu-conversation --example eval -- conversation/tests/data/development.jsonl`

use std::error::Error;
use std::io::{self, Write as _};

use tsunagu_conversation::{Engine, evaluate, read_labelled};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("which file?")?;
    let lines = read_labelled(&std::fs::read_to_string(file)?)?;
    write!(io::stdout().lock(), "{}", evaluate(&Engine::embedded()?, lines.into_iter()))?;
    Ok(())
}
