//! Invitations: an admin lets somebody join the company, with a role.

mod invite;
mod list;
mod revoke;
mod view;

use crate::envelope::method_not_allowed;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(list::list, invite::invite, revoke::revoke))]
pub(crate) struct Docs;

/// The routes under `/api/invitations`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .service(
            web::resource("")
                .route(web::get().to(list::list))
                .route(web::post().to(invite::invite))
                .default_service(method_not_allowed("GET, POST")),
        )
        .service(
            web::resource("/{invitation}")
                .route(web::delete().to(revoke::revoke))
                .default_service(method_not_allowed("DELETE")),
        );
}
