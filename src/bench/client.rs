//! An HTTP client that costs little: one kept connection, buffers that are used again, one request at a time.
//!
//! It shares the machine with the server that it measures, so it reads no more of an answer than it must: the status
//! and a body of a told length.

use anyhow::{Context, Result, anyhow, bail};
use std::{net::SocketAddr, ops::Range, time::Duration};
use tokio::net::TcpStream;

/// How long an answer may take before the request has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest answer, in bytes.
const LONGEST: usize = 1024 * 1024;
/// The room for an answer at first, in bytes: most fit in.
const USUAL: usize = 16 * 1024;
/// Between the head and the body.
const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// A connection to the server. Opened when it is first used, and again when the server has closed it meanwhile.
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The status, such as 200.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
}

/// An answer within the buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    status: u16,
    body: Range<usize>,
    closes: bool,
}

/// The server had closed the connection before it could have seen the request.
struct Closed;

impl Connection {
    /// A connection to this address.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, request: Vec::with_capacity(4096), answer: vec![0; USUAL] }
    }

    /// Sends what `write` writes, and waits for the answer.
    ///
    /// # Errors
    /// There is no connection, no answer in time, or none that can be read.
    pub async fn exchange(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<Answer<'_>> {
        self.request.clear();
        write(&mut self.request);
        let found = match tokio::time::timeout(PATIENCE, self.send()).await {
            Ok(found) => found,
            Err(_) => Err(anyhow!("no answer came within {} s", PATIENCE.as_secs())),
        };
        match &found {
            Ok(found) if !found.closes => {}
            _ => self.stream = None,
        }
        let found = found?;
        Ok(Answer { status: found.status, body: self.answer.get(found.body).unwrap_or_default() })
    }

    async fn send(&mut self) -> Result<Found> {
        if let Some(stream) = self.stream.take() {
            // A kept connection may have been closed for having been idle: then, and only then, it is tried again.
            if let Ok(found) = self.converse(&stream).await? {
                self.stream = Some(stream);
                return Ok(found);
            }
        }
        let stream = TcpStream::connect(self.address).await.context("the server takes no connection")?;
        stream.set_nodelay(true)?;
        let found = self.converse(&stream).await?;
        self.stream = Some(stream);
        found.map_err(|Closed| anyhow!("the server closed the connection without an answer"))
    }

    async fn converse(&mut self, stream: &TcpStream) -> Result<Result<Found, Closed>> {
        let mut left = self.request.as_slice();
        while !left.is_empty() {
            match stream.try_write(left) {
                Ok(written) => left = left.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => stream.writable().await?,
                Err(_) => return Ok(Err(Closed)),
            }
        }
        let mut filled = 0;
        loop {
            stream.readable().await?;
            let room = self.answer.get_mut(filled..).unwrap_or_default();
            match stream.try_read(room) {
                Ok(0) if filled == 0 => return Ok(Err(Closed)),
                Ok(0) => bail!("the answer breaks off"),
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
                Err(_) if filled == 0 => return Ok(Err(Closed)),
                Err(error) => return Err(error).context("the answer cannot be read"),
            }
            if let Some(found) = find(self.answer.get(..filled).unwrap_or_default())? {
                return Ok(Ok(found));
            }
            if filled == self.answer.len() {
                if filled >= LONGEST {
                    bail!("the answer is longer than {LONGEST} bytes");
                }
                self.answer.resize(filled * 2, 0);
            }
        }
    }
}

/// The answer, once it is all there.
fn find(bytes: &[u8]) -> Result<Option<Found>> {
    let Some(end) = bytes.windows(BLANK_LINE.len()).position(|window| window == BLANK_LINE) else {
        return Ok(None);
    };
    let mut lines = bytes.get(..end).unwrap_or_default().split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let status = lines.next().and_then(|line| line.strip_prefix(b"HTTP/1.1 "));
    let status = status.and_then(|line| line.get(..3)).and_then(number);
    let status =
        status.and_then(|status| u16::try_from(status).ok()).ok_or_else(|| anyhow!("no HTTP/1.1 answer"))?;
    let (mut length, mut closes) = (None, false);
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            length = number(value);
        } else if name.eq_ignore_ascii_case(b"connection") {
            closes = value.eq_ignore_ascii_case(b"close");
        }
    }
    let length = match (status, length) {
        (204 | 304, _) => 0,
        (_, Some(length)) => length,
        (_, None) => bail!("the answer does not tell its length"),
    };
    let start = end + BLANK_LINE.len();
    let body = start..start.saturating_add(length);
    Ok((bytes.len() >= body.end).then_some(Found { status, body, closes }))
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
