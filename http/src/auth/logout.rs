//! `POST /logout`: the refresh token, and all that grew out of the same sign-in, are good no more, and what was
//! connected by it is disconnected. The token beside it runs out by itself. Signing out twice, or with a token that is good no more, is no error.

use super::{gate::Peer, now, one_time, refresh::Refresh};
use crate::{
    App,
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, rt, web::Data};
use serde::Serialize;
use tsunagu_store::Spending;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SignedOut {
    signed_out: bool,
}

/// Sign out: the refresh token, and all that grew out of the same sign-in, are good no more.
#[utoipa::path(
    post, path = "/logout", tag = "auth", request_body = Refresh,
    responses(
        (status = 200, description = "Signed out", body = Success<SignedOut>),
        (status = 429, description = "`too_many_tries`; try again after `Retry-After` seconds", body = Failure),
    ),
)]
pub(super) async fn logout(app: Data<App>, from: Peer, mut body: Body) -> Result<HttpResponse, ApiError> {
    app.secrets.gate.refresh(from)?;
    let Refresh { refresh_token: token } = Refresh::read(&mut body);
    body.done()?;
    let revoked = rt::spawn(async move {
        let store = &app.board.ports().store;
        match store.spend_refresh_token(&one_time::hash(&token), None, now()).await? {
            Spending::Fresh(spent) | Spending::Again(spent) => {
                store.revoke_token_family(spent.family).await?;
                if let Some(user) = store.find_user(spent.user_id).await? {
                    app.board.ports().hub.dismiss(user.company_id, user.id, Some(spent.family));
                }
                Ok(())
            }
            Spending::Void => Ok::<_, ApiError>(()),
        }
    });
    revoked.await.map_err(|error| ApiError::Faulty(error.into()))??;
    Ok(envelope::success(StatusCode::OK, SignedOut { signed_out: true }))
}
