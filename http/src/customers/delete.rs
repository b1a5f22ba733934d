//! `DELETE /{customer}`: removes a customer, for admins. Their calls stay; during one they are not removed.

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
use tsunagu_call::CustomerId;
use utoipa::ToSchema;

/// The one who was removed.
#[derive(Serialize, ToSchema)]
struct RemovedCustomer {
    #[serde(rename = "_id")]
    id: CustomerId,
}

/// Remove a customer. Their calls stay.
#[utoipa::path(
    delete, path = "/{customer}", tag = "customers",
    responses(
        (status = 200, description = "RemovedCustomer", body = Success<RemovedCustomer>),
        (status = 409, description = "`customer_busy`: they are in a call", body = Failure),
    ),
)]
pub(super) async fn delete(
    app: Data<App>,
    who: SignedIn,
    customer: Path<CustomerId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    match app.board.ports().store.delete_customer(who.company_id, *customer).await? {
        true => Ok(envelope::success(StatusCode::OK, RemovedCustomer { id: *customer })),
        false => Err(ApiError::NotFound("customer")),
    }
}
