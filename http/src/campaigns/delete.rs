//! `DELETE /{campaign}`: removes a campaign with its list, for admins. Its calls stay.

use super::show;
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
use serde::Serialize;
use tsunagu_call::CampaignId;
use tsunagu_store::StoreError;
use utoipa::ToSchema;

/// The one that was removed.
#[derive(Serialize, ToSchema)]
struct RemovedCampaign {
    #[serde(rename = "_id")]
    id: CampaignId,
}

/// Remove a campaign with its list. Its calls stay.
#[utoipa::path(
    delete, path = "/{campaign}", tag = "campaigns",
    responses(
        (status = 200, description = "Removed", body = Success<RemovedCampaign>),
        (status = 409, description = "`campaign_busy`: it runs, or calls of it live", body = Failure),
    ),
)]
pub(super) async fn delete(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    show::find(&app, &who, *campaign).await?;
    match app.board.ports().store.delete_campaign(who.company_id, *campaign).await {
        Err(StoreError::Changed { .. }) => Err(ApiError::Conflict {
            code: "campaign_busy",
            sentence: "the campaign runs, or calls of it live; stop it first".to_owned(),
        }),
        removed => match removed? {
            true => {
                tracing::info!(campaign = %*campaign, by = %who.user_id, "campaign removed");
                Ok(envelope::success(StatusCode::OK, RemovedCampaign { id: *campaign }))
            }
            false => Err(ApiError::NotFound("campaign")),
        },
    }
}
