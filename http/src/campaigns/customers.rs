//! `GET /{campaign}/customers`: a campaign's list, in the order in which it was made.

use super::show;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, PageQuery, Paged},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use tsunagu_call::{
    CampaignId, CompanyId, CustomerId, CustomerRef, Time,
    campaign::{Attempt, AttemptResult, CampaignEntry, EntryState, SkipReason},
};
use utoipa::ToSchema;

/// How many customers are looked up at once.
const LOOKUPS: usize = 16;

/// A customer on the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShownEntry {
    customer_id: CustomerId,
    /// Null when they have been removed.
    customer: Option<CustomerRef>,
    state: EntryState,
    /// Why they were not rung, or not any more.
    skipped: Option<SkipReason>,
    /// What the last attempt came to.
    result: Option<AttemptResult>,
    attempts: Vec<Attempt>,
    /// When they may be rung next.
    next_attempt_at: Option<Time>,
    /// How often they were in another call when it was their turn.
    deferrals: u32,
}

/// Those on the list, in the order in which they were put there.
#[utoipa::path(
    get, path = "/{campaign}/customers", tag = "campaigns",
    params(PageQuery, ("state" = Option<EntryState>, Query)),
    responses((status = 200, description = "A page of them", body = Paged<Vec<ShownEntry>>)),
)]
pub(super) async fn customers(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let paging = filters.paging();
    let state = filters.word("state", &EntryState::ALL.map(|state| (state.as_str(), state)));
    filters.done()?;
    let campaign = show::find(&app, &who, *campaign).await?;

    let found = app.board.ports().store.campaign_entries(campaign.id, state, paging).await?;
    // Futures that borrow through a closure would not be `Send` enough for a stream: they are made beforehand.
    let lookups: Vec<_> = found.items.into_iter().map(|entry| shown(&app, who.company_id, entry)).collect();
    let shown: Vec<ShownEntry> = stream::iter(lookups).buffered(LOOKUPS).try_collect().await?;
    Ok(envelope::page(&shown, found.total, paging))
}

async fn shown(app: &App, company: CompanyId, entry: CampaignEntry) -> Result<ShownEntry, ApiError> {
    let customer = app.board.ports().store.customer(company, entry.customer_id).await?;
    Ok(ShownEntry {
        customer_id: entry.customer_id,
        customer: customer.map(|customer| CustomerRef {
            id: customer.id,
            name: customer.name,
            company: customer.company,
            phone: customer.phone,
        }),
        state: entry.state,
        skipped: entry.skipped,
        result: entry.result,
        attempts: entry.attempts,
        next_attempt_at: entry.next_attempt_at,
        deferrals: entry.deferrals,
    })
}
