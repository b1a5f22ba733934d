//! A carrier whose every answer is written in advance.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpRequest, HttpResponse, HttpResponseBuilder, HttpServer};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::ACCOUNT;

/// The carrier's clock, which stands still.
pub(super) const NOW: &str = "2026-11-22T10:00:00.700Z";
const WRITTEN_NOW: &str = "Sun, 22 Nov 2026 10:00:00 +0000";

/// How one request is answered. Unwritten: as a carrier should.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Does it and says so.
    Well,
    /// Does it, then answers with this status.
    DoneThen(u16),
    /// Does it, then breaks off in mid-answer.
    DoneThenCut,
    /// Does it, then never answers.
    DoneThenSilence,
    /// Does it, then answers nonsense.
    DoneThenGarbage,
    /// Does nothing and answers with this status and Twilio code (0: no body).
    Refuse(u16, u32),
    /// Does nothing and asks to come again after so many seconds.
    Limit(u64),
    /// Says exactly this, with status 200.
    Say(Value),
}

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: Method,
    /// Below the account, such as `Calls.json`.
    pub(super) path: String,
    pub(super) query: String,
    pub(super) body: String,
    pub(super) authorization: String,
}

#[derive(Default)]
pub(super) struct Book {
    commands: Mutex<VecDeque<Act>>,
    reads: Mutex<VecDeque<Act>>,
    seen: Mutex<Vec<Seen>>,
    calls: Mutex<Vec<Value>>,
    participants: Mutex<Vec<Value>>,
    effects: AtomicUsize,
    busy: AtomicUsize,
    busiest: AtomicUsize,
}

pub(super) struct Stage {
    pub(super) url: String,
    book: Arc<Book>,
    server: ServerHandle,
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

impl Stage {
    pub(super) async fn open() -> Self {
        let book = Arc::new(Book::default());
        let shared = web::Data::from(Arc::clone(&book));
        let server =
            HttpServer::new(move || App::new().app_data(shared.clone()).default_service(web::to(answer)))
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let running = server.run();
        let handle = running.handle();
        actix_web::rt::spawn(running);
        Self { url, book, server: handle }
    }

    /// How the next requests that change something are answered.
    pub(super) fn commands(&self, acts: impl IntoIterator<Item = Act>) {
        self.book.commands.lock().unwrap().extend(acts);
    }

    /// How the next requests that only look are answered.
    pub(super) fn reads(&self, acts: impl IntoIterator<Item = Act>) {
        self.book.reads.lock().unwrap().extend(acts);
    }

    /// A call that was made earlier.
    pub(super) fn had_call(&self, sid: &str, to: &str, from: &str, created: &str) {
        self.book.calls.lock().unwrap().insert(0, call(sid, to, from, created));
    }

    /// How often something was really done.
    pub(super) fn effects(&self) -> usize {
        self.book.effects.load(Ordering::SeqCst)
    }

    /// The most requests that were under way at once.
    pub(super) fn busiest(&self) -> usize {
        self.book.busiest.load(Ordering::SeqCst)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.book.seen.lock().unwrap().clone()
    }

