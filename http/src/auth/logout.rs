//! `POST /logout`: the refresh token, and all that grew out of the same sign-in, are good no more. The token beside it
//! runs out by itself. Signing out twice, or with a token that is good no more, is no error.

use super::{gate::Peer, now, one_time};
use crate::{App, envelope, envelope::Body, error::ApiError};
use actix_web::{HttpResponse, http::StatusCode, rt, web::Data};
use tsunagu_store::Spending;

pub(super) async fn logout(app: Data<App>, from: Peer, mut body: Body) -> Result<HttpResponse, ApiError> {
    app.secrets.gate.refresh(from)?;
    let token = body.text("refreshToken", one_time::LONGEST);
    body.done()?;
    let revoked = rt::spawn(async move {
        let store = &app.board.ports().store;
        match store.spend_refresh_token(&one_time::hash(&token), now()).await? {
            Spending::Fresh(spent) | Spending::Again(spent) => store.revoke_token_family(spent.family).await,
            Spending::Void => Ok(()),
        }
    });
    revoked.await.map_err(|error| ApiError::Faulty(error.into()))??;
    Ok(envelope::success(StatusCode::OK, serde_json::json!({ "signedOut": true })))
}
