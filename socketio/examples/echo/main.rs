//! The reference server of the protocols' own test suites: `/engine.io/` says back what it is told, `/socket.io/` answers
//! `message` and `message-with-ack` in the namespaces `/` and `/custom`. Suites of others can be pointed at it:
//! `cargo run -p tsunagu-socketio --example echo -- 127.0.0.1:3000`.

mod servers;

use actix_web::{App, HttpServer};
use std::{env, error::Error, time::Duration};

/// How long a client may be there without coming into a namespace, as the suites expect it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let engine = servers::engine(servers::config())?;
    let socket = servers::socket(servers::config(), CONNECT_TIMEOUT)?;
    let app = move || {
        App::new()
            .configure(|service| engine.configure(service))
            .configure(|service| socket.configure(service))
    };
    HttpServer::new(app).workers(2).tcp_nodelay(true).bind(address)?.run().await?;
    Ok(())
}
