//! What a sign-in gives: a pair of tokens, and who has signed in.

use super::{one_time, refresh_token};
use crate::{App, error::ApiError};
use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use tsunagu_call::{DocumentId, UserId};
use tsunagu_store::{Company, StoreError, User, UserRole};
use utoipa::ToSchema;

/// A token and the refresh token that renews it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pair {
    token: String,
    refresh_token: String,
}

/// Who has signed in, as clients keep it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account<'a> {
    id: UserId,
    company_name: &'a str,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    role: UserRole,
}

/// A sign-in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session<'a> {
    success: bool,
    #[serde(flatten)]
    pair: Pair,
    #[schema(value_type = Account<'static>)]
    data: &'a Account<'a>,
    /// The data again: older clients read `user.role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Account<'static>>)]
    user: Option<&'a Account<'a>>,
}

impl Pair {
    /// The first pair of a sign-in.
    pub(super) async fn begin(app: &App, user: &User) -> Result<Self, ApiError> {
        let (first, _) = one_time::mint();
        Self::issue(app, user, tsunagu_actors::fresh(super::now()), first).await
    }

    /// A further pair of the family of a sign-in, with this refresh token.
    pub(super) async fn issue(
        app: &App,
        user: &User,
        family: DocumentId,
        refresh_token: String,
    ) -> Result<Self, ApiError> {
        let token = app.secrets.keys.sign(user, family)?;
        let kept = refresh_token::kept(&refresh_token, user, family);
        match app.board.ports().store.put_refresh_token(kept).await {
            // Kept already: it was given before, and is asked for again.
            Ok(true) | Err(StoreError::Duplicate { .. }) => Ok(Self { token, refresh_token }),
            // The family was revoked meanwhile.
            Ok(false) => Err(ApiError::TokenVoid),
            Err(error) => Err(error.into()),
        }
    }
}

impl<'a> Account<'a> {
    pub(super) fn of(user: &'a User, company: &'a Company) -> Self {
        Self {
            id: user.id,
            company_name: &company.name,
            email: &user.email,
            first_name: &user.first_name,
            last_name: &user.last_name,
            role: user.role,
        }
    }
}

/// The answer to a sign-up.
pub(super) fn signed_up(pair: Pair, account: &Account<'_>) -> HttpResponse {
    let session = Session { success: true, pair, data: account, user: None };
    HttpResponse::build(StatusCode::CREATED).json(session)
}

/// The answer to a login.
pub(super) fn logged_in(pair: Pair, account: &Account<'_>) -> HttpResponse {
    HttpResponse::Ok().json(Session { success: true, pair, data: account, user: Some(account) })
}
