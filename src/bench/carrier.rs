//! A carrier that rings nobody: every call it is asked for exists at once, and none ever ends by itself.

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    web::{self, Bytes, Path},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    sync::atomic::{AtomicU64, Ordering},
};
use tsunagu_twiml::webhook::Form;

/// The account that calls go over.
pub const ACCOUNT: &str = "AC000000000000000000000000000be4c0";
/// Its auth token.
pub const TOKEN: &str = "a-token-that-only-benchmarks-use";
/// The number that calls show.
pub const NUMBER: &str = "+815000000000";

/// A carrier that runs in this process, on a thread of its own.
pub struct Carrier {
    /// Where it listens.
    pub url: String,
    handle: ServerHandle,
}

impl Carrier {
    /// Starts it.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("the null carrier cannot listen")?;
        let url = format!("http://{}", listener.local_addr()?);
        let server = HttpServer::new(|| {
            App::new()
                .service(
                    web::scope("/2010-04-01/Accounts/{account}")
                        .route("/Calls.json", web::post().to(create))
                        .route("/Calls.json", web::get().to(list))
                        .route("/Calls/{call}.json", web::get().to(fetch))
                        .route("/Calls/{call}.json", web::post().to(update)),
                )
                .route("/2010-04-01/Accounts/{account}.json", web::get().to(account))
                .default_service(web::to(nothing))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .context("the null carrier cannot start")?
        .run();
        let handle = server.handle();
        actix::spawn(server);
        Ok(Self { url, handle })
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        // The order to stop is given by the call; what it gives back would only wait for the end.
        drop(self.handle.stop(false));
    }
}

async fn create(body: Bytes) -> HttpResponse {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    let Ok(form) = Form::parse(&body) else { return HttpResponse::BadRequest().finish() };
    let sid = format!("CA{:032x}", CALLS.fetch_add(1, Ordering::Relaxed));
    let mut call = resource(&sid, "queued");
    for (key, parameter) in [("to", "To"), ("from", "From")] {
        if let Some(field) = call.get_mut(key) {
            *field = form.get(parameter).into();
        }
    }
    HttpResponse::Created().json(call)
}

async fn list() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "calls": [], "page": 0, "page_size": 50, "next_page_uri": null }))
}

async fn fetch(path: Path<(String, String)>) -> HttpResponse {
    HttpResponse::Ok().json(resource(&path.1, "in-progress"))
}

async fn update(path: Path<(String, String)>, body: Bytes) -> HttpResponse {
    let form = Form::parse(&body).unwrap_or_default();
    HttpResponse::Ok().json(resource(&path.1, form.get("Status").unwrap_or("in-progress")))
}

async fn account(path: Path<String>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "sid": path.into_inner(), "status": "active", "type": "Full" }))
}

async fn nothing() -> HttpResponse {
    HttpResponse::NotFound()
        .json(json!({ "code": 20404, "message": "there is no such thing", "status": 404 }))
}

/// A call as REST shows it, as far as a program that places calls looks at it.
fn resource(sid: &str, status: &str) -> Value {
    json!({
        "sid": sid,
        "account_sid": ACCOUNT,
        "status": status,
        "to": null,
        "from": null,
        "direction": "outbound-api",
        "answered_by": null,
        "parent_call_sid": null,
        "date_created": null,
        "start_time": null,
        "end_time": null,
        "duration": null,
    })
}
