//! `POST /logout`: the refresh token, and all that grew out of the same sign-in, are good no more. The token beside it
//! runs out by itself. Signing out twice, or with a token that is good no more, is no error.

use super::{now, refresh::TOKEN, refresh_token};
use crate::{App, envelope, envelope::Body, error::ApiError};
use actix_web::{HttpResponse, http::StatusCode, rt, web::Data};
use tsunagu_store::Spending;

pub(super) async fn logout(app: Data<App>, mut body: Body) -> Result<HttpResponse, ApiError> {
    let token = body.text("refreshToken", TOKEN);
    body.done()?;
    let revoked = rt::spawn(async move {
        let store = &app.board.ports().store;
        match store.spend_refresh_token(&refresh_token::hash(&token), now()).await? {
            Spending::Fresh(spent) | Spending::Again(spent) => store.revoke_token_family(spent.family).await,
            Spending::Void => Ok(()),
        }
    });
    revoked.await.map_err(|error| ApiError::Faulty(error.into()))??;
    Ok(envelope::success(StatusCode::OK, serde_json::json!({ "signedOut": true })))
}
