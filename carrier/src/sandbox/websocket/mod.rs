//! A WebSocket to the program: opened and signed as Twilio does, and served by a task of its own, so that whoever uses
//! it never waits for the program to read, and closes it properly however they themselves come to an end.

mod address;
mod failure;

pub use failure::{Failure, OpenError};

use super::exchange::Exchange;
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::http::header::{HeaderValue, USER_AGENT};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use url::Url;

/// How long connecting and the upgrade may take together, in real time.
const OPENING: Duration = Duration::from_secs(10);
/// How long one message may take to go out, and how long the program may take to answer a close, in real time.
const PATIENCE: Duration = Duration::from_secs(5);
/// Messages that wait to go out. One that finds no room is refused.
const MAX_OUT: usize = 256;
/// Messages that wait to be taken in; the program is held up then.
const MAX_IN: usize = 64;
/// Longest message that the program may send, in bytes.
const MAX_MESSAGE: usize = 1024 * 1024;

/// Closed as agreed.
pub const NORMAL: u16 = 1000;
/// Closed because messages made no sense.
pub const INVALID: u16 = 1007;

type Connection = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What comes from the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text message.
    Text(String),
    /// A binary message, which none of Twilio's protocols knows.
    Binary,
    /// The end: nothing comes after it.
    Closed(Closed),
}

/// How the program's side came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// By a close frame: its code (1005 when it had none) and its reason.
    Frame { code: u16, reason: String },
    /// It broke the protocol.
    Protocol(String),
    /// The connection was lost.
    Lost(String),
}

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Closed::Frame { code, reason } if reason.is_empty() => {
                write!(f, "the WebSocket was closed with code {code}")
            }
            Closed::Frame { code, reason } => {
                write!(f, "the WebSocket was closed with code {code}: {reason}")
            }
            Closed::Protocol(reason) => write!(f, "the WebSocket protocol was broken: {reason}"),
            Closed::Lost(reason) => write!(f, "the WebSocket was lost: {reason}"),
        }
    }
}

/// The program reads too slowly, or not at all any more: there is no room for another message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

enum Outgoing {
    Text(String),
    Close(u16, &'static str),
}

/// An open WebSocket. When it is dropped, what was sent still goes out, and then it is closed normally.
#[derive(Debug)]
pub struct Socket {
    out: mpsc::Sender<Outgoing>,
    incoming: mpsc::Receiver<Incoming>,
}

impl Socket {
    /// Sends a text message without waiting.
    pub fn send(&self, text: String) -> Result<(), Full> {
        self.out.try_send(Outgoing::Text(text)).map_err(|_| Full)
    }

    /// The next message. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Incoming {
        let over = || Incoming::Closed(Closed::Lost("the connection is gone".into()));
        self.incoming.recv().await.unwrap_or_else(over)
    }

    /// Closes it with a code and a reason, after what was sent before.
    pub fn close(&self, code: u16, reason: &'static str) {
        // Without room for it, the program has stopped reading and would not see it either.
        let _ = self.out.try_send(Outgoing::Close(code, reason));
    }
}

/// Opens `url` (`wss://`), which stands in a document from `document`.
pub async fn open(exchange: &Arc<Exchange>, url: &str, document: Option<&Url>) -> Result<Socket, OpenError> {
    let target = address::reach(url, document)?;
    let connection = connect(&target, &exchange.messenger.sign_upgrade(url)).await?;
    let (out, orders) = mpsc::channel(MAX_OUT);
    let (inbox, incoming) = mpsc::channel(MAX_IN);
    exchange.spawn(serve(connection, orders, inbox));
    Ok(Socket { out, incoming })
}

async fn connect(target: &Url, signature: &str) -> Result<Connection, OpenError> {
    let mut request = target.as_str().into_client_request()?;
    let headers = request.headers_mut();
    headers.insert(tsunagu_twiml::signature::HEADER, HeaderValue::try_from(signature).map_err(Error::from)?);
    headers.insert(USER_AGENT, HeaderValue::from_static("TwilioProxy/1.1"));
    let config =
        WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE)).max_frame_size(Some(MAX_MESSAGE));
    let opening = connect_async_with_config(request, Some(config), true);
    let (connection, _) =
        tokio::time::timeout(OPENING, opening).await.map_err(|_| OpenError::timeout())??;
    Ok(connection)
}

/// Carries messages both ways until one of the sides has had enough.
async fn serve(
    mut connection: Connection,
    mut orders: mpsc::Receiver<Outgoing>,
    inbox: mpsc::Sender<Incoming>,
) {
    let closed = loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Outgoing::Text(text)) => {
                    match tokio::time::timeout(PATIENCE, connection.send(Message::text(text))).await {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => break explain(error),
                        Err(_) => break Closed::Lost("the program does not read".into()),
                    }
                }
                Some(Outgoing::Close(code, reason)) => return finish(connection, code, reason).await,
                None => return finish(connection, NORMAL, "").await,
            },
            message = connection.next() => {
                let incoming = match message {
                    Some(Ok(Message::Text(text))) => Incoming::Text(text.as_str().to_owned()),
                    Some(Ok(Message::Binary(_))) => Incoming::Binary,
                    Some(Ok(Message::Close(frame))) => break match frame {
                        Some(frame) => Closed::Frame {
                            code: frame.code.into(),
                            reason: frame.reason.as_str().to_owned(),
                        },
                        None => Closed::Frame { code: 1005, reason: String::new() },
                    },
                    Some(Ok(_)) => continue,
                    Some(Err(error)) => break explain(error),
                    None => break Closed::Lost("the connection ended without a close".into()),
                };
                // Whoever does not listen any more may still have something to say.
                let _ = inbox.send(incoming).await;
            }
        }
    };
    let answered = matches!(closed, Closed::Frame { .. });
    let _ = inbox.send(Incoming::Closed(closed)).await;
    if answered {
        drain(&mut connection).await;
    }
}

/// Closes from this side, and waits a little for the answer.
async fn finish(mut connection: Connection, code: u16, reason: &'static str) {
    let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
    if let Ok(Ok(())) = tokio::time::timeout(PATIENCE, connection.close(Some(frame))).await {
        drain(&mut connection).await;
    }
}

/// Lets the closing come to its end.
async fn drain(connection: &mut Connection) {
    let rest = async { while let Some(Ok(_)) = connection.next().await {} };
    let _ = tokio::time::timeout(PATIENCE, rest).await;
}

fn explain(error: Error) -> Closed {
    match error {
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Closed::Lost(error.to_string()),
        Error::Protocol(_) | Error::Capacity(_) | Error::Utf8(_) | Error::AttackAttempt => {
            Closed::Protocol(error.to_string())
        }
        error => Closed::Lost(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_server_without_tls_is_no_partner_for_tls() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Url::parse(&format!("wss://{}/", listener.local_addr().unwrap())).unwrap();
        let answer = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
            stream
        };
        let (opened, _stream) = tokio::join!(connect(&target, "signature"), answer);
        assert_eq!(opened.unwrap_err().failure, Failure::Tls);
    }
}
