//! Traces reach a collector, joined by the name of their call, and say nothing about anybody.

use super::collector::{Collector, attribute};
use crate::crowd::{Crowd, MIXED_TEAM};
use opentelemetry_proto::tonic::trace::v1::Span;
use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

const SPEED: u32 = 20;

async fn calls_with(settings: &[(&'static str, &str)]) -> (Crowd, Vec<String>) {
    let mut crowd = Crowd::with(SPEED, &["interested-manager", "refuses"], 4, MIXED_TEAM, settings).await;
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, Duration::from_secs(90)).await;
    assert!(crowd.server.program.terminate().success());
    (crowd, ids)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_goes_from_the_webhook_to_the_carrier() {
    let (collector, endpoint) = Collector::start();
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=of-the-tests"),
        ("OTEL_SERVICE_NAME", "tsunagu-under-test"),
    ];
    let (crowd, ids) = calls_with(&settings).await;

    let heads = collector.heads();
    assert!(!heads.is_empty(), "something was sent");
    for head in heads {
        assert!(head.starts_with("POST /v1/traces HTTP/1.1"), "{head}");
        assert!(head.to_lowercase().contains("x-key: of-the-tests"), "{head}");
    }
    for request in collector.requests() {
        for resource in request.resource_spans {
            let attributes = resource.resource.unwrap().attributes;
            assert_eq!(attribute(&attributes, "service.name"), Some("tsunagu-under-test"));
        }
    }

    let spans = collector.spans();
    let by_id: HashMap<_, _> = spans.iter().map(|span| (span.span_id.clone(), span)).collect();
    let parent = |span: &Span| by_id.get(&span.parent_span_id).copied();
    let call = |span: &Span| attribute(&span.attributes, "callId").map(str::to_owned);
    for id in &ids {
        let commits: Vec<_> = spans
            .iter()
            .filter(|span| span.name == "commit" && call(span).as_ref() == Some(id))
            .filter(|span| {
                let turn = parent(span).filter(|turn| turn.name == "turn" && call(turn).as_ref() == Some(id));
                let request = turn.and_then(&parent).filter(|request| request.name == "request");
                request.is_some_and(|request| {
                    attribute(&request.attributes, "http.route") == Some("/api/twilio/voice/gather/{call}")
                        && call(request).as_ref() == Some(id)
                        && request.trace_id == span.trace_id
                })
            })
            .collect();
        assert!(!commits.is_empty(), "{id}: from what the customer said to the journal");
        for commit in commits {
            let turn = parent(commit).unwrap();
            assert!(turn.start_time_unix_nano <= commit.start_time_unix_nano);
            assert!(turn.end_time_unix_nano >= commit.end_time_unix_nano);
        }
        let asked = spans.iter().find(|span| {
            let command = parent(span).filter(|command| command.name == "command");
            span.name == "carrier request"
                && command.is_some_and(|command| call(command).as_ref() == Some(id))
        });
        let asked = asked.unwrap_or_else(|| panic!("{id}: the carrier was asked"));
        assert!(attribute(&asked.attributes, "operation").is_some());
        assert!(attribute(&asked.attributes, "outcome").is_some());
    }
    let joined = spans.iter().any(|span| {
        let command = parent(span).filter(|command| command.name == "command");
        span.name == "carrier request" && command.and_then(&parent).is_some_and(|turn| turn.name == "turn")
    });
    assert!(joined, "what a turn wanted done is in its trace");

    // Nothing that was said, nobody's number, nobody's name.
    let known: BTreeSet<_> = [
        "callId",
        "entries",
        "command",
        "operation",
        "outcome",
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "busy_ns",
        "idle_ns",
    ]
    .into();
    let shown = format!("{spans:?}");
    for span in &spans {
        for attribute in &span.attributes {
            assert!(known.contains(attribute.key.as_str()), "{}: {attribute:?}", span.name);
        }
        assert!(span.events.is_empty(), "lines of the log stay in the log: {:?}", span.events);
    }
    for customer in &crowd.site.customers {
        assert!(!shown.contains(customer.phone.trim_start_matches('+')), "{}", customer.phone);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_that_is_not_sampled() {
    let (collector, endpoint) = Collector::start();
    let settings = [("TSUNAGU_OTEL__ENDPOINT", endpoint.as_str()), ("TSUNAGU_OTEL__SAMPLE_RATIO", "0.0")];
    calls_with(&settings).await;
    assert!(collector.spans().is_empty());
}
