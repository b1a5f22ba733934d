//! An application with a sandbox: answers webhooks by a script, keeps all it has seen, and speaks REST.

use crate::sandbox::persona::Cast;
use crate::sandbox::{SandboxConfig, SandboxHandle, serve};
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tsunagu_twiml::signature::{Body, HEADER, SignedRequest, Verifier};
use tsunagu_twiml::webhook::Form;

pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub const TOKEN: &str = "12345";
pub const US: &str = "+815012345678";
/// Answers every prompt, says two sentences, never leaves by themselves.
pub const TALKER: &str = "+819000000001";
/// Presses 1.
pub const PRESSER: &str = "+819000000002";
/// Says nothing and stays.
pub const SILENT: &str = "+819000000003";
/// Played by hand.
pub const MANUAL: &str = "+819000000004";
pub const BUSY: &str = "+819000000005";
pub const NO_ANSWER: &str = "+819000000006";
/// A machine.
pub const VOICEMAIL: &str = "+819000000007";
/// Hangs up while being spoken to.
pub const RUDE: &str = "+819000000008";
/// Leaves a conference after 5 seconds in company or 3 alone.
pub const BRIEF: &str = "+819000000009";

/// Speaks English: talks over a long story, is fine, presses a key when told to, and hangs up after a goodbye.
pub const VISITOR: &str = "+819000000010";
/// Played by hand, and given 20 seconds of real time.
pub const TYPIST: &str = "+819000000011";

const CAST: &[(&str, &str)] = &[
    (
        "talker",
        r##"
        [pickup]
        ring_secs = [1, 1]
        [default]
        say = ["はい、そうです"]
        after_secs = [0.5, 0.5]
        confidence = [0.9, 0.9]
    "##,
    ),
    (
        "presser",
        r##"
        [default]
        press = "1"
        after_secs = [0.5, 0.5]
    "##,
    ),
    ("silent", "[default]\nsilent = true"),
    ("manual", "manual = true"),
    ("busy", "[pickup]\nkind = \"busy\""),
    ("no-answer", "[pickup]\nkind = \"no_answer\""),
    (
        "voicemail",
        r##"
        [answered_by]
        who = "machine_end_beep"
        after_secs = 4
        [default]
        silent = true
    "##,
    ),
    (
        "rude",
        r##"
        [default]
        hang_up = true
        during_speech = true
        after_secs = [1, 1]
    "##,
    ),
    (
        "brief",
        r##"
        [default]
        silent = true
        [conference]
        hangs_up = true
        talk_secs = [5, 5]
        leaves_if_alone_secs = 3
    "##,
    ),
    (
        "visitor",
        r##"
        [[rules]]
        when = ["long story"]
        say = ["Could you be brief?"]
        interrupts = true
        after_secs = [20, 20]
        [[rules]]
        when = ["how are you"]
        say = ["Fine, thank you"]
        after_secs = [0.5, 0.5]
        [[rules]]
        when = ["press one"]
        press = "1"
        after_secs = [0.5, 0.5]
        [[rules]]
        when = ["goodbye"]
        hang_up = true
        after_secs = [0.5, 0.5]
    "##,
    ),
    ("typist", "manual = true\nunhurried_secs = 20"),
];

/// A webhook as the application got it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub form: Form,
    pub token: String,
    pub signed: bool,
    pub cookie: String,
    pub host: String,
}

impl Seen {
    pub fn get(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }
}

/// What the application answers.
pub struct Reply {
    pub status: u16,
    pub kind: &'static str,
    pub body: String,
    pub header: Option<(&'static str, String)>,
}

pub fn twiml(verbs: &str) -> Reply {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{verbs}</Response>");
    Reply { status: 200, kind: "text/xml; charset=utf-8", body, header: None }
}

pub fn nothing() -> Reply {
    Reply { status: 204, kind: "text/plain", body: String::new(), header: None }
}

type Script = dyn Fn(&Seen) -> Reply + Send + Sync;

struct Application {
    base: String,
    script: Box<Script>,
    seen: Mutex<Vec<Seen>>,
    count: watch::Sender<usize>,
}

pub struct World {
    app: Arc<Application>,
    app_server: ServerHandle,
    pub sandbox: SandboxHandle,
    pub client: reqwest::Client,
    pub base: String,
}

/// A sandbox at fifty times real time, and an application.
pub async fn world(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> World {
    world_with(|_| {}, script).await
}

pub async fn world_with(
    change: impl FnOnce(&mut SandboxConfig),
    script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
) -> World {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (count, _) = watch::channel(0);
    let app =
        Arc::new(Application { base: base.clone(), script: Box::new(script), seen: Mutex::default(), count });
    let data = web::Data::new(app.clone());
    let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(receive)))
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
    let app_server = server.handle();
    tokio::spawn(server);
    let mut config = SandboxConfig::new(ACCOUNT, TOKEN, Arc::new(cast()));
    config.speed = 50.0;
    change(&mut config);
    let sandbox = serve(config, TcpListener::bind("127.0.0.1:0").unwrap()).await.unwrap();
    World { app, app_server, sandbox, client: reqwest::Client::new(), base }
}

