//! What clients ask for while they are connected: the same rules as REST, the same refusals.

use crate::{
    App,
    agents::status::ChangeStatus,
    auth::{SignedIn, least_role},
    calls::{find, handoff::Handoff},
    envelope::Body,
    error::ApiError,
};
use actix_web::http::Method;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tsunagu_actors::{SeatId, Watching};
use tsunagu_call::CallId;
use tsunagu_store::Availability;

/// A command that the contract knows.
struct Command {
    name: &'static str,
    /// The key of its argument, where that may be given bare.
    key: Option<&'static str>,
    /// The route of REST whose permission it needs.
    as_if: (Method, &'static str),
}

const COMMANDS: [Command; 10] = [
    Command { name: "monitor-call", key: Some("callId"), as_if: (Method::GET, "/api/calls/{call}") },
    Command { name: "stop-monitor-call", key: Some("callId"), as_if: (Method::GET, "/api/calls/{call}") },
    Command { name: "subscribe-transcript", key: Some("callId"), as_if: (Method::GET, "/api/calls/{call}") },
    Command {
        name: "unsubscribe-transcript",
        key: Some("callId"),
        as_if: (Method::GET, "/api/calls/{call}"),
    },
    Command { name: "follow-progress", key: None, as_if: (Method::GET, "/api/calls/active") },
    Command { name: "unfollow-progress", key: None, as_if: (Method::GET, "/api/calls/active") },
    Command { name: "ping", key: None, as_if: (Method::GET, "/api/calls/active") },
    Command { name: "update-agent-status", key: Some("status"), as_if: (Method::PUT, "/api/agents/status") },
    Command { name: "request-handoff", key: None, as_if: (Method::POST, "/api/calls/{call}/handoff") },
    Command { name: "request-statistics", key: None, as_if: (Method::GET, "/api/calls/statistics") },
];

/// Does it.
pub(super) async fn carry_out(
    app: &App,
    who: &SignedIn,
    seat: SeatId,
    name: &str,
    argument: Value,
) -> Result<Value, ApiError> {
    let command = COMMANDS.iter().find(|command| command.name == name);
    let command = command.ok_or(ApiError::NotFound("command"))?;
    let (method, path) = &command.as_if;
    if !least_role(method, path).is_some_and(|least| who.is_at_least(least)) {
        return Err(ApiError::Forbidden);
    }
    let (hub, company) = (&app.board.ports().hub, who.company_id);
    let mut body = fields(command.key, argument)?;
    match command.name {
        "monitor-call" => {
            let call = call(body)?;
            let there = hub.watch_call(company, seat, call, Watching::Call).await?;
            if there { of_call(call) } else { Err(ApiError::NotFound("call")) }
        }
        "stop-monitor-call" => {
            let call = call(body)?;
            hub.unwatch_call(company, seat, call, Watching::Call);
            of_call(call)
        }
        "subscribe-transcript" => {
            let call = call(body)?;
            find::head(app, who, call).await?;
            hub.watch_call(company, seat, call, Watching::Transcript).await?;
            of_call(call)
        }
        "unsubscribe-transcript" => {
            let call = call(body)?;
            hub.unwatch_call(company, seat, call, Watching::Transcript);
            of_call(call)
        }
        "follow-progress" | "unfollow-progress" => {
            hub.follow(company, seat, command.name == "follow-progress");
            Ok(json!({}))
        }
        "ping" => Ok(json!({})),
        "update-agent-status" => {
            let words = Availability::ALL.map(|status| (status.as_str(), status));
            let status = body.word("status", &words, Availability::Available);
            body.done()?;
            written(&ChangeStatus::to(status).carry_out(app, who, who.user_id).await?)
        }
        "request-handoff" => {
            let asked = Handoff::read(&mut body);
            let call = call(body)?;
            written(&asked.carry_out(app, who, call).await?)
        }
        _ => {
            hub.ask_figures(company, seat);
            Ok(json!({}))
        }
    }
}

/// The argument as an object; a bare text is its one field.
fn fields(key: Option<&str>, argument: Value) -> Result<Body, ApiError> {
    match (argument, key) {
        (Value::Object(fields), _) => Ok(Body::of(fields)),
        (Value::Null, _) => Ok(Body::of(Map::new())),
        (bare, Some(key)) => Ok(Body::of([(key.to_owned(), bare)].into_iter().collect())),
        (_, None) => Err(ApiError::malformed("the argument must be an object")),
    }
}

/// One that is no id is the id of no call.
fn call(mut body: Body) -> Result<CallId, ApiError> {
    let call = body.text("callId", 100);
    body.done()?;
    call.parse().map_err(|_| ApiError::NotFound("call"))
}

fn of_call(call: CallId) -> Result<Value, ApiError> {
    Ok(json!({ "callId": call }))
}

fn written(answer: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(answer).map_err(|error| ApiError::Faulty(error.into()))
}
