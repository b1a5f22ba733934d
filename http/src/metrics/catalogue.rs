//! Every metric of this process: its kind, its labels with the values that they may have, and what it tells. What is not
//! here is not counted; `docs/metrics.md` repeats it, and tests keep the three together.

mod values;

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

use Kind::{Counter, Gauge, Histogram};
use values::*;

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
    metric(
        Counter,
        "language_model_requests_total",
        &[("outcome", MODEL_OUTCOMES)],
        "Times that a language model was asked, by what came of it; busy, paused: utterances that came while it was not.",
    ),
    metric(
        Histogram,
        "language_model_seconds",
        &[],
        "From a request to the language model to its answer, or to giving up.",
    ),
    metric(
        Counter,
        "language_model_tokens_total",
        &[("direction", DIRECTIONS)],
        "Tokens sent to the language model and received, as it counts them.",
    ),
    metric(
        Counter,
        "language_model_advice_total",
        &[("came_to", ADVICE)],
        "Utterances that a language model was asked about, by whether its word counted, or why not.",
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
    metric(Gauge, "nodes_living", &[], "Nodes that share the store and are alive, as this one sees it."),
    metric(
        Counter,
        "node_looks_failed_total",
        &[],
        "Times that this node could not tell that it lives, or could not take over.",
    ),
    metric(
        Counter,
        "node_leases_lapsed_total",
        &[],
        "Times that this node was silent for so long that others might take it for dead.",
    ),
    metric(
        Counter,
        "tasks_died_total",
        &[("task", TASKS)],
        "Tasks that died in a panic; each is begun anew, or what it was to do is; a choice of an agent (picks) counts as failed.",
    ),
    metric(
        Gauge,
        "nats_connected",
        &[],
        "1 while this node and others tell each other by NATS what happens; 0 while they look in the store.",
    ),
    metric(Counter, "nats_published_total", &[], "News that was given to NATS for other nodes."),
    metric(Counter, "nats_received_total", &[], "News of other nodes that came by NATS."),
    metric(
        Counter,
        "nats_dropped_total",
        &[("why", DROPPED)],
        "News that was not sent or not taken in; what it told is found in the store.",
    ),
    metric(Counter, "calls_taken_over_total", &[], "Calls taken over from nodes that are gone."),
    metric(
        Counter,
        "call_asks_overtaken_total",
        &[],
        "Times that something was told to a call again, because another writer was first or its conference was gone.",
    ),
    metric(
        Gauge,
        "live_seats",
        &[],
        "Screens that are told what happens at their company, over whichever protocol.",
    ),
    metric(Counter, "live_seats_let_go_total", &[("reason", PARTINGS)], "Screens that were let go by us."),
    metric(
        Counter,
        "live_events_total",
        &[("event", EVENTS)],
        "Events that were written, each once for all who see it.",
    ),
    metric(
        Histogram,
        "live_told_seconds",
        &[],
        "From the moment that facts were durable to the moment that every screen had them in its queue.",
    ),
    metric(Gauge, "live_websockets", &[], "Plain WebSockets, those who have not signed in yet included."),
    metric(
        Gauge,
        "socketio_sessions",
        &[("transport", Values::Of(&["polling", "websocket"]))],
        "Sessions of Socket.IO clients.",
    ),
    metric(Counter, "socketio_sessions_ended_total", &[("reason", SESSION_ENDS)], "Sessions that ended."),
    metric(
        Counter,
        "socketio_upgrades_total",
        &[],
        "Sessions that changed over from polling to a WebSocket.",
    ),
    metric(Counter, "socketio_messages_received_total", &[], "Messages from Socket.IO clients."),
    metric(Counter, "socketio_packets_sent_total", &[], "Packets given to a transport."),
    metric(
        Counter,
        "socketio_sends_refused_total",
        &[],
        "Packets that found no place since too much waits for their client.",
    ),
    metric(Histogram, "store_commit_seconds", &[], "A transaction of the store, until it is durable."),
    metric(Histogram, "store_commit_batch", &[], "Writes in one transaction of the store."),
    metric(Gauge, "store_queue_depth", &[], "Writes that wait for the store."),
    metric(
        Counter,
        "store_keeps_retried_total",
        &[],
        "Times that something a call wants kept (a callback, a do-not-call, an agent's seat) waited for a store that was away.",
    ),
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
    metric(
        Counter,
        "recordings_found_total",
        &[],
        "Recordings whose callback was lost, found at the carrier and told to their calls.",
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
    metric(Gauge, "campaigns_driven", &[], "Campaigns that this server looks after."),
    metric(Gauge, "campaign_calls_live", &[], "Calls of campaigns that are not over."),
    metric(Counter, "campaign_calls_started_total", &[], "Calls begun for campaigns."),
    metric(
        Counter,
        "campaign_attempts_total",
        &[("result", ATTEMPTS)],
        "Attempts of campaigns that came to their end, by result.",
    ),
    metric(
        Counter,
        "campaign_retries_total",
        &[("result", ATTEMPTS)],
        "Of those, attempts after which the customer will be rung again.",
    ),
    metric(
        Counter,
        "campaign_entries_skipped_total",
        &[("reason", SKIPPED)],
        "Customers of campaigns who are not rung, by why.",
    ),
    metric(
        Counter,
        "campaign_entries_deferred_total",
        &[],
        "Customers of campaigns put off to a later hour.",
    ),
    metric(Counter, "campaign_breaker_trips_total", &[], "Campaigns paused because too much of them failed."),
    metric(
        Counter,
        "campaign_drivers_died_total",
        &[],
        "Drivers of campaigns that died; another one takes over.",
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
mod tests;
