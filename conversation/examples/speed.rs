//! How long loading takes, and an utterance of the development set.
//!
//! `cargo run --release -p tsunagu-conversation --example speed`

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write as _};
#[expect(clippy::disallowed_types, reason = "measures the wall clock")]
use std::time::Instant;

use tsunagu_conversation::{Engine, read_labelled};

const ROUNDS: usize = 200;

#[expect(clippy::disallowed_types, reason = "measures the wall clock")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let start = Instant::now();
    let engine = Engine::embedded()?;
    writeln!(out, "load       {:>8.1} ms", start.elapsed().as_secs_f64() * 1e3)?;

    let lines = read_labelled(include_str!("../tests/data/development.jsonl"))?;
    let mut slowest = 0.0_f64;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for line in &lines {
            let one = Instant::now();
            black_box(engine.understand(line.lang, line.phase, &line.text, None));
            slowest = slowest.max(one.elapsed().as_secs_f64() * 1e6);
        }
    }
    let each = start.elapsed().as_secs_f64() * 1e6 / (ROUNDS * lines.len()) as f64;
    writeln!(out, "utterance  {each:>8.2} µs on average of {} ({slowest:.0} µs the slowest)", lines.len())?;

    let long = "担当はあいにく不在ですのでメールでお願いします ".repeat(1000);
    let start = Instant::now();
    for _ in 0..ROUNDS {
        black_box(engine.understand(Default::default(), Default::default(), &long, None));
    }
    let each = start.elapsed().as_secs_f64() * 1e6 / ROUNDS as f64;
    writeln!(out, "longest    {each:>8.2} µs")?;
    Ok(())
}
