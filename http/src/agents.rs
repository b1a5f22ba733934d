//! Agents: their own profile, telephone, words and hours; what they are doing; and the team, for those who lead it.
//!
//! Names are those that older clients know. What is not named in a body stays as it is, also when a change of somebody else
//! comes at that moment: the store applies changes, nothing is read and written back here.

mod attempt;
mod available;
mod conversation;
pub(crate) mod fields;
mod figures;
mod member;
mod notifications;
mod phone;
mod profile;
mod script;
mod settings;
mod shown;
pub(crate) mod status;
mod team;
mod templates;

use crate::envelope::{ITSELF, method_not_allowed};
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(
    team::team,
    profile::show,
    profile::change,
    phone::change,
    conversation::change,
    script::show,
    attempt::attempt,
    notifications::change,
    status::change,
    available::available,
    figures::statistics,
    member::show,
    member::status,
    settings::change,
))]
pub(crate) struct Docs;

/// The routes under `/api/agents`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let on = |path: &str, route: actix_web::Route, method: &'static str| {
        web::resource(path).route(route).default_service(method_not_allowed(method))
    };
    service
        .service(
            web::resource(ITSELF).route(web::get().to(team::team)).default_service(method_not_allowed("GET")),
        )
        .service(
            web::resource("/profile")
                .route(web::get().to(profile::show))
                .route(web::put().to(profile::change))
                .default_service(method_not_allowed("GET, PUT")),
        )
        .service(on("/phone", web::put().to(phone::change), "PUT"))
        .service(on("/conversation", web::put().to(conversation::change), "PUT"))
        .service(on("/conversation/script", web::get().to(script::show), "GET"))
        .service(on("/conversation/try", web::post().to(attempt::attempt), "POST"))
        .service(on("/notifications", web::put().to(notifications::change), "PUT"))
        .service(on("/status", web::put().to(status::change), "PUT"))
        .service(on("/available", web::get().to(available::available), "GET"))
        .service(on("/statistics", web::get().to(figures::statistics), "GET"))
        .service(on("/{user}", web::get().to(member::show), "GET"))
        .service(on("/{user}/status", web::put().to(member::status), "PUT"))
        .service(on("/{user}/settings", web::put().to(settings::change), "PUT"));
}
