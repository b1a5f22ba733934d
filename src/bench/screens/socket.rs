//! A screen that costs little: it speaks just enough Socket.IO over a WebSocket to be let in, asks for calls, answers pings, and
//! hands on what it is told.

use anyhow::{Context, Result, bail};
use serde_json::json;
use std::{io, net::SocketAddr, time::Duration};
use tokio::net::TcpStream;

/// How long it may take to be let in.
const PATIENCE: Duration = Duration::from_secs(20);
/// A ping of Engine.IO's, and its answer.
const PING: &str = "2";
const PONG: &str = "3";
/// How an event begins.
pub const EVENT: &str = "42";
/// How it begins when the server lets a client go.
const ENDED: &str = r#"42["session-ended""#;
/// The kinds of WebSocket frames that come.
const TEXT: u8 = 1;
const CLOSE: u8 = 8;

/// The connection.
pub struct Socket {
    stream: TcpStream,
    /// What came and is no whole frame yet.
    rest: Vec<u8>,
}

impl Socket {
    /// Connects as whoever brings the token.
    pub async fn open(server: SocketAddr, token: &str) -> Result<Self> {
        tokio::time::timeout(PATIENCE, Self::shake_hands(server, token)).await.context("no screen in time")?
    }

    async fn shake_hands(server: SocketAddr, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(server).await.context("a screen cannot connect")?;
        stream.set_nodelay(true)?;
        let mut socket = Self { stream, rest: Vec::new() };
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.write(request.as_bytes()).await?;
        loop {
            socket.read().await?;
            if let Some(end) = socket.rest.windows(4).position(|end| end == b"\r\n\r\n") {
                if !socket.rest.starts_with(b"HTTP/1.1 101") {
                    bail!("a screen is refused: {}", String::from_utf8_lossy(&socket.rest));
                }
                socket.rest.drain(..end + 4);
                break;
            }
        }
        socket.say(&format!("40{}", json!({ "token": token }))).await?;
        let mut let_in = false;
        while !let_in {
            socket.hear(|text| let_in |= text.starts_with("40")).await?;
        }
        Ok(socket)
    }

    /// Asks for something; the answer names the number.
    pub async fn ask(&mut self, number: u32, command: &str, argument: &str) -> Result<()> {
        self.say(&format!("{EVENT}{number}{}", json!([command, argument]))).await
    }

    /// Hands on what comes until it has answered so many questions.
    pub async fn answered(&mut self, questions: usize) -> Result<()> {
        let mut answers = 0;
        while answers < questions {
            self.hear(|text| answers += usize::from(text.starts_with("43"))).await?;
        }
        Ok(())
    }

    /// Says something of up to 65,535 bytes.
    async fn say(&self, text: &str) -> Result<()> {
        let length = u16::try_from(text.len()).context("a screen says too much")?.to_be_bytes();
        let mut frame = vec![0x81, 0xfe];
        frame.extend(length);
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.write(&frame).await
    }

    /// Hands on the next texts that have come, at least one.
    pub async fn hear(&mut self, mut told: impl FnMut(&str)) -> Result<()> {
        loop {
            let (mut texts, mut pings, mut at) = (0, 0, 0);
            while let Some((kind, payload, length)) = frame(self.rest.get(at..).unwrap_or_default()) {
                match kind {
                    TEXT if payload == PING.as_bytes() => pings += 1,
                    TEXT => {
                        texts += 1;
                        let text = std::str::from_utf8(payload).unwrap_or_default();
                        if text.starts_with(ENDED) {
                            bail!("a screen was let go: {text}");
                        }
                        told(text);
                    }
                    CLOSE => bail!("a screen was let go: {}", farewell(payload)),
                    _ => {}
                }
                at += length;
            }
            self.rest.drain(..at);
            for _ in 0..pings {
                self.say(PONG).await?;
            }
            if texts > 0 {
                return Ok(());
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<()> {
        let mut buffer = [0; 16 * 1024];
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut buffer) {
                Ok(0) => bail!("a screen was cut off"),
                Ok(read) => {
                    self.rest.extend_from_slice(buffer.get(..read).unwrap_or_default());
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("a screen cannot be read"),
            }
        }
    }

    async fn write(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("a screen cannot be written to"),
            }
        }
        Ok(())
    }
}

/// The code with which a connection is closed, and the reason that may follow it (RFC 6455, 5.5.1).
fn farewell(payload: &[u8]) -> String {
    match payload.split_first_chunk() {
        Some((code, reason)) => format!("{} {}", u16::from_be_bytes(*code), String::from_utf8_lossy(reason)),
        None => "no code".to_owned(),
    }
}

/// The kind of the first frame, what is in it, and how long it is as a whole. A server's frames are not masked.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let (head, rest) = bytes.split_first_chunk::<2>()?;
    let [kind, short] = *head;
    let (length, rest) = match short & 0x7f {
        126 => rest.split_first_chunk().map(|(long, rest)| (usize::from(u16::from_be_bytes(*long)), rest))?,
        127 => {
            let (long, rest) = rest.split_first_chunk()?;
            (usize::try_from(u64::from_be_bytes(*long)).ok()?, rest)
        }
        short => (usize::from(short), rest),
    };
    let payload = rest.get(..length)?;
    Some((kind & 0xf, payload, bytes.len() - rest.len() + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_each_length_are_read_and_halves_are_left() {
        assert_eq!(frame(&[0x81, 2, b'h', b'i', 7]), Some((TEXT, &b"hi"[..], 4)));
        let mut long = vec![0x81, 126, 1, 0];
        long.extend([b'x'; 256]);
        assert_eq!(
            frame(&long).map(|(kind, payload, length)| (kind, payload.len(), length)),
            Some((TEXT, 256, 260))
        );
        let mut longer = vec![0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0];
        longer.extend(vec![0; 65_536]);
        assert_eq!(frame(&longer).map(|(kind, _, length)| (kind, length)), Some((2, 65_546)));
        for half in [&[][..], &[0x81], &[0x81, 2, b'h'], &[0x81, 126, 1]] {
            assert_eq!(frame(half), None);
        }
    }
}
