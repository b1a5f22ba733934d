//! `PATCH /{campaign}`: changes a campaign that is not over, also while it runs. What is not named stays; null leaves a
//! setting to its default of none.

use super::{
    fields::{self, CampaignFields},
    order::over,
    show,
    shown::ShownCampaign,
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::CampaignId;
use tsunagu_store::StoreError;

/// Change a campaign, also while it runs. What is not named stays.
#[utoipa::path(
    patch, path = "/{campaign}", tag = "campaigns", request_body = CampaignFields,
    responses(
        (status = 200, description = "As it is now", body = Success<ShownCampaign>),
        (status = 409, description = "`campaign_over`", body = Failure),
    ),
)]
pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let change = fields::read(&app, &who, &mut body).await?;
    show::find(&app, &who, *campaign).await?;
    body.done()?;
    let changed = match app.board.ports().store.change_campaign(who.company_id, *campaign, change).await {
        Err(StoreError::Changed { .. }) => return Err(over()),
        result => result?,
    };
    app.campaigns.look_again();
    tracing::info!(campaign = %changed.id, by = %who.user_id, "campaign changed");
    Ok(envelope::success(StatusCode::OK, ShownCampaign::of(&app, changed).await?))
}
