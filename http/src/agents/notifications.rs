//! `PUT /notifications`: of what one is told, and when one may be rung.

use super::fields::{self, NotificationBody};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_store::{AgentSettings, AgentSettingsChange};

/// Change of what one is told, and when one may be rung. What is not named stays.
#[utoipa::path(
    put, path = "/notifications", tag = "agents", request_body = NotificationBody,
    responses((status = 200, description = "The settings as they are now", body = Success<AgentSettings>)),
)]
pub(super) async fn change(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let notifications = fields::notifications(&mut body);
    body.done()?;
    let change = AgentSettingsChange { notifications, ..AgentSettingsChange::default() };
    let store = &app.board.ports().store;
    let settings = store.change_agent_settings(who.company_id, who.user_id, change).await?;
    Ok(envelope::success(StatusCode::OK, settings))
}
