//! The learning curve: how much of the development set is understood by engines that learnt an eighth, a quarter, a half,
//! three quarters and all of the examples.
//!
//! `cargo run --release -p tsunagu-conversation --example curve`

use std::error::Error;
use std::io::{self, Write as _};

use toml::{Table, Value};
use tsunagu_conversation::{EMBEDDED, Engine, Source, evaluate, read_labelled};

/// Of so many examples that follow each other in a file, as many are learnt as [`SHARES`] says.
const OF: usize = 8;
const SHARES: [usize; 5] = [1, 2, 4, 6, 8];

fn main() -> Result<(), Box<dyn Error>> {
    let lines = read_labelled(include_str!("../tests/data/development.jsonl"))?;
    let mut out = io::stdout().lock();
    for share in SHARES {
        let mut learnt = 0;
        let mut files: Vec<(&str, String)> = Vec::new();
        for source in EMBEDDED {
            let text = if source.name.contains("/phrases/") {
                some_of(source.text, share, &mut learnt)?
            } else {
                source.text.to_owned()
            };
            files.push((source.name, text));
        }
        let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
        let engine = Engine::from_sources(&sources)?;
        let report = evaluate(&engine, lines.iter().cloned());
        writeln!(out, "{share}/{OF}: {learnt} examples: {}", report.all)?;
    }
    Ok(())
}

/// The phrase file with this share of its examples.
fn some_of(text: &str, share: usize, learnt: &mut usize) -> Result<String, Box<dyn Error>> {
    let mut file: Table = text.parse()?;
    let mut index = 0;
    for example in file.get_mut("example").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(say) = example.get_mut("say").and_then(Value::as_array_mut) else { continue };
        say.retain(|_| {
            index += 1;
            // Spread over the file, as neighbours are alike: 3 shares no factor with 8.
            index * 3 % OF < share
        });
        *learnt += say.len();
    }
    Ok(file.to_string())
}
