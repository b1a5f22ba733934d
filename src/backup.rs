//! `tsunagu backup` and `tsunagu restore`: the data in one file, and back again.

use crate::{cli, settings::Settings};
use anyhow::{Context, Result, bail};
use secrecy::ExposeSecret;
use std::io::Write;
use tsunagu_actors::Clock;
use tsunagu_store::{BackupContents, StoreError, back_up, restore};

/// Copies the data into a file, whether the server runs or not.
pub fn run(options: &cli::Backup) -> Result<()> {
    let settings = Settings::read()?;
    refuse_mongodb(&settings)?;
    let contents = back_up(&settings.store.data_dir, &options.file, options.force).map_err(|error| {
        let hint = match error {
            StoreError::Exists { .. } => "name another file, or replace it with --force",
            _ => "no backup was made",
        };
        anyhow::Error::new(error).context(hint)
    })?;
    tell(&format!("{}: {}", options.file.display(), summary(contents)))
}

/// Puts a backup in the place of the data.
pub fn put_back(options: &cli::Restore) -> Result<()> {
    let settings = Settings::read()?;
    refuse_mongodb(&settings)?;
    let now = Clock::real().now().timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let restored = restore(&options.file, &settings.store.data_dir, &now)
        .context("nothing was restored, and nothing was changed")?;
    tell(&format!("{}: {}", restored.file.display(), summary(restored.contents)))?;
    match restored.kept {
        Some(kept) => tell(&format!("{}: what was there before", kept.display())),
        None => Ok(()),
    }
}

/// The file that a server with MongoDB does not use would be the wrong one to copy.
fn refuse_mongodb(settings: &Settings) -> Result<()> {
    match settings.store.mongodb_uri.expose_secret().is_empty() {
        true => Ok(()),
        false => bail!("MONGODB_URI is set: the data are in MongoDB; use mongodump and mongorestore"),
    }
}

fn summary(BackupContents { schema, calls, live, bytes }: BackupContents) -> String {
    format!("{calls} calls, {live} of them live, {bytes} bytes, schema {schema}; checked, nothing is broken")
}

fn tell(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
