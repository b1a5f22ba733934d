//! Traces for an OpenTelemetry collector: gathered only when its address is set.
//!
//! Spans wait in a bounded queue for a thread of their own that sends them. When the collector is slow or gone they are
//! dropped and counted; nothing on a call ever waits for it.

#[cfg(feature = "otel")]
mod export;
#[cfg(feature = "otel")]
mod queue;

use crate::settings::Otel;
use anyhow::Result;
use tracing_subscriber::{Layer, Registry};

/// What turns spans into traces, as a layer of the log.
pub type TraceLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Traces that are gathered, or none. To be finished outside of any runtime, when nothing is traced any more.
#[derive(Default)]
pub struct Traces {
    #[cfg(feature = "otel")]
    provider: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

#[cfg(feature = "otel")]
impl Traces {
    /// Begins to gather, where an address is set. To be called outside of any runtime.
    pub fn begin(settings: &Otel) -> Result<(Self, Option<TraceLayer>)> {
        if settings.endpoint.is_empty() {
            return Ok((Self::default(), None));
        }
        let provider = export::provider(settings)?;
        let layer = export::layer(&provider);
        Ok((Self { provider: Some(provider) }, Some(layer)))
    }

    /// Sends what waits, for a limited time.
    pub fn finish(self) {
        let Some(provider) = self.provider else { return };
        if let Err(error) = provider.shutdown_with_timeout(export::GOODBYE) {
            tracing::warn!(%error, "the last traces could not all be sent");
        }
    }
}

#[cfg(not(feature = "otel"))]
impl Traces {
    /// Says no where an address is set: this program was built without.
    pub fn begin(settings: &Otel) -> Result<(Self, Option<TraceLayer>)> {
        if settings.endpoint.is_empty() {
            return Ok((Self::default(), None));
        }
        anyhow::bail!("otel.endpoint is set, but this program was built without the feature `otel`")
    }

    /// There is nothing to finish.
    pub fn finish(self) {}
}
