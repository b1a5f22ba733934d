//! What a call's transcriptions are told: what was said on its leg, in which direction. They belong to the call rather than
//! to its task, since what one leg of a conference says is heard, and written down, on the others.

use super::call::Call;
use super::exchange::Exchange;
use super::fault::HookKind;
use super::sid;
use super::webhook::{Hook, Method, Notification, Params};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tsunagu_twiml::{self as twiml, StreamTrack};

/// The transcriptions that run beside one call.
#[derive(Debug, Default)]
pub struct Transcriptions(Mutex<Vec<Session>>);

#[derive(Debug)]
struct Session {
    sid: String,
    name: Option<String>,
    callback: Option<(String, Method)>,
    track: StreamTrack,
    language: String,
    sequence: u64,
}

impl Transcriptions {
    /// How many run.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Starts one.
    pub fn start(&self, exchange: &Arc<Exchange>, call: &Arc<Call>, noun: &twiml::Transcription) {
        let method = noun.status_callback_method.unwrap_or(Method::Post);
        let mut session = Session {
            sid: sid::new("GT"),
            name: noun.name.clone(),
            callback: noun.status_callback_url.clone().map(|url| (url, method)),
            track: noun.track.unwrap_or(StreamTrack::Both),
            language: noun.language_code.clone().unwrap_or_else(|| "en-US".into()),
            sequence: 0,
        };
        let params = vec![
            ("ProviderConfiguration".into(), "{}".into()),
            ("TranscriptionEngine".into(), noun.transcription_engine.map_or("google", |e| e.as_str()).into()),
            ("Name".into(), noun.name.clone().unwrap_or_default()),
            ("Track".into(), session.track.as_str().into()),
            ("InboundTrackLabel".into(), noun.inbound_track_label.clone().unwrap_or_default()),
            ("OutboundTrackLabel".into(), noun.outbound_track_label.clone().unwrap_or_default()),
            ("PartialResults".into(), noun.partial_results.unwrap_or(false).to_string()),
            ("LanguageCode".into(), session.language.clone()),
        ];
        session.report(exchange, call, "transcription-started", params);
        self.lock().push(session);
    }

    /// Ends those with this name.
    pub fn stop(&self, exchange: &Arc<Exchange>, call: &Arc<Call>, name: &str) {
        self.end(exchange, call, |session| session.name.as_deref() == Some(name));
    }

    /// Ends all, with the call.
    pub fn stop_all(&self, exchange: &Arc<Exchange>, call: &Arc<Call>) {
        self.end(exchange, call, |_| true);
    }

    /// Something was said on this track of the call's leg.
    pub fn spoken(
        &self,
        exchange: &Arc<Exchange>,
        call: &Arc<Call>,
        track: &str,
        text: &str,
        confidence: Option<f64>,
    ) {
        for session in self.lock().iter_mut().filter(|_| !text.is_empty()) {
            if session.track != StreamTrack::Both && session.track.as_str() != track {
                continue;
            }
            let data = serde_json::json!({ "transcript": text, "confidence": confidence.unwrap_or(0.99) });
            let params = vec![
                ("LanguageCode".into(), session.language.clone()),
                ("Track".into(), track.to_owned()),
                ("TranscriptionData".into(), data.to_string()),
                ("Final".into(), "true".into()),
            ];
            session.report(exchange, call, "transcription-content", params);
        }
    }

    fn end(&self, exchange: &Arc<Exchange>, call: &Arc<Call>, which: impl Fn(&Session) -> bool) {
        self.lock().retain_mut(|session| {
            let ends = which(session);
            if ends {
                session.report(exchange, call, "transcription-stopped", Params::new());
            }
            !ends
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn report(&mut self, exchange: &Arc<Exchange>, call: &Arc<Call>, event: &str, extra: Params) {
        self.sequence += 1;
        let Some((url, method)) = self.callback.clone() else { return };
        let now = exchange.clock.now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        let mut params: Params = [
            ("AccountSid", exchange.config.account_sid.clone()),
            ("CallSid", call.sid().to_owned()),
            ("TranscriptionSid", self.sid.clone()),
            ("Timestamp", now),
            ("SequenceId", self.sequence.to_string()),
            ("TranscriptionEvent", event.to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        params.extend(extra);
        let hook = Hook { kind: HookKind::Recording, url, method, params };
        call.lane.push(&exchange.runtime, Notification { hook, about: event.to_owned() });
    }
}