    /// How many requests of a method arrived.
    pub(super) fn count(&self, method: Method) -> usize {
        self.seen().iter().filter(|seen| seen.method == method).count()
    }
}

async fn answer(book: web::Data<Book>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let busy = book.busy.fetch_add(1, Ordering::SeqCst) + 1;
    book.busiest.fetch_max(busy, Ordering::SeqCst);
    // Lets the other requests that are already here be counted.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    let response = act(&book, &request, &body).await;
    book.busy.fetch_sub(1, Ordering::SeqCst);
    response
}

async fn act(book: &Book, request: &HttpRequest, body: &Bytes) -> HttpResponse {
    let authorization =
        request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let prefix = format!("/2010-04-01/Accounts/{ACCOUNT}/");
    let seen = Seen {
        method: request.method().clone(),
        path: request.path().strip_prefix(&prefix).unwrap_or(request.path()).to_owned(),
        query: request.query_string().to_owned(),
        body: String::from_utf8(body.to_vec()).unwrap(),
        authorization: authorization.unwrap_or_default(),
    };
    book.seen.lock().unwrap().push(seen.clone());
    if seen.path.ends_with(".wav") {
        return sound(book, request);
    }
    let script = if seen.method == Method::GET { &book.reads } else { &book.commands };
    let act = script.lock().unwrap().pop_front().unwrap_or(Act::Well);
    match act {
        Act::Well => done(book, &seen),
        Act::DoneThen(status) => {
            done(book, &seen);
            refuse(status).finish()
        }
        Act::DoneThenCut => {
            done(book, &seen);
            cut(b"{\"sid\": \"CA", 200)
        }
        Act::DoneThenSilence => {
            done(book, &seen);
            std::future::pending().await
        }
        Act::DoneThenGarbage => {
            done(book, &seen);
            HttpResponse::Created().body("<html>so sorry</html>")
        }
        Act::Refuse(status, 0) => refuse(status).finish(),
        Act::Refuse(status, code) => refuse(status)
            .json(json!({"code": code, "message": "no", "more_info": "https://x.example", "status": status})),
        Act::Limit(secs) => refuse(429)
            .insert_header(("retry-after", secs.to_string()))
            .json(json!({"code": 20429, "message": "Too Many Requests", "status": 429})),
        Act::Say(value) => HttpResponse::Ok().json(value),
    }
}

fn refuse(status: u16) -> HttpResponseBuilder {
    let mut builder = HttpResponse::build(status.try_into().unwrap());
    if status == 302 {
        builder.insert_header(("location", "/elsewhere"));
    }
    builder
}

/// An answer that promises more than it gives.
fn cut(part: &'static [u8], status: u16) -> HttpResponse {
    let given = stream::iter([Ok(Bytes::from_static(part))]);
    // Pending once, so that the part is sent before the connection goes.
    let broken = stream::once(async {
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut"))
    });
    HttpResponse::build(status.try_into().unwrap()).streaming(given.chain(broken))
}

/// Carries a request out.
fn done(book: &Book, seen: &Seen) -> HttpResponse {
    let form: Vec<(String, String)> = form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
    let field = |key: &str| {
        form.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    if seen.method != Method::GET {
        book.effects.fetch_add(1, Ordering::SeqCst);
    }
    let mut calls = book.calls.lock().unwrap();
    let sid = format!("CA{:032}", calls.len() + 1);
    let path: Vec<&str> = seen.path.trim_end_matches(".json").split('/').collect();
    match (seen.method.as_str(), path.as_slice()) {
        ("POST", ["Calls"]) => {
            calls.insert(0, call(&sid, &field("To"), &field("From"), WRITTEN_NOW));
            HttpResponse::Created().json(&calls[0])
        }
        ("GET", ["Calls"]) => HttpResponse::Ok().json(json!({"calls": *calls, "next_page_uri": null})),
        (method, ["Calls", sid]) => {
            let mut one = call(sid, super::TO, super::FROM, WRITTEN_NOW);
            if method == "GET" || !field("Status").is_empty() {
                one["status"] = json!("completed");
            }
            HttpResponse::Ok().json(one)
        }
        ("POST", ["Conferences", _, "Participants"]) => {
            calls.insert(0, call(&sid, &field("To"), &field("From"), WRITTEN_NOW));
            let participant = json!({
                "call_sid": sid, "conference_sid": "CF1", "label": field("Label"), "status": "queued",
                "muted": false, "hold": false, "coaching": false
            });
            book.participants.lock().unwrap().push(participant.clone());
            HttpResponse::Created().json(participant)
        }
        ("GET", ["Conferences", _, "Participants"]) => HttpResponse::Ok()
            .json(json!({"participants": *book.participants.lock().unwrap(), "next_page_uri": null})),
        ("POST", ["Conferences", _, "Participants", name]) => HttpResponse::Ok().json(json!({
            "call_sid": name, "conference_sid": "CF1", "muted": field("Muted") == "true", "hold": field("Hold") == "true"
        })),
        ("GET", ["Conferences"]) => HttpResponse::Ok().json(json!({"conferences": [
            {"sid": "CF1", "friendly_name": "room", "status": "in-progress"},
            {"sid": "CF0", "friendly_name": "room", "status": "completed"}
        ], "next_page_uri": null})),
        (_, ["Conferences", sid]) => HttpResponse::Ok().json(json!({
            "sid": sid, "friendly_name": "room", "status": "completed",
            "reason_conference_ended": "conference-ended-via-api"
        })),
        ("DELETE", _) => HttpResponse::NoContent().finish(),
        ("GET", [_, sid, "Recordings"]) => HttpResponse::Ok().json(json!({"recordings": [
            {"sid": "RE1", "call_sid": sid, "status": "completed", "duration": "12", "channels": 2,
             "media_url": "https://carrier.example.jp/RE1"}
        ], "next_page_uri": null})),
        (_, [_, _, "Recordings", sid]) => {
            HttpResponse::Ok().json(json!({"sid": sid, "status": field("Status"), "duration": null}))
        }
        other => panic!("nobody wrote this: {other:?}"),
    }
}

/// Ten bytes, whole or in part.
fn sound(book: &Book, request: &HttpRequest) -> HttpResponse {
    let all = b"0123456789";
    match book.reads.lock().unwrap().pop_front() {
        Some(Act::Refuse(status, _)) => return refuse(status).finish(),
        Some(_) => return cut(&all[..4], 200),
        None => {}
    }
    match request.headers().get("range").map(|range| range.to_str().unwrap()) {
        Some("bytes=2-4") => HttpResponse::PartialContent()
            .insert_header(("content-range", "bytes 2-4/10"))
            .insert_header(("content-type", "audio/x-wav"))
            .insert_header(("set-cookie", "private=1"))
            .body(all[2..=4].to_vec()),
        Some(_) => HttpResponse::RangeNotSatisfiable().finish(),
        None => HttpResponse::Ok().insert_header(("content-type", "audio/x-wav")).body(all.to_vec()),
    }
}

fn call(sid: &str, to: &str, from: &str, created: &str) -> Value {
    json!({
        "sid": sid, "status": "queued", "to": to, "from": from, "direction": "outbound-api",
        "date_created": created, "start_time": null, "end_time": null, "duration": null, "answered_by": null,
        "price": null, "queue_time": "0"
    })
}
