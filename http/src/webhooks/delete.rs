//! `DELETE /{webhook}`: forgets a receiver, with what waits for it.

use super::{show, shown::ShownWebhook};
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
use tsunagu_call::WebhookId;

/// Remove a webhook, with what waits for it and its dead letters.
#[utoipa::path(
    delete, path = "/{webhook}", tag = "webhooks",
    responses((status = 200, description = "As it was", body = Success<ShownWebhook>)),
)]
pub(super) async fn delete(
    app: Data<App>,
    who: SignedIn,
    webhook: Path<WebhookId>,
) -> Result<HttpResponse, ApiError> {
    let found = show::find(&app, &who, *webhook).await?;
    if !app.board.ports().store.delete_webhook(who.company_id, found.id).await? {
        return Err(ApiError::NotFound("webhook"));
    }
    tracing::info!(webhook = %found.id, company = %who.company_id, by = %who.user_id, "webhook removed");
    Ok(envelope::success(StatusCode::OK, ShownWebhook::new(found)))
}
