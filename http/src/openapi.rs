//! The description of the interface as OpenAPI 3.1, made from the handlers and their types, and the page that shows it.
//!
//! A handler says what it takes and gives; what all have in common (refusals, sign-in, ids in addresses) is added in
//! [`shared`], from the table of permissions and from the shape of each operation.

mod bodies;
mod headers;
mod queries;
mod shared;

use crate::{
    agents, auth, callbacks, calls, campaigns, company, customers, demo, envelope::method_not_allowed,
    health, invitations, users, webhooks,
};
use actix_web::{
    HttpResponse,
    http::header::ContentType,
    web::{self, ServiceConfig},
};
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tsunagu",
        description = "Calls, customers, agents and people. Every answer is JSON in one envelope: `success` and `data`, or \
                       `success: false` with a sentence (`error`, `message`), a machine word (`code`) and `details` that name \
                       each invalid field. Ids are 24 hexadecimal digits, times RFC 3339 in UTC, durations whole seconds, \
                       telephone numbers E.164. What belongs to another company is answered 404."
    ),
    nest(
        (path = "/api/auth", api = auth::Docs),
        (path = "/api/calls", api = calls::Docs),
        (path = "/api/callbacks", api = callbacks::Docs),
        (path = "/api/campaigns", api = campaigns::Docs),
        (path = "/api/agents", api = agents::Docs),
        (path = "/api/customers", api = customers::Docs),
        (path = "/api/company", api = company::Docs),
        (path = "/api/users", api = users::Docs),
        (path = "/api/invitations", api = invitations::Docs),
        (path = "/api/webhooks", api = webhooks::Docs),
        (path = "/api/demo", api = demo::Docs),
        (path = "/health", api = health::Docs),
    ),
    tags(
        (name = "auth", description = "Signing in and out, and one's own account"),
        (name = "calls", description = "Calls, live and past"),
        (name = "callbacks", description = "Promises to ring customers back"),
        (name = "campaigns", description = "Lists of customers who are rung one after the other"),
        (name = "agents", description = "Those who take calls over, and what they are doing"),
        (name = "customers", description = "Those the company rings"),
        (name = "company", description = "The company, and how its calls are made"),
        (name = "users", description = "The people of the company, whom its admins manage"),
        (name = "invitations", description = "Letting people join the company"),
        (name = "webhooks", description = "Receivers of what happens on the company's calls"),
        (name = "demo", description = "Looking at the personas of a demo, and being one"),
        (name = "health", description = "Whether the server lives and can do its work"),
    ),
)]
struct Docs;

/// Where the document is.
const ADDRESS: &str = "/api/openapi.json";

/// Addresses that older clients know under another name.
const ALIASES: [(&str, &str); 2] =
    [("/api/auth/signup", "/api/auth/register"), ("/api/auth/me", "/api/auth/profile")];

/// The document as one text.
type Text = LazyLock<Result<String, serde_json::Error>>;

/// That of a server which runs no demo.
static PLAIN: Text = LazyLock::new(|| {
    let mut document = document();
    document.paths.paths.retain(|path, _| !path.starts_with(demo::SCOPE));
    written(document)
});
/// That of one which does.
static WITH_DEMO: Text = LazyLock::new(|| written(document()));

fn written(document: utoipa::openapi::OpenApi) -> Result<String, serde_json::Error> {
    let mut document = serde_json::to_value(document)?;
    bodies::complete(&mut document);
    headers::complete(&mut document);
    queries::complete(&mut document);
    serde_json::to_string(&document)
}

/// The description of the whole interface.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let mut document = Docs::openapi();
    for (address, alias) in ALIASES {
        if let Some(item) = document.paths.paths.get(address).cloned() {
            document.paths.paths.insert(alias.to_owned(), item);
        }
    }
    shared::complete(&mut document);
    document
}

/// The routes of the document, with the demo's or without them, and of the page that shows it.
pub(crate) fn routes(service: &mut ServiceConfig, demo: bool) {
    let page = SwaggerUi::new("/docs/{_:.*}").config(Config::from(ADDRESS));
    service
        .service(
            web::resource(ADDRESS)
                .route(web::get().to(move || show(demo)))
                .default_service(method_not_allowed("GET")),
        )
        .service(web::redirect("/docs", "/docs/"))
        .service(page);
}

/// `GET /api/openapi.json`.
async fn show(demo: bool) -> Result<HttpResponse, crate::error::ApiError> {
    let document = if demo { &WITH_DEMO } else { &PLAIN };
    let document = document
        .as_deref()
        .map_err(|_| crate::error::ApiError::Internal("the description cannot be written as JSON"))?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::PERMISSIONS;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_described_behind_the_sign_in_is_what_is_permitted_to_somebody() {
        let mut described = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (path, item) in &mut document().paths.paths {
            for (method, operation) in shared::operations(item) {
                assert!(names.insert(operation.operation_id.clone()), "{:?} twice", operation.operation_id);
                if operation.security.is_some() {
                    described.insert((method.to_string(), path.clone()));
                }
            }
        }
        let permitted: BTreeSet<_> =
            PERMISSIONS.iter().map(|one| (one.method.to_owned(), one.path.to_owned())).collect();
        assert_eq!(described, permitted);
    }
}
