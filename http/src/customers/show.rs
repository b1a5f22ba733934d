//! `GET /{customer}`: one customer.

use super::shown::ShownCustomer;
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
use tsunagu_call::CustomerId;

/// One customer.
#[utoipa::path(
    get, path = "/{customer}", tag = "customers",
    responses((status = 200, description = "The customer", body = Success<ShownCustomer>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    customer: Path<CustomerId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let found = app.board.ports().store.customer(who.company_id, *customer).await?;
    let customer = found.ok_or(ApiError::NotFound("customer"))?;
    Ok(envelope::success(StatusCode::OK, ShownCustomer::from(customer)))
}
