//! `tsunagu health`: whether the server on this machine is ready; for a container's health check.

use crate::settings::Settings;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{
    io::{Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(3);
/// How much of an answer is read, in bytes. It is a few hundred.
const LONGEST: u64 = 64 * 1024;

/// What the server says when it is not ready.
#[derive(Deserialize)]
struct Failure {
    message: String,
    #[serde(default)]
    details: Vec<Detail>,
}

#[derive(Deserialize)]
struct Detail {
    field: String,
    message: String,
}

/// Asks the server that has these settings.
pub fn run() -> Result<()> {
    let settings = Settings::read()?;
    let host = reachable(&settings.server.host);
    let address = (host, settings.server.port)
        .to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next())
        .with_context(|| format!("{host} is no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)
        .with_context(|| format!("{address} does not answer"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).with_context(|| format!("{address} does not answer"))?;
    let answer = String::from_utf8_lossy(&answer);
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("the server is not ready: {}", reason(&answer));
    }
    Ok(())
}

/// Where a server that listens everywhere is reached from here.
fn reachable(host: &str) -> &str {
    match host {
        "0.0.0.0" | "" => "127.0.0.1",
        "::" | "[::]" => "::1",
        host => host,
    }
}

/// Why not, in the server's words; its first line where it has none.
fn reason(answer: &str) -> String {
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    match serde_json::from_str::<Failure>(body) {
        Ok(failure) if failure.details.is_empty() => failure.message,
        Ok(failure) => {
            let parts = failure.details.iter().map(|part| format!("{} {}", part.field, part.message));
            parts.collect::<Vec<_>>().join(", ")
        }
        Err(_) => answer.lines().next().unwrap_or("no answer").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_that_do_not_work_are_named() {
        let answer = "HTTP/1.1 503 Service Unavailable\r\nx: y\r\n\r\n\
                      {\"message\":\"not ready\",\"details\":[{\"field\":\"store\",\"message\":\"does not work\"}]}";
        assert_eq!(reason(answer), "store does not work");
        let answer = "HTTP/1.1 503 Service Unavailable\r\n\r\n{\"message\":\"shutting down\",\"details\":[]}";
        assert_eq!(reason(answer), "shutting down");
        assert_eq!(reason("HTTP/1.1 500 Oh\r\n\r\n"), "HTTP/1.1 500 Oh");
        assert_eq!(reason(""), "no answer");
    }

    #[test]
    fn a_server_that_listens_everywhere_is_asked_here() {
        assert_eq!(
            [reachable("0.0.0.0"), reachable("::"), reachable("10.0.0.7")],
            ["127.0.0.1", "::1", "10.0.0.7"]
        );
    }
}
