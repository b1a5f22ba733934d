//! `DELETE /{customer}`: removes a customer, for admins. Their calls stay; during one they are not removed.

use crate::{App, auth::SignedIn, envelope, envelope::Filters, error::ApiError};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::CustomerId;
use tsunagu_store::UserRole;

#[derive(Serialize)]
struct Removed {
    #[serde(rename = "_id")]
    id: CustomerId,
}

pub(super) async fn delete(
    app: Data<App>,
    who: SignedIn,
    customer: Path<CustomerId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    if !who.is_at_least(UserRole::Admin) {
        return Err(ApiError::Forbidden);
    }
    match app.board.ports().store.delete_customer(who.company_id, *customer).await? {
        true => Ok(envelope::success(StatusCode::OK, Removed { id: *customer })),
        false => Err(ApiError::NotFound("customer")),
    }
}
