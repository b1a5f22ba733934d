//! Conferences as the inspection API shows them: who was in it when, and who was alone.

use crate::sandbox::clock::Clock;
use crate::sandbox::conference::{Conference, Stay};
use crate::sandbox::exchange::Exchange;
use crate::sandbox::rest::{RestError, page};
use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a list may be narrowed to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    name: Option<String>,
    status: Option<String>,
    limit: Option<usize>,
}

/// A time in which somebody was the only one there.
#[derive(Debug, PartialEq, Serialize)]
pub struct Solitude {
    /// Who.
    pub call_sid: String,
    /// From when.
    pub from: Timestamp,
    /// Until when; none while it lasts.
    pub to: Option<Timestamp>,
    /// How long, in seconds of call time.
    pub secs: f64,
}

/// `GET /conferences`: newest first, at most 1,000.
pub async fn list(exchange: web::Data<Arc<Exchange>>, query: web::Query<ListQuery>) -> HttpResponse {
    let conferences: Vec<Value> = exchange
        .all_conferences()
        .iter()
        .filter(|conference| query.name.as_ref().is_none_or(|name| &conference.name == name))
        .filter(|conference| query.status.as_deref().is_none_or(|s| conference.status().name() == s))
        .take(query.limit.unwrap_or(page::MAX_PAGE_SIZE).min(page::MAX_PAGE_SIZE))
        .map(|conference| show(&exchange, conference))
        .collect();
    HttpResponse::Ok().json(json!({ "conferences": conferences }))
}

/// `GET /conferences/{sid}`; the newest of a name is found by that, too.
pub async fn one(
    exchange: web::Data<Arc<Exchange>>,
    sid: web::Path<String>,
) -> Result<HttpResponse, RestError> {
    let conference = exchange
        .conference(&sid)
        .or_else(|| exchange.all_conferences().into_iter().find(|c| c.name == *sid))
        .ok_or_else(|| RestError::not_found(&format!("/sandbox/v1/conferences/{sid}")))?;
    let mut body = show(&exchange, &conference);
    if let Some(body) = body.as_object_mut() {
        body.insert("log".into(), json!(conference.journal.entries()));
    }
    Ok(HttpResponse::Ok().json(body))
}

fn show(exchange: &Exchange, conference: &Conference) -> Value {
    let snapshot = conference.snapshot();
    json!({
        "sid": conference.sid,
        "name": conference.name,
        "status": snapshot.status.name(),
        "created_at": conference.created,
        "members": snapshot.stays,
        "present": snapshot.seats.iter().map(|(seat, _)| seat).collect::<Vec<_>>(),
        "alone": solitude(&snapshot.stays, exchange.clock.now()),
        "recording_sid": snapshot.recording,
    })
}

/// Who was alone when, from who was there when.
pub fn solitude(stays: &[Stay], now: Timestamp) -> Vec<Solitude> {
    let mut moments: Vec<Timestamp> =
        stays.iter().flat_map(|stay| [Some(stay.joined_at), stay.left_at]).flatten().collect();
    moments.sort_unstable();
    moments.dedup();
    let mut alone: Vec<Solitude> = Vec::new();
    for (place, &from) in moments.iter().enumerate() {
        let to = moments.get(place + 1).copied();
        let mut there =
            stays.iter().filter(|stay| stay.joined_at <= from && stay.left_at.is_none_or(|left| left > from));
        let (Some(one), None) = (there.next(), there.next()) else { continue };
        match alone.last_mut() {
            // The same person still alone, though somebody came and went in no time.
            Some(last) if last.call_sid == one.call_sid && last.to == Some(from) => last.to = to,
            _ => alone.push(Solitude { call_sid: one.call_sid.clone(), from, to, secs: 0.0 }),
        }
    }
    for solitude in &mut alone {
        solitude.secs = Clock::between(solitude.from, solitude.to.unwrap_or(now));
    }
    alone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + secs).unwrap()
    }

    fn stay(call: &str, from: i64, to: Option<i64>) -> Stay {
        Stay {
            call_sid: call.into(),
            label: None,
            joined_at: at(from),
            left_at: to.map(at),
            reason: None,
            on_hold: Vec::new(),
            muted: Vec::new(),
        }
    }

    #[test]
    fn who_is_alone_is_found() {
        let stays = [stay("a", 0, Some(30)), stay("b", 10, Some(20)), stay("c", 40, None)];
        let alone: Vec<_> =
            solitude(&stays, at(45)).into_iter().map(|s| (s.call_sid, s.from, s.to, s.secs)).collect();
        let expected = [
            ("a".to_owned(), at(0), Some(at(10)), 10.0),
            ("a".to_owned(), at(20), Some(at(30)), 10.0),
            ("c".to_owned(), at(40), None, 5.0),
        ];
        assert_eq!(alone, expected);
    }
}
