//! `POST /api/demo/calls/{call}/say` and `/hangup`: whoever looks on is the customer.
//!
//! What they type is what the sandbox's recognition makes of it, and goes the way that every customer's words go.

use super::{Demo, is_visitor, not_there};
use crate::{
    App,
    auth::SignedIn,
    calls::find,
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::CallId;
use utoipa::ToSchema;

/// The longest that may be said at once, in characters.
const WORDS: usize = 500;

/// What the customer says.
#[derive(Serialize, ToSchema)]
#[schema(as = VisitorWords)]
struct Words {
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    text: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VisitorHeard)]
struct Heard {
    call_id: CallId,
}

/// Speak as the customer.
#[utoipa::path(
    post, path = "/calls/{call}/say", tag = "demo", request_body = Words,
    responses(
        (status = 202, description = "It is said", body = Success<Heard>),
        (status = 409, description = "`not_a_visitor`, `customer_not_there` or `call_over`", body = Failure),
        (status = 502, description = "The sandbox carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn say(
    app: Data<App>,
    demo: Data<Demo>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let words = Words { text: body.text("text", WORDS) };
    body.done()?;
    let leg = leg(&app, &demo, &who, *call).await?;
    demo.order(&leg, "say", &words).await?;
    Ok(envelope::success(StatusCode::ACCEPTED, Heard { call_id: *call }))
}

/// Hang up as the customer.
#[utoipa::path(
    post, path = "/calls/{call}/hangup", tag = "demo",
    responses(
        (status = 202, description = "They hang up", body = Success<Heard>),
        (status = 409, description = "`not_a_visitor`, `customer_not_there` or `call_over`", body = Failure),
        (status = 502, description = "The sandbox carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn hang_up(
    app: Data<App>,
    demo: Data<Demo>,
    who: SignedIn,
    call: Path<CallId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    body.done()?;
    let leg = leg(&app, &demo, &who, *call).await?;
    demo.order(&leg, "hangup", &()).await?;
    Ok(envelope::success(StatusCode::ACCEPTED, Heard { call_id: *call }))
}

/// The customer's leg of a call whose customer is played by whoever may steer the call.
async fn leg(app: &App, demo: &Demo, who: &SignedIn, call: CallId) -> Result<String, ApiError> {
    let record = find::steerable(app, who, call).await?;
    let phone = find::creation(app, call).await?.map(|created| created.customer.phone).unwrap_or_default();
    if !demo.cast.for_number(&phone).is_some_and(is_visitor) {
        let sentence = "this customer speaks for themselves".to_owned();
        return Err(ApiError::Conflict { code: "not_a_visitor", sentence });
    }
    if record.status.is_over() {
        return Err(ApiError::Conflict { code: "call_over", sentence: "the call is over".into() });
    }
    record.twilio_call_sid.ok_or_else(not_there)
}
