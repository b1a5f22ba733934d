//! The settings of a demo: the program's defaults, and what the command line says. The environment, where a real carrier
//! account may be named, is left out on purpose: a demo never rings a real telephone. Only RUST_LOG counts.

use crate::{
    cli,
    settings::{DEFAULTS, Settings},
};
use anyhow::{Context, Result, bail};
use config::{Config, File, FileFormat};
use std::path::Path;
use tsunagu_actors::Clock;

/// The sign-in is printed for all to read, so nobody else's machine may reach it.
const HOST: &str = "127.0.0.1";
/// How long calls may go on after Ctrl-C, in real seconds.
const DRAIN_SECS: u64 = 5;
/// How much is logged unless RUST_LOG says otherwise: what happens is on the screen.
const LOG_LEVEL: &str = "warn";
/// The file in the data folder that takes the log where a screen is drawn.
const LOG_FILE: &str = "demo.log";

/// The settings of this demo, whose data are kept in `folder`; with a screen the log goes to a file.
pub fn settings(options: &cli::Demo, folder: &Path, screen: bool) -> Result<Settings> {
    if !(1.0..=10_000.0).contains(&options.speed) {
        bail!("--speed is {}, but must lie from 1 to 10,000", options.speed);
    }
    if options.calls == 0 {
        bail!("--calls is 0, but there must be at least one to watch");
    }
    let defaults = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml)).build();
    let mut settings: Settings =
        defaults.and_then(Config::try_deserialize).context("the defaults are not as they must be")?;
    settings.server.host = HOST.to_owned();
    settings.server.port = options.port;
    settings.server.drain_secs = DRAIN_SECS;
    settings.store.data_dir = folder.to_owned();
    settings.clock.rate = options.speed;
    settings.clock.anchor = Clock::real().now().to_string();
    settings.log.level = std::env::var("RUST_LOG")
        .ok()
        .filter(|level| !level.is_empty())
        .unwrap_or_else(|| LOG_LEVEL.to_owned());
    if screen {
        settings.log.file = folder.join(LOG_FILE);
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn options() -> cli::Demo {
        cli::Demo { data: None, port: 5999, speed: 20.0, calls: 8, seconds: None, plain: false }
    }

    #[test]
    fn a_demo_is_its_own_machines_and_rings_the_sandbox() {
        let settings = settings(&options(), Path::new("/somewhere"), true).unwrap();
        assert_eq!((settings.server.host.as_str(), settings.server.port), ("127.0.0.1", 5999));
        assert!(settings.carrier.account_sid.is_empty());
        assert_eq!(settings.log.file, PathBuf::from("/somewhere/demo.log"));
        assert!(settings.clock().is_ok());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let folder = Path::new("/somewhere");
        assert!(settings(&cli::Demo { speed: 0.5, ..options() }, folder, false).is_err());
        assert!(settings(&cli::Demo { calls: 0, ..options() }, folder, false).is_err());
    }
}
