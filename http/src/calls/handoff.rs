//! `POST /{call}/handoff`: puts the customer through to a human.

use super::find;
use crate::{App, auth::SignedIn, envelope, envelope::Body, error::ApiError};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_actors::CallError;
use tsunagu_call::{CallId, Input, Status, UserId};

/// The longest reason, in characters: the agent hears it.
const REASON: usize = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transferring {
    call_id: CallId,
    status: Status,
    agent_call_sid: Option<String>,
}

pub(super) async fn handoff(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let agent = body.optional_text("agentId", 100);
    let reason = body.optional_text("reason", REASON);
    body.done()?;

    find::steerable(&app, &who, *call).await?;
    let agent = match agent {
        Some(agent) => Some(colleague(&app, &who, &agent).await?),
        None => None,
    };
    app.board.tell(*call, Input::RequestHandover { by: who.user_id, reason, agent }).await?;

    let agent_call_sid = match app.board.await_agent(*call).await {
        Ok(call_sid) => call_sid,
        // It is under way; the leg's name comes later.
        Err(CallError::Late) => None,
        Err(error) => return Err(error.into()),
    };
    let answer = Transferring { call_id: *call, status: Status::Transferring, agent_call_sid };
    Ok(envelope::success(StatusCode::OK, answer))
}

/// The agent who is named, if they are of the company and still work there.
async fn colleague(app: &App, who: &SignedIn, agent: &str) -> Result<UserId, ApiError> {
    let agent: UserId = agent.parse().map_err(|_| ApiError::NotFound("agent"))?;
    let known = app.board.ports().store.user(who.company_id, agent).await?;
    known.filter(|user| !user.disabled).map(|user| user.id).ok_or(ApiError::NotFound("agent"))
}
