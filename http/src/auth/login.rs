//! `POST /login`: e-mail address and password for a pair of tokens.

use super::{
    gate::Peer,
    session::{Account, Pair, logged_in},
};
use crate::{App, envelope::Body, error::ApiError};
use actix_web::{HttpResponse, web::Data};
use tsunagu_store::normal_email;

/// More characters than this are nobody's e-mail address.
const EMAIL: usize = 1000;

pub(super) async fn login(app: Data<App>, from: Peer, mut body: Body) -> Result<HttpResponse, ApiError> {
    let email = normal_email(&body.text("email", EMAIL));
    let password = body.password("password");
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
