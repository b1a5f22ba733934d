//! Webhooks: receivers that a company registers for what happens on its calls, and what became of the deliveries.
//!
//! Here they are registered, tested and looked at. What is to be posted is decided in the actors' room
//! ([`tsunagu_actors::DeliveryDesk`]); [`HttpCourier`] posts it, and [`Targets`] says where to: never into the network that
//! the server stands in, unless that was allowed.

mod address;
mod change;
mod courier;
mod create;
mod delete;
mod deliveries;
mod events;
mod list;
mod replay;
mod secret;
mod show;
mod shown;
mod targets;
mod test;

pub use courier::{CourierError, HttpCourier};
pub use targets::Targets;

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
    test::test,
    secret::rotate,
    deliveries::list,
    replay::one,
    replay::all
))]
pub(crate) struct Docs;

/// The routes under `/api/webhooks`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let post = |path: &str, handler: actix_web::Route| {
        web::resource(path).route(handler).default_service(method_not_allowed("POST"))
    };
    service
        .service(
            web::resource("")
                .route(web::get().to(list::list))
                .route(web::post().to(create::create))
                .default_service(method_not_allowed("GET, POST")),
        )
        .service(
            web::resource("/{webhook}")
                .route(web::get().to(show::show))
                .route(web::patch().to(change::change))
                .route(web::delete().to(delete::delete))
                .default_service(method_not_allowed("GET, PATCH, DELETE")),
        )
        .service(post("/{webhook}/test", web::post().to(test::test)))
        .service(post("/{webhook}/secret", web::post().to(secret::rotate)))
        .service(post("/{webhook}/replay", web::post().to(replay::all)))
        .service(
            web::resource("/{webhook}/deliveries")
                .route(web::get().to(deliveries::list))
                .default_service(method_not_allowed("GET")),
        )
        .service(post("/{webhook}/deliveries/{delivery}/replay", web::post().to(replay::one)));
}
