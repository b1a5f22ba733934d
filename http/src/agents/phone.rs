//! `PUT /phone`: the telephone that rings for a hand-over. Makes the settings when there are none.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_store::{AgentSettings, AgentSettingsChange};
use utoipa::ToSchema;

/// The new number.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct ChangePhone {
    /// International (`+81…`) or national Japanese.
    #[schema(min_length = 1, max_length = 40, format = "phone", example = "090-1234-5678")]
    phone_number: String,
}

/// Set the telephone that rings for a hand-over.
#[utoipa::path(
    put, path = "/phone", tag = "agents", request_body = ChangePhone,
    responses((status = 200, description = "The settings as they are now", body = Success<AgentSettings>)),
)]
pub(super) async fn change(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let ChangePhone { phone_number } = ChangePhone { phone_number: body.phone("phoneNumber") };
    body.done()?;
    let change =
        AgentSettingsChange { phone_number: Some(Some(phone_number)), ..AgentSettingsChange::default() };
    let store = &app.board.ports().store;
    let settings = store.change_agent_settings(who.company_id, who.user_id, change).await?;
    Ok(envelope::success(StatusCode::OK, settings))
}
