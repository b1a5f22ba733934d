//! What of calls is counted: where each stands while it is held here, how it ended, and what came of its hand-overs.

use tsunagu_call::{
    Call, Entry, Event, Stage, Status,
    handover::{Cancellation, Failure},
};
use tsunagu_conversation::Advice;

/// Counts a call where it stands, for as long as it is held and not over.
#[derive(Debug, Default)]
pub(super) struct Standing(Option<Status>);

impl Standing {
    /// The call stands here now.
    pub fn set(&mut self, status: Status) {
        self.put((!status.is_over()).then_some(status));
    }

    fn put(&mut self, now: Option<Status>) {
        if self.0 == now {
            return;
        }
        if let Some(before) = std::mem::replace(&mut self.0, now) {
            metrics::gauge!("calls", "status" => before.as_str()).decrement(1.0);
        }
        if let Some(now) = now {
            metrics::gauge!("calls", "status" => now.as_str()).increment(1.0);
        }
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.put(None);
    }
}

/// Something that counts, once it is in the journal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Counted {
    /// The call is over.
    Ended { outcome: &'static str },
    /// A hand-over came to its end, so many seconds after somebody wanted a human.
    HandedOver { result: &'static str, secs: f64 },
    /// A language model was asked about an utterance.
    Advised { came_to: &'static str },
}

/// What of these entries counts. Most have nothing, and then nothing is allocated.
pub(super) fn counted(entries: &[Entry], call: &Call) -> Vec<Counted> {
    let requested = call.handover.as_ref().map(|handover| handover.requested_at);
    let count = |entry: &Entry| match &entry.event {
        Event::Ended { outcome, .. } => Some(Counted::Ended { outcome: outcome.machine() }),
        Event::HandoverMoved { stage } => {
            let waited = requested.map_or(0, |requested| entry.at.millis() - requested.millis());
            Some(Counted::HandedOver { result: result(stage)?, secs: waited.max(0) as f64 / 1000.0 })
        }
        Event::Heard { advice: Some(advice), .. } => Some(Counted::Advised { came_to: came_to(advice) }),
        _ => None,
    };
    entries.iter().filter_map(count).collect()
}

impl Counted {
    /// Counts it.
    pub fn count(self) {
        match self {
            Self::Ended { outcome } => {
                metrics::counter!("calls_ended_total", "outcome" => outcome).increment(1)
            }
            Self::HandedOver { result, secs } => {
                metrics::counter!("handovers_total", "result" => result).increment(1);
                metrics::histogram!("handover_wait_seconds", "result" => result).record(secs);
            }
            Self::Advised { came_to } => {
                metrics::counter!("language_model_advice_total", "came_to" => came_to).increment(1);
            }
        }
    }
}

/// What came of asking a language model: whether its word counted, or why not.
fn came_to(advice: &Advice) -> &'static str {
    match advice {
        Advice { used: true, .. } => "used",
        Advice { objection: Some(objection), .. } => objection.name(),
        Advice { failure: Some(_), .. } => "failed",
        Advice { intent: None, answer: None, .. } => "nothing",
        _ => "overtaken",
    }
}

/// What came of a hand-over, if it is at its end.
const fn result(stage: &Stage) -> Option<&'static str> {
    Some(match stage {
        Stage::Bridged { .. } => "connected",
        Stage::Failed { reason } => match reason {
            Failure::NobodyFree => "nobody_free",
            Failure::AttemptsSpent => "attempts_spent",
            Failure::TooLong => "too_long",
            Failure::MoveFailed => "move_failed",
            Failure::Withdrawn => "withdrawn",
        },
        Stage::Cancelled { reason } => match reason {
            Cancellation::CustomerHungUp => "customer_hung_up",
            Cancellation::CustomerDeclined => "customer_declined",
            Cancellation::CallEnded => "call_ended",
        },
        Stage::Reserving | Stage::Ringing { .. } | Stage::Briefing { .. } | Stage::Bridging { .. } => {
            return None;
        }
    })
}
