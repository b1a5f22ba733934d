//! `POST /{webhook}/secret`: a new secret, and for a while the one before beside it.

use super::shown::WithSecret;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_actors::new_secret;
use tsunagu_call::WebhookId;
use tsunagu_store::SigningSecret;
use utoipa::ToSchema;

/// How long the secret before signs beside the new one, in seconds: a day by default, a week at most.
const OVERLAP: u32 = 24 * 60 * 60;
const OVERLAP_MOST: u32 = 7 * OVERLAP;

/// How the secret is to be changed.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body, which is read field by field")]
struct RotateSecret {
    /// For how many seconds deliveries are signed with the secret before as well. 0: not at all.
    #[schema(minimum = 0, maximum = 604800, default = 86400)]
    overlap_secs: Option<u32>,
}

/// Give a webhook a new secret, which is shown this once. For a while deliveries are signed with both.
#[utoipa::path(
    post, path = "/{webhook}/secret", tag = "webhooks", request_body = RotateSecret,
    responses((status = 200, description = "The webhook and its new secret", body = Success<WithSecret>)),
)]
pub(super) async fn rotate(
    app: Data<App>,
    who: SignedIn,
    webhook: Path<WebhookId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let overlap = body.optional_number("overlapSecs", 0, OVERLAP_MOST).unwrap_or(OVERLAP);
    body.done()?;

    let now = app.board.ports().clock.now();
    let key = new_secret();
    let secret = SigningSecret { key: key.clone(), created_at: now, expires_at: None };
    let store = &app.board.ports().store;
    let rotated =
        store.rotate_webhook_secret(who.company_id, *webhook, secret, now.plus_secs(overlap)).await?;
    tracing::info!(webhook = %rotated.id, company = %who.company_id, by = %who.user_id, "webhook's secret changed");
    Ok(envelope::success(StatusCode::OK, WithSecret::new(rotated, key)))
}
