//! Starting and stopping the service.

use super::clock::Clock;
use super::config::SandboxConfig;
use super::exchange::{Exchange, Parts};
use super::fault::Weather;
use super::inspect::{self, Counters};
use super::rest::{self, RestError, Socket};
use super::webhook::Messenger;
use super::{SandboxError, sid};
use actix_web::dev::{Extensions, ServerHandle};
use actix_web::web::{self, JsonConfig, QueryConfig};
use actix_web::{App, HttpServer};
use jiff::Timestamp;
use std::any::Any;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// REST requests that may be under way on one worker at a time.
const MAX_CONNECTIONS: usize = 10_000;

/// A running sandbox. Dropping it does not stop it.
pub struct SandboxHandle {
    address: SocketAddr,
    exchange: Arc<Exchange>,
    server: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl SandboxHandle {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://host:port`, to be used as the carrier's base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, with `graceful` after requests under way have been answered, and stops all calls where they
    /// are, as when the power goes: no webhook tells of it.
    pub async fn stop(self, graceful: bool) {
        self.exchange.close();
        self.server.stop(graceful).await;
        let _ = self.task.await;
    }

    /// Waits until it has stopped.
    pub async fn wait(self) {
        let _ = self.task.await;
    }
}

impl std::fmt::Debug for SandboxHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SandboxHandle").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Serves a sandbox on `listener`. Calls run as tasks on the tokio runtime that this is called from, so that they end
/// with it.
///
/// # Errors
/// When the configuration makes no sense, or the listener or the HTTP client cannot be used.
pub async fn serve(config: SandboxConfig, listener: TcpListener) -> Result<SandboxHandle, SandboxError> {
    check(&config)?;
    let address = listener.local_addr().map_err(SandboxError::Listen)?;
    let public_url = match &config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{address}"),
    };
    let weather = Arc::new(Weather::new(config.faults, config.seed));
    let counters = Arc::new(Counters::default());
    let messenger = Arc::new(Messenger::new(&config.auth_token, weather.clone(), counters.clone())?);
    let now = Timestamp::now();
    let clock = Clock::new(now, config.speed).since(config.anchor.unwrap_or(now));
    let workers = config.workers.max(1);
    let exchange = Exchange::new(config, clock, messenger, Parts { weather, counters, public_url });
    let shared = web::Data::new(exchange.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(JsonConfig::default().limit(rest::MAX_BODY).error_handler(|error, _| {
                let status = match error {
                    actix_web::error::JsonPayloadError::Overflow { .. }
                    | actix_web::error::JsonPayloadError::OverflowKnownLength { .. } => 413,
                    _ => 400,
                };
                RestError::new(status, 20001, error.to_string()).into()
            }))
            .app_data(
                QueryConfig::default()
                    .error_handler(|error, _| RestError::bad(20001, error.to_string()).into()),
            )
            .configure(rest::routes)
            .configure(inspect::routes)
    })
    .workers(workers)
    .max_connections(MAX_CONNECTIONS)
    .client_request_timeout(Duration::from_secs(15))
    .on_connect(remember_socket)
    .disable_signals()
    .listen(listener)
    .map_err(SandboxError::Listen)?
    .run();
    let handle = server.handle();
    let task = tokio::spawn(server);
    tracing::info!(%address, speed = exchange.config.speed, "sandbox carrier listens");
    Ok(SandboxHandle { address, exchange, server: handle, task })
}

fn check(config: &SandboxConfig) -> Result<(), SandboxError> {
    let complaint = if !sid::is("AC", &config.account_sid) {
        Some("account_sid must be AC and 32 hexadecimal digits".to_owned())
    } else if config.auth_token.is_empty() {
        Some("auth_token must not be empty".to_owned())
    } else if !(1.0..=10_000.0).contains(&config.speed) {
        Some(format!("speed is {}, but must be within 1 to 10,000", config.speed))
    } else {
        config.faults.complaint()
    };
    complaint.map_or(Ok(()), |complaint| Err(SandboxError::Config(complaint)))
}

/// Keeps a second handle of the connection, to be able to close it without an answer.
fn remember_socket(connection: &dyn Any, extensions: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Ok(socket) = socket2::SockRef::from(stream).try_clone()
    {
        extensions.insert(Socket(socket));
    }
}
