//! `tsunagu serve`: the server.

use crate::{cli, logging, settings::Settings, shutdown, telemetry::Traces, wiring};
use anyhow::Result;
use std::io::Write;

/// Runs until it is told to stop; a second signal ends it at once.
pub fn run(options: cli::Serve) -> Result<()> {
    let settings = Settings::load()?;
    let (traces, layer) = Traces::begin(&settings.otel)?;
    logging::start(&settings.log, layer)?;
    let ended = actix::System::new().block_on(serve(&options, &settings));
    // The runtime is gone: what it traced last can be sent.
    traces.finish();
    ended
}

async fn serve(options: &cli::Serve, settings: &Settings) -> Result<()> {
    let running = wiring::start(settings, None).await?;
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
}
