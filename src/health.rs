//! `tsunagu health`: whether the server on this machine is ready; for a container's health check.

use crate::settings::Settings;
use anyhow::{Context, Result, bail};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the server that has these settings.
pub fn run() -> Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], Settings::load()?.server.port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)
        .with_context(|| format!("{address} does not answer"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    if head != *b"HTTP/1.1 200" {
        bail!("the server is not ready: {}", String::from_utf8_lossy(&head));
    }
    Ok(())
}
