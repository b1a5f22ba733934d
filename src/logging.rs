//! One line of structured text for each thing worth telling.

use crate::settings::{Log, LogFormat};
use anyhow::{Context, Result};
use std::{
    fs::{File, OpenOptions},
    sync::Mutex,
};
use tracing_subscriber::{EnvFilter, fmt::writer::BoxMakeWriter};

/// Starts logging to the file that is set, or to standard error.
pub fn start(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&log.level).context("log.level cannot be read")?;
    let file = file(log)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(file.is_none());
    let lines = lines.with_writer(match file {
        Some(file) => BoxMakeWriter::new(Mutex::new(file)),
        None => BoxMakeWriter::new(std::io::stderr),
    });
    match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow::anyhow!("logging was started before: {error}"))
}

/// The file that takes the log, if one is set. A program that is started beside this one adds to the same.
pub fn file(log: &Log) -> Result<Option<File>> {
    if log.file.as_os_str().is_empty() {
        return Ok(None);
    }
    let file = OpenOptions::new().create(true).append(true).open(&log.file);
    Ok(Some(file.with_context(|| format!("log.file: {} cannot be written", log.file.display()))?))
}
