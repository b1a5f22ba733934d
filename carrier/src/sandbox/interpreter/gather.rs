//! `<Gather>`: prompts, listening, and what was understood.

use super::document::Document;
use super::{Next, go_to, note, speech};
use crate::sandbox::clock::Clock;
use crate::sandbox::fault::HookKind;
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use crate::sandbox::person::Input;
use crate::sandbox::persona::Mode;
use crate::sandbox::webhook::{Hook, Lane, Method, Notification, Params};
use tokio::time::Instant;
use tsunagu_twiml::{Gather, Input as Listens, Prompt, Timeout};

/// Seconds of silence after which `auto` takes speech to be over.
const AUTO_SILENCE: f64 = 0.8;
/// Seconds that it takes to press one key.
const KEY_SECS: f64 = 0.2;
/// Longest speech of one Gather, in seconds.
const MAX_SPEECH: f64 = 60.0;

/// What a Gather understood.
enum Result {
    Speech { text: String, confidence: f64 },
    Keys { digits: String, finished_on: Option<char> },
    Nothing,
}

/// Runs a Gather.
pub async fn run(leg: &mut Leg, document: &Document, gather: &Gather) -> Next {
    let input = gather.input.unwrap_or(Listens::Dtmf);
    note(leg, "Gather", input.as_str());
    let listened = listen(leg, document, gather, input).await;
    let mut params = Params::new();
    let mut add = |key: &str, value: String| params.push((key.to_owned(), value));
    match listened {
        Result::Speech { text, confidence } => {
            add("SpeechResult", text);
            add("Confidence", format!("{confidence:.7}"));
            add("Language", gather.language.clone().unwrap_or_else(|| "en-US".into()));
        }
        Result::Keys { digits, finished_on } => {
            add("Digits", digits);
            add("FinishedOnKey", finished_on.map(String::from).unwrap_or_default());
        }
        Result::Nothing if gather.action_on_empty_result == Some(true) => match input {
            Listens::Dtmf => add("Digits", String::new()),
            _ => add("SpeechResult", String::new()),
        },
        Result::Nothing => return Next::Verb,
    }
    add("msg", "Gather End".into());
    go_to(leg, document, gather.action.as_deref(), gather.method, params).await
}

async fn listen(leg: &mut Leg, document: &Document, gather: &Gather, input: Listens) -> Result {
    let mode = match input {
        Listens::Dtmf => Mode::Dtmf,
        Listens::Speech => Mode::Speech,
        Listens::DtmfSpeech => Mode::Both,
    };
    let (words, secs) = prompts(leg, gather);
    let taken_in = leg.person.consider(&leg.call, &words, secs, mode);
    let began = leg.call.journal.now();
    let timeout = match gather.timeout {
        Some(Timeout::Seconds(secs)) => f64::from(secs),
        _ => 5.0,
    };
    let heard_first = if gather.barge_in == Some(false) {
        play_prompts(leg, gather).await;
        None
    } else {
        let (exchange, call) = (leg.exchange.clone(), leg.call.clone());
        tokio::select! {
            biased;
            input = understood(leg, mode) => Some(input),
            () = play_all(&exchange, &call, gather) => None,
        }
    };
    if !taken_in {
        let spoken = Clock::between(began, leg.call.journal.now()) / secs.max(f64::EPSILON);
        let part = (words.chars().count() as f64 * spoken.min(1.0)) as usize;
        leg.person.hears(&words.chars().take(part).collect::<String>());
    }
    if heard_first.is_none() {
        leg.call.transcriptions.spoken(&leg.exchange, &leg.call, "outbound_track", &words, None);
    }
    let heard = match heard_first {
        Some(input) => input,
        None => {
            let patience = leg.person.awaited(leg.exchange.clock.real(timeout));
            match tokio::time::timeout(patience, understood(leg, mode)).await {
                Ok(input) => input,
                Err(_) => return Result::Nothing,
            }
        }
    };
    match heard {
        Input::Speech { text, confidence } => {
            take_speech(leg, document, gather, timeout, text.clone()).await;
            Result::Speech { text, confidence }
        }
        Input::Keys(digits) => take_keys(leg, gather, timeout, digits).await,
    }
}

/// Waits for input of a kind that is listened for; the other kind is noted and lost.
async fn understood(leg: &mut Leg, mode: Mode) -> Input {
    loop {
        let input = leg.person.next_input().await;
        match (&input, mode) {
            (Input::Speech { text, confidence }, _) => {
                leg.call.journal.add(Event::SaidBy { text: text.clone(), confidence: *confidence });
                leg.call.transcriptions.spoken(
                    &leg.exchange,
                    &leg.call,
                    "inbound_track",
                    text,
                    Some(*confidence),
                );
            }
            (Input::Keys(digits), _) => leg.call.journal.add(Event::Dtmf { digits: digits.clone() }),
        }
        match (&input, mode) {
            (Input::Speech { text, .. }, Mode::Dtmf) if !text.is_empty() => {}
            (Input::Keys(_), Mode::Speech) => {}
            _ => return input,
        }
    }
}

