//! Media streams: a call's sound over a WebSocket, out of it (`<Start><Stream>`, REST) or both ways (`<Connect><Stream>`).
//!
//! `start → session (a task of its own): connected, start, media… stop → status callbacks`
//!
//! The sandbox has no voices. What it sends is silence in the shape and at the pace of sound, and what it is sent takes
//! as long as it would take to play, and is heard by nobody.

mod feed;
mod message;
mod playback;
mod report;
mod session;

use super::call::Call;
use super::exchange::Exchange;
use super::sid;
use super::webhook::Method;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tsunagu_twiml::{self as twiml, StreamTrack};
use url::Url;

/// At most this many streams run beside one call.
const MAX_STREAMS: usize = 4;
/// Keys that wait to be reported.
const MAX_KEYS: usize = 64;

/// A stream as it was ordered.
#[derive(Debug, Clone)]
pub struct StreamPlan {
    /// `wss://`, without a query.
    pub url: String,
    /// The document that ordered it, if one did.
    pub document: Option<Url>,
    /// A name, unique in the call.
    pub name: Option<String>,
    /// What is sent.
    pub track: StreamTrack,
    /// Where its state is posted.
    pub callback: Option<(String, Method)>,
    /// `customParameters`.
    pub parameters: Vec<(String, String)>,
    /// The program may play sound into the call.
    pub both_ways: bool,
}

impl StreamPlan {
    /// A stream as its noun says.
    pub fn of(noun: &twiml::Stream, document: Option<&Url>, both_ways: bool) -> Self {
        let method = noun.status_callback_method.unwrap_or(Method::Post);
        Self {
            url: noun.url.clone(),
            document: document.cloned(),
            name: noun.name.clone(),
            track: noun.track.unwrap_or(StreamTrack::Inbound),
            callback: noun.status_callback.clone().map(|url| (url, method)),
            parameters: pairs(&noun.parameters),
            both_ways,
        }
    }

    /// The tracks as messages name them.
    fn tracks(&self) -> &'static [&'static str] {
        match self.track {
            StreamTrack::Inbound => &["inbound"],
            StreamTrack::Outbound => &["outbound"],
            StreamTrack::Both => &["inbound", "outbound"],
        }
    }
}

/// Names and values of `<Parameter>`s.
pub fn pairs(parameters: &[twiml::Parameter]) -> Vec<(String, String)> {
    parameters.iter().map(|parameter| (parameter.name.clone(), parameter.value.clone())).collect()
}

/// Why a stream is not started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The call has ended.
    NotLive,
    /// Another stream of the call has the name.
    NameInUse,
    /// As many as may run are running.
    TooMany,
}

impl Refusal {
    /// The reason in a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::NotLive => "The call has ended",
            Refusal::NameInUse => "Another stream of this call has the same name",
            Refusal::TooMany => "As many streams as a call may have are running already",
        }
    }
}

/// A stream that has been started.
#[derive(Debug)]
pub struct Stream {
    /// `MZ…`.
    pub sid: String,
    /// Its name.
    pub name: Option<String>,
    /// Set when it is to stop.
    stopping: watch::Sender<bool>,
    /// Set when it is over.
    over: watch::Sender<bool>,
    /// Rises with every sound of the program's that has been played to its end.
    played: watch::Sender<u64>,
    keys: mpsc::Sender<char>,
}

impl Stream {
    /// Ends it. It may be over already.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// The caller has pressed a key.
    pub fn press(&self, key: char) {
        // A program that does not even read keys has been given up for lost.
        let _ = self.keys.try_send(key);
    }

    /// Comes when it is over.
    pub fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    /// Changes when a sound of the program's has been played to its end.
    pub fn played(&self) -> watch::Receiver<u64> {
        self.played.subscribe()
    }
}

/// Starts a stream of this call.
pub fn start(exchange: &Arc<Exchange>, call: &Arc<Call>, plan: StreamPlan) -> Result<Arc<Stream>, Refusal> {
    let (keys, pressed) = mpsc::channel(MAX_KEYS);
    let stream = Arc::new(Stream {
        sid: sid::new("MZ"),
        name: plan.name.clone(),
        stopping: watch::Sender::new(false),
        over: watch::Sender::new(false),
        played: watch::Sender::new(0),
        keys,
    });
    call.write(|state| {
        if !state.status.is_live() {
            return Err(Refusal::NotLive);
        }
        if state.streams.len() >= MAX_STREAMS {
            return Err(Refusal::TooMany);
        }
        if plan.name.is_some() && state.streams.iter().any(|other| other.name == plan.name) {
            return Err(Refusal::NameInUse);
        }
        state.streams.push(stream.clone());
        Ok(())
    })?;
    let (exchange_too, call, own) = (exchange.clone(), call.clone(), stream.clone());
    exchange.spawn(async move {
        session::run(&exchange_too, &call, &own, &plan, pressed).await;
        call.write(|state| state.streams.retain(|other| other.sid != own.sid));
        own.over.send_replace(true);
    });
    Ok(stream)
}

/// The stream of this call with this sid or name.
pub fn find(call: &Call, sid_or_name: &str) -> Option<Arc<Stream>> {
    call.read(|state| {
        let is_it =
            |stream: &&Arc<Stream>| stream.sid == sid_or_name || stream.name.as_deref() == Some(sid_or_name);
        state.streams.iter().find(is_it).cloned()
    })
}

/// Ends all streams of a call.
pub fn stop_all(call: &Call) {
    for stream in call.read(|state| state.streams.clone()) {
        stream.stop();
    }
}
