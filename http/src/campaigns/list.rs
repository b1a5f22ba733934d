//! `GET /`: the company's campaigns, made last first.

use super::shown::ShownCampaign;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, PageQuery, Paged},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use tsunagu_call::campaign::CampaignState;

/// The campaigns, made last first.
#[utoipa::path(
    get, path = "", tag = "campaigns",
    params(PageQuery, ("state" = Option<CampaignState>, Query)),
    responses((status = 200, description = "A page of them", body = Paged<Vec<ShownCampaign>>)),
)]
pub(super) async fn list(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let paging = filters.paging();
    let state = filters.word("state", &CampaignState::ALL.map(|state| (state.as_str(), state)));
    filters.done()?;

    let found = app.board.ports().store.campaigns(who.company_id, state, paging).await?;
    let mut shown = Vec::with_capacity(found.items.len());
    for campaign in found.items {
        shown.push(ShownCampaign::of(&app, campaign).await?);
    }
    Ok(envelope::page(&shown, found.total, paging))
}
