//! Spans for traces. They cost next to nothing while nobody gathers them, and are joined by the name of their call.
//!
//! Request → `turn` (what a call decides) → `commit` (until that is durable) and `command` (what it wants done) → request to
//! the carrier. They have a target of their own, so that traces are gathered whatever is logged.

use tracing::Span;
use tsunagu_call::{CallId, Command};

/// Under which target spans are told that belong into traces.
pub const TARGET: &str = "tsunagu::trace";

/// What a call decides about one input, until that is durable.
pub(crate) fn turn(from: &Span, call: CallId) -> Span {
    tracing::trace_span!(target: TARGET, parent: from.id(), "turn", callId = %call, entries = tracing::field::Empty)
}

/// The wait until something is durable.
pub(crate) fn commit(turn: &Span, call: CallId, entries: usize) -> Span {
    tracing::trace_span!(target: TARGET, parent: turn.id(), "commit", callId = %call, entries)
}

/// Something that a call wants done. Its log lines name the call by it as well.
pub(crate) fn command(turn: &Span, call: CallId, command: &Command) -> Span {
    tracing::info_span!(target: TARGET, parent: turn.id(), "command", callId = %call, command = command.kind())
}
