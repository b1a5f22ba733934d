//! What runs beside a call's documents: recordings, transcriptions and streams, from `<Start>` to `<Stop>` or the end.

use super::call::{Call, RecordPlan};
use super::callback::Subscription;
use super::exchange::Exchange;
use super::log::Event;
use super::stream::{self, StreamPlan};
use super::webhook::Method;
use std::sync::Arc;
use tsunagu_twiml::{self as twiml, RecordingChannels, Start, StartNoun, Stop, StopNoun};
use url::Url;

/// At most this many services run beside one call.
const MAX_SERVICES: usize = 8;

/// The services of one call.
#[derive(Debug, Default)]
pub struct Background {
    recordings: Vec<(Option<String>, String)>,
}

impl Background {
    /// Runs `<Start>`. Relative URLs are resolved against `base`.
    pub fn start(&mut self, exchange: &Arc<Exchange>, call: &Arc<Call>, base: Option<&Url>, start: &Start) {
        for noun in &start.nouns {
            if self.recordings.len() + call.transcriptions.count() >= MAX_SERVICES {
                let message = format!("more than {MAX_SERVICES} services beside one call");
                call.journal.add(Event::Error { code: 12200, message });
                return;
            }
            match noun {
                StartNoun::Recording(noun) => self.start_recording(exchange, call, base, noun),
                StartNoun::Transcription(noun) => call.transcriptions.start(exchange, call, noun),
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
                StopNoun::Transcription(name) => call.transcriptions.stop(exchange, call, name),
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
        call.transcriptions.stop_all(exchange, call);
    }

    /// Takes care that a recording ends with the call, whatever happens to the verb that makes it.
    pub fn adopt_recording(&mut self, sid: &str) {
        self.recordings.push((None, sid.to_owned()));
    }

    /// The verb has ended the recording itself.
    pub fn release_recording(&mut self, sid: &str) {
        self.recordings.retain(|(_, own)| own != sid);
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
}
