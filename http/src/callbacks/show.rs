//! `GET /{callback}`: one callback, and where it is looked for.

use super::filled::{Backdrop, FilledCallback};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::CallbackId;
use tsunagu_store::Callback;

/// One callback.
#[utoipa::path(
    get, path = "/{callback}", tag = "callbacks",
    responses((status = 200, description = "The callback", body = Success<FilledCallback<'static>>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    callback: Path<CallbackId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let callback = find(&app, &who, *callback).await?;
    shown(&app, &who, callback).await
}

/// A callback of the company of whoever asks.
pub(super) async fn find(app: &App, who: &SignedIn, callback: CallbackId) -> Result<Callback, ApiError> {
    let found = app.board.ports().store.callback(who.company_id, callback).await?;
    found.ok_or(ApiError::NotFound("callback"))
}

/// The answer that shows a callback.
pub(super) async fn shown(app: &App, who: &SignedIn, callback: Callback) -> Result<HttpResponse, ApiError> {
    let callbacks = [callback];
    let backdrop = Backdrop::of(app, who, &callbacks).await?;
    let [callback] = &callbacks;
    Ok(envelope::success(StatusCode::OK, FilledCallback::new(callback, &backdrop)))
}
