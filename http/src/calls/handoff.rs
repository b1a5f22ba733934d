//! `POST /{call}/handoff`: puts the customer through to a human; asked again with another agent's id while one is being
//! fetched, that agent is fetched instead. `DELETE /{call}/handoff` takes it back.

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
/// How many skills may be asked for, and how long the name of one may be, in characters.
const SKILLS: usize = 16;
const SKILL: usize = 64;

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
    let skills = body.optional_texts("skills", SKILLS, SKILL);
    body.done()?;

    find::steerable(&app, &who, *call).await?;
    let agent = match agent {
        Some(agent) => Some(colleague(&app, &who, &agent).await?),
        None => None,
    };
    app.board.tell(*call, Input::RequestHandover { by: who.user_id, reason, agent, skills }).await?;

    let agent_call_sid = match app.board.await_agent(*call).await {
        Ok(call_sid) => call_sid,
        // It is under way; the leg's name comes later.
        Err(CallError::Late) => None,
        Err(error) => return Err(error.into()),
    };
    let answer = Transferring { call_id: *call, status: Status::Transferring, agent_call_sid };
    Ok(envelope::success(StatusCode::OK, answer))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TakenBack {
    call_id: CallId,
    status: Status,
}

pub(super) async fn take_back(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
) -> Result<HttpResponse, ApiError> {
    find::steerable(&app, &who, *call).await?;
    app.board.tell(*call, Input::CancelHandover { by: who.user_id }).await?;
    let record = find::head(&app, &who, *call).await?;
    Ok(envelope::success(StatusCode::OK, TakenBack { call_id: *call, status: record.status }))
}

/// The agent who is named, if they are of the company and still work there.
async fn colleague(app: &App, who: &SignedIn, agent: &str) -> Result<UserId, ApiError> {
    let agent: UserId = agent.parse().map_err(|_| ApiError::NotFound("agent"))?;
    let known = app.board.ports().store.user(who.company_id, agent).await?;
    known.filter(|user| !user.disabled).map(|user| user.id).ok_or(ApiError::NotFound("agent"))
}
