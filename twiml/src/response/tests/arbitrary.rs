//! Any valid document.

mod nouns;
mod speech;
mod text;

use proptest::prelude::*;
use proptest::sample::select;

pub(super) use text::fragment;
use text::{keys, name, nasty, opt, url, word};

use crate::{
    Dial, DialRecord, Enqueue, Gather, Hints, Input, MAX_ENDPOINTS, Method, Pause, Play, Prompt, Record,
    RecordingCallbackEvent, RecordingTrack, Redirect, Refer, Reject, RejectReason, Response, SpeechModel,
    Start, Stop, StopNoun, Task, Timeout, Trim, Verb,
};

/// A strategy for a struct from a strategy for each field.
macro_rules! each {
    ($type:ident { $($field:ident: $strategy:expr),* $(,)? }) => {
        each!(@expression $($strategy,)*).prop_map(|each!(@pattern $($field,)*)| $type { $($field),* })
    };
    (@expression) => { Just(()) };
    // Boxed, as a document is too large for the stack of a test.
    (@expression $first:expr, $($rest:expr,)*) => { ($first.boxed(), each!(@expression $($rest,)*).boxed()) };
    (@pattern) => { () };
    (@pattern $first:ident, $($rest:ident,)*) => { ($first, each!(@pattern $($rest,)*)) };
}
use each;

pub(super) fn response() -> impl Strategy<Value = Response> {
    prop::collection::vec(verb(), 0..4).prop_map(|verbs| Response { verbs })
}

fn verb() -> impl Strategy<Value = Verb> {
    prop_oneof![
        speech::say().prop_map(Verb::from),
        play(true).prop_map(Verb::from),
        pause().prop_map(Verb::from),
        gather().boxed().prop_map(Verb::from),
        each!(Redirect { url: url(), method: opt(word(Method::ALL)) }).prop_map(Verb::from),
        Just(Verb::Hangup),
        each!(Reject { reason: opt(word(RejectReason::ALL)) }).prop_map(Verb::from),
        record().boxed().prop_map(Verb::from),
        dial().boxed().prop_map(Verb::from),
        nouns::connect().boxed().prop_map(Verb::from),
        start().boxed().prop_map(Verb::from),
        stop().prop_map(Verb::from),
        enqueue().prop_map(Verb::from),
        Just(Verb::Leave),
        each!(Refer { sip: text::sip(), action: opt(url()), method: opt(word(Method::ALL)) })
            .prop_map(Verb::from),
    ]
}

fn play(digits: bool) -> impl Strategy<Value = Play> {
    let url = url().prop_filter("not empty", |url| !url.is_empty());
    let digits = opt(keys()).prop_map(move |keys| keys.filter(|_| digits));
    each!(Play { url: url, loops: opt(any::<u32>()), digits: digits })
}

fn pause() -> impl Strategy<Value = Pause> {
    each!(Pause { length: opt(1u32..) })
}

fn timeout() -> impl Strategy<Value = Timeout> {
    prop_oneof![Just(Timeout::Auto), (1u32..).prop_map(Timeout::Seconds)]
}

fn hints() -> impl Strategy<Value = Hints> {
    let hint = name().prop_map(|text| text.replace(',', "、"));
    let hints = prop::collection::vec(hint, 0..4);
    hints.prop_map(|hints| Hints::new(hints.iter().map(String::as_str)).unwrap())
}

fn gather() -> impl Strategy<Value = Gather> {
    let prompt = prop_oneof![
        speech::say().prop_map(Prompt::from),
        play(false).prop_map(Prompt::from),
        pause().prop_map(Prompt::from)
    ];
    let models = ["default", "phone_call", "deepgram_nova-2-phonecall", "googlev2_long"];
    each!(Gather {
        prompts: prop::collection::vec(prompt, 0..3),
        action: opt(url()),
        method: opt(word(Method::ALL)),
        input: opt(word(Input::ALL)),
        timeout: opt(timeout()),
        speech_timeout: opt(timeout()),
        num_digits: opt(1u32..),
        finish_on_key: opt(select(vec!["", "#", "*", "0", "9"]).prop_map(str::to_owned)),
        hints: opt(hints()),
        language: opt(nasty(1)),
        speech_model: opt(select(models.to_vec()).prop_map(SpeechModel::from)),
        profanity_filter: opt(any::<bool>()),
        action_on_empty_result: opt(any::<bool>()),
        partial_result_callback: opt(url()),
        partial_result_callback_method: opt(word(Method::ALL)),
        enhanced: opt(any::<bool>()),
        barge_in: opt(any::<bool>()),
        max_speech_time: opt(1u32..),
        debug: opt(any::<bool>()),
    })
    .prop_map(|mut gather| {
        if gather.speech_model.is_some() && gather.speech_timeout == Some(Timeout::Auto) {
            gather.speech_model = None;
        }
        gather
    })
}

