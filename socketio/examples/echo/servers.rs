//! What the protocols' own test suites ask of a server: short heartbeats, and echoes.

use actix_web::HttpRequest;
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};
use tsunagu_socketio::{
    engine::{self, Admitted, ConfigError, Engine, Frame, Message, Origins, Receiver},
    socket::{self, Client, Connect, Event, Refused, SocketIo, encode},
};

/// How long a client may take to answer what it is asked.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// The rhythm that the suites expect.
pub fn config() -> engine::Config {
    engine::Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        upgrade_timeout: Duration::from_secs(2),
        max_payload: 1_000_000,
        origins: Origins::Any,
        ..engine::Config::default()
    }
}

/// Says back what it is told.
pub fn engine(config: engine::Config) -> Result<Engine, ConfigError> {
    Engine::start(config, Echo)
}

/// Says back what it is told, under another name.
pub fn socket(config: engine::Config, connect_timeout: Duration) -> Result<SocketIo, ConfigError> {
    let engine = engine::Config { path: "/socket.io/".into(), ..config };
    let namespaces = vec!["/".into(), "/custom".into()];
    SocketIo::start(socket::Config { engine, connect_timeout, namespaces, ..socket::Config::default() }, Back)
}

struct Echo;

struct Voice(engine::Socket);

impl engine::Handler for Echo {
    fn admit(&self, _: &HttpRequest) -> Option<Admitted> {
        Some(Admitted { receiver: Box::new(|socket| Arc::new(Voice(socket))), alarm: None })
    }
}

impl Receiver for Voice {
    fn message(&self, message: Message) {
        let _ = self.0.try_send(&Frame::message(message), &[]);
    }

    fn ended(&self, _: engine::Reason) {}
}

struct Back;

/// Clients are refused with `{"refuse":true}`; sent away on `leave`, and with their session on `leave-all`.
impl socket::Handler for Back {
    type Guest = ();
    type State = Map<String, Value>;

    fn admit(&self, _: &HttpRequest) -> Option<()> {
        Some(())
    }

    async fn connect(&self, (): &(), connect: Connect) -> Result<Self::State, Refused> {
        if connect.auth.get("refuse") == Some(&json!(true)) {
            let data = Some(json!({ "code": "REFUSED" }));
            return Err(Refused { message: "You may not come in".into(), data });
        }
        Ok(connect.auth)
    }

    fn connected(&self, client: &Client<Self::State>) {
        let auth = Value::from(client.state().clone());
        let _ = client.try_emit(&encode::event(client.namespace(), "auth", &[auth]));
    }

    fn event(&self, client: &Client<Self::State>, event: Event) {
        let Event { name, args, attachments, ack } = event;
        match (name.as_str(), ack) {
            ("message", _) => {
                let back = encode::event_with(client.namespace(), "message-back", &args, &attachments);
                let _ = client.try_emit(&back);
            }
            ("message-with-ack", Some(ack)) => {
                let _ = ack.answer_with(&args, &attachments);
            }
            ("ask-me", _) => ask(client.clone()),
            ("leave", _) => client.disconnect(false),
            ("leave-all", _) => client.disconnect(true),
            ("let-go", _) => client.let_go(&encode::event(client.namespace(), "let-go", &[])),
            _ => {}
        }
    }

    fn disconnected(&self, _: &Client<Self::State>, _: socket::Reason) {}
}

/// Asks the client, and tells it what it answered, or why there is no answer.
fn ask(client: Client<Map<String, Value>>) {
    actix_web::rt::spawn(async move {
        let answer = client.emit_with_ack("question", &[json!(7)], &[], ANSWER_TIMEOUT).await;
        let event = match answer {
            Ok(answer) => {
                encode::event_with(client.namespace(), "answered", &answer.args, &answer.attachments)
            }
            Err(error) => encode::event(client.namespace(), "unanswered", &[json!(error.to_string())]),
        };
        let _ = client.try_emit(&event);
    });
}
