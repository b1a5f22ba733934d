//! Callbacks: the promises, made on calls, to ring customers back.
//!
//! Calls make them; here people see what is due, take it, and say what has become of it.

mod change;
mod filled;
mod list;
mod rule;
mod show;

use crate::envelope::method_not_allowed;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(list::list, show::show, change::change))]
pub(crate) struct Docs;

/// The routes under `/api/callbacks`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .service(
            web::resource("").route(web::get().to(list::list)).default_service(method_not_allowed("GET")),
        )
        .service(
            web::resource("/{callback}")
                .route(web::get().to(show::show))
                .route(web::patch().to(change::change))
                .default_service(method_not_allowed("GET, PATCH")),
        );
}
