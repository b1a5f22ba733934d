//! `POST /`: registers a receiver.

use super::{
    events,
    shown::WithSecret,
    targets::{Targets, URL_LONGEST},
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_actors::{fresh, new_secret};
use tsunagu_store::{SigningSecret, Webhook};
use utoipa::ToSchema;

/// The longest description, in characters.
pub(super) const DESCRIPTION: usize = 500;

/// A receiver.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body, which is read field by field")]
struct CreateWebhook {
    /// Where events are posted to. Private addresses are refused unless the server is set to allow them.
    #[schema(min_length = 1, max_length = 2048, example = "https://crm.example.jp/hooks/tsunagu")]
    url: String,
    /// Which types of events, each its name, or the beginning of names followed by `*`; all when absent.
    #[schema(max_items = 20, example = json!(["call.ended", "call.handoff.*"]))]
    events: Option<Vec<String>>,
    #[schema(max_length = 500)]
    description: Option<String>,
    /// Events are sent to it; true when absent.
    enabled: Option<bool>,
}

/// Register a receiver. Its secret is shown this once.
#[utoipa::path(
    post, path = "", tag = "webhooks", request_body = CreateWebhook,
    responses(
        (status = 201, description = "It is registered", body = Success<WithSecret>),
        (status = 409, description = "`too_many`", body = Failure),
    ),
)]
pub(super) async fn create(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let text = body.text("url", URL_LONGEST);
    let events = events::read(&mut body);
    let description = body.optional_text("description", DESCRIPTION);
    let enabled = body.optional_flag("enabled").unwrap_or(true);
    let url = checked(&app.targets, &mut body, &text).await;
    body.done()?;

    let now = app.board.ports().clock.now();
    let secret = new_secret();
    let webhook = Webhook {
        id: fresh(now),
        company_id: who.company_id,
        url,
        events: events.unwrap_or_else(|| vec!["*".to_owned()]),
        description,
        secrets: vec![SigningSecret { key: secret.clone(), created_at: now, expires_at: None }],
        enabled,
        disabled: None,
        failing_since: None,
        created_at: now,
    };
    app.board.ports().store.create_webhook(webhook.clone()).await?;
    tracing::info!(webhook = %webhook.id, company = %who.company_id, by = %who.user_id, "webhook registered");
    Ok(envelope::success(StatusCode::CREATED, WithSecret::new(webhook, secret)))
}

/// The address of a receiver as it is kept; what may not be posted to is noted as wrong.
pub(super) async fn checked(targets: &Targets, body: &mut Body, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    match targets.find(text).await {
        Ok(url) => url.into(),
        Err(why) => {
            body.refuse("url", why);
            String::new()
        }
    }
}
