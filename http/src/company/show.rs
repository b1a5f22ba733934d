//! `GET /`: the company.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_store::{Company, CompanySpeech};

/// The company, and how its calls are made.
#[utoipa::path(
    get, path = "", tag = "company",
    responses((status = 200, description = "The company", body = Success<Company>)),
)]
pub(super) async fn show(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let company = app.board.ports().store.company(who.company_id).await?;
    Ok(envelope::success(StatusCode::OK, in_short(company.ok_or(ApiError::NotFound("company"))?)))
}

/// Without its own phrases and scripts, which may be long and are shown by themselves.
pub(super) fn in_short(company: Company) -> Company {
    Company { speech: CompanySpeech::default(), ..company }
}
