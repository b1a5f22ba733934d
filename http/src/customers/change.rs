//! `PATCH /{customer}`, and `PUT` as older clients say: changes what is named. null empties what may be empty.

use super::{
    fields::{CustomerFields, NAME},
    shown::ShownCustomer,
    unless_phone_in_use,
};
use crate::{App, auth::SignedIn, envelope, envelope::Body, error::ApiError};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::CustomerId;
use tsunagu_store::CustomerChange;

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
