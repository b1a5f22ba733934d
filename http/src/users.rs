//! The users of a company, whom its admins manage.

mod change;
mod list;
mod reset;
mod show;
mod view;

use crate::envelope::method_not_allowed;
use actix_web::web::{self, ServiceConfig};
use tsunagu_store::UserRole;
use utoipa::OpenApi;

/// How roles are written in requests; older clients call an agent `user`.
pub(crate) const ROLES: [(&str, UserRole); 4] = [
    (UserRole::Agent.as_str(), UserRole::Agent),
    (UserRole::Supervisor.as_str(), UserRole::Supervisor),
    (UserRole::Admin.as_str(), UserRole::Admin),
    ("user", UserRole::Agent),
];

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(list::list, show::show, change::change, reset::reset))]
pub(crate) struct Docs;

/// The routes under `/api/users`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .service(
            web::resource("").route(web::get().to(list::list)).default_service(method_not_allowed("GET")),
        )
        .service(
            web::resource("/{user}")
                .route(web::get().to(show::show))
                .route(web::patch().to(change::change))
                .default_service(method_not_allowed("GET, PATCH")),
        )
        .service(
            web::resource("/{user}/password-reset")
                .route(web::post().to(reset::reset))
                .default_service(method_not_allowed("POST")),
        );
}
