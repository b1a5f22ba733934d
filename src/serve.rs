//! `tsunagu serve`: the server.

use crate::{cli, logging, settings::Settings, shutdown, wiring};
use anyhow::Result;
use std::io::Write;

/// Runs until it is told to stop; a second signal ends it at once.
pub fn run(options: cli::Serve) -> Result<()> {
    let settings = Settings::load()?;
    logging::start(&settings.log)?;
    actix::System::new().block_on(async {
        let running = wiring::start(&settings).await?;
        tracing::info!(address = %running.address, base_url = running.base_url, "listening");
        if options.announce {
            let line = serde_json::json!({ "listening": format!("http://{}", running.address) });
            writeln!(std::io::stdout(), "{line}")?;
        }
        shutdown::asked().await?;
        tracing::info!("asked to stop; once more ends at once");
        tokio::select! {
            stopped = running.stop(|step| tracing::info!("{step}")) => stopped,
            again = shutdown::asked() => Ok(again?),
        }
    })
}
