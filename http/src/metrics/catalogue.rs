//! Every metric of this process: its kind, its labels with the values that they may have, and what it tells. What is not
//! here is not counted; `docs/metrics.md` repeats it, and tests keep the three together.

use metrics::{Label, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// The values that a label may have, so that there are never more series than these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// Exactly these.
    Of(&'static [&'static str]),
    /// One for each of a limited kind, said in words: there is no list of them here.
    Each(&'static str),
}

/// One metric.
pub(crate) struct Metric {
    pub name: &'static str,
    pub kind: Kind,
    pub labels: &'static [(&'static str, Values)],
    pub help: &'static str,
}

const fn metric(
    kind: Kind,
    name: &'static str,
    labels: &'static [(&'static str, Values)],
    help: &'static str,
) -> Metric {
    Metric { name, kind, labels, help }
}

const OPERATIONS: Values = Values::Of(&[
    "account.check",
    "call.cancel",
    "call.create",
    "call.fetch",
    "call.hang_up",
    "call.list",
    "call.redirect",
    "conference.announce",
    "conference.end",
    "conference.fetch",
    "conference.list",
    "participant.create",
    "participant.list",
    "participant.remove",
    "participant.update",
    "recording.delete",
    "recording.list",
    "recording.media",
    "recording.update",
]);
const CARRIER_OUTCOMES: Values =
    Values::Of(&["ok", "rate_limited", "not_sent", "lost", "not_found", "unauthorized", "refused"]);
