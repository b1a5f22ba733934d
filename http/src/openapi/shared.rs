//! What all operations have in common.

use crate::{auth::least_role, envelope::Failure};
use actix_web::http::Method;
use tsunagu_store::UserRole;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, Content, Object, OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder, Type,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        response::Responses,
        schema::ObjectBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

/// How the token is called in the document.
const TOKEN: &str = "token";

/// Adds them.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    let mut known = vec![(Failure::name().into_owned(), Failure::schema())];
    Failure::schemas(&mut known);
    components.schemas.extend(known);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme(TOKEN, SecurityScheme::Http(bearer));
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            fill_in(&method, path, operation);
        }
    }
}

/// The operations of a path with their methods.
pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::PUT, &mut item.put),
        (Method::POST, &mut item.post),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
        (Method::HEAD, &mut item.head),
    ];
    all.into_iter().filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

fn fill_in(method: &Method, path: &str, operation: &mut Operation) {
    operation.operation_id = Some(name(method, path));
    let least = least_role(method, path);
    let refusals = &mut operation.responses;
    if let Some(least) = least {
        operation.security = Some(vec![SecurityRequirement::new(TOKEN, [""; 0])]);
        refuse(refusals, "401", "Not signed in");
        refuse(refusals, "403", forbidden(least));
        refuse(refusals, "422", "Invalid; every field that is wrong is named");
    }
    if operation.request_body.is_some() {
        refuse(refusals, "400", "The body cannot be read");
        refuse(refusals, "408", "The body did not come in time");
        refuse(refusals, "413", "The body is too large");
        refuse(refusals, "415", "The body is of another kind");
        refuse(refusals, "422", "Invalid; every field that is wrong is named");
    }
    if path.contains('{') {
        refuse(refusals, "404", "There is no such thing, or it is another company's");
    }
    refuse(
        refusals,
        "503",
        "The store or the carrier cannot be reached; try again after `Retry-After` seconds",
    );
    name_parts(path, operation.parameters.get_or_insert_default());
}

/// `POST /api/calls/{call}/end` is `post_calls_call_end`.
fn name(method: &Method, path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != "api");
    let words = parts.map(|part| part.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    std::iter::once(method.as_str().to_lowercase()).chain(words).collect::<Vec<_>>().join("_")
}

const fn forbidden(least: UserRole) -> &'static str {
    match least {
        UserRole::Agent => "Your role does not allow it, or the thing is somebody else's",
        UserRole::Supervisor => "Supervisors and admins alone may do this",
        UserRole::Admin => "Admins alone may do this",
    }
}

fn refuse(refusals: &mut Responses, status: &str, why: &str) {
    let schema = Ref::from_schema_name(Failure::name());
    let response = ResponseBuilder::new()
        .description(why)
        .content("application/json", Content::new(Some(RefOr::Ref(schema))))
        .build();
    refusals.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
}

/// The variable parts of an address are ids where the handler says nothing else.
fn name_parts(path: &str, parameters: &mut Vec<RefOr<Parameter>>) {
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    for part in parts {
        let told = |one: &RefOr<Parameter>| matches!(one, RefOr::T(one) if one.name == part && one.parameter_in == ParameterIn::Path);
        if !parameters.iter().any(told) {
            let id = ParameterBuilder::new()
                .name(part)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(id()))
                .build();
            parameters.push(RefOr::T(id));
        }
    }
}

fn id() -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-fA-F]{24}$")).build()
}
