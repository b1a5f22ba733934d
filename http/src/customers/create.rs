//! `POST /`: enters a customer.

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
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_actors::fresh;
use tsunagu_call::{CompanyId, Time};
use tsunagu_store::Customer;
use utoipa::ToSchema;

/// A new customer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct CreateCustomer {
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    name: String,
    /// International (`+81…`) or national Japanese; unique within the company.
    #[schema(min_length = 1, max_length = 40, format = "phone", example = "090-1234-5678")]
    phone: String,
    #[schema(inline)]
    #[serde(flatten)]
    fields: CustomerBody,
}

struct NewCustomer {
    name: String,
    phone: String,
    fields: CustomerFields,
}

/// Enter a customer.
#[utoipa::path(
    post, path = "", tag = "customers", request_body = CreateCustomer,
    responses(
        (status = 201, description = "Entered", body = Success<ShownCustomer>),
        (status = 409, description = "`phone_in_use`", body = Failure),
    ),
)]
pub(super) async fn create(app: Data<App>, who: SignedIn, body: Body) -> Result<HttpResponse, ApiError> {
    let customer = NewCustomer::read(body)?.into_customer(who.company_id, app.board.ports().clock.now());
    app.board.ports().store.create_customer(customer.clone()).await.map_err(unless_phone_in_use)?;
    Ok(envelope::success(StatusCode::CREATED, ShownCustomer::from(customer)))
}

impl NewCustomer {
    fn read(mut body: Body) -> Result<Self, ApiError> {
        let asked = Self {
            name: body.text("name", NAME),
            phone: body.phone("phone"),
            fields: CustomerFields::read(&mut body),
        };
        body.done()?;
        Ok(asked)
    }

    fn into_customer(self, company_id: CompanyId, now: Time) -> Customer {
        let mut customer = blank(company_id, now);
        customer.change(self.fields.into_change(Some(self.name), Some(self.phone)));
        customer
    }
}

/// A new customer of whom nothing is known.
pub(crate) fn blank(company_id: CompanyId, now: Time) -> Customer {
    Customer {
        id: fresh(now),
        company_id,
        name: String::new(),
        company: None,
        phone: String::new(),
        email: None,
        notes: None,
        status: None,
        do_not_call: false,
        wrong_number: false,
        last_call_at: None,
        last_call_result: None,
        next_call_at: None,
        created_at: now,
    }
}
