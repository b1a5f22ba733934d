//! The load on one server: calls that are begun as a person begins them, and talk as the carrier relays it.

use super::{
    client::{Answer, Connection},
    line::{Line, Sender},
    seed::{Callee, EMAIL, PASSWORD},
};
use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use std::{cell::RefCell, net::SocketAddr, rc::Rc};
use tokio::task::JoinSet;

/// What loads one server.
pub struct Load {
    server: SocketAddr,
    /// Those that share the calls of this one.
    others: Vec<SocketAddr>,
    sender: Sender,
    /// Of the supervisor who is signed in; empty when nobody is.
    token: String,
}

impl Load {
    /// Signs in at a server.
    pub async fn sign_in(server: SocketAddr) -> Result<Self> {
        let form = json!({ "email": EMAIL, "password": PASSWORD });
        let mut connection = Connection::new(server);
        let answer = connection.exchange(|out| post(out, server, "/api/auth/login", "", &form)).await?;
        let answer = read(answer, 200).context("the supervisor cannot sign in")?;
        let token = answer.get("token").and_then(Value::as_str);
        let token = token.ok_or_else(|| anyhow!("signing in gave no token"))?.to_owned();
        Ok(Self { server, others: Vec::new(), sender: Sender::new(server), token })
    }

    /// For calls that live already: nobody is signed in, so none can be begun.
    pub fn for_calls(server: SocketAddr) -> Self {
        Self { server, others: Vec::new(), sender: Sender::new(server), token: String::new() }
    }

    /// The same, spread over other servers that share its calls. All are known under the address of the first.
    pub fn spread(&self, others: Vec<SocketAddr>) -> Self {
        Self { server: self.server, others, sender: Sender::new(self.server), token: self.token.clone() }
    }

    /// A new connection to each server.
    pub fn connections(&self) -> Vec<Connection> {
        [self.server].iter().chain(&self.others).map(|server| Connection::new(*server)).collect()
    }

    /// A new connection to the server.
    pub fn connection(&self) -> Connection {
        Connection::new(self.server)
    }

    /// Asks something as the supervisor.
    pub async fn get(&self, connection: &mut Connection, path: &str) -> Result<Value> {
        let answer = connection.exchange(|out| {
            let head = format!(
                "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
                self.server, self.token
            );
            out.extend_from_slice(head.as_bytes());
        });
        read(answer.await?, 200)
    }

    /// Where the server listens.
    pub const fn address(&self) -> SocketAddr {
        self.server
    }

    /// The token of whoever is signed in.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Puts something as the supervisor.
    pub async fn put(&self, connection: &mut Connection, path: &str, body: &Value) -> Result<Value> {
        let answer =
            connection.exchange(|out| write(out, "PUT", self.server, path, &self.token, body)).await?;
        read(answer, 200)
    }

    /// Begins a call, and lets the customer pick up.
    pub async fn begin(&self, connection: &mut Connection, callee: &Callee) -> Result<Line> {
        let order = json!({ "customerId": callee.id });
        let answer = connection
            .exchange(|out| post(out, self.server, "/api/calls/start", &self.token, &order))
            .await?;
        let answer = read(answer, 201).context("a call cannot be started")?;
        let text = |key| answer.pointer(key).and_then(Value::as_str);
        let Some((call, call_sid)) = text("/data/callId").zip(text("/data/twilioCallSid")) else {
            bail!("a started call has no name: {answer}");
        };
        let mut line = Line::new(call, call_sid, &callee.phone);
        let answer = connection.exchange(|out| line.pick_up(&self.sender, out)).await?;
        line.picked_up(answer.status, answer.body).context("a call cannot be answered")?;
        Ok(line)
    }

    /// Lets the customer say the next sentence, and takes in what the AI says to it.
    pub async fn turn(&self, connection: &mut Connection, line: &mut Line) -> Result<()> {
        let answer = connection.exchange(|out| line.speak(&self.sender, out)).await?;
        line.spoken(answer.status, answer.body)
    }

    /// Begins a call with each of these customers over so many connections, and lets each of them say so many
    /// sentences.
    pub async fn begin_all(
        self: &Rc<Self>,
        callees: Vec<Callee>,
        connections: usize,
        turns: u32,
    ) -> Result<Vec<Line>> {
        let mut lines = Vec::with_capacity(callees.len());
        let waiting = Rc::new(RefCell::new(callees.into_iter()));
        let mut workers = JoinSet::new();
        for _ in 0..connections {
            let (load, waiting) = (self.clone(), waiting.clone());
            workers.spawn_local(async move {
                let mut connection = load.connection();
                let mut lines = Vec::new();
                loop {
                    let Some(callee) = waiting.borrow_mut().next() else { return Ok(lines) };
                    let mut line = load.begin(&mut connection, &callee).await?;
                    for _ in 0..turns {
                        load.turn(&mut connection, &mut line).await?;
                    }
                    lines.push(line);
                }
            });
        }
        while let Some(begun) = workers.join_next().await {
            let begun: Result<Vec<Line>> = begun?;
            lines.extend(begun?);
        }
        Ok(lines)
    }
}

/// Asks a server whether it lives.
pub async fn is_alive(connection: &mut Connection) -> Result<bool> {
    let answer = connection.exchange(|out| {
        out.extend_from_slice(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    });
    Ok(answer.await?.status == 200)
}

fn post(out: &mut Vec<u8>, host: SocketAddr, path: &str, token: &str, body: &Value) {
    write(out, "POST", host, path, token, body);
}

/// Writes a request of a person.
fn write(out: &mut Vec<u8>, method: &str, host: SocketAddr, path: &str, token: &str, body: &Value) {
    let body = body.to_string();
    let authorization =
        if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{authorization}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(body.as_bytes());
}

fn read(answer: Answer<'_>, status: u16) -> Result<Value> {
    if answer.status != status {
        let body: String = String::from_utf8_lossy(answer.body).chars().take(300).collect();
        bail!("the server answers {}: {body}", answer.status);
    }
    serde_json::from_slice(answer.body).context("the server's answer is no JSON")
}
