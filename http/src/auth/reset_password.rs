//! `POST /reset-password`: a new password for whom an admin has given a token. Every session ends, and a new one begins.

use super::{
    gate::Peer,
    now, one_time,
    session::{Account, Pair, Session, logged_in},
};
use crate::{
    App,
    envelope::{Body, Failure},
    error::ApiError,
};
use actix_web::{HttpResponse, rt, web::Data};
use secrecy::SecretString;
use tsunagu_store::{Company, StoreError, User};
use utoipa::ToSchema;

/// A new password, by an admin's leave.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct ResetPassword {
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    token: String,
    /// Not one that is easily guessed; 72 bytes at most.
    #[schema(value_type = String, min_length = 8, max_length = 72, format = "new-password")]
    new_password: SecretString,
}

/// Set a new password with the token that an admin gave you. Every session ends, and a new one begins.
#[utoipa::path(
    post, path = "/reset-password", tag = "auth", request_body = ResetPassword,
    responses(
        (status = 200, description = "Signed in", body = Session<'static>),
        (status = 429, description = "`too_many_tries`; try again after `Retry-After` seconds", body = Failure),
    ),
)]
pub(super) async fn reset_password(
    app: Data<App>,
    from: Peer,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    app.secrets.gate.reset(from)?;
    let ResetPassword { token, new_password: new } = ResetPassword {
        token: body.text("token", one_time::LONGEST),
        new_password: body.password("newPassword"),
    };
    let hash = one_time::hash(&token);
    let company = match whose(&app, &hash).await? {
        Some((user, company)) => {
            let about = [&user.email, &user.first_name, &user.last_name, &company.name];
            body.judge_password("newPassword", &new, &about.map(String::as_str));
            Some(company)
        }
        None if token.is_empty() => None,
        None => return Err(void()),
    };
    body.done()?;
    let company = company.ok_or_else(void)?;

    // Once begun it is brought to its end, also for a client that does not wait.
    let done = rt::spawn(async move {
        let user = apply(&app, &hash, new).await?;
        app.board.ports().hub.dismiss(user.company_id, user.id, None);
        app.secrets.gate.succeeded(from, &user.email);
        let pair = Pair::begin(&app, &user).await?;
        Ok(logged_in(pair, &Account::of(&user, &company)))
    });
    done.await.map_err(|error| ApiError::Faulty(error.into()))?
}

/// Whose password it is, and where they work.
async fn whose(app: &App, hash: &str) -> Result<Option<(User, Company)>, ApiError> {
    let store = &app.board.ports().store;
    let Some(reset) = store.password_reset(hash, now()).await? else { return Ok(None) };
    let Some(user) = store.find_user(reset.user_id).await?.filter(|user| !user.disabled) else {
        return Ok(None);
    };
    let company = store.company(user.company_id).await?;
    Ok(company.map(|company| (user, company)))
}

async fn apply(app: &App, hash: &str, new: SecretString) -> Result<User, ApiError> {
    let password = app.secrets.passwords.hash(new).await?;
    match app.board.ports().store.reset_password(hash, password, now()).await {
        Err(StoreError::NotFound { .. }) => Err(void()),
        result => {
            let user = result?;
            tracing::info!(user = %user.id, "password reset");
            Ok(user)
        }
    }
}

fn void() -> ApiError {
    ApiError::invalid("token", "is no longer good; ask an admin of your company for a new one")
}
