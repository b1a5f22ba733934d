//! Waiting for what the carrier made of something that a person asked for: the answer tells what was done.

use super::find;
use crate::{App, error::ApiError};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tsunagu_actors::CallError;
use tsunagu_call::{CallId, Command, Entry, Event, Settlement};
use tsunagu_store::FIRST_SEQ;

/// How long the carrier may take before the answer is that it is not known.
const CARRIER_PATIENCE: Duration = Duration::from_secs(8);
/// The first pause between two looks at the call; each is twice as long as the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// The carrier's codes for a call, a recording or a participant that is not there, or not any more.
const NOT_THERE: [u32; 2] = [20404, 21220];

/// How the last command of this kind came out; one that was never needed is done.
///
/// # Errors
/// The carrier takes too long, or the journal cannot be read.
pub(super) async fn settled(
    app: &App,
    call: CallId,
    kind: impl Fn(&Command) -> bool,
) -> Result<Settlement, ApiError> {
    let (deadline, mut pause) = (Instant::now() + CARRIER_PATIENCE, FIRST_PAUSE);
    loop {
        let journal = find::journal(app, call, FIRST_SEQ, usize::MAX).await?;
        if let Some(settlement) = outcome(&journal, &kind) {
            return Ok(settlement);
        }
        if Instant::now() >= deadline {
            return Err(CallError::Late.into());
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// It was done; what the carrier does not have is told as `absent`.
pub(super) fn done(settlement: Settlement, absent: impl FnOnce() -> ApiError) -> Result<(), ApiError> {
    match settlement {
        Settlement::Refused { code, .. } if code.is_some_and(|code| NOT_THERE.contains(&code)) => {
            Err(absent())
        }
        Settlement::Refused { message, .. } => Err(ApiError::Carrier(message.into())),
        _ => Ok(()),
    }
}

fn outcome(journal: &[Entry], kind: impl Fn(&Command) -> bool) -> Option<Settlement> {
    let wanted = journal.iter().rev().find_map(|entry| match &entry.event {
        Event::Intended { id, command } if kind(command) => Some(*id),
        _ => None,
    });
    let Some(wanted) = wanted else { return Some(Settlement::Done) };
    journal.iter().rev().find_map(|entry| match &entry.event {
        Event::Settled { id, settlement } if *id == wanted => Some(settlement.clone()),
        _ => None,
    })
}
