//! One line of structured text for each thing worth telling.

use crate::{
    settings::{Log, LogFormat},
    telemetry::TraceLayer,
};
use anyhow::{Context, Result, anyhow};
use std::{
    fs::{File, OpenOptions},
    sync::Mutex,
};
use tracing::Dispatch;
use tracing_subscriber::{
    EnvFilter, Layer, fmt::writer::BoxMakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Starts logging to the file that is set, or to standard error; with traces, those are gathered beside it.
pub fn start(log: &Log, traces: Option<TraceLayer>) -> Result<()> {
    subscriber(log, traces)?.try_init().map_err(|error| anyhow!("logging was started before: {error}"))
}

fn subscriber(log: &Log, traces: Option<TraceLayer>) -> Result<Dispatch> {
    let filter = EnvFilter::try_new(&log.level).context("log.level cannot be read")?;
    let file = file(log)?;
    let ansi = file.is_none() && log.format == LogFormat::Text;
    let writer = match file {
        Some(file) => BoxMakeWriter::new(Mutex::new(file)),
        None => BoxMakeWriter::new(std::io::stderr),
    };
    let Some(traces) = traces else {
        // One filter for everything: what is not logged costs nothing, spans of traces included.
        let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(ansi).with_writer(writer);
        return Ok(match log.format {
            LogFormat::Text => lines.into(),
            LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).into(),
        });
    };
    let lines = tracing_subscriber::fmt::layer().with_ansi(ansi).with_writer(writer);
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
    };
    Ok(tracing_subscriber::registry().with(traces).with(lines.with_filter(filter)).into())
}

/// The file that takes the log, if one is set. A program that is started beside this one adds to the same.
pub fn file(log: &Log) -> Result<Option<File>> {
    if log.file.as_os_str().is_empty() {
        return Ok(None);
    }
    let file = OpenOptions::new().create(true).append(true).open(&log.file);
    Ok(Some(file.with_context(|| format!("log.file: {} cannot be written", log.file.display()))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{settings::Settings, telemetry::Traces};
    use std::path::PathBuf;
    use tsunagu_actors::trace::TARGET;

    /// Which spans of traces there are with the settings' defaults and this collector: of a turn, and of a command.
    fn spans_with(endpoint: &str) -> [bool; 2] {
        let mut settings = Settings::read().unwrap();
        settings.otel.endpoint = endpoint.to_owned();
        let (traces, layer) = Traces::begin(&settings.otel).unwrap();
        assert_eq!(layer.is_some(), !endpoint.is_empty(), "nothing gathers what nobody is sent");
        let there = tracing::dispatcher::with_default(&subscriber(&settings.log, layer).unwrap(), || {
            [tracing::trace_span!(target: TARGET, "turn"), tracing::info_span!(target: TARGET, "command")]
                .map(|span| !span.is_disabled())
        });
        traces.finish();
        there
    }

    #[test]
    fn without_a_collector_a_turn_has_no_span() {
        // The one of a command names the call in its log lines.
        assert_eq!(spans_with(""), [false, true]);
    }

    #[cfg(feature = "otel")]
    #[test]
    fn with_a_collector_it_has() {
        drop(rustls::crypto::ring::default_provider().install_default());
        assert_eq!(spans_with("http://127.0.0.1:9"), [true, true]);
    }

    /// Whoever looks for a call looks for one name, in the log and in traces.
    #[test]
    fn a_call_has_one_name_in_all_lines() {
        let mut folders =
            ["actors/src", "carrier/src", "http/src", "store/src", "src"].map(PathBuf::from).to_vec();
        let mut named = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                if path.ends_with("src/logging.rs") {
                    continue;
                }
                for line in std::fs::read_to_string(&path).unwrap().lines() {
                    let otherwise =
                        ["(%call,", " %call,", " %call)", " call = %", "(call = %", "call = Empty"];
                    let other =
                        otherwise.iter().any(|other| line.replace("callId = %call", "").contains(other));
                    assert!(!other, "{}: {line}", path.display());
                    named += usize::from(line.contains("callId = %"));
                }
            }
        }
        assert!(named > 20, "{named}");
    }
}
