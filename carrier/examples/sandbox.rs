//! A sandbox by itself, for clients of Twilio's API: `cargo run -p tsunagu-carrier --example sandbox -- 4010 20`
//! listens on that port of the loopback, with call time twenty times as fast as the wall.

use std::net::TcpListener;
use std::sync::Arc;

use tsunagu_carrier::sandbox::persona::Cast;
use tsunagu_carrier::sandbox::{SandboxConfig, serve};

const ACCOUNT: &str = "AC5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
const TOKEN: &str = "sandbox-token";

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().as_deref().unwrap_or("4010").parse()?;
    let speed: f64 = arguments.next().as_deref().unwrap_or("1").parse()?;
    let mut config = SandboxConfig::new(ACCOUNT, TOKEN, Arc::new(Cast::embedded()?));
    config.speed = speed;
    let sandbox = serve(config, TcpListener::bind(("127.0.0.1", port))?).await?;
    #[allow(clippy::print_stdout, reason = "said once, to whoever started it")]
    {
        println!("{} {ACCOUNT} {TOKEN}", sandbox.url());
    }
    sandbox.wait().await;
    Ok(())
}
