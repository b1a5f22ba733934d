//! `POST /reset-password`: a new password for whom an admin has given a token. Every session ends, and a new one begins.

use super::{
    gate::Peer,
    now, one_time,
    session::{Account, Pair, logged_in},
};
use crate::{App, envelope::Body, error::ApiError};
use actix_web::{HttpResponse, rt, web::Data};
use secrecy::SecretString;
use tsunagu_store::{Company, StoreError, User};

pub(super) async fn reset_password(
    app: Data<App>,
    from: Peer,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    app.secrets.gate.reset(from)?;
    let (token, new) = (body.text("token", one_time::LONGEST), body.password("newPassword"));
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
