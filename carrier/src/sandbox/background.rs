//! What runs beside a call's documents: recordings, transcriptions and streams, from `<Start>` to `<Stop>` or the end.

use super::call::{Call, RecordPlan};
use super::callback::Subscription;
use super::exchange::Exchange;
use super::fault::HookKind;
use super::log::Event;
use super::sid;
use super::stream::{self, StreamPlan};
use super::webhook::{Hook, Method, Notification, Params};
use std::sync::Arc;
use tsunagu_twiml::{self as twiml, RecordingChannels, Start, StartNoun, Stop, StopNoun, StreamTrack};
use url::Url;

/// At most this many services run beside one call.
const MAX_SERVICES: usize = 8;

/// The services of one call.
#[derive(Debug, Default)]
pub struct Background {
    recordings: Vec<(Option<String>, String)>,
    transcriptions: Vec<Session>,
}

#[derive(Debug)]
struct Session {
    sid: String,
    name: Option<String>,
    callback: Option<(String, Method)>,
    track: StreamTrack,
    language: String,
    sequence: u64,
}

impl Background {
    /// Runs `<Start>`. Relative URLs are resolved against `base`.
    pub fn start(&mut self, exchange: &Arc<Exchange>, call: &Arc<Call>, base: Option<&Url>, start: &Start) {
        for noun in &start.nouns {
            if self.recordings.len() + self.transcriptions.len() >= MAX_SERVICES {
                let message = format!("more than {MAX_SERVICES} services beside one call");
                call.journal.add(Event::Error { code: 12200, message });
                return;
            }
            match noun {
                StartNoun::Recording(noun) => self.start_recording(exchange, call, base, noun),
                StartNoun::Transcription(noun) => self.start_transcription(exchange, call, noun),
                StartNoun::Stream(noun) => {
                    if let Err(refusal) = stream::start(exchange, call, StreamPlan::of(noun, base, false)) {
                        let message = format!("<Stream> is not started: {}", refusal.message());
                        call.journal.add(Event::Error { code: 12200, message });
                    }
                }
            }
        }
    }

    /// Runs `<Stop>`.
    pub fn stop(&mut self, exchange: &Arc<Exchange>, call: &Arc<Call>, stop: &Stop) {
        for noun in &stop.nouns {
            match noun {
                StopNoun::Recording(name) => {
                    self.recordings.retain(|(own, sid)| {
                        let stopped = own.as_ref() == Some(name);
                        if stopped {
                            exchange.finish_recording(sid, call.lane.clone());
                        }
                        !stopped
                    });
                }
                StopNoun::Transcription(name) => {
                    for session in &mut self.transcriptions {
                        if session.name.as_ref() == Some(name) {
                            session.report(exchange, call, "transcription-stopped", Params::new());
                        }
                    }
                    self.transcriptions.retain(|session| session.name.as_ref() != Some(name));
                }
                StopNoun::Stream(name) => {
                    if let Some(stream) = stream::find(call, name) {
                        stream.stop();
                    }
                }
            }
        }
    }

    /// Ends everything with the call.
    pub fn stop_all(&mut self, exchange: &Arc<Exchange>, call: &Arc<Call>) {
        for (_, sid) in self.recordings.drain(..) {
            exchange.finish_recording(&sid, call.lane.clone());
        }
        for mut session in self.transcriptions.drain(..) {
            session.report(exchange, call, "transcription-stopped", Params::new());
        }
    }

    /// Takes care that a recording ends with the call, whatever happens to the verb that makes it.
    pub fn adopt_recording(&mut self, sid: &str) {
        self.recordings.push((None, sid.to_owned()));
    }

    /// The verb has ended the recording itself.
    pub fn release_recording(&mut self, sid: &str) {
        self.recordings.retain(|(_, own)| own != sid);
    }

    /// Something was said on this track: running transcriptions report it.
    pub fn spoken(
        &mut self,
        exchange: &Arc<Exchange>,
        call: &Arc<Call>,
        track: &str,
        text: &str,
        confidence: Option<f64>,
    ) {
        for session in self.transcriptions.iter_mut().filter(|_| !text.is_empty()) {
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

    fn start_recording(
        &mut self,
        exchange: &Arc<Exchange>,
        call: &Arc<Call>,
        base: Option<&Url>,
        noun: &twiml::Recording,
    ) {
        let resolve = |url: &String| match base {
            Some(base) => base.join(url).ok(),
            None => Url::parse(url).ok(),
        };
        let url = noun.recording_status_callback.as_ref().and_then(resolve).map(String::from);
        let events: Vec<String> =
            noun.recording_status_callback_event.iter().map(ToString::to_string).collect();
        let method = noun.recording_status_callback_method.map(Method::as_str);
        let plan = RecordPlan {
            channels: if noun.channels == Some(RecordingChannels::Mono) { 1 } else { 2 },
            track: noun.track.map_or("both", |track| track.as_str()).to_owned(),
            source: "StartCallRecordingTwiML",
            callback: Subscription::new(url.as_deref(), method, &events, &["completed"]),
        };
        let sid = exchange.start_recording(Some(call), None, plan);
        self.recordings.push((noun.name.clone(), sid));
    }

    fn start_transcription(
        &mut self,
        exchange: &Arc<Exchange>,
        call: &Arc<Call>,
        noun: &twiml::Transcription,
    ) {
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
        self.transcriptions.push(session);
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
