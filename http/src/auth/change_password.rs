//! `PUT /password`: a new password for who has signed in and knows the old one. Every other session ends; this one goes on
//! with a new pair of tokens.

use super::{
    SignedIn,
    gate::Peer,
    session::{Account, Pair, Session, logged_in},
};
use crate::{
    App,
    envelope::{Body, Failure},
    error::ApiError,
};
use actix_web::{HttpResponse, rt, web::Data};
use secrecy::{ExposeSecret, SecretString};
use utoipa::ToSchema;

/// A new password instead of the present one.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct ChangePassword {
    #[schema(value_type = String, min_length = 1, format = Password)]
    current_password: SecretString,
    /// Not one that is easily guessed; 72 bytes at most.
    #[schema(value_type = String, min_length = 8, max_length = 72, format = "new-password")]
    new_password: SecretString,
}

/// Change your password. Every other session ends; this one goes on with a new pair of tokens.
#[utoipa::path(
    put, path = "/password", tag = "auth", request_body = ChangePassword,
    responses(
        (status = 200, description = "A new pair", body = Session<'static>),
        (status = 409, description = "`changed_meanwhile`", body = Failure),
        (status = 429, description = "`too_many_tries`; try again after `Retry-After` seconds", body = Failure),
    ),
)]
pub(super) async fn change_password(
    app: Data<App>,
    who: SignedIn,
    from: Peer,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let ChangePassword { current_password: current, new_password: new } = ChangePassword {
        current_password: body.password("currentPassword"),
        new_password: body.password("newPassword"),
    };
    let user = who.user();
    let store = &app.board.ports().store;
    let company = store.company(user.company_id).await?;
    let company = company.ok_or(ApiError::Internal("a user without a company"))?;
    body.judge_password(
        "newPassword",
        &new,
        &[&user.email, &user.first_name, &user.last_name, &company.name],
    );
    if !new.expose_secret().is_empty() && new.expose_secret() == current.expose_secret() {
        body.refuse("newPassword", "must be another one than the present one");
    }
    body.done()?;
    app.secrets.gate.proof(from, user.id)?;

    // Once begun it is brought to its end, also for a client that does not wait.
    let changed = rt::spawn(async move {
        let changed = apply(&app, who, current, new).await?;
        let pair = Pair::begin(&app, &changed).await?;
        Ok(logged_in(pair, &Account::of(&changed, &company)))
    });
    changed.await.map_err(|error| ApiError::Faulty(error.into()))?
}

async fn apply(
    app: &App,
    who: SignedIn,
    current: SecretString,
    new: SecretString,
) -> Result<tsunagu_store::User, ApiError> {
    let user = who.user();
    if !app.secrets.passwords.check(current, Some(&user.password_hash)).await? {
        return Err(ApiError::invalid("currentPassword", "is not your password"));
    }
    let hash = app.secrets.passwords.hash(new).await?;
    let changed = app.board.ports().store.change_password(user.id, &user.password_hash, hash).await?;
    app.board.ports().hub.dismiss(changed.company_id, changed.id, None);
    tracing::info!(user = %user.id, "password changed");
    Ok(changed)
}
