//! `GET /{webhook}/deliveries`: what waits, what was taken, and the dead letters.

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
use tsunagu_call::WebhookId;
use tsunagu_store::{Delivery, DeliveryState};

/// A webhook's deliveries, queued last first. `state=dead` are the dead letters.
#[utoipa::path(
    get, path = "/{webhook}/deliveries", tag = "webhooks",
    params(PageQuery, ("state" = Option<DeliveryState>, Query)),
    responses((status = 200, description = "A page of them", body = Paged<Vec<Delivery>>)),
)]
pub(super) async fn list(
    app: Data<App>,
    who: SignedIn,
    webhook: Path<WebhookId>,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let paging = filters.paging();
    let state = filters.word("state", &DeliveryState::ALL.map(|state| (state.as_str(), state)));
    filters.done()?;

    let webhook = show::find(&app, &who, *webhook).await?;
    let found = app.board.ports().store.deliveries(who.company_id, webhook.id, state, paging).await?;
    Ok(envelope::page(&found.items, found.total, paging))
}
