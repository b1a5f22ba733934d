//! `POST /{call}/recording/pause` and `/resume`: whoever is on the call lets the recording wait while something is said
//! that must not be kept, such as the number of a card.
//!
//! The answer tells what the carrier did: it comes when that is known.

use super::find;
use crate::{App, auth::SignedIn, envelope, envelope::Body, error::ApiError};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tsunagu_actors::CallError;
use tsunagu_call::{CallId, Command, Entry, Event, Input, Settlement};
use tsunagu_store::FIRST_SEQ;

/// How long the carrier may take before the answer is that it is not known.
const CARRIER_PATIENCE: Duration = Duration::from_secs(8);
/// The first pause between two looks at the call; each is twice as long as the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// The carrier's codes for a call or a recording that is not there, or not any more.
const NOT_THERE: [u32; 2] = [20404, 21220];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Steered {
    call_id: CallId,
    recording_status: &'static str,
}

pub(super) async fn pause(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    body.done()?;
    steer(&app, &who, *call, true).await
}

pub(super) async fn resume(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    body.done()?;
    steer(&app, &who, *call, false).await
}

async fn steer(app: &App, who: &SignedIn, call: CallId, paused: bool) -> Result<HttpResponse, ApiError> {
    find::on_the_line(app, who, call).await?;
    app.board.tell(call, Input::SteerRecording { by: who.user_id, paused }).await?;
    match settled(app, call, paused).await? {
        Settlement::Refused { code, .. } if code.is_some_and(|code| NOT_THERE.contains(&code)) => {
            let sentence = "the carrier is not recording this call at this moment".to_owned();
            Err(ApiError::Conflict { code: "not_recorded", sentence })
        }
        Settlement::Refused { message, .. } => Err(ApiError::Carrier(message.into())),
        _ => {
            let recording_status = if paused { "paused" } else { "in-progress" };
            Ok(envelope::success(StatusCode::OK, Steered { call_id: call, recording_status }))
        }
    }
}

/// How the carrier took it.
async fn settled(app: &App, call: CallId, paused: bool) -> Result<Settlement, ApiError> {
    let (deadline, mut pause) = (Instant::now() + CARRIER_PATIENCE, FIRST_PAUSE);
    loop {
        let journal = find::journal(app, call, FIRST_SEQ, usize::MAX).await?;
        if let Some(settlement) = outcome(&journal, paused) {
            return Ok(settlement);
        }
        if Instant::now() >= deadline {
            return Err(CallError::Late.into());
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// What became of the last command of this kind; one that was never needed is done.
fn outcome(journal: &[Entry], paused: bool) -> Option<Settlement> {
    let wanted = journal.iter().rev().find_map(|entry| match &entry.event {
        Event::Intended { id, command: Command::SteerRecording { paused: wanted, .. } }
            if *wanted == paused =>
        {
            Some(*id)
        }
        _ => None,
    });
    let Some(wanted) = wanted else { return Some(Settlement::Done) };
    journal.iter().rev().find_map(|entry| match &entry.event {
        Event::Settled { id, settlement } if *id == wanted => Some(settlement.clone()),
        _ => None,
    })
}
