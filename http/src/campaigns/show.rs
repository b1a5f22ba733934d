//! `GET /{campaign}`: one campaign, and where it is looked for.

use super::shown::ShownCampaign;
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
use tsunagu_call::CampaignId;
use tsunagu_store::Campaign;

/// One campaign, with how far it has come.
#[utoipa::path(
    get, path = "/{campaign}", tag = "campaigns",
    responses((status = 200, description = "The campaign", body = Success<ShownCampaign>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let campaign = find(&app, &who, *campaign).await?;
    Ok(envelope::success(StatusCode::OK, ShownCampaign::of(&app, campaign).await?))
}

/// A campaign of the company of whoever asks.
pub(super) async fn find(app: &App, who: &SignedIn, campaign: CampaignId) -> Result<Campaign, ApiError> {
    let found = app.board.ports().store.campaign(who.company_id, campaign).await?;
    found.ok_or(ApiError::NotFound("campaign"))
}
