//! `PATCH /{customer}`, and `PUT` as older clients say: changes what is named. null empties what may be empty.

use super::{
    fields::{CustomerBody, CustomerFields, NAME},
    shown::ShownCustomer,
    unless_phone_in_use,
};
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
use tsunagu_call::CustomerId;
use tsunagu_store::CustomerChange;
use utoipa::ToSchema;

/// What is to change.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct ChangeCustomer {
    #[schema(nullable = false, min_length = 1, max_length = 200, pattern = "\\S")]
    name: Option<String>,
    #[schema(nullable = false, min_length = 1, max_length = 40, format = "phone", example = "090-1234-5678")]
    phone: Option<String>,
    #[schema(inline)]
    #[serde(flatten)]
    fields: CustomerBody,
}

/// Change what is named; the rest stays, and null empties.
#[utoipa::path(
    patch, path = "/{customer}", tag = "customers", request_body = ChangeCustomer,
    responses(
        (status = 200, description = "As they are now", body = Success<ShownCustomer>),
        (status = 409, description = "`phone_in_use`", body = Failure),
    ),
)]
pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    customer: Path<CustomerId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let change = read(body)?;
    let store = &app.board.ports().store;
    let changed =
        store.change_customer(who.company_id, *customer, change).await.map_err(unless_phone_in_use)?;
    Ok(envelope::success(StatusCode::OK, ShownCustomer::from(changed)))
}

/// The same, as older clients say it: what is not named stays.
#[utoipa::path(
    put, path = "/{customer}", tag = "customers", request_body = ChangeCustomer,
    responses(
        (status = 200, description = "As they are now", body = Success<ShownCustomer>),
        (status = 409, description = "`phone_in_use`", body = Failure),
    ),
)]
pub(super) async fn replace(
    app: Data<App>,
    who: SignedIn,
    customer: Path<CustomerId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    change(app, who, customer, body).await
}

fn read(mut body: Body) -> Result<CustomerChange, ApiError> {
    let name = body.new_text("name", NAME);
    let phone = body.change_of_phone("phone");
    if phone == Some(None) {
        body.refuse("phone", "must not be empty");
    }
    let change = CustomerFields::read(&mut body).into_change(name, phone.flatten());
    body.done()?;
    Ok(change)
}
