//! Whether the process lives, and whether it can do its work.

use crate::{
    App,
    envelope::{self, method_not_allowed},
    error::{ApiError, Detail},
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, ServiceConfig},
};
use std::{fmt::Display, future::Future, time::Duration};
use tokio::{sync::Mutex, time::Instant};

/// How long a part may take to say that it works.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is good: anybody may ask, and the carrier must not hear of each time.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// What was last found out.
#[derive(Default)]
struct LastLook(Mutex<Option<(Instant, Vec<Detail>)>>);

/// The routes under `/health`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .app_data(Data::new(LastLook::default()))
        .service(web::resource("/live").route(web::get().to(live)).default_service(method_not_allowed("GET")))
        .service(
            web::resource("/ready").route(web::get().to(ready)).default_service(method_not_allowed("GET")),
        );
}

/// `GET /health/live`: the process answers.
async fn live() -> HttpResponse {
    envelope::success(StatusCode::OK, serde_json::json!({ "status": "live" }))
}

/// `GET /health/ready`: store and carrier answer, and new calls are taken; otherwise 503 and why not.
async fn ready(app: Data<App>, last: Data<LastLook>) -> Result<HttpResponse, ApiError> {
    // Those who ask meanwhile wait for the same answer.
    let mut last = last.0.lock().await;
    let broken = match &*last {
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
    if !broken.is_empty() {
        return Err(ApiError::NotReady(broken));
    }
    let ready =
        serde_json::json!({ "status": "ready", "store": "ok", "carrier": "ok", "calls": app.board.living() });
    Ok(envelope::success(StatusCode::OK, ready))
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
