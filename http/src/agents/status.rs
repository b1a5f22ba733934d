//! `PUT /status`: what one is doing, and whether one takes hand-overs.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_call::UserId;
use tsunagu_store::{AgentSettingsChange, AgentStatus, Availability};
use utoipa::ToSchema;

/// What is to change.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ChangeStatus {
    /// During a call it takes effect after it.
    status: Option<Availability>,
    /// They take hand-overs at all.
    is_available: Option<bool>,
}

/// What somebody is doing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownStatus {
    status: AgentStatus,
    is_available: bool,
}

/// Say what one is doing, and whether one takes hand-overs.
#[utoipa::path(
    put, path = "/status", tag = "agents", request_body = ChangeStatus,
    responses((status = 200, description = "As it is now", body = Success<ShownStatus>)),
)]
pub(super) async fn change(app: Data<App>, who: SignedIn, body: Body) -> Result<HttpResponse, ApiError> {
    let change = ChangeStatus::read(body)?;
    let shown = change.carry_out(&app, &who, who.user_id).await?;
    Ok(envelope::success(StatusCode::OK, shown))
}

impl ChangeStatus {
    /// A wish to do this from now on.
    pub(crate) fn to(status: Availability) -> Self {
        Self { status: Some(status), is_available: None }
    }

    pub(super) fn read(mut body: Body) -> Result<Self, ApiError> {
        let words = Availability::ALL.map(|status| (status.as_str(), status));
        let change = Self {
            status: body.optional_word("status", &words),
            is_available: body.optional_flag("isAvailable"),
        };
        body.done()?;
        Ok(change)
    }

    /// Sets it for somebody of the company of whoever asks.
    pub(crate) async fn carry_out(
        self,
        app: &App,
        who: &SignedIn,
        user: UserId,
    ) -> Result<ShownStatus, ApiError> {
        let (store, company) = (&app.board.ports().store, who.company_id);
        if self.is_available.is_some() {
            let change =
                AgentSettingsChange { is_available: self.is_available, ..AgentSettingsChange::default() };
            store.change_agent_settings(company, user, change).await?;
        }
        if let Some(status) = self.status {
            store.set_agent_status(company, user, status, app.board.ports().clock.now()).await?;
        }
        let agent = store.agent(company, user).await?.ok_or(ApiError::NotFound("user"))?;
        app.board.ports().hub.agent_changed(company, user);
        Ok(ShownStatus {
            status: agent.status.unwrap_or_else(|| AgentStatus::new(user, company)),
            is_available: agent.settings.is_some_and(|settings| settings.is_available),
        })
    }
}
