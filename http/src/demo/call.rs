//! `POST /api/demo/calls`: has a persona rung, by the ordinary command, as a customer of the company's with its number.

use super::{Demo, is_visitor};
use crate::{
    App,
    auth::SignedIn,
    customers::blank,
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_actors::{StartError, StartOrder};
use tsunagu_call::{CallId, CustomerId, UserId};
use tsunagu_carrier::sandbox::persona::Persona;
use tsunagu_store::{AgentSettings, Customer, StoreError};
use utoipa::ToSchema;

/// The longest name of a persona, in characters.
const NAME: usize = 100;
/// Of a persona's ten thousand numbers, those of customers whom a demo makes: from this one on, and so many.
const FIRST_NUMBER: u64 = 9_000;
const NUMBERS: u64 = 500;

/// Who is rung.
#[derive(ToSchema)]
#[schema(as = RingPersona)]
struct Ring {
    /// As `GET /api/demo` names them.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    persona: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Rung {
    call_id: CallId,
    customer_id: CustomerId,
    /// Whoever looks on speaks for the customer.
    visitor: bool,
}

/// Have a persona rung. On a server that runs no demo nothing under this address answers.
#[utoipa::path(
    post, path = "/calls", tag = "demo", request_body = Ring,
    responses(
        (status = 201, description = "They are being rung", body = Success<Rung>),
        (status = 404, description = "No such persona", body = Failure),
        (status = 409, description = "`customer_busy` or `outside_calling_hours`", body = Failure),
    ),
)]
pub(super) async fn call(
    app: Data<App>,
    demo: Data<Demo>,
    who: SignedIn,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let Ring { persona } = Ring { persona: body.text("persona", NAME) };
    body.done()?;
    let persona = demo.customers().find(|one| one.name() == persona).ok_or(ApiError::NotFound("persona"))?;
    let agent = speaker(&app, &who, persona.lang()).await?;
    for number in FIRST_NUMBER..FIRST_NUMBER + NUMBERS {
        let Some(phone) = persona.numbers().first().and_then(|pattern| pattern.number(number)) else { break };
        let Some(customer) = customer(&app, &who, persona, &phone).await? else { continue };
        let order =
            StartOrder { company: who.company_id, customer, agent, by: who.user_id, idempotency_key: None };
        match tsunagu_actors::start(&app.board, &app.defaults, order).await {
            Ok(begun) => {
                let rung = Rung { call_id: begun.call, customer_id: customer, visitor: is_visitor(persona) };
                return Ok(envelope::success(StatusCode::CREATED, rung));
            }
            // Somebody else looks at the same persona, or it has just asked for no more calls: it has another number.
            Err(StartError::CustomerBusy | StartError::DoNotCall | StartError::WrongNumber) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StartError::CustomerBusy.into())
}

/// The company's customer with this number, made where there is none; `None` when they may not be rung.
async fn customer(
    app: &App,
    who: &SignedIn,
    persona: &Persona,
    phone: &str,
) -> Result<Option<CustomerId>, ApiError> {
    let ports = app.board.ports();
    if let Some(known) = ports.store.customer_by_phone(who.company_id, phone).await? {
        return Ok(known.marked().is_none().then_some(known.id));
    }
    let (name, company) = match persona.lang() {
        "en" => ("Pat Trial", "Trial & Co."),
        _ => ("体験 花子", "体験商店"),
    };
    let customer = Customer {
        name: name.to_owned(),
        company: Some(company.to_owned()),
        phone: phone.to_owned(),
        ..blank(who.company_id, ports.clock.now())
    };
    let id = customer.id;
    match ports.store.create_customer(customer).await {
        Ok(()) => Ok(Some(id)),
        // Made by another request in this moment, whose customer it is.
        Err(StoreError::Duplicate { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// In whose name the AI speaks this language: whoever asks, if they do, or a colleague who does.
async fn speaker(app: &App, who: &SignedIn, lang: &str) -> Result<Option<UserId>, ApiError> {
    let team = app.board.ports().store.candidates(who.company_id).await?;
    let speaks =
        |settings: &AgentSettings| settings.conversation_settings.language.as_deref().unwrap_or("ja") == lang;
    let mut able = team.iter().filter_map(|agent| agent.settings.as_ref()).filter(|one| speaks(one));
    let own = able.clone().any(|settings| settings.user_id == who.user_id);
    Ok(if own { None } else { able.next().map(|settings| settings.user_id) })
}
