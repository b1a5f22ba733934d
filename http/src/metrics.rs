//! The metrics of this process in Prometheus' text format.

mod catalogue;
mod gather;

pub(crate) use gather::LastCount;

use crate::{App, envelope::Filters, error::ApiError};
use actix_web::{HttpResponse, http::Method, web::Data};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;

/// The content type of the format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The route of what customers say.
const TURN: &str = "/api/twilio/voice/gather/{call}";

/// Upper bounds of what takes time, in seconds: from a turn of a call to the slowest answer of a carrier or a webhook.
const SECONDS: [f64; 15] =
    [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];
/// Upper bounds of how long people wait, in seconds.
const WAITS: [f64; 10] = [1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0];
/// Upper bounds of how old an event is when a webhook takes it, in seconds: up to the day after which nobody tries again.
const AGES: [f64; 9] = [1.0, 5.0, 15.0, 60.0, 300.0, 1_800.0, 7_200.0, 28_800.0, 86_400.0];
/// Upper bounds of what is counted in pieces.
const PIECES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0];

/// Gathers the metrics of this process from now on. `None` when something else gathers them already; then nothing is
/// shown at `/metrics`.
pub fn install_metrics() -> Option<PrometheusHandle> {
    match builder().and_then(PrometheusBuilder::install_recorder) {
        Ok(handle) => {
            announce();
            Some(handle)
        }
        Err(error) => {
            tracing::warn!(%error, "metrics are not gathered");
            None
        }
    }
}

fn announce() {
    catalogue::announce();
    metrics::gauge!("tsunagu_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    metrics_process::Collector::default().describe();
}

fn builder() -> Result<PrometheusBuilder, metrics_exporter_prometheus::BuildError> {
    PrometheusBuilder::new()
        .set_buckets(&PIECES)?
        .set_buckets_for_metric(Matcher::Full("handover_wait_seconds".to_owned()), &WAITS)?
        .set_buckets_for_metric(Matcher::Full("webhook_delivery_age_seconds".to_owned()), &AGES)?
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
}

/// `GET /metrics`.
pub(crate) async fn show(
    app: Data<App>,
    last: Data<LastCount>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let handle = app.metrics.as_ref().ok_or(ApiError::NotFound("address"))?;
    gather::gather(&app, &last).await;
    Ok(HttpResponse::Ok().content_type(TEXT).body(handle.render()))
}

/// Counts a request that was answered. `route` is the pattern that it fitted, so that there are no more of them than
/// there are routes.
pub(crate) fn count(method: &Method, route: Option<String>, status: u16, taken: Duration) {
    let (method, route) = (known(method), route.unwrap_or_else(|| "none".to_owned()));
    if route == TURN && status == 200 {
        metrics::histogram!("turn_duration_seconds").record(taken.as_secs_f64());
    }
    metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route.clone())
        .record(taken.as_secs_f64());
    metrics::counter!("http_requests_total", "method" => method, "route" => route, "status" => status.to_string()).increment(1);
}

/// Clients may invent methods; labels must not grow with them.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_shown_with_bounded_labels() {
        let recorder = builder().unwrap().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            let invented = Method::from_bytes(b"BREW").unwrap();
            count(&Method::GET, Some("/api/calls/{call}".into()), 200, Duration::from_millis(3));
            count(&invented, None, 405, Duration::from_millis(3));
        });
        let text = handle.render();
        for line in [
            r#"http_requests_total{method="GET",route="/api/calls/{call}",status="200"} 1"#,
            r#"http_requests_total{method="other",route="none",status="405"} 1"#,
            r#"http_request_duration_seconds_bucket{method="GET",route="/api/calls/{call}",le="0.005"} 1"#,
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
