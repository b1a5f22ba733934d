//! The way of a span to the collector: sampled, queued, sent in batches as OTLP over HTTP. Each is counted once: as sent, as
//! failed, or as dropped because too many waited.

use super::{
    TraceLayer,
    queue::{Entrance, Room},
};
use crate::settings::Otel;
use anyhow::{Context, Result, anyhow};
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{self, BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData},
};
use secrecy::ExposeSecret;
use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer, filter::Targets};

/// How long the last spans may take to be sent at shutdown.
pub const GOODBYE: Duration = Duration::from_secs(3);

/// How many spans may wait; more are dropped. A turn has three.
const QUEUE: usize = 8_192;
/// How many are sent at once, and how often at the least.
const BATCH: usize = 512;
const PAUSE: Duration = Duration::from_secs(1);
/// How long a collector may take to be reached, and to answer.
const CONNECT: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(5);

/// Where OTLP over HTTP takes traces.
const TRACES: &str = "/v1/traces";

/// Gathers and sends.
pub fn provider(settings: &Otel) -> Result<SdkTracerProvider> {
    let endpoint = address(&settings.endpoint);
    let client = reqwest::blocking::Client::builder().connect_timeout(CONNECT).timeout(ANSWER);
    // A collector without TLS, on this machine as a rule, is no reason to need certificates or a proxy.
    let client = match endpoint.starts_with("https:") {
        true => client,
        false => client.tls_certs_only([]).no_proxy(),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client.build().context("traces cannot be sent")?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint)
        .with_timeout(ANSWER)
        .with_headers(headers(settings.headers.expose_secret())?)
        .build()
        .context("otel: traces cannot be sent")?;
    let resource = Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", settings.service_name.clone()),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        ])
        .build();
    Ok(SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.sample_ratio))))
        .with_span_processor(queued(exporter, QUEUE))
        .build())
}

/// The queue before an exporter, and the thread that empties it.
fn queued<E: trace::SpanExporter + 'static>(exporter: E, most: usize) -> Entrance<BatchSpanProcessor> {
    let room = Room::new(most);
    let exporter = Counted { exporter, room: room.clone(), failing: AtomicBool::new(false) };
    let queue = BatchConfigBuilder::default()
        .with_max_queue_size(most)
        .with_max_export_batch_size(BATCH)
        .with_scheduled_delay(PAUSE)
        .build();
    Entrance::new(BatchSpanProcessor::builder(exporter).with_batch_config(queue).build(), room)
}

/// Spans of our own target, and nothing of what is logged: that may be about people.
pub fn layer(provider: &SdkTracerProvider) -> TraceLayer {
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("tsunagu"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false)
        .with_filter(Targets::new().with_target(tsunagu_actors::trace::TARGET, LevelFilter::TRACE))
        .boxed()
}

/// The collector's base address is what is usually known; the whole one is taken as well.
fn address(given: &str) -> String {
    let given = given.trim_end_matches('/');
    if given.ends_with(TRACES) { given.to_owned() } else { format!("{given}{TRACES}") }
}

/// `name=value` separated by commas.
fn headers(text: &str) -> Result<HashMap<String, String>> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    let read = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    // Which one cannot be read is not told: it may be half a secret.
    let read = pairs.map(|pair| {
        read(pair).ok_or_else(|| anyhow!("otel.headers must be name=value, separated by commas"))
    });
    read.collect()
}

/// Counts what is sent and what is not, and says once when it begins to fail, and when it works again.
#[derive(Debug)]
struct Counted<E> {
    exporter: E,
    room: Room,
    failing: AtomicBool,
}

impl<E: trace::SpanExporter> trace::SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.room.leave(batch.len());
        let count = batch.len() as u64;
        let result = self.exporter.export(batch).await;
        let outcome = if result.is_ok() { "sent" } else { "failed" };
        metrics::counter!("trace_spans_total", "outcome" => outcome).increment(count);
        match (&result, self.failing.swap(result.is_err(), Ordering::Relaxed)) {
            (Err(error), false) => {
                tracing::warn!(%error, "traces cannot be sent; they are dropped until they can")
            }
            (Ok(()), true) => tracing::info!("traces are sent again"),
            _ => {}
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use opentelemetry::trace::Tracer;
    use opentelemetry_sdk::error::OTelSdkError;
    use std::sync::{Mutex, mpsc};

    #[test]
    fn the_base_and_the_whole_address_are_understood() {
        for given in ["http://127.0.0.1:4318", "http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"] {
            assert_eq!(address(given), "http://127.0.0.1:4318/v1/traces");
        }
    }

    #[test]
    fn headers_are_read_and_a_broken_one_is_not_repeated() {
        assert!(headers("").unwrap().is_empty());
        let read = headers("x-key=abc=, x-team = calls").unwrap();
        assert_eq!((read["x-key"].as_str(), read["x-team"].as_str()), ("abc=", "calls"));
        let error = headers("x-key").unwrap_err().to_string();
        assert!(!error.contains("x-key"), "{error}");
    }

    /// A collector that takes a batch, says so, and does not answer until it is let.
    #[derive(Debug)]
    struct Slow {
        took: mpsc::SyncSender<usize>,
        go_on: Mutex<mpsc::Receiver<OTelSdkResult>>,
    }

    impl trace::SpanExporter for Slow {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.took.send(batch.len()).unwrap();
            self.go_on.lock().unwrap().recv().unwrap()
        }
    }

    #[test]
    fn every_span_is_counted_once_as_what_became_of_it() {
        const ROOM: usize = BATCH;
        const ENDED: usize = 3 * BATCH;
        let recorder = PrometheusBuilder::new().build_recorder();
        let counts = recorder.handle();
        // The thread of the queue has no recorder of its own.
        metrics::set_global_recorder(recorder).unwrap();
        let (took, taken) = mpsc::sync_channel(ENDED);
        let (let_go, go_on) = mpsc::sync_channel(ENDED);
        let queue = queued(Slow { took, go_on: Mutex::new(go_on) }, ROOM);
        let provider = SdkTracerProvider::builder().with_span_processor(queue).build();
        let tracer = provider.tracer("test");
        let end = |count: usize| (0..count).for_each(|_| drop(tracer.start("a span")));

        // A batch is with the collector, the queue is full again, and the rest finds no room.
        end(BATCH);
        assert_eq!(taken.recv().unwrap(), BATCH);
        end(ENDED - BATCH);
        let_go.send(Ok(())).unwrap();
        assert_eq!(taken.recv().unwrap(), BATCH);
        let_go.send(Err(OTelSdkError::InternalFailure("no".to_owned()))).unwrap();
        drop(provider.shutdown());
        let page = counts.render();
        for outcome in ["sent", "failed", "dropped"] {
            let line = format!("trace_spans_total{{outcome=\"{outcome}\"}} {BATCH}");
            assert!(page.lines().any(|shown| shown == line), "{line} is not in\n{page}");
        }
    }
}
