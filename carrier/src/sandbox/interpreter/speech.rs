//! What the caller hears and how long it takes: Say, Play, and the keys that Play presses.

use crate::sandbox::call::Call;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use jiff::Timestamp;
use std::sync::Arc;
use tsunagu_twiml::{Play, Say, Speech};

/// Seconds that an audio file is taken to last, since the sandbox does not listen to it.
pub const PLAY_SECS: f64 = 3.0;
/// Most repetitions of `loop="0"`.
const MAX_LOOPS: u32 = 1_000;

/// Says something, for as long as it takes.
pub async fn say(leg: &mut Leg, say: &Say) {
    let text = say.plain_text();
    leg.person.hears(&text);
    for _ in 0..loops(say.loops) {
        utter(&leg.exchange, &leg.call, &text, "say", say_secs(&leg.exchange, say)).await;
        leg.call.transcriptions.spoken(&leg.exchange, &leg.call, "outbound_track", &text, None);
    }
}

/// Plays a file, or keys.
pub async fn play(leg: &mut Leg, play: &Play) {
    if let Some(digits) = &play.digits {
        leg.exchange.clock.sleep(keys_secs(digits)).await;
        return;
    }
    for _ in 0..loops(play.loops) {
        utter(&leg.exchange, &leg.call, &play.url, "play", PLAY_SECS).await;
    }
}

/// Something is heard on a leg; the log tells whether to its end.
pub async fn utter(exchange: &Exchange, call: &Arc<Call>, text: &str, source: &'static str, secs: f64) {
    utter_to(exchange, std::slice::from_ref(call), text, source, secs).await;
}

/// Something is heard on several legs at once.
pub async fn utter_to(
    exchange: &Exchange,
    listeners: &[Arc<Call>],
    text: &str,
    source: &'static str,
    secs: f64,
) {
    let mut heard: Vec<_> = listeners.iter().map(|call| Utterance::begin(call, text, source)).collect();
    exchange.clock.sleep(secs).await;
    heard.iter_mut().for_each(|utterance| utterance.whole = true);
}

/// How long a Say lasts once, pauses in its markup included.
pub fn say_secs(exchange: &Exchange, say: &Say) -> f64 {
    exchange.config.pace.secs(&say.plain_text()) + say.content.iter().map(pauses).sum::<f64>()
}

/// How long it takes to press keys, `w` and `W` among them.
pub fn keys_secs(digits: &str) -> f64 {
    digits.chars().map(|key| if key == 'W' { 1.0 } else { 0.5 }).sum()
}

/// How often something is repeated.
pub fn loops(loops: Option<u32>) -> u32 {
    match loops {
        Some(0) => MAX_LOOPS,
        Some(times) => times.min(MAX_LOOPS),
        None => 1,
    }
}

fn pauses(speech: &Speech) -> f64 {
    let Speech::Break(pause) = speech else { return 0.0 };
    let written = pause.time.as_deref().and_then(|time| match time.strip_suffix("ms") {
        Some(millis) => millis.parse::<f64>().ok().map(|millis| millis / 1_000.0),
        None => time.strip_suffix('s').and_then(|secs| secs.parse().ok()),
    });
    written.unwrap_or(0.5).clamp(0.0, 10.0)
}

/// Writes into the log, when it is dropped, what was heard, from when on, and whether to the end.
struct Utterance {
    call: Arc<Call>,
    text: String,
    source: &'static str,
    began: Timestamp,
    whole: bool,
}

impl Utterance {
    fn begin(call: &Arc<Call>, text: &str, source: &'static str) -> Self {
        let began = call.journal.now();
        Self { call: call.clone(), text: text.to_owned(), source, began, whole: false }
    }
}

impl Drop for Utterance {
    fn drop(&mut self) {
        let text = std::mem::take(&mut self.text);
        let event = Event::HeardBy { text, source: self.source, interrupted: !self.whole };
        self.call.journal.add_at(self.began, event);
    }
}
