//! The Streams resource of a call: started one way, and stopped by sid or name.

use super::{Fields, RestError, calls};
use crate::CallStatus;
use crate::sandbox::call::Call;
use crate::sandbox::clock::rfc2822;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::stream::{self, Refusal, Stream, StreamPlan};
use crate::sandbox::webhook::{Method, method_or};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use std::sync::Arc;
use tsunagu_twiml::{self as twiml, Parameter, Response, Start, StreamTrack, Verb};

/// `Parameter1.Name` to `Parameter99.Name`.
const MAX_PARAMETERS: u32 = 99;
const TRACKS: [StreamTrack; 3] = [StreamTrack::Inbound, StreamTrack::Outbound, StreamTrack::Both];

type Shared = web::Data<Arc<Exchange>>;

/// `POST Calls/{sid}/Streams.json`.
pub async fn start(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let call = calls::find(&exchange, &path.1, &request)?;
    let noun = noun(&fields)?;
    if call.status() != CallStatus::InProgress {
        return Err(RestError::bad(21220, "Call is not in-progress. Cannot start a stream."));
    }
    let stream = stream::start(&exchange, &call, StreamPlan::of(&noun, None, false))?;
    Ok(HttpResponse::Ok().json(show(&exchange, &call, &stream, "in-progress")))
}

/// `POST Calls/{sid}/Streams/{sid or name}.json`.
pub async fn stop(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let call = calls::find(&exchange, &path.1, &request)?;
    let stream = stream::find(&call, &path.2).ok_or_else(|| RestError::not_found(request.path()))?;
    if fields.get("Status") != Some("stopped") {
        return Err(RestError::bad(20001, "Status must be stopped"));
    }
    stream.stop();
    Ok(HttpResponse::Ok().json(show(&exchange, &call, &stream, "stopped")))
}

/// The noun that would start the same stream; what TwiML forbids is forbidden here as well.
fn noun(fields: &Fields) -> Result<twiml::Stream, RestError> {
    let url = fields.get("Url").ok_or_else(|| RestError::bad(20001, "Url is required"))?;
    let track = match fields.get("Track") {
        None => None,
        Some(name) => Some(TRACKS.into_iter().find(|track| track.as_str() == name).ok_or_else(|| {
            RestError::bad(20001, "Track must be inbound_track, outbound_track or both_tracks")
        })?),
    };
    let parameter = |number: u32| {
        let name = fields.get(&format!("Parameter{number}.Name"))?;
        let value = fields.raw(&format!("Parameter{number}.Value")).unwrap_or_default();
        Some(Parameter::new(name, value))
    };
    let noun = twiml::Stream {
        url: url.to_owned(),
        name: fields.get("Name").map(str::to_owned),
        track,
        status_callback: fields.get("StatusCallback").map(str::to_owned),
        status_callback_method: Some(method_or(fields.get("StatusCallbackMethod"), Method::Post)),
        parameters: (1..=MAX_PARAMETERS).filter_map(parameter).collect(),
    };
    let response = Response { verbs: vec![Verb::Start(Start::new(noun.clone()))] };
    match response.to_xml() {
        Ok(_) => Ok(noun),
        Err(error) => Err(RestError::bad(20001, error.to_string())),
    }
}

impl From<Refusal> for RestError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotLive => Self::bad(21220, refusal.message()),
            Refusal::NameInUse | Refusal::TooMany => Self::bad(20001, refusal.message()),
        }
    }
}

fn show(exchange: &Exchange, call: &Call, stream: &Stream, status: &str) -> Value {
    let account = &exchange.config.account_sid;
    json!({
        "sid": stream.sid,
        "account_sid": account,
        "call_sid": call.sid(),
        "name": stream.name,
        "status": status,
        "date_updated": rfc2822(exchange.clock.now()),
        "uri": format!("/2010-04-01/Accounts/{account}/Calls/{}/Streams/{}.json", call.sid(), stream.sid),
    })
}
