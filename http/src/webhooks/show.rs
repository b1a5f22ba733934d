//! `GET /{webhook}`: one webhook, and where it is looked for.

use super::shown::ShownWebhook;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::WebhookId;
use tsunagu_store::Webhook;

/// One webhook, without its secret.
#[utoipa::path(
    get, path = "/{webhook}", tag = "webhooks",
    responses((status = 200, description = "The webhook", body = Success<ShownWebhook>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    webhook: Path<WebhookId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let webhook = find(&app, &who, *webhook).await?;
    Ok(envelope::success(StatusCode::OK, ShownWebhook::new(webhook)))
}

/// A webhook of the company of whoever asks.
pub(super) async fn find(app: &App, who: &SignedIn, webhook: WebhookId) -> Result<Webhook, ApiError> {
    let found = app.board.ports().store.webhook(who.company_id, webhook).await?;
    found.ok_or(ApiError::NotFound("webhook"))
}
