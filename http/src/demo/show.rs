//! `GET /api/demo`: whom the demo can ring.

use super::{Demo, is_visitor};
use crate::{
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_carrier::sandbox::persona::Persona;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
struct Shown<'a> {
    personas: Vec<ShownPersona<'a>>,
}

/// Somebody who can be rung.
#[derive(Serialize, ToSchema)]
struct ShownPersona<'a> {
    name: &'a str,
    /// The language that they speak: `ja` or `en`.
    lang: &'a str,
    about: About<'a>,
    /// Whoever looks on speaks for them.
    visitor: bool,
}

/// A sentence on who it is, in Japanese and in English.
#[derive(Serialize, ToSchema)]
#[schema(as = AboutPersona)]
struct About<'a> {
    ja: &'a str,
    en: &'a str,
}

/// Whom the demo can ring. On a server that runs no demo nothing under this address answers.
#[utoipa::path(
    get, path = "", tag = "demo",
    responses((status = 200, description = "Whom the demo can ring", body = Success<Shown<'static>>)),
)]
pub(super) async fn show(
    demo: Data<Demo>,
    _who: SignedIn,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let personas = demo.customers().map(shown).collect();
    Ok(envelope::success(StatusCode::OK, Shown { personas }))
}

fn shown(persona: &Persona) -> ShownPersona<'_> {
    ShownPersona {
        name: persona.name(),
        lang: persona.lang(),
        about: About { ja: persona.about_in("ja"), en: persona.about_in("en") },
        visitor: is_visitor(persona),
    }
}
