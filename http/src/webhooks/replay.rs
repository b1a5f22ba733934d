//! `POST /{webhook}/deliveries/{delivery}/replay` and `POST /{webhook}/replay`: one delivery, or every dead letter, is tried
//! anew.

use super::show;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::{DeliveryId, WebhookId};
use tsunagu_store::{Delivery, DeliveryState};
use utoipa::ToSchema;

/// Have a delivery tried anew, from its first attempt on: a dead letter, or one that the receiver took and lost.
#[utoipa::path(
    post, path = "/{webhook}/deliveries/{delivery}/replay", tag = "webhooks",
    responses(
        (status = 200, description = "It waits to be sent", body = Success<Delivery>),
        (status = 409, description = "`delivery_pending`, or `queue_full`", body = Failure),
    ),
)]
pub(super) async fn one(
    app: Data<App>,
    who: SignedIn,
    parts: Path<(WebhookId, DeliveryId)>,
) -> Result<HttpResponse, ApiError> {
    let (webhook, id) = *parts;
    let store = &app.board.ports().store;
    let find = || store.delivery(who.company_id, webhook, id);
    let delivery = find().await?.ok_or(ApiError::NotFound("delivery"))?;
    let now = app.board.ports().clock.now();
    if store.replay_deliveries(who.company_id, webhook, Some(id), now).await? == 0 {
        let pending = delivery.state == DeliveryState::Pending;
        let (code, sentence) = match pending {
            true => ("delivery_pending", "this delivery is still being tried"),
            false => ("queue_full", "too many deliveries wait for this webhook already"),
        };
        return Err(ApiError::Conflict { code, sentence: sentence.to_owned() });
    }
    app.deliveries.wake(webhook);
    let delivery = find().await?.ok_or(ApiError::NotFound("delivery"))?;
    Ok(envelope::success(StatusCode::OK, delivery))
}

/// How many.
#[derive(Serialize, ToSchema)]
struct Replayed {
    /// How many dead letters are tried anew.
    replayed: u64,
}

/// Have every dead letter of the webhook tried anew, the oldest first, as many as may wait.
#[utoipa::path(
    post, path = "/{webhook}/replay", tag = "webhooks",
    responses((status = 200, description = "How many", body = Success<Replayed>)),
)]
pub(super) async fn all(
    app: Data<App>,
    who: SignedIn,
    webhook: Path<WebhookId>,
) -> Result<HttpResponse, ApiError> {
    let webhook = show::find(&app, &who, *webhook).await?;
    let now = app.board.ports().clock.now();
    let store = &app.board.ports().store;
    let replayed = store.replay_deliveries(who.company_id, webhook.id, None, now).await?;
    app.deliveries.wake(webhook.id);
    Ok(envelope::success(StatusCode::OK, Replayed { replayed }))
}
