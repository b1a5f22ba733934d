//! The values that labels may have.

use super::Values;

pub(super) const OPERATIONS: Values = Values::Of(&[
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
pub(super) const CARRIER_OUTCOMES: Values =
    Values::Of(&["ok", "rate_limited", "not_sent", "lost", "not_found", "unauthorized", "refused"]);
pub(super) const HANDOVER_RESULTS: Values = Values::Of(&[
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
pub(super) const MODEL_OUTCOMES: Values = Values::Of(&[
    "answered",
    "late",
    "unreachable",
    "limited",
    "refused",
    "broken",
    "too_big",
    "rubbish",
    "busy",
    "paused",
]);
pub(super) const ADVICE: Values = Values::Of(&[
    "used",
    "nothing",
    "overtaken",
    "failed",
    "malformed",
    "unknown_intent",
    "assent_over_refusal",
    "too_long",
    "characters",
    "language",
    "asks",
    "address",
    "number",
    "claim",
]);
pub(super) const DIRECTIONS: Values = Values::Of(&["in", "out"]);
pub(super) const LIVE: Values =
    Values::Of(&["initiated", "ai-responding", "transferring", "human-connected"]);
pub(super) const OUTCOMES: Values = Values::Of(&["success", "absent", "rejected", "follow_up", "failed"]);
pub(super) const PICKS: Values = Values::Of(&["picked", "nobody_free", "failed"]);
pub(super) const DOING: Values = Values::Of(&["available", "busy", "on-call", "offline"]);
pub(super) const REFUSALS: Values = Values::Of(&["missing", "malformed", "mismatch", "url"]);
pub(super) const EXPORTS: Values = Values::Of(&["sent", "failed", "dropped"]);
pub(super) const PARTINGS: Values = Values::Of(&["too_slow", "signed_out", "token_expired", "shutting_down"]);
pub(super) const EVENTS: Values = Values::Of(&[
    "call-started",
    "call-updated",
    "call-status-changed",
    "call-progress",
    "call-ended",
    "transcript-update",
    "partial-transcript",
    "conference-event",
    "recording-available",
    "agent-status-changed",
    "call-handoff-initiated",
    "handoff-initiated",
    "handoff-failed",
    "call-being-handled",
    "statistics-update",
]);
pub(super) const SESSION_ENDS: Values = Values::Of(&[
    "transport close",
    "transport error",
    "ping timeout",
    "parse error",
    "forced close",
    "server shutting down",
    "overrun",
]);
pub(super) const DELIVERIES: Values = Values::Of(&["delivered", "retried", "dead", "overflow"]);
pub(super) const ATTEMPTS: Values = Values::Of(&[
    "success",
    "follow_up",
    "rejected",
    "do_not_call",
    "wrong_number",
    "absent",
    "busy",
    "failed",
    "ended",
]);
pub(super) const SKIPPED: Values = Values::Of(&[
    "no_customer",
    "no_number",
    "do_not_call",
    "wrong_number",
    "already_won",
    "called_lately",
    "duplicate",
    "in_call",
    "stopped",
]);
pub(super) const TASKS: Values = Values::Of(&[
    "signs",
    "screens",
    "agents",
    "sign_ins",
    "repertoires",
    "others",
    "taking_over",
    "rebuild",
    "picks",
    "recordings",
    "retention",
    "outbox",
    "due_deliveries",
    "delivery",
]);
pub(super) const DROPPED: Values = Values::Of(&["away", "full", "late", "overrun", "too_long", "unreadable"]);
pub(super) const LIMITS: Values = Values::Of(&["address", "account", "strangers", "sign_ups", "refreshes"]);
pub(super) const METHODS: Values =
    Values::Of(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other"]);
pub(super) const ROUTES: Values = Values::Each("route of the server, as its pattern, or `none`");
pub(super) const STATUSES: Values = Values::Each("status of HTTP");
pub(super) const VERSION: Values = Values::Each("version of the program: one");
