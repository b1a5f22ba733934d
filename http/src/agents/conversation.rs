//! `PUT /conversation`: as whom the AI speaks on calls in one's name.

use super::fields::{self, ConversationBody};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_store::{AgentSettings, AgentSettingsChange};

/// Change as whom the AI speaks. What is not named stays; a template that is null is the script's again.
#[utoipa::path(
    put, path = "/conversation", tag = "agents", request_body = ConversationBody,
    responses((status = 200, description = "The settings as they are now", body = Success<AgentSettings>)),
)]
pub(super) async fn change(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let conversation = fields::conversation(&app, &mut body);
    body.done()?;
    let change = AgentSettingsChange { conversation, ..AgentSettingsChange::default() };
    let store = &app.board.ports().store;
    let settings = store.change_agent_settings(who.company_id, who.user_id, change).await?;
    Ok(envelope::success(StatusCode::OK, settings))
}
