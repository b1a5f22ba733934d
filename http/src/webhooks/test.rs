//! `POST /{webhook}/test`: posts a test event now, once, and tells how that went.

use super::show;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::WebhookId;
use utoipa::ToSchema;

/// How it went.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Tested {
    /// The receiver answered with a status from 200 to 299.
    delivered: bool,
    /// What it answered, as an HTTP status.
    status: Option<u16>,
    /// Why it was not taken.
    error: Option<String>,
    /// How long it took, in milliseconds.
    duration_ms: u64,
}

/// Post a test event (`webhook.test`) now, once, whether the webhook is on or off. It is not kept among the deliveries.
#[utoipa::path(
    post, path = "/{webhook}/test", tag = "webhooks",
    responses((status = 200, description = "How it went", body = Success<Tested>)),
)]
pub(super) async fn test(
    app: Data<App>,
    who: SignedIn,
    webhook: Path<WebhookId>,
) -> Result<HttpResponse, ApiError> {
    let webhook = show::find(&app, &who, *webhook).await?;
    let tried = app.deliveries.test(&webhook).await.ok_or_else(ApiError::overloaded)?;
    let tested = Tested {
        delivered: tried.error.is_none(),
        status: tried.status,
        error: tried.error,
        duration_ms: u64::try_from(tried.taken.as_millis()).unwrap_or(u64::MAX),
    };
    Ok(envelope::success(StatusCode::OK, tested))
}
