//! Campaigns: lists of customers who are rung one after the other.
//!
//! Everybody of the company sees them; supervisors put them together and run them; admins remove them.

mod add;
mod change;
mod check;
mod create;
mod customers;
mod delete;
mod fields;
mod list;
mod order;
mod show;
mod shown;

use crate::envelope::method_not_allowed;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    show::show,
    change::change,
    delete::delete,
    check::check,
    order::start,
    order::pause,
    order::resume,
    order::stop,
    customers::customers,
    add::add,
))]
pub(crate) struct Docs;

/// The routes under `/api/campaigns`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let post = |path, route| web::resource(path).route(route).default_service(method_not_allowed("POST"));
    service
        .service(
            web::resource("")
                .route(web::get().to(list::list))
                .route(web::post().to(create::create))
                .default_service(method_not_allowed("GET, POST")),
        )
        .service(
            web::resource("/{campaign}")
                .route(web::get().to(show::show))
                .route(web::patch().to(change::change))
                .route(web::delete().to(delete::delete))
                .default_service(method_not_allowed("GET, PATCH, DELETE")),
        )
        .service(post("/{campaign}/check", web::post().to(check::check)))
        .service(post("/{campaign}/start", web::post().to(order::start)))
        .service(post("/{campaign}/pause", web::post().to(order::pause)))
        .service(post("/{campaign}/resume", web::post().to(order::resume)))
        .service(post("/{campaign}/stop", web::post().to(order::stop)))
        .service(
            web::resource("/{campaign}/customers")
                .route(web::get().to(customers::customers))
                .route(web::post().to(add::add))
                .default_service(method_not_allowed("GET, POST")),
        );
}
