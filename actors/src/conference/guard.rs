//! The one seam at which a panic is caught: around the pure step, whose result replaces the state only on success.

use crate::CallError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tsunagu_call::{Call, Input, Step, Time};
use tsunagu_conversation::{Engine, Own};

/// One step, whatever happens inside.
pub(super) fn step(
    call: &Call,
    input: Input,
    engine: &Engine,
    own: &Own,
    now: Time,
) -> Result<Step, CallError> {
    // The call is only read, and the copy that the step works on is dropped with the panic: nothing torn survives.
    match catch_unwind(AssertUnwindSafe(|| call.step_with(own, input, engine, now))) {
        Ok(step) => {
            let step = step?;
            debug_assert_eq!(step.call.check(), Ok(()), "call {}", call.id);
            Ok(step)
        }
        Err(_) => {
            metrics::counter!("call_steps_panicked_total").increment(1);
            tracing::error!(callId = %call.id, status = call.status.as_str(), "a step of the call panicked; the call stays as it was");
            Err(CallError::Faulty)
        }
    }
}
