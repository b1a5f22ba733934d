//! `POST /{call}/handoff`: puts the customer through to a human; asked again with another agent's id while one is being
//! fetched, that agent is fetched instead. `DELETE /{call}/handoff` takes it back.

use super::find;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Failure, Skill, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::{CallId, Input, Status, UserId};
use utoipa::ToSchema;

/// The longest reason, in characters: the agent hears it.
const REASON: usize = 500;
/// How many skills may be asked for, and how long the name of one may be, in characters.
const SKILLS: usize = 16;
const SKILL: usize = 64;

/// Which human, and why.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Handoff {
    /// Tried first; by default the one who fits best.
    #[schema(value_type = Option<UserId>)]
    agent_id: Option<String>,
    /// The agent hears it.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// What the agent must be good at.
    #[schema(value_type = Option<Vec<Skill>>, max_items = 16)]
    skills: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transferring {
    call_id: CallId,
    status: Status,
    agent_call_sid: Option<String>,
}

/// Put the customer through to a human, or name another agent while one is being fetched.
#[utoipa::path(
    post, path = "/{call}/handoff", tag = "calls", request_body = Option<Handoff>,
    responses(
        (status = 200, description = "Somebody is being fetched", body = Success<Transferring>),
        (status = 409, description = "`not_ai_responding` or `no_agent_available`", body = Failure),
    ),
)]
pub(super) async fn handoff(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let asked = Handoff::read(&mut body);
    body.done()?;
    let answer = asked.carry_out(&app, &who, *call).await?;
    Ok(envelope::success(StatusCode::OK, answer))
}

impl Handoff {
    /// What is wrong with it is noted in the body.
    pub(crate) fn read(body: &mut Body) -> Self {
        Self {
            agent_id: body.optional_text("agentId", 100),
            reason: body.optional_text("reason", REASON),
            skills: body.optional_texts("skills", SKILLS, SKILL),
        }
    }

    /// Asks for a human, and waits until one is rung.
    pub(crate) async fn carry_out(
        self,
        app: &App,
        who: &SignedIn,
        call: CallId,
    ) -> Result<Transferring, ApiError> {
        find::steerable(app, who, call).await?;
        let Self { agent_id, reason, skills } = self;
        let agent = match agent_id {
            Some(agent) => Some(colleague(app, who, &agent).await?),
            None => None,
        };
        app.board.tell(call, Input::RequestHandover { by: who.user_id, reason, agent, skills }).await?;

        let agent_call_sid = match app.board.await_agent(call).await {
            Ok(call_sid) => call_sid,
            // It is under way; the leg's name comes later.
            Err(error) if error.is_open() => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Transferring { call_id: call, status: Status::Transferring, agent_call_sid })
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TakenBack {
    call_id: CallId,
    status: Status,
}

/// Take the request for a human back.
#[utoipa::path(
    delete, path = "/{call}/handoff", tag = "calls",
    responses(
        (status = 200, description = "It was taken back", body = Success<TakenBack>),
        (status = 409, description = "`no_handover`", body = Failure),
    ),
)]
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
