//! `POST /{campaign}/customers`: puts customers on the list, by their ids or by a filter, also while the campaign runs.

use super::{order::over, show};
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
use serde::Serialize;
use tsunagu_call::{CampaignId, CustomerId};
use tsunagu_store::{Campaign, CustomerFilter, CustomerPlace, LIST_STEP, Listed, StoreError};
use utoipa::ToSchema;

/// The longest text that is searched for, and the longest status, in characters.
const SEARCH: usize = 200;
const STATUS: usize = 100;

/// Whom to put on the list: either ids or a filter.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body")]
struct AddCustomers {
    #[schema(max_items = 1000)]
    customer_ids: Option<Vec<CustomerId>>,
    filter: Option<AddFilter>,
}

/// Which customers, as the list of customers finds them; an empty filter means all.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct AddFilter {
    #[schema(max_length = 200)]
    search: Option<String>,
    #[schema(max_length = 100)]
    status: Option<String>,
    do_not_call: Option<bool>,
    wrong_number: Option<bool>,
}

/// What became of them.
#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Added {
    /// On the list now.
    added: u64,
    /// On it before, or named twice.
    duplicates: u64,
    /// Your company has no such customers.
    unknown: u64,
    /// The list is full.
    left_out: u64,
}

/// Put customers on the list, by their ids or by a filter.
#[utoipa::path(
    post, path = "/{campaign}/customers", tag = "campaigns", request_body = AddCustomers,
    responses(
        (status = 200, description = "What became of them", body = Success<Added>),
        (status = 409, description = "`campaign_over`", body = Failure),
    ),
)]
pub(super) async fn add(
    app: Data<App>,
    who: SignedIn,
    campaign: Path<CampaignId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let id = |text: &str| text.parse::<CustomerId>().ok();
    let ids = body.optional_list("customerIds", LIST_STEP, "the id of a customer", id);
    let filter = body.section("filter", read_filter);
    let campaign = show::find(&app, &who, *campaign).await?;
    if ids.is_some() == filter.is_some() && !body.is_refused("customerIds") && !body.is_refused("filter") {
        body.refuse("customerIds", "either these or a filter must be given");
    }
    body.done()?;

    let mut added = Added::default();
    match (ids, filter) {
        (Some(ids), _) => added.count(list(&app, &campaign, ids).await?),
        (None, Some(filter)) => add_found(&app, &campaign, &filter, &mut added).await?,
        (None, None) => {}
    }
    app.campaigns.look_again();
    tracing::info!(campaign = %campaign.id, by = %who.user_id, added = added.added, "customers put on a campaign's list");
    Ok(envelope::success(StatusCode::OK, added))
}

fn read_filter(body: &mut Body) -> CustomerFilter {
    CustomerFilter {
        search: body.optional_text("search", SEARCH),
        status: body.optional_text("status", STATUS),
        do_not_call: body.optional_flag("doNotCall"),
        wrong_number: body.optional_flag("wrongNumber"),
        ..CustomerFilter::default()
    }
}

/// Step by step, so that no other write waits long; what was put on the list before a failure stays there.
async fn add_found(
    app: &App,
    campaign: &Campaign,
    filter: &CustomerFilter,
    added: &mut Added,
) -> Result<(), ApiError> {
    let store = &app.board.ports().store;
    let (mut last, step) = (None, u32::try_from(LIST_STEP).unwrap_or(u32::MAX));
    loop {
        let found = store.customers_after(campaign.company_id, filter, last, step).await?;
        let Some(customer) = found.last() else { return Ok(()) };
        last = Some(CustomerPlace { created: customer.created_at, customer: customer.id });
        let ids = found.iter().map(|customer| customer.id).collect();
        added.count(list(app, campaign, ids).await?);
    }
}

async fn list(app: &App, campaign: &Campaign, ids: Vec<CustomerId>) -> Result<Listed, ApiError> {
    let (ports, most) = (app.board.ports(), app.campaigns.limits().customers);
    let now = ports.clock.now();
    match ports.store.list_customers(campaign.company_id, campaign.id, ids, most, now).await {
        Err(StoreError::Changed { .. }) => Err(over()),
        result => Ok(result?),
    }
}

impl Added {
    fn count(&mut self, listed: Listed) {
        self.added += listed.added;
        self.duplicates += listed.duplicates;
        self.unknown += listed.unknown;
        self.left_out += listed.left_out;
    }
}
