//! `PUT /status`: what one is doing, and whether one takes hand-overs.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_actors::Ports;
use tsunagu_call::{CompanyId, UserId};
use tsunagu_store::{AgentSettingsChange, AgentStatus, Availability, StoreError};
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
        let company = who.company_id;
        let written = self.write(app.board.ports(), company, user).await;
        // Also where that failed: one of the two may be written, and so may what was not confirmed.
        app.board.ports().hub.agent_changed(company, user);
        written?;
        let agent = app.board.ports().store.agent(company, user).await?.ok_or(ApiError::NotFound("user"))?;
        Ok(ShownStatus {
            status: agent.status.unwrap_or_else(|| AgentStatus::new(user, company)),
            is_available: agent.settings.is_some_and(|settings| settings.is_available),
        })
    }

    async fn write(self, ports: &Ports, company: CompanyId, user: UserId) -> Result<(), StoreError> {
        if self.is_available.is_some() {
            let change =
                AgentSettingsChange { is_available: self.is_available, ..AgentSettingsChange::default() };
            ports.store.change_agent_settings(company, user, change).await?;
        }
        if let Some(status) = self.status {
            ports.store.set_agent_status(company, user, status, ports.clock.now()).await?;
        }
        Ok(())
    }
}
