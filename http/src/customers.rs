//! Customers: those a company rings.
//!
//! Everybody of the company enters and changes them; admins alone remove them. A number is one customer's within a company.

mod change;
mod create;
mod delete;
mod export;
mod fields;
mod import;
mod imports;
mod list;
mod progress;
mod show;
mod shown;

pub(crate) use create::blank;
pub use imports::Imports;

use crate::{
    envelope::{ITSELF, method_not_allowed},
    error::ApiError,
};
use actix_web::web::{self, ServiceConfig};
use tsunagu_store::StoreError;
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    import::import,
    progress::progress,
    export::export,
    show::show,
    change::change,
    change::replace,
    delete::delete,
))]
pub(crate) struct Docs;

/// The routes under `/api/customers`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .service(
            web::resource(ITSELF)
                .route(web::get().to(list::list))
                .route(web::post().to(create::create))
                .default_service(method_not_allowed("GET, POST")),
        )
        .service(
            web::resource("/import")
                .route(web::post().to(import::import))
                .default_service(method_not_allowed("POST")),
        )
        .service(
            web::resource("/imports/{import}")
                .route(web::get().to(progress::progress))
                .default_service(method_not_allowed("GET")),
        )
        .service(
            web::resource("/export.csv")
                .route(web::get().to(export::export))
                .default_service(method_not_allowed("GET")),
        )
        .service(
            web::resource("/{customer}")
                .route(web::get().to(show::show))
                .route(web::put().to(change::replace))
                .route(web::patch().to(change::change))
                .route(web::delete().to(delete::delete))
                .default_service(method_not_allowed("GET, PUT, PATCH, DELETE")),
        );
}

/// A number that another customer has already is a conflict of its own.
fn unless_phone_in_use(error: StoreError) -> ApiError {
    match error {
        StoreError::Duplicate { field: "phone", .. } => ApiError::Conflict {
            code: "phone_in_use",
            sentence: "another customer of your company has this number".to_owned(),
        },
        error => error.into(),
    }
}
