//! A server whose connections may be handed over. In all else it is actix-web's, put together of the same parts.

use super::{connection::Connection, handover::Handover};
use actix_http::{HttpService, Protocol, Request, Response};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_factory, fn_service, map_config,
};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{AppConfig, Server},
    rt::net::TcpStream,
};
use std::{
    fmt,
    future::{Future, poll_fn},
    io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    task::Poll,
    time::Duration,
};

/// How long a client may take to close its side, after an answer that ends the connection.
const LINGER: Duration = Duration::from_secs(1);

/// What a server goes by.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// How many workers it has; at least one.
    pub workers: usize,
    /// How many connections each holds at once.
    pub connections: usize,
    /// How long an idle connection is kept for its next request.
    pub keep_alive: Duration,
    /// How long a client may take to send its first request's head.
    pub request_head: Duration,
    /// How long connections may take to end at a shutdown.
    pub shutdown: Duration,
    /// What is done to each connection before it is used.
    pub prepare: fn(&TcpStream),
}

/// Serves an app on a listener, once it is awaited or spawned. Signals are left to the program.
///
/// # Errors
/// The listener cannot be used.
pub fn listen<F, I, S, B>(listener: TcpListener, config: Config, app: F) -> io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let address = listener.local_addr()?;
    let builder = Server::build()
        .workers(config.workers.max(1))
        .max_concurrent_connections(config.connections)
        .shutdown_timeout(config.shutdown.as_secs())
        .disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let builder = builder.listen(format!("http-{address}"), listener, move || {
        let stopping = stopping.clone();
        let app = app().into_factory().map_err(|error| error.into().error_response());
        let http = HttpService::build()
            // As actix-web's own server does it: idle connections do not hold a shutdown up.
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(config.keep_alive)
            .client_request_timeout(config.request_head)
            .client_disconnect_timeout(LINGER)
            .h1_allow_half_closed(true)
            .local_addr(address)
            .on_connect_ext(|connection: &Connection, data| {
                data.insert(connection.handover().clone());
            })
            .finish(map_config(app, |()| AppConfig::default()));
        let http = Rc::new(http);
        fn_factory(move || {
            let http = http.clone();
            async move {
                let http = Rc::new(http.new_service(()).await?);
                Ok::<_, ()>(fn_service(move |stream: TcpStream| {
                    (config.prepare)(&stream);
                    let http = http.clone();
                    async move {
                        serve(&*http, stream).await;
                        Ok::<_, ()>(())
                    }
                }))
            }
        })
    })?;
    Ok(builder.run())
}

/// Serves a connection: its requests, and the conversation that it is handed over to, if it is.
async fn serve<H>(http: &H, stream: TcpStream)
where
    H: Service<(Connection, Protocol, Option<SocketAddr>)>,
    H::Error: fmt::Display,
{
    let handover = Rc::<Handover>::default();
    let peer = stream.peer_addr().ok();
    let connection = Connection::new(stream, handover.clone());
    // Boxed, so that its memory is given back before the conversation begins.
    let mut requests = Box::pin(http.call((connection, Protocol::Http1, peer)));
    let ended = poll_fn(|context| {
        let ended = requests.as_mut().poll(context);
        if handover.is_given() { Poll::Ready(Ok(())) } else { ended.map(|ended| ended.map(drop)) }
    })
    .await;
    drop(requests);
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection is at its end");
    }
    if let Some((conversation, stream)) = handover.take() {
        drop(handover);
        conversation.hold(stream).await;
    }
}
