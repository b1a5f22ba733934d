//! How often what has happened.

use crate::CallStatus;
use crate::sandbox::fault::HookKind;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// Declares the counters with a method to count each, and their names in JSON.
macro_rules! counters {
    ($($(#[$doc:meta])* $field:ident => $count:ident;)*) => {
        /// The sandbox's counters; they only rise.
        #[derive(Debug, Default)]
        pub struct Counters {
            $($field: AtomicU64,)*
            ended: [AtomicU64; 5],
            hooks: [AtomicU64; HookKind::ALL.len()],
        }

        impl Counters {
            $($(#[$doc])* pub fn $count(&self) {
                self.$field.fetch_add(1, Ordering::Relaxed);
            })*

            fn simple(&self) -> serde_json::Map<String, Value> {
                let mut map = serde_json::Map::new();
                $(map.insert(stringify!($field).into(), self.$field.load(Ordering::Relaxed).into());)*
                map
            }
        }
    };
}

counters! {
    /// A call was created.
    calls_created => call_created;
    /// A conference was created.
    conferences_created => conference_created;
    /// A REST request came in.
    rest_requests => rest_request;
    /// A REST request was refused on purpose.
    rest_refused => rest_refused;
    /// A REST answer was lost on purpose.
    rest_answers_lost => rest_answer_lost;
    /// A webhook got no answer, or a bad one.
    webhooks_failed => failed;
    /// A webhook was tried again.
    webhooks_retried => retried;
    /// A webhook was lost on purpose.
    webhooks_dropped => dropped;
    /// A webhook was doubled on purpose.
    webhooks_doubled => doubled;
    /// A webhook was held back on purpose.
    webhooks_reordered => reordered;
    /// A webhook was delayed on purpose.
    webhooks_delayed => delayed;
    /// A notification was lost since too many waited.
    webhooks_overflowed => overflowed;
    /// Something that Twilio's debugger would show as a warning.
    warnings => warned;
    /// Something that Twilio's debugger would show as an error.
    errors => erred;
}

const FINAL: [CallStatus; 5] =
    [CallStatus::Completed, CallStatus::Busy, CallStatus::Failed, CallStatus::NoAnswer, CallStatus::Canceled];

impl Counters {
    /// A call has ended so.
    pub fn call_over(&self, status: CallStatus) {
        if let Some(counter) = FINAL.iter().zip(&self.ended).find(|(s, _)| **s == status).map(|(_, c)| c) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A webhook of this kind was sent (a doubled one counts twice).
    pub fn sent(&self, kind: HookKind) {
        if let Some((_, counter)) = HookKind::ALL.iter().zip(&self.hooks).find(|(k, _)| **k == kind) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many calls have been created and have not ended.
    pub fn live_calls(&self) -> u64 {
        let ended: u64 = self.ended.iter().map(|counter| counter.load(Ordering::Relaxed)).sum();
        self.calls_created.load(Ordering::Relaxed).saturating_sub(ended)
    }

    /// All of them.
    pub fn json(&self) -> Value {
        let mut map = self.simple();
        let ended = FINAL.iter().zip(&self.ended);
        let ended: serde_json::Map<String, Value> =
            ended.map(|(s, c)| (s.as_str().to_owned(), c.load(Ordering::Relaxed).into())).collect();
        let hooks = HookKind::ALL.iter().zip(&self.hooks);
        let hooks: serde_json::Map<String, Value> = hooks
            .map(|(kind, c)| (format!("{kind:?}").to_lowercase(), c.load(Ordering::Relaxed).into()))
            .collect();
        map.insert("calls_live".into(), json!(self.live_calls()));
        map.insert("calls_ended".into(), ended.into());
        map.insert("webhooks_sent".into(), hooks.into());
        map.into()
    }
}
