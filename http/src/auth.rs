//! Sign-in: who asks, and what they may do.
//!
//! sign-up or login → a token for an hour and a refresh token for thirty days → `Authorization: Bearer …` → [`SignedIn`]
//!
//! A refresh token is good once: a new pair takes its place, and one that comes again tells that it was copied and voids
//! every token that grew out of the same sign-in, unless it comes with the key of the request that spent it. Tokens go by real time, not by the clock of the calls. Whatever can be
//! guessed at passes the [`gate`] first.

mod change_password;
mod gate;
mod join;
mod keyring;
mod login;
mod logout;
mod me;
pub(crate) mod one_time;
mod password;
mod password_rules;
mod permissions;
mod refresh;
mod refresh_token;
mod reset_password;
mod secrets;
mod session;
mod signed_in;
mod signup;
mod tidy;

pub use gate::{Rate, SignInLimits};
pub use password::{PasswordError, hash_password};
pub use password_rules::password_fault;
#[cfg(test)]
pub(crate) use permissions::PERMISSIONS;
pub(crate) use permissions::least_role;
pub use secrets::{PASSWORD_COST, Secrets};
pub(crate) use signed_in::SignedIn;
pub(crate) use signup::NAME;
pub use tidy::keep_tokens_tidy;

use crate::envelope::method_not_allowed;
use actix_web::web::{self, ServiceConfig};
use tsunagu_call::Time;
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(
    signup::signup,
    login::login,
    refresh::refresh,
    logout::logout,
    me::me,
    change_password::change_password,
    reset_password::reset_password
))]
pub(crate) struct Docs;

/// The routes under `/api/auth`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let post = |path: &str, route: actix_web::Route| {
        web::resource(path).route(route).default_service(method_not_allowed("POST"))
    };
    let get = |path: &str, route: actix_web::Route| {
        web::resource(path).route(route).default_service(method_not_allowed("GET"))
    };
    service
        .service(post("/signup", web::post().to(signup::signup)))
        .service(post("/register", web::post().to(signup::signup)))
        .service(post("/login", web::post().to(login::login)))
        .service(post("/refresh", web::post().to(refresh::refresh)))
        .service(post("/logout", web::post().to(logout::logout)))
        .service(post("/reset-password", web::post().to(reset_password::reset_password)))
        .service(
            web::resource("/password")
                .route(web::put().to(change_password::change_password))
                .default_service(method_not_allowed("PUT")),
        )
        .service(get("/me", web::get().to(me::me)))
        .service(get("/profile", web::get().to(me::me)));
}

/// Real time, by which tokens expire.
pub(crate) fn now() -> Time {
    Time::from_millis(jiff::Timestamp::now().as_millisecond())
}
