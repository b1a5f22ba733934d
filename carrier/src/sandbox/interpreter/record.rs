//! `<Record>`: what the caller says after the tone.

use super::document::Document;
use super::{Next, go_to, note};
use crate::sandbox::call::RecordPlan;
use crate::sandbox::callback::Subscription;
use crate::sandbox::farewell::Farewell;
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use crate::sandbox::person::Input;
use crate::sandbox::persona::Mode;
use crate::sandbox::webhook::{Method, Params};
use tokio::time::Instant;
use tsunagu_twiml::Record;

const BEEP_SECS: f64 = 0.5;

/// Runs a Record; control always goes to its action.
pub async fn run(leg: &mut Leg, document: &Document, record: &Record) -> Next {
    note(leg, "Record", "");
    let clock = leg.exchange.clock.clone();
    if record.play_beep != Some(false) {
        clock.sleep(BEEP_SECS).await;
    }
    let events: Vec<String> =
        record.recording_status_callback_event.iter().map(ToString::to_string).collect();
    let url = record.recording_status_callback.as_ref().and_then(|url| document.resolve(url).ok());
    let method = record.recording_status_callback_method.map(Method::as_str);
    let plan = RecordPlan {
        channels: 1,
        track: "inbound".into(),
        source: "RecordVerb",
        callback: Subscription::new(url.as_deref(), method, &events, &["completed"]),
    };
    let began = clock.now();
    let sid = leg.exchange.start_recording(Some(&leg.call), None, plan);
    let recording = leg.exchange.change_recording(&sid, |recording| recording.clone());
    let recording_url = recording
        .map(|recording| recording.url(&leg.exchange.config.account_sid, &leg.exchange.public_url))
        .unwrap_or_default();
    let form = |digits: &str, secs: u64| -> Params {
        vec![
            ("RecordingUrl".into(), recording_url.clone()),
            ("RecordingSid".into(), sid.clone()),
            ("RecordingDuration".into(), secs.to_string()),
            ("Digits".into(), digits.to_owned()),
        ]
    };
    if let Ok(action) = document.resolve(record.action.as_deref().unwrap_or_default()) {
        let farewell = Farewell::new(action, record.method, form("hangup", 0));
        leg.call.write(|state| state.farewell = Some(farewell));
    }
    leg.background.adopt_recording(&sid);
    let pressed = take_down(leg, record).await;
    leg.background.release_recording(&sid);
    leg.exchange.finish_recording(&sid, leg.call.lane.clone());
    leg.call.write(|state| state.farewell = None);
    let secs = crate::sandbox::clock::Clock::between(began, clock.now()).round() as u64;
    go_to(leg, document, record.action.as_deref(), record.method, form(&pressed, secs)).await
}

/// Records until a key, silence or the longest duration; returns the key.
async fn take_down(leg: &mut Leg, record: &Record) -> String {
    let clock = leg.exchange.clock.clone();
    let end = clock.ahead(f64::from(record.max_length.unwrap_or(3_600)));
    let keys = record.finish_on_key.as_deref().unwrap_or("1234567890*#");
    let silence = record.timeout.unwrap_or(5);
    leg.person.consider(&leg.call, "", 0.0, Mode::Both);
    loop {
        let patience =
            if silence == 0 { end } else { end.min(Instant::now() + clock.real(f64::from(silence))) };
        match tokio::time::timeout_at(patience, leg.person.next_input()).await {
            Err(_) => return String::new(),
            Ok(Input::Keys(digits)) => {
                leg.call.journal.add(Event::Dtmf { digits: digits.clone() });
                if let Some(key) = digits.chars().find(|key| keys.contains(*key)) {
                    return key.to_string();
                }
            }
            Ok(Input::Speech { text, confidence }) => {
                let secs = leg.exchange.config.pace.secs(&text);
                leg.call.journal.add(Event::SaidBy { text, confidence });
                tokio::time::sleep_until(end.min(Instant::now() + clock.real(secs))).await;
            }
        }
    }
}
