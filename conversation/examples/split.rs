//! Splits what authors wrote, one JSONL file each, into the development set and the rest, which becomes examples.
//!
//! `cargo run -p tsunagu-conversation --example split -- OUT author1.jsonl author2.jsonl …` writes `OUT/development.jsonl` and
//! `OUT/examples.jsonl`.
//!
//! Of each author and intent a quarter goes to the development set: those lines whose phase and text have the lowest
//! hashes. So nobody chooses, and the same files are always split the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use tsunagu_conversation::{Intent, Labelled, read_labelled};

const SHARE: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or("where to?")?;
    let (mut development, mut examples) = (Vec::new(), Vec::new());
    for file in args {
        let mut seen = BTreeSet::new();
        let mut by_intent: BTreeMap<Intent, Vec<(u64, Labelled)>> = BTreeMap::new();
        for line in read_labelled(&fs::read_to_string(file)?)? {
            let said = format!("{} {}", line.phase, line.text);
            if seen.insert(said.clone()) {
                by_intent.entry(line.intent).or_default().push((hash(&said), line));
            }
        }
        for (_, mut lines) in by_intent {
            lines.sort_by_key(|(hash, _)| *hash);
            let rest = lines.split_off(lines.len().div_ceil(SHARE));
            development.extend(lines.into_iter().map(|(_, line)| line));
            examples.extend(rest.into_iter().map(|(_, line)| line));
        }
    }
    for (name, mut lines) in [("development.jsonl", development), ("examples.jsonl", examples)] {
        lines.sort_by(|a, b| a.id.cmp(&b.id));
        let lines: Result<Vec<_>, _> = lines.iter().map(serde_json::to_string).collect();
        fs::write(Path::new(&out).join(name), lines?.join("\n") + "\n")?;
    }
    Ok(())
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
