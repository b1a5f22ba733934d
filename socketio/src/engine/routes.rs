//! What a request wants: to open a session, to poll, to post, or to bring a WebSocket. Checked in the order of the reference
//! server, so that each mistake gets the code that clients know for it.

use super::{
    link, polling,
    refusal::Refusal,
    server::Engine,
    session::{Beginning, Session},
    socket::Socket,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
    web::{self, Data, Payload, Query, ServiceConfig},
};
use serde::Deserialize;

/// The revision of the protocol that is spoken.
const REVISION: &str = "4";

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "EIO")]
    revision: Option<String>,
    transport: Option<String>,
    sid: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    Polling,
    WebSocket,
}

pub(super) fn mount(engine: &Engine, service: &mut ServiceConfig) {
    let config = &engine.0.config;
    let path = config.path.as_str();
    let paths = [path, path.trim_end_matches('/')];
    let resource = web::resource(paths).app_data(Data::new(engine.clone())).route(web::route().to(serve));
    match config.origins.cors() {
        Some(cors) => service.service(resource.wrap(cors)),
        None => service.service(resource),
    };
}

async fn serve(request: HttpRequest, body: Payload, engine: Data<Engine>) -> HttpResponse {
    match take(&request, body, &engine).await {
        Ok(answer) => answer,
        Err(refusal) => {
            tracing::debug!(%refusal, "an engine.io request is refused");
            refusal.answer()
        }
    }
}

async fn take(request: &HttpRequest, body: Payload, engine: &Engine) -> Result<HttpResponse, Refusal> {
    let asked = Query::<Asked>::from_query(request.query_string()).map_err(|_| Refusal::BadRequest)?;
    let transport = match asked.transport.as_deref() {
        Some("polling") => Transport::Polling,
        Some("websocket") => Transport::WebSocket,
        _ => return Err(Refusal::UnknownTransport),
    };
    let upgrade = is_upgrade(request);
    match asked.sid.as_deref().filter(|sid| !sid.is_empty()) {
        Some(sid) => {
            let socket = engine.find(sid).ok_or(Refusal::UnknownSession)?;
            carry_on(request, body, socket, transport, upgrade).await
        }
        None => {
            if request.method() != Method::GET {
                return Err(Refusal::HandshakeMethod);
            }
            if (transport == Transport::WebSocket) != upgrade {
                return Err(Refusal::BadRequest);
            }
            if asked.revision.as_deref() != Some(REVISION) {
                return Err(Refusal::Version);
            }
            open(request, body, engine, transport).await
        }
    }
}

/// A session that is known goes on.
async fn carry_on(
    request: &HttpRequest,
    body: Payload,
    socket: Socket,
    transport: Transport,
    upgrade: bool,
) -> Result<HttpResponse, Refusal> {
    match (transport, request.method()) {
        (Transport::WebSocket, _) if upgrade => {
            let link = socket.attach();
            link::start(request, body, socket, link)
        }
        (Transport::Polling, &Method::GET) if !upgrade => polling::poll(&socket).await,
        (Transport::Polling, &Method::POST) if !upgrade => polling::post(request, body, &socket).await,
        _ => Err(Refusal::BadRequest),
    }
}

/// A client wants a session.
async fn open(
    request: &HttpRequest,
    body: Payload,
    engine: &Engine,
    transport: Transport,
) -> Result<HttpResponse, Refusal> {
    if !engine.0.config.origins.admit_request(request) {
        return Err(Refusal::Forbidden);
    }
    let admitted = engine.0.handler.admit(request).ok_or(Refusal::Forbidden)?;
    match transport {
        Transport::Polling => {
            let socket = engine.open(Beginning::Polling, admitted)?;
            polling::poll(&socket).await
        }
        Transport::WebSocket => {
            let socket = engine.open(Beginning::WebSocket, admitted)?;
            link::start(request, body, socket, Session::first_link())
        }
    }
}

fn is_upgrade(request: &HttpRequest) -> bool {
    let websocket = request.headers().get(header::UPGRADE).and_then(|upgrade| upgrade.to_str().ok());
    request.head().upgrade() && websocket.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}
