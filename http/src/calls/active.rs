//! `GET /active`: the calls that are not over, whole, from memory, or where servers share a database from
//! the journals; the carrier is not asked.

use super::filled::FilledCall;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Listed},
    error::ApiError,
    people::People,
};
use actix_web::{HttpResponse, web::Data};

/// The calls that are not over, whole.
#[utoipa::path(
    get, path = "/active", tag = "calls",
    responses((status = 200, description = "Oldest first", body = Listed<Vec<FilledCall<'static>>>)),
)]
pub(super) async fn active(
    app: Data<App>,
    who: SignedIn,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let records = app.board.active(Some(who.company_id)).await?;
    let people = People::of(&app, who.company_id, &records).await?;
    let calls: Vec<_> = records.iter().map(|record| FilledCall::new(record, &people)).collect();
    Ok(envelope::list(&calls))
}