const HANDOVER_RESULTS: Values = Values::Of(&[
    "connected",
    "nobody_free",
    "attempts_spent",
    "too_long",
    "move_failed",
    "withdrawn",
    "customer_hung_up",
    "customer_declined",
    "call_ended",
]);
const LIVE: Values = Values::Of(&["initiated", "ai-responding", "transferring", "human-connected"]);
const OUTCOMES: Values = Values::Of(&["success", "absent", "rejected", "follow_up", "failed"]);
const PICKS: Values = Values::Of(&["picked", "nobody_free", "failed"]);
const DOING: Values = Values::Of(&["available", "busy", "on-call", "offline"]);
const REFUSALS: Values = Values::Of(&["missing", "malformed", "mismatch", "url"]);
const EXPORTS: Values = Values::Of(&["sent", "failed", "dropped"]);
const DELIVERIES: Values = Values::Of(&["delivered", "retried", "dead", "overflow"]);
const LIMITS: Values = Values::Of(&["address", "account", "strangers", "sign_ups", "refreshes"]);
const METHODS: Values = Values::Of(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other"]);
const ROUTES: Values = Values::Each("route of the server, as its pattern, or `none`");
const STATUSES: Values = Values::Each("status of HTTP");
const VERSION: Values = Values::Each("version of the program: one");

use Kind::{Counter, Gauge, Histogram};

/// All of them, by what they are about.
pub(crate) const CATALOGUE: &[Metric] = &[
    metric(
        Gauge,
        "calls",
        &[("status", LIVE)],
        "Calls that are held here and not over, by where they stand.",
    ),
    metric(Counter, "calls_started_total", &[], "Calls begun."),
    metric(
        Counter,
        "calls_ended_total",
        &[("outcome", OUTCOMES)],
        "Calls that are over, by what came of them.",
    ),
    metric(
        Counter,
        "handovers_total",
        &[("result", HANDOVER_RESULTS)],
        "Hand-overs to a human that came to their end, by result.",
    ),
    metric(
        Histogram,
        "handover_wait_seconds",
        &[("result", HANDOVER_RESULTS)],
        "From the request of a human to the end of the hand-over, in call time.",
    ),
    metric(
        Histogram,
        "turn_duration_seconds",
        &[],
        "A turn: from the webhook with what the customer said to the TwiML that answers it, journal included.",
    ),
    metric(Gauge, "conferences_living", &[], "Calls held in memory, those just over included."),
    metric(Gauge, "conferences_rebuilding", &[], "Calls that are being taken up from their journals."),
    metric(Counter, "conferences_rebuilt_total", &[], "Calls taken up from their journals."),
    metric(Counter, "conferences_panicked_total", &[], "Actors of calls that died in a panic."),
    metric(
        Counter,
        "call_steps_panicked_total",
        &[],
        "Panics caught around a call's decision; the call stays as it was.",
    ),
    metric(
        Gauge,
        "call_asks_under_way",
        &[],
        "Inputs of calls that wait in a mailbox, for their decision or for the journal.",
    ),
    metric(
        Counter,
        "call_asks_shed_total",
        &[],
        "Inputs of calls turned away because too many were under way.",
    ),
    metric(Gauge, "agent_picks_waiting", &[], "Calls in line for an agent who comes free."),
    metric(Counter, "agent_picks_total", &[("outcome", PICKS)], "Choices of an agent, by outcome."),
    metric(Gauge, "agents", &[("status", DOING)], "Agents of all companies, by what they are doing."),
    metric(Gauge, "sessions", &[], "Sign-ins that could still be renewed."),
    metric(Gauge, "hub_watchers", &[], "Those who are told what happens on calls."),
    metric(
        Counter,
        "hub_watchers_dropped_total",
        &[],
        "Watchers let go because they did not take their events in time: what they missed is dropped.",
    ),
    metric(Histogram, "store_commit_seconds", &[], "A transaction of the store, until it is durable."),
    metric(Histogram, "store_commit_batch", &[], "Writes in one transaction of the store."),
    metric(Gauge, "store_queue_depth", &[], "Writes that wait for the store."),
    metric(
        Counter,
        "carrier_requests_total",
        &[("operation", OPERATIONS), ("outcome", CARRIER_OUTCOMES)],
        "Requests sent to the carrier, each attempt for itself.",
    ),
    metric(
        Histogram,
        "carrier_request_duration_seconds",
        &[("operation", OPERATIONS)],
        "An attempt, the wait for its place included.",
    ),
    metric(
        Gauge,
        "carrier_requests_under_way",
        &[],
        "Requests that wait for their place or for the carrier.",
    ),
    metric(Counter, "carrier_retries_total", &[("operation", OPERATIONS)], "Attempts after the first."),
    metric(
        Counter,
        "carrier_adopted_total",
        &[("operation", OPERATIONS)],
        "Creates whose answer was lost, and that were found done.",
    ),
    metric(Counter, "recordings_deleted_total", &[], "Recordings deleted at the carrier."),
    metric(Counter, "recording_deletions_failed_total", &[], "Recordings that the carrier did not delete."),
    metric(
        Counter,
        "webhooks_refused_total",
        &[("reason", REFUSALS)],
        "Webhooks whose signature was not the carrier's, by what was wrong.",
    ),
    metric(
        Counter,
        "webhooks_put_off_total",
        &[],
        "Customers who were asked to wait a moment because their call could not answer.",
    ),
    metric(
        Counter,
        "http_requests_total",
        &[("method", METHODS), ("route", ROUTES), ("status", STATUSES)],
        "Requests answered.",
    ),
    metric(
        Histogram,
        "http_request_duration_seconds",
        &[("method", METHODS), ("route", ROUTES)],
        "From a request's head to the head of its answer.",
    ),
    metric(Counter, "http_handlers_panicked_total", &[], "Panics of handlers, each answered properly."),
    metric(
        Counter,
        "refresh_tokens_reused_total",
        &[],
        "Refresh tokens that came a second time: copied, or lost.",
    ),
    metric(
        Counter,
        "sign_in_tries_refused_total",
        &[("limit", LIMITS)],
        "Tries to sign in, to sign up or to renew a token that were over a limit, by the limit.",
    ),
    metric(
        Counter,
        "webhook_events_queued_total",
        &[],
        "Events queued for companies' webhooks, once for each webhook.",
    ),
    metric(
        Counter,
        "webhook_deliveries_total",
        &[("outcome", DELIVERIES)],
        "Attempts to deliver to a webhook, by outcome; overflow: it became a dead letter untried, as too many waited.",
    ),
    metric(
        Gauge,
        "webhook_deliveries_pending",
        &[],
        "Deliveries that wait for their webhooks, counted now and then.",
    ),
    metric(Gauge, "webhook_lanes", &[], "Webhooks that something is under way to or waits for."),
    metric(
        Histogram,
        "webhook_post_seconds",
        &[],
        "A post to a webhook, from its beginning to the answer or the end of patience.",
    ),
    metric(
        Histogram,
        "webhook_delivery_age_seconds",
        &[],
        "From an event to its delivery, of those that were taken.",
    ),
    metric(
        Counter,
        "webhooks_disabled_total",
        &[],
        "Webhooks switched off because they are gone or took nothing for days.",
    ),
    metric(
        Counter,
        "webhook_dead_letters_dropped_total",
        &[],
        "Dead letters removed because a company had too many.",
    ),
    metric(
        Counter,
        "trace_spans_total",
        &[("outcome", EXPORTS)],
        "Spans for the collector of traces, by what became of them; dropped: too many waited.",
    ),
    metric(Gauge, "tsunagu_build_info", &[("version", VERSION)], "1; its label tells the version that runs."),
];

/// Describes every metric, and shows those with at most one label from the beginning, at zero: what has not happened yet
/// is not the same as what is not counted.
pub(super) fn announce() {
    for metric in CATALOGUE {
        match metric.kind {
            Counter => describe_counter!(metric.name, metric.help),
            Gauge => describe_gauge!(metric.name, metric.help),
            Histogram => describe_histogram!(metric.name, metric.help),
        }
        for labels in metric.first() {
            match metric.kind {
                Counter => counter!(metric.name, labels).increment(0),
                Gauge => gauge!(metric.name, labels).increment(0.0),
                Histogram => drop(histogram!(metric.name, labels)),
            }
        }
    }
}

impl Metric {
    /// The labels of the series that are shown from the beginning.
    fn first(&self) -> Vec<Vec<Label>> {
        match self.labels {
            [] => vec![Vec::new()],
            [(label, Values::Of(values))] => {
                values.iter().map(|value| vec![Label::from_static_parts(label, value)]).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    const DOCS: &str = include_str!("../../../docs/metrics.md");

    /// A row of the page, as it must be.
    fn row(metric: &Metric) -> String {
        let kind = format!("{:?}", metric.kind).to_lowercase();
        let labels: Vec<_> = metric
            .labels
            .iter()
            .map(|(label, values)| match values {
                Values::Of(values) => format!("`{label}`: {}", values.join(", ")),
                Values::Each(what) => format!("`{label}`: each {what}"),
            })
            .collect();
        format!("| `{}` | {kind} | {} | {} |", metric.name, labels.join("; "), metric.help)
    }

    #[test]
    fn the_page_says_exactly_what_there_is() {
        let rows: BTreeSet<_> =
            DOCS.lines().filter(|line| line.starts_with("| `") && !line.starts_with("| `process_")).collect();
        let wanted: Vec<_> = CATALOGUE.iter().map(row).collect();
        let missing: Vec<_> = wanted.iter().filter(|row| !rows.contains(row.as_str())).collect();
        assert!(
            missing.is_empty(),
            "docs/metrics.md lacks:\n{}",
            missing.iter().map(|row| format!("{row}\n")).collect::<String>()
        );
        assert_eq!(rows.len(), CATALOGUE.len(), "docs/metrics.md has rows of metrics that there are not");
    }

    /// Whatever is counted anywhere is in the catalogue as what it is, with its labels, and the other way round.
    #[test]
    fn what_is_counted_is_in_the_catalogue() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut counted = BTreeSet::new();
        for room in ["actors/src", "carrier/src", "http/src", "store/src", "src"] {
            for (path, text) in sources(&root.join(room)) {
                if path.ends_with("http/src/metrics/catalogue.rs") {
                    continue;
                }
                for kind in ["counter", "gauge", "histogram"] {
                    let begin = format!("{kind}!(");
                    counted.extend(text.split(&begin).skip(1).map(|call| told(kind, call, &path)));
                }
            }
        }
        let labels = |metric: &Metric| metric.labels.iter().map(|(label, _)| (*label).to_owned()).collect();
        let known: BTreeSet<Counted> = CATALOGUE
            .iter()
            .map(|metric| {
                (metric.name.to_owned(), format!("{:?}", metric.kind).to_lowercase(), labels(metric))
            })
            .collect();
        let forgotten: Vec<_> = counted.difference(&known).collect();
        let idle: Vec<_> = known.difference(&counted).collect();
        assert!(
            forgotten.is_empty() && idle.is_empty(),
            "not in the catalogue: {forgotten:?}; nowhere counted: {idle:?}"
        );
    }

    /// A metric as the source has it: its name, its kind, its labels.
    type Counted = (String, String, BTreeSet<String>);

    /// The metric whose macro's arguments the text begins with: `"name", "label" => value, …)`.
    fn told(kind: &str, call: &str, path: &Path) -> Counted {
        let end = call.char_indices().scan(1, |open, (at, letter)| {
            *open += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            Some((at, *open))
        });
        let (end, _) = end.into_iter().find(|(_, open)| *open == 0).unwrap();
        let arguments = &call[..end];
        let quoted =
            |text: &str| text.trim().strip_prefix('"')?.split_once('"').map(|(word, _)| word.to_owned());
        let name = quoted(arguments);
        let name =
            name.unwrap_or_else(|| panic!("{}: {kind}!({arguments}) has no name of its own", path.display()));
        let before = arguments.split("=>").collect::<Vec<_>>();
        let label = |before: &&str| before.rsplit(',').next().and_then(quoted);
        let labels: Vec<_> = before[..before.len() - 1].iter().map(label).collect();
        let labels = labels.into_iter().collect::<Option<_>>();
        let labels =
            labels.unwrap_or_else(|| panic!("{}: {kind}!({arguments}): which labels?", path.display()));
        (name, kind.to_owned(), labels)
    }

    /// What the carrier is asked for stands in its source.
    #[test]
    fn the_carriers_operations_are_all_there() {
        let Values::Of(known) = OPERATIONS else { panic!("a list") };
        let mut named = BTreeSet::new();
        for (_, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../carrier/src/twilio")) {
            for word in text.split('"') {
                let about = word.split_once('.').filter(|(about, what)| {
                    ["account", "call", "conference", "participant", "recording"].contains(about)
                        && what.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
                });
                named.extend(about.map(|_| word.to_owned()));
            }
        }
        assert_eq!(named, known.iter().map(|word| (*word).to_owned()).collect());
    }

    /// The files of Rust in a folder and below, with what they say.
    fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
        found
    }

    #[test]
    fn names_are_those_of_the_trade() {
        for metric in CATALOGUE {
            let name = metric.name;
            assert_eq!(metric.kind == Counter, name.ends_with("_total"), "{name}");
            assert!(metric.help.ends_with('.'), "{name}");
        }
    }
}