pub fn cast() -> Cast {
    let sources: Vec<(String, String)> = CAST
        .iter()
        .enumerate()
        .map(|(place, (name, rest))| {
            let number = format!("+8190000000{:02}", place + 1);
            let head = format!(
                "name = \"{name}\"\nabout = \"{name}\"\nrole = \"agent\"\nlang = \"ja\"\nnumbers = [\"{number}\"]\n"
            );
            ((*name).to_owned(), format!("{head}{rest}"))
        })
        .collect();
    Cast::from_sources(&sources).unwrap()
}

async fn receive(request: HttpRequest, body: web::Bytes, app: web::Data<Arc<Application>>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let url = format!("{}{}", app.base, request.uri());
    let verifier = Verifier::new([TOKEN]);
    let get = request.method() == "GET";
    let form = Form::parse(if get { request.query_string().as_bytes() } else { &body }).unwrap();
    let body = if get { Body::None } else { Body::Form(&form) };
    let signed = verifier.verify(&SignedRequest { url: &url, body, signature: Some(header(HEADER)) }).is_ok();
    let seen = Seen {
        method: request.method().to_string(),
        path: request.path().to_owned(),
        token: header("I-Twilio-Idempotency-Token").to_owned(),
        cookie: header("Cookie").to_owned(),
        host: header("Host").to_owned(),
        signed,
        form: form.clone(),
    };
    let reply = (app.script)(&seen);
    app.seen.lock().unwrap().push(seen);
    app.count.send_modify(|count| *count += 1);
    let mut response = HttpResponse::build(actix_web::http::StatusCode::from_u16(reply.status).unwrap());
    if let Some((name, value)) = reply.header {
        response.insert_header((name, value));
    }
    response.content_type(reply.kind).body(reply.body)
}

impl World {
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.app.seen.lock().unwrap().clone()
    }

    pub fn at(&self, path: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.path == path).collect()
    }

    /// Waits until the application has seen what is wanted.
    pub async fn until(&self, wanted: impl Fn(&[Seen]) -> bool) {
        let mut count = self.app.count.subscribe();
        let arrived = async {
            while !wanted(&self.app.seen.lock().unwrap()) {
                count.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(Duration::from_secs(20), arrived).await.is_err() {
            panic!("it never came; seen so far: {:#?}", self.seen());
        }
    }

    /// Waits for a status callback at `/status` with this status.
    pub async fn until_status(&self, status: &str) {
        self.until(|seen| seen.iter().any(|s| s.path == "/status" && s.get("CallStatus") == status)).await;
    }

    pub fn account(&self, path: &str) -> String {
        format!("{}/2010-04-01/Accounts/{ACCOUNT}/{path}", self.sandbox.url())
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let url = self.account(path);
        answer(self.client.post(url).basic_auth(ACCOUNT, Some(TOKEN)).form(form)).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.client.get(self.account(path)).basic_auth(ACCOUNT, Some(TOKEN))).await
    }

    pub async fn delete(&self, path: &str) -> u16 {
        let request = self.client.delete(self.account(path)).basic_auth(ACCOUNT, Some(TOKEN));
        request.send().await.unwrap().status().as_u16()
    }

    /// Rings `to` with `/voice` as its URL and everything reported to `/status`.
    pub async fn ring(&self, to: &str, more: &[(&str, &str)]) -> String {
        let (voice, status) = (self.url("/voice"), self.url("/status"));
        let mut form = vec![
            ("To", to),
            ("From", US),
            ("Url", voice.as_str()),
            ("StatusCallback", status.as_str()),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "ringing"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
        ];
        form.retain(|(key, _)| !more.iter().any(|(other, _)| key == other));
        form.extend_from_slice(more);
        let (status, body) = self.post("Calls.json", &form).await;
        assert_eq!(status, 201, "{body}");
        body["sid"].as_str().unwrap().to_owned()
    }

    pub async fn inspect(&self, path: &str) -> Value {
        answer(self.client.get(format!("{}/sandbox/v1/{path}", self.sandbox.url()))).await.1
    }

    pub async fn control(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.client.post(format!("{}/sandbox/v1/{path}", self.sandbox.url())).json(&body)).await
    }

    /// The log entries of one kind.
    pub async fn log(&self, call: &str, kind: &str) -> Vec<Value> {
        let call = self.inspect(&format!("calls/{call}")).await;
        let log = call["log"].as_array().unwrap().clone();
        log.into_iter().filter(|entry| entry["kind"] == kind).collect()
    }

    pub async fn end(self) {
        assert!(self.seen().iter().all(|seen| seen.signed), "every webhook is signed");
        self.sandbox.stop(false).await;
        self.app_server.stop(false).await;
    }
}

pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}
