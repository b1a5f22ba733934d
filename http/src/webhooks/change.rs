//! `PATCH /{webhook}`: sends it elsewhere, to hear of something else, or switches it on or off. What is not named stays.

use super::{
    create::{DESCRIPTION, checked},
    events, show,
    shown::ShownWebhook,
    targets::URL_LONGEST,
};
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
use tsunagu_call::WebhookId;
use tsunagu_store::WebhookChange;
use utoipa::ToSchema;

/// What is to change.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct ChangeWebhook {
    /// Where events are posted to.
    #[schema(max_length = 2048)]
    url: Option<String>,
    /// Which types of events.
    #[schema(max_items = 20)]
    events: Option<Vec<String>>,
    /// What it is for; null empties.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// Switched off it is told of nothing, what waits goes on waiting, and what happens meanwhile is not made up for.
    enabled: Option<bool>,
}

/// Change a webhook. What is not named stays.
#[utoipa::path(
    patch, path = "/{webhook}", tag = "webhooks", request_body = ChangeWebhook,
    responses((status = 200, description = "As it is now", body = Success<ShownWebhook>)),
)]
pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    webhook: Path<WebhookId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let text = body.optional_text("url", URL_LONGEST);
    let events = events::read(&mut body);
    let description = body.change_of_text("description", DESCRIPTION);
    let enabled = body.optional_flag("enabled");
    show::find(&app, &who, *webhook).await?;
    let url = match &text {
        Some(text) => Some(checked(&app.targets, &mut body, text).await),
        None => None,
    };
    body.done()?;

    let change = WebhookChange { url, events, description, enabled };
    let changed = app.board.ports().store.change_webhook(who.company_id, *webhook, change).await?;
    app.deliveries.wake(changed.id);
    tracing::info!(webhook = %changed.id, company = %who.company_id, by = %who.user_id, "webhook changed");
    Ok(envelope::success(StatusCode::OK, ShownWebhook::new(changed)))
}
