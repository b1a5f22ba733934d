//! `GET /`: the company's webhooks.

use super::shown::ShownWebhook;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Listed},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};

/// The company's webhooks, without their secrets.
#[utoipa::path(
    get, path = "", tag = "webhooks",
    responses((status = 200, description = "All of them", body = Listed<Vec<ShownWebhook>>)),
)]
pub(super) async fn list(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let webhooks = app.board.ports().store.webhooks(who.company_id).await?;
    let shown: Vec<_> = webhooks.into_iter().map(ShownWebhook::new).collect();
    Ok(envelope::list(&shown))
}
