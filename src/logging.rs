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
use tracing_subscriber::{
    EnvFilter, Layer, fmt::writer::BoxMakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Starts logging to the file that is set, or to standard error; with traces, those are gathered beside it.
pub fn start(log: &Log, traces: Option<TraceLayer>) -> Result<()> {
    let filter = EnvFilter::try_new(&log.level).context("log.level cannot be read")?;
    let file = file(log)?;
    let ansi = file.is_none();
    let writer = match file {
        Some(file) => BoxMakeWriter::new(Mutex::new(file)),
        None => BoxMakeWriter::new(std::io::stderr),
    };
    let begun = match (traces, log.format) {
        // One filter for everything: what is not logged costs nothing, spans of traces included.
        (None, LogFormat::Text) => {
            tracing_subscriber::fmt().with_env_filter(filter).with_ansi(ansi).with_writer(writer).try_init()
        }
        (None, LogFormat::Json) => {
            let lines =
                tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(writer);
            lines.json().flatten_event(true).with_current_span(false).try_init()
        }
        (Some(traces), format) => {
            let lines = tracing_subscriber::fmt::layer()
                .with_ansi(ansi && format == LogFormat::Text)
                .with_writer(writer);
            let lines = match format {
                LogFormat::Text => lines.boxed(),
                LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
            };
            let both = tracing_subscriber::registry().with(traces).with(lines.with_filter(filter));
            return both.try_init().map_err(|error| anyhow!("logging was started before: {error}"));
        }
    };
    begun.map_err(|error| anyhow!("logging was started before: {error}"))
}

/// The file that takes the log, if one is set. A program that is started beside this one adds to the same.
pub fn file(log: &Log) -> Result<Option<File>> {
    if log.file.as_os_str().is_empty() {
        return Ok(None);
    }
    let file = OpenOptions::new().create(true).append(true).open(&log.file);
    Ok(Some(file.with_context(|| format!("log.file: {} cannot be written", log.file.display()))?))
}
