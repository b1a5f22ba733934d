//! Whether the process lives, and whether it can do its work.

use crate::{
    App,
    envelope::{self, Success, method_not_allowed},
    error::{ApiError, Detail},
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, ServiceConfig},
};
use serde::Serialize;
use std::{fmt::Display, future::Future, time::Duration};
use tokio::{sync::Mutex, time::Instant};
use utoipa::{OpenApi, ToSchema};

/// How long a part may take to say that it works.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is good: anybody may ask, and the carrier must not hear of each time.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// What was last found out.
#[derive(Default)]
struct LastLook(Mutex<Option<(Instant, Vec<Detail>)>>);

#[derive(Serialize, ToSchema)]
struct Live {
    status: &'static str,
}

#[derive(Serialize, ToSchema)]
struct Ready {
    status: &'static str,
    store: &'static str,
    carrier: &'static str,
    /// The way to other nodes: `ok`, `away` while their news is looked for in the store, or `none`. A node is ready without.
    nats: &'static str,
    /// How many calls live here.
    calls: usize,
}

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(live, ready))]
pub(crate) struct Docs;

/// The routes under `/health`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .app_data(Data::new(LastLook::default()))
        .service(web::resource("/live").route(web::get().to(live)).default_service(method_not_allowed("GET")))
        .service(
            web::resource("/ready").route(web::get().to(ready)).default_service(method_not_allowed("GET")),
        );
}

/// The process answers.
#[utoipa::path(
    get, path = "/live", tag = "health",
    responses((status = 200, description = "It lives", body = Success<Live>)),
)]
async fn live() -> HttpResponse {
    envelope::success(StatusCode::OK, Live { status: "live" })
}

/// Store and carrier answer, the calls that were live before are taken up, and new ones are taken; otherwise 503 and why not.
#[utoipa::path(
    get, path = "/ready", tag = "health",
    responses((status = 200, description = "It is ready", body = Success<Ready>)),
)]
async fn ready(app: Data<App>, last: Data<LastLook>) -> Result<HttpResponse, ApiError> {
    // Those who ask meanwhile wait for the same answer.
    let mut last = last.0.lock().await;
    let mut broken = match &*last {
        Some((at, broken)) if at.elapsed() < GOOD_FOR => broken.clone(),
        _ => {
            let broken = look(&app).await;
            *last = Some((Instant::now(), broken.clone()));
            broken
        }
    };
    drop(last);
    if app.board.is_draining() {
        return Err(ApiError::from(tsunagu_actors::CallError::Draining));
    }
    if !app.board.is_recovered() {
        broken.push(Detail { field: "calls".to_owned(), message: "are being taken up".to_owned() });
    }
    if !broken.is_empty() {
        return Err(ApiError::NotReady(broken));
    }
    let nats = match app.board.ports().hub.exchange().map(|exchange| exchange.is_open()) {
        Some(true) => "ok",
        Some(false) => "away",
        None => "none",
    };
    let calls = app.board.living();
    Ok(envelope::success(StatusCode::OK, Ready { status: "ready", store: "ok", carrier: "ok", nats, calls }))
}

/// The parts that do not work.
async fn look(app: &App) -> Vec<Detail> {
    let ports = app.board.ports();
    let (store, carrier) =
        tokio::join!(works("store", ports.store.check()), works("carrier", ports.carrier.check()));
    store.into_iter().chain(carrier).collect()
}

async fn works<E: Display>(part: &'static str, check: impl Future<Output = Result<(), E>>) -> Option<Detail> {
    let message = match tokio::time::timeout(PATIENCE, check).await {
        Ok(Ok(())) => return None,
        Ok(Err(error)) => {
            tracing::warn!(part, %error, "not ready");
            "does not work"
        }
        Err(_) => {
            tracing::warn!(part, "not ready: no answer in time");
            "does not answer in time"
        }
    };
    Some(Detail { field: part.to_owned(), message: message.to_owned() })
}