/// Speech takes its time, is reported while it lasts, and is over when silence has lasted long enough.
async fn take_speech(leg: &mut Leg, document: &Document, gather: &Gather, timeout: f64, text: String) {
    let clock = leg.exchange.clock.clone();
    let secs = leg.exchange.config.pace.secs(&text).min(MAX_SPEECH);
    let partial = gather.partial_result_callback.as_ref().and_then(|url| document.resolve(url).ok());
    if let Some(url) = partial {
        let method = gather.partial_result_callback_method.unwrap_or(Method::Post);
        let lane = Lane::new(leg.exchange.messenger.clone(), leg.call.jar.clone(), leg.call.journal.clone());
        let half: String = text.chars().take(text.chars().count().div_ceil(2)).collect();
        let reports = [(half, String::new()), (String::new(), text.clone())];
        for (number, (unstable, stable)) in reports.into_iter().enumerate() {
            clock.sleep(secs / 2.0).await;
            let mut params = leg.call.standard(&leg.exchange.config.account_sid);
            params.push(("SequenceNumber".into(), number.to_string()));
            params.push(("UnstableSpeechResult".into(), unstable));
            params.push(("StableSpeechResult".into(), stable));
            params.push(("Stability".into(), if number == 0 { "0.1" } else { "0.9" }.into()));
            let hook = Hook { kind: HookKind::Partial, url: url.clone(), method, params };
            lane.push(&leg.exchange.runtime, Notification { hook, about: "partial speech".into() });
        }
    } else {
        clock.sleep(secs).await;
    }
    let silence = match gather.speech_timeout {
        Some(Timeout::Auto) => AUTO_SILENCE,
        Some(Timeout::Seconds(secs)) => f64::from(secs),
        None => timeout,
    };
    clock.sleep(silence).await;
}

/// Collects keys until there are enough, the finishing one is pressed, or no more come.
async fn take_keys(leg: &mut Leg, gather: &Gather, timeout: f64, first: String) -> Result {
    let finish = gather.finish_on_key.as_deref().unwrap_or("#").chars().next();
    let wanted = gather.num_digits.map_or(usize::MAX, |count| count as usize);
    let mut digits = String::new();
    let mut coming = first;
    loop {
        for key in coming.chars().filter(|key| !key.is_whitespace()) {
            leg.exchange.clock.sleep(KEY_SECS).await;
            if Some(key) == finish {
                return Result::Keys { digits, finished_on: Some(key) };
            }
            digits.push(key);
            if digits.chars().count() >= wanted {
                return Result::Keys { digits, finished_on: None };
            }
        }
        let until = Instant::now() + leg.exchange.clock.real(timeout);
        match tokio::time::timeout_at(until, understood(leg, Mode::Dtmf)).await {
            Ok(Input::Keys(more)) => coming = more,
            Ok(Input::Speech { .. }) => coming = String::new(),
            Err(_) => return Result::Keys { digits, finished_on: None },
        }
    }
}

async fn play_prompts(leg: &Leg, gather: &Gather) {
    play_all(&leg.exchange, &leg.call, gather).await;
}

async fn play_all(
    exchange: &crate::sandbox::exchange::Exchange,
    call: &std::sync::Arc<crate::sandbox::call::Call>,
    gather: &Gather,
) {
    for prompt in &gather.prompts {
        match prompt {
            Prompt::Say(say) => {
                for _ in 0..speech::loops(say.loops) {
                    let secs = speech::say_secs(exchange, say);
                    speech::utter(exchange, call, &say.plain_text(), "say", secs).await;
                }
            }
            Prompt::Play(play) => {
                for _ in 0..speech::loops(play.loops) {
                    speech::utter(exchange, call, &play.url, "play", speech::PLAY_SECS).await;
                }
            }
            Prompt::Pause(pause) => exchange.clock.sleep(f64::from(pause.length.unwrap_or(1))).await,
        }
    }
}

/// The words of the prompts, and how long all of them take.
fn prompts(leg: &Leg, gather: &Gather) -> (String, f64) {
    let mut words = String::new();
    let mut secs = 0.0;
    for prompt in &gather.prompts {
        match prompt {
            Prompt::Say(say) => {
                if !words.is_empty() {
                    words.push('\n');
                }
                words.push_str(&say.plain_text());
                secs += speech::say_secs(&leg.exchange, say) * f64::from(speech::loops(say.loops));
            }
            Prompt::Play(play) => secs += speech::PLAY_SECS * f64::from(speech::loops(play.loops)),
            Prompt::Pause(pause) => secs += f64::from(pause.length.unwrap_or(1)),
        }
    }
    (words, secs)
}
