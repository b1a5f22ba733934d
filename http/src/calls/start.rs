//! `POST /start`: rings a customer.
//!
//! With an `Idempotency-Key` the same request may be sent again: within a day it answers 200 with the call that the
//! first one started (201), and rings nobody.

use super::find;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tsunagu_actors::StartOrder;
use tsunagu_call::{CallId, CallRecord, CustomerId, Status, UserId};
use utoipa::ToSchema;

/// How long the carrier may take to name the customer's leg before the answer goes without its name.
const CARRIER_PATIENCE: Duration = Duration::from_secs(3);
/// The first pause between two looks at the call; each is twice as long as the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Whom to ring, for whom.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body")]
struct Start {
    customer_id: CustomerId,
    /// The agent whose customer it is; by default whoever asks.
    agent_id: Option<UserId>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Started {
    call_id: CallId,
    twilio_call_sid: Option<String>,
    status: Status,
}

/// Ring a customer.
#[utoipa::path(
    post, path = "/start", tag = "calls",
    params(
        (
            "Idempotency-Key" = Option<String>,
            Header,
            min_length = 1,
            max_length = 255,
            pattern = "^[!-~]+$",
            description = "The same request with the same key, within a day, rings nobody again",
        ),
    ),
    request_body = Start,
    responses(
        (status = 201, description = "The customer is being rung", body = Success<Started>),
        (
            status = 200,
            description = "The call that the first request with this key started",
            body = Success<Started>,
        ),
        (status = 404, description = "No such customer or agent", body = Failure),
        (
            status = 409,
            description = "`customer_busy`, `do_not_call`, `wrong_number`, `outside_calling_hours` or `idempotency_key_reused`",
            body = Failure,
        ),
    ),
)]
pub(super) async fn start(
    app: Data<App>,
    who: SignedIn,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let order = read(&who, &request, body)?;
    let customer = order.customer;
    let begun = tsunagu_actors::start(&app.board, &app.defaults, order).await?;
    let record = dialled(&app, &who, begun.call).await?;
    if record.customer_id != customer {
        let sentence =
            "this Idempotency-Key has started a call with another customer; use a new one".to_owned();
        return Err(ApiError::Conflict { code: "idempotency_key_reused", sentence });
    }
    let status = if begun.before { StatusCode::OK } else { StatusCode::CREATED };
    let started =
        Started { call_id: begun.call, twilio_call_sid: record.twilio_call_sid, status: record.status };
    Ok(envelope::success(status, started))
}

fn read(who: &SignedIn, request: &HttpRequest, mut body: Body) -> Result<StartOrder, ApiError> {
    let customer = body.text("customerId", 100);
    let agent = body.optional_text("agentId", 100);
    let idempotency_key = envelope::idempotency_key(request, 1, &mut body);
    body.done()?;
    Ok(StartOrder {
        company: who.company_id,
        customer: customer.parse().map_err(|_| ApiError::NotFound("customer"))?,
        agent: agent.map(|agent| agent.parse().map_err(|_| ApiError::NotFound("agent"))).transpose()?,
        by: who.user_id,
        idempotency_key,
    })
}

/// The call once the carrier has named the customer's leg, or as it is when that takes too long.
async fn dialled(app: &App, who: &SignedIn, call: CallId) -> Result<CallRecord, ApiError> {
    let (deadline, mut pause) = (Instant::now() + CARRIER_PATIENCE, FIRST_PAUSE);
    loop {
        let record = find::head(app, who, call).await?;
        if record.twilio_call_sid.is_some() || record.status.is_over() || Instant::now() >= deadline {
            return Ok(record);
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
