//! `POST /{campaign}/check`: says beforehand who will be skipped, and why. Nothing is changed.

use super::show;
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
use serde::Serialize;
use std::collections::BTreeMap;
use tsunagu_actors::check_campaign;
use tsunagu_call::{CampaignId, Time};
use utoipa::ToSchema;

/// What would come of the campaign if it went on at this moment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Checked {
    /// Who waits to be rung.
    waiting: u64,
    /// Who of them would be.
    to_ring: u64,
    /// Who of them would not be.
    skipped: u64,
    /// Why not: `do_not_call`, `wrong_number`, `no_number`, `already_won`, `called_lately`, `duplicate`, `no_customer`.
    skipped_because: BTreeMap<String, u64>,
    /// Who of those to be rung is in another call just now, and will be waited for.
    in_call: u64,
    /// When the first one may be rung; null when the hours never come.
    opens_at: Option<Time>,
    /// How long it takes at the least to ring each of them once, in seconds within the hours.
    least_secs: u64,
}

/// Say who will be skipped, and why.
#[utoipa::path(
    post, path = "/{campaign}/check", tag = "campaigns",
    responses((status = 200, description = "Who will be rung, and who will not", body = Success<Checked>)),
)]
pub(super) async fn check(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let campaign = show::find(&app, &who, *campaign).await?;
    let ports = app.board.ports();
    let company = ports.store.company(who.company_id).await?.ok_or(ApiError::NotFound("company"))?;
    let check = check_campaign(ports, &campaign, &company).await?;
    let pace = campaign.pace.calls_per_second.min(app.campaigns.limits().calls_per_second);
    let because = check.skipped.iter().map(|(reason, count)| (reason.as_str().to_owned(), *count));
    let checked = Checked {
        waiting: check.waiting,
        to_ring: check.to_ring,
        skipped: check.skipped.values().sum(),
        skipped_because: because.collect(),
        in_call: check.in_call,
        opens_at: check.opens_at,
        least_secs: (check.to_ring as f64 / pace.max(f64::MIN_POSITIVE)).ceil() as u64,
    };
    Ok(envelope::success(StatusCode::OK, checked))
}
