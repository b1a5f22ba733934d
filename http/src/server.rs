//! The server: what wraps every request, and how long a connection may be idle, slow or dead.

mod observe;
mod unread;

pub(crate) use observe::REQUEST_ID;

use crate::{App, Live, LiveConfig, limits, panic};
use actix_web::{
    dev::Server,
    middleware::from_fn,
    rt::{self, net::TcpStream},
};
use metrics_exporter_prometheus::PrometheusHandle;
use socket2::SockRef;
use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};
use tsunagu_socketio::wire;

/// How often gathered metrics are put in order, so that they do not grow while nobody asks for them.
const UPKEEP: Duration = Duration::from_secs(5);

/// A server on its address. It answers once it is awaited or spawned.
pub struct Bound {
    /// The server. Signals are left to the program: `server.handle().stop(true)` ends it.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
    /// Those who are connected.
    pub live: Live,
}

/// Puts the app behind a listener, with so many workers (at least one). To be called in an arbiter that lives as long as the
/// server.
///
/// # Errors
/// The listener cannot be used, or live connections cannot be kept as `live` says.
pub fn bind(app: App, live: LiveConfig, listener: TcpListener, workers: usize) -> io::Result<Bound> {
    let address = listener.local_addr()?;
    if let Some(metrics) = app.metrics.clone() {
        rt::spawn(keep_up(metrics));
    }
    let live = Live::start(app.clone(), live).map_err(io::Error::other)?;
    let edge = live.clone();
    let config = wire::Config {
        workers,
        connections: limits::CONNECTIONS,
        keep_alive: limits::KEEP_ALIVE,
        request_head: limits::REQUEST_HEAD,
        shutdown: limits::SHUTDOWN,
        prepare,
    };
    let server = wire::listen(listener, config, move || {
        let (app, live) = (app.clone(), edge.clone());
        actix_web::App::new()
            .configure(|service| live.configure(service))
            .configure(|service| app.configure(service))
            .wrap(from_fn(unread::close))
            .wrap(from_fn(panic::guard))
            .wrap(from_fn(observe::observe))
    })?;
    Ok(Bound { server, address, live })
}

/// Answers go out at once; a peer that is gone without a word is noticed.
fn prepare(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let mut prepared = socket.set_tcp_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        prepared = prepared.and(socket.set_tcp_user_timeout(Some(limits::UNACKNOWLEDGED)));
    }
    if let Err(error) = prepared {
        tracing::debug!(%error, "a connection could not be prepared");
    }
}

async fn keep_up(metrics: PrometheusHandle) {
    let mut round = tokio::time::interval(UPKEEP);
    loop {
        round.tick().await;
        metrics.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{HttpResponse, HttpServer, web};
    use std::{
        io::{Read, Write},
        net,
    };

    #[actix_web::test]
    async fn a_panic_is_answered_on_the_wire() {
        async fn fall() -> HttpResponse {
            panic!("as the test wished")
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = HttpServer::new(|| {
            actix_web::App::new()
                .route("/api/twilio/voice/gather/{call}", web::post().to(fall))
                .wrap(from_fn(panic::guard))
                .wrap(from_fn(observe::observe))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        rt::spawn(server);
        let answer = web::block(move || {
            let mut stream = net::TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let request = "POST /api/twilio/voice/gather/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        })
        .await
        .unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("text/xml") && answer.ends_with("<Hangup/></Response>"), "{answer}");
        handle.stop(false).await;
    }
}
