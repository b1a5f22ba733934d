//! The company of whoever asks: who it is, and how its calls are made.

mod change;
mod phrases;
mod readings;
mod script;
mod show;

pub(crate) use change::{ChangeCallingHours, calling_hours};

use crate::envelope::method_not_allowed;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(
    show::show,
    change::change,
    phrases::show,
    phrases::replace,
    readings::show,
    readings::replace,
    script::show,
    script::replace,
    script::check,
))]
pub(crate) struct Docs;

/// The routes under `/api/company`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .service(
            web::resource("")
                .route(web::get().to(show::show))
                .route(web::patch().to(change::change))
                .default_service(method_not_allowed("GET, PATCH")),
        )
        .service(
            web::resource("/phrases")
                .route(web::get().to(phrases::show))
                .route(web::put().to(phrases::replace))
                .default_service(method_not_allowed("GET, PUT")),
        )
        .service(
            web::resource("/readings")
                .route(web::get().to(readings::show))
                .route(web::put().to(readings::replace))
                .default_service(method_not_allowed("GET, PUT")),
        )
        .service(
            web::resource("/script")
                .route(web::get().to(script::show))
                .route(web::put().to(script::replace))
                .default_service(method_not_allowed("GET, PUT")),
        )
        .service(
            web::resource("/script/check")
                .route(web::post().to(script::check))
                .default_service(method_not_allowed("POST")),
        );
}
