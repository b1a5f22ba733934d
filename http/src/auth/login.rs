//! `POST /login`: e-mail address and password for a pair of tokens.

use super::{
    gate::Peer,
    session::{Account, Pair, Session, logged_in},
};
use crate::{
    App,
    envelope::{Body, Failure},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use secrecy::SecretString;
use tsunagu_store::normal_email;
use utoipa::ToSchema;

/// More characters than this are nobody's e-mail address.
const EMAIL: usize = 1000;

/// Who signs in.
#[derive(ToSchema)]
struct Login {
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    email: String,
    #[schema(value_type = String, min_length = 1, format = Password)]
    password: SecretString,
}

/// Sign in.
#[utoipa::path(
    post, path = "/login", tag = "auth", request_body = Login,
    responses(
        (status = 200, description = "Signed in", body = Session<'static>),
        (status = 401, description = "The e-mail address or the password is wrong", body = Failure),
        (status = 403, description = "`account_disabled`", body = Failure),
        (status = 429, description = "`too_many_tries`; try again after `Retry-After` seconds", body = Failure),
    ),
)]
pub(super) async fn login(app: Data<App>, from: Peer, mut body: Body) -> Result<HttpResponse, ApiError> {
    let Login { email, password } =
        Login { email: normal_email(&body.text("email", EMAIL)), password: body.password("password") };
    body.done()?;
    app.secrets.gate.login(from, &email)?;

    let store = &app.board.ports().store;
    let user = store.user_by_email(&email).await?;
    // Somebody unknown takes as long as somebody known.
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    let right = app.secrets.passwords.check(password, hash).await?;
    let user = user.filter(|_| right).ok_or(ApiError::WrongCredentials)?;
    if user.disabled {
        return Err(ApiError::Disabled);
    }
    app.secrets.gate.succeeded(from, &email);
    let company =
        store.company(user.company_id).await?.ok_or(ApiError::Internal("a user without a company"))?;

    Ok(logged_in(Pair::begin(&app, &user).await?, &Account::of(&user, &company)))
}