fn record() -> impl Strategy<Value = Record> {
    each!(Record {
        action: opt(url()),
        method: opt(word(Method::ALL)),
        timeout: opt(any::<u32>()),
        finish_on_key: opt("[0-9*#]{0,4}"),
        max_length: opt(2u32..=120),
        play_beep: opt(any::<bool>()),
        trim: opt(word(Trim::ALL)),
        recording_status_callback: opt(url()),
        recording_status_callback_method: opt(word(Method::ALL)),
        recording_status_callback_event: text::words(RecordingCallbackEvent::ALL),
        transcribe: opt(any::<bool>()),
        transcribe_callback: opt(url()),
        recording_configuration_id: opt(nasty(0)),
    })
}

fn dial() -> impl Strategy<Value = Dial> {
    let target = prop_oneof![
        prop::collection::vec(nouns::endpoint(), 1..=MAX_ENDPOINTS.min(3))
            .prop_map(crate::DialTarget::Endpoints),
        nouns::conference().prop_map(crate::DialTarget::from),
        nouns::queue().prop_map(crate::DialTarget::from),
    ];
    each!(Dial {
        target: target.boxed(),
        action: opt(url()),
        method: opt(word(Method::ALL)),
        timeout: opt(5u32..=600),
        time_limit: opt(1u32..),
        caller_id: opt(nasty(1)),
        answer_on_bridge: opt(any::<bool>()),
        hangup_on_star: opt(any::<bool>()),
        record: opt(word(DialRecord::ALL)),
        recording_status_callback: opt(url()),
        recording_status_callback_method: opt(word(Method::ALL)),
        recording_status_callback_event: text::words(RecordingCallbackEvent::ALL),
        recording_track: opt(word(RecordingTrack::ALL)),
        trim: opt(word(Trim::ALL)),
        refer_url: opt(url()),
        refer_method: opt(word(Method::ALL)),
        ring_tone: opt(nasty(1)),
        sequential: opt(any::<bool>()),
        call_reason: opt(nasty(0)),
        recording_configuration_id: opt(nasty(1)),
    })
}

fn start() -> impl Strategy<Value = Start> {
    let noun = prop_oneof![
        nouns::stream(false).prop_map(crate::StartNoun::from),
        nouns::recording().prop_map(crate::StartNoun::from),
        nouns::transcription().prop_map(crate::StartNoun::from),
    ];
    each!(Start {
        nouns: prop::collection::vec(noun, 1..3),
        action: opt(url()),
        method: opt(word(Method::ALL)),
    })
}

fn stop() -> impl Strategy<Value = Stop> {
    let noun = prop_oneof![
        nasty(1).prop_map(StopNoun::Stream),
        nasty(1).prop_map(StopNoun::Recording),
        nasty(1).prop_map(StopNoun::Transcription)
    ];
    each!(Stop { nouns: prop::collection::vec(noun, 1..3) })
}

fn enqueue() -> impl Strategy<Value = Enqueue> {
    let task = each!(Task {
        attributes: nasty(0).prop_map(|text| format!("{{{text}}}")),
        priority: opt(any::<u32>()),
        timeout: opt(any::<u32>()),
    });
    each!(Enqueue {
        name: name(),
        task: opt(task),
        action: opt(url()),
        method: opt(word(Method::ALL)),
        wait_url: opt(url()),
        wait_url_method: opt(word(Method::ALL)),
        workflow_sid: nasty(1).prop_map(Some),
    })
}
