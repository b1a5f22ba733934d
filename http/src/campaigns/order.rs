//! `POST /{campaign}/start`, `/pause`, `/resume` and `/stop`. An order that has been obeyed already changes nothing.

use super::shown::ShownCampaign;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Failure, Filters, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_actors::{OrderError, order_campaign};
use tsunagu_call::{
    CampaignId,
    campaign::{CampaignOrder, CampaignRefusal},
};

/// Begin to ring.
#[utoipa::path(
    post, path = "/{campaign}/start", tag = "campaigns",
    responses(
        (status = 200, description = "It runs", body = Success<ShownCampaign>),
        (
            status = 409,
            description = "`campaign_started` (resume it), `campaign_over`, `no_customers`, `no_hours` or `agent_gone`",
            body = Failure,
        ),
    ),
)]
pub(super) async fn start(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    obey(&app, &who, *campaign, filters, CampaignOrder::Start).await
}

/// Ring nobody for now; calls that live go on.
#[utoipa::path(
    post, path = "/{campaign}/pause", tag = "campaigns",
    responses(
        (status = 200, description = "It is paused", body = Success<ShownCampaign>),
        (status = 409, description = "`campaign_not_started` or `campaign_over`", body = Failure),
    ),
)]
pub(super) async fn pause(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    obey(&app, &who, *campaign, filters, CampaignOrder::Pause).await
}

/// Go on.
#[utoipa::path(
    post, path = "/{campaign}/resume", tag = "campaigns",
    responses(
        (status = 200, description = "It runs", body = Success<ShownCampaign>),
        (
            status = 409,
            description = "`campaign_not_started`, `campaign_over`, `no_customers`, `no_hours` or `agent_gone`",
            body = Failure,
        ),
    ),
)]
pub(super) async fn resume(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    obey(&app, &who, *campaign, filters, CampaignOrder::Resume).await
}

/// End for good; calls that live go on, and whoever waits is not rung.
#[utoipa::path(
    post, path = "/{campaign}/stop", tag = "campaigns",
    responses(
        (status = 200, description = "It is stopped", body = Success<ShownCampaign>),
        (status = 409, description = "`campaign_over`: everybody has been seen to", body = Failure),
    ),
)]
pub(super) async fn stop(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    obey(&app, &who, *campaign, filters, CampaignOrder::Stop).await
}

async fn obey(
    app: &App,
    who: &SignedIn,
    campaign: CampaignId,
    filters: Filters,
    order: CampaignOrder,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let campaign = order_campaign(app.board.ports(), who.company_id, campaign, order).await?;
    app.campaigns.look_again();
    tracing::info!(campaign = %campaign.id, by = %who.user_id, ?order, "campaign ordered");
    Ok(envelope::success(StatusCode::OK, ShownCampaign::of(app, campaign).await?))
}

/// It is over, and stays as it is.
pub(super) fn over() -> ApiError {
    OrderError::Refused(CampaignRefusal::Over).into()
}

impl From<OrderError> for ApiError {
    fn from(error: OrderError) -> Self {
        let sentence = error.to_string();
        let code = match error {
            OrderError::NotFound => return Self::NotFound("campaign"),
            OrderError::Store(error) => return error.into(),
            OrderError::Refused(refusal) => refusal.word(),
            OrderError::NoCustomers => "no_customers",
            OrderError::NoHours => "no_hours",
            OrderError::NoAgent => "agent_gone",
        };
        Self::Conflict { code, sentence }
    }
}
