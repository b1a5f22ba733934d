//! The one shape in which people's requests are answered, and the extractors whose refusals take it too.
//!
//! Success: `{"success":true,"data":…}`, with `count` for lists, and `total` and `pagination` for those that come in
//! pages. Failure: `{"success":false,"error":…,"message":…,
//! "code":…,"details":[…]}`, where `error` and `message` are the same sentence: older clients read either.

mod body;
mod filters;
mod idempotency_key;
mod period;
pub(crate) mod phone;

pub(crate) use body::{Body, EMAIL_MAX, NO_CONTROL, NO_EMAIL, is_control, is_email};
pub(crate) use filters::Filters;
pub(crate) use idempotency_key::idempotency_key;
pub(crate) use period::{Period, PeriodQuery};
pub(crate) use phone::e164;

use crate::{
    error::{ApiError, Detail},
    limits,
};
use actix_web::{
    HttpResponse, ResponseError, Route,
    error::JsonPayloadError,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;
use tsunagu_store::Paging;
use utoipa::ToSchema;

/// One thing.
#[derive(Serialize, ToSchema)]
pub(crate) struct Success<T> {
    success: bool,
    data: T,
}

impl<T> Success<T> {
    /// With this.
    pub(crate) const fn of(data: T) -> Self {
        Self { success: true, data }
    }
}

/// A list that is shown whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    success: bool,
    count: usize,
    data: T,
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Paged<T> {
    success: bool,
    count: usize,
    /// How many there are on all pages.
    total: u64,
    pagination: Pagination,
    data: T,
}

/// Which page of how many.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    current: u64,
    /// How many pages there are.
    total: u64,
    has_next: bool,
    has_prev: bool,
}

/// Why something was not done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Failure<'a> {
    success: bool,
    /// A sentence for a person.
    error: &'a str,
    /// The same.
    message: &'a str,
    /// A word for machines.
    code: &'static str,
    /// Every invalid field.
    #[schema(value_type = Vec<Detail>)]
    details: &'a [Detail],
}

/// What an agent may be good at, in the company's own words.
#[derive(ToSchema)]
#[schema(
    min_length = 1,
    max_length = 64,
    pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$"
)]
#[expect(dead_code, reason = "describes an entry of a list")]
pub(crate) struct Skill(String);

/// International (`+81…`) or national Japanese.
#[derive(ToSchema)]
#[schema(max_length = 40, format = "phone", example = "03-1234-5678")]
#[expect(dead_code, reason = "describes an entry of a list")]
pub(crate) struct Telephone(String);

/// Which page of a list.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Filters::paging` reads")]
pub(crate) struct PageQuery {
    /// Counted from 1.
    #[param(minimum = 1, maximum = 4294967295_i64, default = 1)]
    page: Option<u32>,
    /// How many a page holds.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
}

/// One thing.
pub(crate) fn success(status: StatusCode, data: impl Serialize) -> HttpResponse {
    HttpResponse::build(status).json(Success { success: true, data })
}

/// A list that is shown whole.
pub(crate) fn list(items: &[impl Serialize]) -> HttpResponse {
    HttpResponse::Ok().json(Listed { success: true, count: items.len(), data: items })
}

/// One page of a list.
pub(crate) fn page(items: &[impl Serialize], total: u64, paging: Paging) -> HttpResponse {
    let (current, pages) = (u64::from(paging.page()), paging.pages(total));
    HttpResponse::Ok().json(Paged {
        success: true,
        count: items.len(),
        total,
        pagination: Pagination {
            current,
            total: pages,
            has_next: current < pages,
            has_prev: current > 1 && pages > 0,
        },
        data: items,
    })
}

/// What went wrong.
pub(crate) fn failure(error: &ApiError) -> HttpResponse {
    let mut response = HttpResponse::build(error.status_code());
    if let Some(secs) = error.retry_secs() {
        response.insert_header((header::RETRY_AFTER, secs));
    }
    if let ApiError::MethodNotAllowed(allowed) = error {
        response.insert_header((header::ALLOW, *allowed));
    }
    if let ApiError::NoSuchRange { length: Some(length) } = error {
        response.insert_header((header::CONTENT_RANGE, format!("bytes */{length}")));
    }
    if matches!(error, ApiError::NotSignedIn) {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if matches!(error, ApiError::Slow | ApiError::TooLarge) {
        // The rest of the body is not waited for.
        response.force_close();
    }
    let sentence = error.to_string();
    response.json(Failure::of(error, &sentence))
}

impl<'a> Failure<'a> {
    /// The error with this sentence.
    pub(crate) fn of(error: &'a ApiError, sentence: &'a str) -> Self {
        let (code, details) = (error.code(), error.details());
        Self { success: false, error: sentence, message: sentence, code, details }
    }
}

/// The address of a scope itself, also with a slash at its end, as older clients write it.
pub(crate) const ITSELF: [&str; 2] = ["", "/"];

/// Nothing answers at this address.
pub(crate) async fn not_found() -> HttpResponse {
    ApiError::NotFound("address").error_response()
}

/// What a resource answers to a method that it does not know; `allowed` are those it does.
pub(crate) fn method_not_allowed(allowed: &'static str) -> Route {
    web::to(move || async move { ApiError::MethodNotAllowed(allowed).error_response() })
}

/// How JSON bodies are taken in.
pub(crate) fn json_config() -> web::JsonConfig {
    web::JsonConfig::default().limit(limits::JSON_BODY).error_handler(|error, _| refused_json(&error).into())
}

/// How queries are taken in.
pub(crate) fn query_config() -> web::QueryConfig {
    web::QueryConfig::default().error_handler(|error, _| {
        ApiError::Invalid(vec![Detail { field: String::new(), message: error.to_string() }]).into()
    })
}

/// How the parts of an address are taken in: what is no id names nothing.
pub(crate) fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| ApiError::NotFound("thing").into())
}

fn refused_json(error: &JsonPayloadError) -> ApiError {
    match error {
        JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => {
            ApiError::TooLarge
        }
        JsonPayloadError::ContentType => ApiError::UnsupportedMedia,
        JsonPayloadError::Deserialize(error) if error.is_data() => ApiError::invalid("", error.to_string()),
        JsonPayloadError::Deserialize(error) => ApiError::malformed(format!("the body is no JSON: {error}")),
        _ => ApiError::malformed("the body could not be read"),
    }
}
