//! `POST /refresh`: a refresh token for a new pair. A spent one that comes again was copied: by whom cannot be told, so
//! that everything which grew out of that sign-in is void.
//!
//! With an `Idempotency-Key` the same request may be sent again within two minutes, if its answer was lost, and gives the same
//! refresh token: of two who have that one, the second is found out.

use super::{gate::Peer, now, one_time, refresh_token, session::Pair};
use crate::{
    App,
    envelope::{self, Body, Failure},
    error::ApiError,
};
use actix_web::{HttpRequest, HttpResponse, rt, web::Data};
use serde::Serialize;
use tsunagu_store::Spending;
use utoipa::ToSchema;

/// The shortest key, in characters: by it a request that is repeated is told from somebody with a copy of the token.
const SHORTEST_KEY: usize = 16;

/// A refresh token.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(super) struct Refresh {
    #[schema(min_length = 1, max_length = 200, pattern = "\\S")]
    pub refresh_token: String,
}

impl Refresh {
    pub(super) fn read(body: &mut Body) -> Self {
        Self { refresh_token: body.text("refreshToken", one_time::LONGEST) }
    }
}

#[derive(Serialize, ToSchema)]
struct Renewed<'a> {
    success: bool,
    #[serde(flatten)]
    #[schema(value_type = Pair)]
    pair: &'a Pair,
    #[schema(value_type = Pair)]
    data: &'a Pair,
}

/// Get a new pair of tokens. The refresh token is spent; one that comes again voids all of that sign-in.
#[utoipa::path(
    post, path = "/refresh", tag = "auth", request_body = Refresh,
    params(
        (
            "Idempotency-Key" = Option<String>,
            Header,
            min_length = 16,
            max_length = 255,
            pattern = "^[!-~]{16,255}$",
            description = "The same request with the same key, within two minutes, gives the same refresh token again",
        ),
    ),
    responses(
        (status = 200, description = "A new pair", body = Renewed<'static>),
        (status = 401, description = "`refresh_token_void`", body = Failure),
        (status = 429, description = "`too_many_tries`; try again after `Retry-After` seconds", body = Failure),
    ),
)]
pub(super) async fn refresh(
    app: Data<App>,
    from: Peer,
    request: HttpRequest,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    app.secrets.gate.refresh(from)?;
    let Refresh { refresh_token: token } = Refresh::read(&mut body);
    let key = envelope::idempotency_key(&request, SHORTEST_KEY, &mut body);
    body.done()?;
    // Once begun it is brought to its end: a reuse is answered with revocation also when nobody waits for it.
    let renewed = rt::spawn(async move { renew(&app, &token, key.as_deref()).await });
    let pair = renewed.await.map_err(|error| ApiError::Faulty(error.into()))??;
    Ok(HttpResponse::Ok().json(Renewed { success: true, pair: &pair, data: &pair }))
}

async fn renew(app: &App, token: &str, key: Option<&str>) -> Result<Pair, ApiError> {
    let store = &app.board.ports().store;
    let (now, request) = (now(), key.map(one_time::hash));
    match store.spend_refresh_token(&one_time::hash(token), request.as_deref(), now).await? {
        Spending::Again(spent) if !refresh_token::is_repeated(&spent, request.as_deref(), now) => {
            tracing::warn!(user = %spent.user_id, "a spent refresh token came again; its family is revoked");
            metrics::counter!("refresh_tokens_reused_total").increment(1);
            store.revoke_token_family(spent.family).await?;
            if let Some(user) = store.find_user(spent.user_id).await? {
                app.board.ports().hub.dismiss(user.company_id, user.id, Some(spent.family));
            }
            Err(ApiError::TokenVoid)
        }
        Spending::Fresh(spent) | Spending::Again(spent) => {
            let user = store.find_user(spent.user_id).await?.filter(|user| !user.disabled);
            // A login that overlapped with a sign-out everywhere does not outlive it.
            let user = user.filter(|user| user.session_epoch == spent.epoch).ok_or(ApiError::TokenVoid)?;
            let next = key.map_or_else(|| one_time::mint().0, |key| app.secrets.keys.successor(token, key));
            Pair::issue(app, &user, spent.family, next).await
        }
        Spending::Void => Err(ApiError::TokenVoid),
    }
}
