//! Cross-validation: each fifth of the examples is understood by an engine that was trained on the other four.
//!
//! `cargo run --release -p tsunagu-conversation --example crossvalidate`
//!
//! Many examples are written out from the same alternatives, and the lexicon is not held out. So its figure is no estimate
//! of how well the engine understands strangers (`docs/understanding.md` has that); it serves to compare one classifier
//! or scoring with another.

use std::error::Error;
use std::io::{self, Write as _};

use toml::{Table, Value};
use tsunagu_conversation::{EMBEDDED, Engine, Intent, Labelled, Phase, Source, evaluate};

const FOLDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut all = Vec::new();
    for fold in 0..FOLDS {
        let mut files: Vec<(&str, String)> = Vec::new();
        let mut held = Vec::new();
        for source in EMBEDDED {
            let text = if source.name.contains("/phrases/") {
                hold_out(source, fold, &mut held)?
            } else {
                source.text.to_owned()
            };
            files.push((source.name, text));
        }
        let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
        let engine = Engine::from_sources(&sources)?;
        let report = evaluate(&engine, held.into_iter());
        all.push((report.all, report));
    }
    let mut out = io::stdout().lock();
    for (fold, (rate, report)) in all.iter().enumerate() {
        writeln!(out, "fold {fold}: {rate}")?;
        if std::env::args().any(|arg| arg == "--mistakes") {
            for mistake in &report.mistakes {
                let Labelled { lang, phase, text, intent, .. } = &mistake.line;
                writeln!(out, "  [{lang} {phase}] {text}: {intent}, understood {}", mistake.heard)?;
            }
        }
    }
    let (right, total) =
        all.iter().fold((0, 0), |(right, total), (rate, _)| (right + rate.right, total + rate.total));
    writeln!(out, "all: {right} of {total}, {:.1} %", 100.0 * right as f64 / total as f64)?;
    let unknown = |meant: bool| {
        let rows = all.iter().flat_map(|(_, report)| &report.confusion);
        let rows = rows.filter(|(intent, _)| (**intent == Intent::Unknown) == meant);
        rows.fold((0, 0), |(found, all), (_, row)| {
            (found + row.get(&Intent::Unknown).copied().unwrap_or(0), all + row.values().sum::<usize>())
        })
    };
    writeln!(out, "unknown: {:?} of what is, {:?} of what is not", unknown(true), unknown(false))?;
    Ok(())
}

/// The phrase file without every fifth example, which is put aside.
fn hold_out(source: &Source<'_>, fold: usize, held: &mut Vec<Labelled>) -> Result<String, Box<dyn Error>> {
    let mut file: Table = source.text.parse()?;
    let intent = file.get("intent").and_then(Value::as_str).and_then(Intent::from_name).ok_or("intent")?;
    let lang = source.name.split('/').next().ok_or("language")?.parse()?;
    let mut index = 0;
    for example in file.get_mut("example").and_then(Value::as_array_mut).into_iter().flatten() {
        let phases = example.get("phases").and_then(Value::as_array).cloned().unwrap_or_default();
        let phases: Vec<Phase> =
            phases.iter().filter_map(|phase| Phase::from_name(phase.as_str()?)).collect();
        let Some(say) = example.get_mut("say").and_then(Value::as_array_mut) else { continue };
        say.retain(|text| {
            index += 1;
            if index % FOLDS != fold {
                return true;
            }
            let phase = phases.get(index / FOLDS % phases.len().max(1)).copied().unwrap_or_default();
            let text = text.as_str().unwrap_or_default().to_owned();
            held.push(Labelled { id: index.to_string(), lang, phase, text, intent });
            false
        });
    }
    Ok(file.to_string())
}
