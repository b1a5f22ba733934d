//! `GET /me`, `/profile`: who has signed in.

use super::SignedIn;
use crate::{
    App,
    envelope::{self, Filters, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_call::{CompanyId, Time, UserId};
use tsunagu_store::UserRole;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Me<'a> {
    #[serde(rename = "_id")]
    object_id: UserId,
    id: UserId,
    company_id: CompanyId,
    company_name: &'a str,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    phone: Option<&'a str>,
    role: UserRole,
    created_at: Time,
    /// Calls go to a sandbox carrier: nobody is really rung.
    simulated: bool,
    /// The company's, by whose clock days and hours are told.
    timezone: &'a str,
    /// The server runs a demo, in which personas can be rung (`/api/demo`).
    demo: bool,
}

/// Who has signed in.
#[utoipa::path(
    get, path = "/me", tag = "auth",
    responses((status = 200, description = "Who has signed in", body = Success<Me<'static>>)),
)]
pub(super) async fn me(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let company = app.board.ports().store.company(who.company_id).await?;
    let user = who.user();
    let me = Me {
        object_id: user.id,
        id: user.id,
        company_id: user.company_id,
        company_name: company.as_ref().map_or("", |company| company.name.as_str()),
        email: &user.email,
        first_name: &user.first_name,
        last_name: &user.last_name,
        phone: user.phone.as_deref(),
        role: user.role,
        created_at: user.created_at,
        simulated: app.simulated,
        timezone: company.as_ref().map_or("UTC", |company| company.settings.timezone.as_str()),
        demo: app.demo.is_some(),
    };
    Ok(envelope::success(StatusCode::OK, me))
}
