//! Any noun.

use proptest::prelude::*;
use proptest::sample::select;

use super::text::{absolute_url, keys, name, nasty, opt, sip, url, websocket_url, word, words};
use super::{each, hints};
use crate::*;

fn phone_number() -> impl Strategy<Value = String> {
    "\\+?[0-9]{1,12}(-[0-9]{1,4})?"
}

pub(super) fn endpoint() -> BoxedStrategy<Endpoint> {
    prop_oneof![
        number().prop_map(Endpoint::from),
        client().prop_map(Endpoint::from),
        sip_address().prop_map(Endpoint::from)
    ]
    .boxed()
}

fn number() -> BoxedStrategy<Number> {
    each!(Number {
        number: phone_number(),
        send_digits: opt(keys()),
        url: opt(url()),
        method: opt(word(Method::ALL)),
        byoc: opt(nasty(1)),
        status_callback: opt(url()),
        status_callback_method: opt(word(Method::ALL)),
        status_callback_event: words(CallProgressEvent::ALL),
        machine_detection: opt(word(MachineDetection::ALL)),
        machine_detection_timeout: opt(3u32..=60),
        machine_detection_speech_threshold: opt(1000u32..=6000),
        machine_detection_speech_end_threshold: opt(500u32..=5000),
        machine_detection_silence_timeout: opt(2000u32..=10000),
        amd_status_callback: opt(url()),
        amd_status_callback_method: opt(word(Method::ALL)),
    })
    .boxed()
}

fn sip_address() -> BoxedStrategy<Sip> {
    each!(Sip {
        uri: sip(),
        username: opt(nasty(1)),
        password: opt(nasty(1)),
        url: opt(url()),
        method: opt(word(Method::ALL)),
        status_callback: opt(url()),
        status_callback_method: opt(word(Method::ALL)),
        status_callback_event: words(CallProgressEvent::ALL),
        machine_detection: opt(word(MachineDetection::ALL)),
        machine_detection_timeout: opt(3u32..=60),
        machine_detection_speech_threshold: opt(1000u32..=6000),
        machine_detection_speech_end_threshold: opt(500u32..=5000),
        machine_detection_silence_timeout: opt(2000u32..=10000),
        amd_status_callback: opt(url()),
        amd_status_callback_method: opt(word(Method::ALL)),
    })
    .boxed()
}

fn client() -> BoxedStrategy<Client> {
    each!(Client {
        identity: name(),
        parameters: parameters(),
        url: opt(url()),
        method: opt(word(Method::ALL)),
        status_callback: opt(url()),
        status_callback_method: opt(word(Method::ALL)),
        status_callback_event: words(CallProgressEvent::ALL),
        client_notification_url: opt(url()),
    })
    .boxed()
}

fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
    prop::collection::vec(each!(Parameter { name: nasty(1), value: nasty(0) }), 0..3)
}

pub(super) fn queue() -> BoxedStrategy<Queue> {
    each!(Queue {
        name: name(),
        url: opt(url()),
        method: opt(word(Method::ALL)),
        reservation_sid: opt(nasty(1)),
        post_work_activity_sid: opt(nasty(1)),
    })
    .boxed()
}

pub(super) fn conference() -> BoxedStrategy<Conference> {
    each!(Conference {
        name: name(),
        muted: opt(any::<bool>()),
        beep: opt(word(Beep::ALL)),
        start_conference_on_enter: opt(any::<bool>()),
        end_conference_on_exit: opt(any::<bool>()),
        participant_label: opt(nasty(1).prop_map(|label| label.replace('/', "-"))),
        jitter_buffer_size: opt(word(JitterBufferSize::ALL)),
        wait_url: opt(url()),
        wait_method: opt(word(Method::ALL)),
        max_participants: opt(2u32..=250),
        record: opt(word(ConferenceRecord::ALL)),
        trim: opt(word(Trim::ALL)),
        region: opt(word(Region::ALL)),
        coach: opt("CA[0-9a-f]{32}"),
        status_callback: opt(url()),
        status_callback_method: opt(word(Method::ALL)),
        status_callback_event: words(ConferenceCallbackEvent::ALL),
        recording_status_callback: opt(url()),
        recording_status_callback_method: opt(word(Method::ALL)),
        recording_status_callback_event: words(RecordingCallbackEvent::ALL),
        recording_configuration_id: opt(nasty(1)),
        event_callback_url: opt(url()),
    })
    .boxed()
}

pub(super) fn stream(inbound_only: bool) -> BoxedStrategy<Stream> {
    let tracks = if inbound_only { &StreamTrack::ALL[..1] } else { StreamTrack::ALL };
    each!(Stream {
        url: websocket_url(),
        name: opt(nasty(1)),
        track: opt(word(tracks)),
        status_callback: opt(absolute_url()),
        status_callback_method: opt(word(Method::ALL)),
        parameters: parameters(),
    })
    .boxed()
}

pub(super) fn recording() -> BoxedStrategy<Recording> {
    each!(Recording {
        name: opt(nasty(1)),
        recording_status_callback: opt(url()),
        recording_status_callback_method: opt(word(Method::ALL)),
        recording_status_callback_event: words(RecordingCallbackEvent::ALL),
        trim: opt(word(Trim::ALL)),
        track: opt(word(RecordingTrack::ALL)),
        channels: opt(word(RecordingChannels::ALL)),
        recording_configuration_id: opt(nasty(1)),
    })
    .boxed()
}

pub(super) fn transcription() -> BoxedStrategy<Transcription> {
    each!(Transcription {
        name: opt(nasty(1)),
        status_callback_url: opt(absolute_url()),
        status_callback_method: opt(word(Method::ALL)),
        language_code: opt(nasty(1)),
        track: opt(word(StreamTrack::ALL)),
        inbound_track_label: opt(nasty(1)),
        outbound_track_label: opt(nasty(1)),
        transcription_engine: opt(word(TranscriptionEngine::ALL)),
        speech_model: opt(nasty(1)),
        profanity_filter: opt(any::<bool>()),
        partial_results: opt(any::<bool>()),
        hints: opt(hints()),
        enable_automatic_punctuation: opt(any::<bool>()),
        enable_provider_data: opt(any::<bool>()),
        intelligence_service: opt(nasty(1)),
        conversation_configuration: opt(nasty(1)),
        conversation_id: opt(nasty(1)),
    })
    .boxed()
}

pub(super) fn connect() -> BoxedStrategy<Connect> {
    let target =
        prop_oneof![relay().prop_map(ConnectTarget::from), stream(true).prop_map(ConnectTarget::from)];
    each!(Connect { target: target, action: opt(url()), method: opt(word(Method::ALL)) }).boxed()
}

fn language() -> impl Strategy<Value = Language> {
    each!(Language {
        code: nasty(1),
        tts_provider: opt(word(TtsProvider::ALL)),
        voice: opt(nasty(1)),
        transcription_provider: opt(word(TranscriptionProvider::ALL)),
        speech_model: opt(nasty(1)),
        hints: opt(nasty(0)),
    })
}

fn relay() -> BoxedStrategy<ConversationRelay> {
    let timeout =
        prop_oneof![Just(EndpointTimeout::Auto), (600u32..=5000).prop_map(EndpointTimeout::Milliseconds)];
    let yes_or_no = || opt(any::<bool>());
    let threshold = || opt(select(vec![0.5f32, 0.7, 0.85, 0.9]));
    each!(ConversationRelay {
        url: websocket_url(),
        welcome_greeting: opt(nasty(1)),
        welcome_greeting_interruptible: opt(word(Interruptible::ALL)),
        language: opt(nasty(1)),
        tts_language: opt(nasty(1)),
        tts_provider: opt(word(TtsProvider::ALL)),
        voice: opt(nasty(1)),
        transcription_language: opt(nasty(1)),
        transcription_provider: opt(word(TranscriptionProvider::ALL)),
        speech_model: opt(nasty(1)),
        interruptible: opt(word(Interruptible::ALL)),
        interrupt_sensitivity: opt(word(InterruptSensitivity::ALL)),
        dtmf_detection: yes_or_no(),
        report_input_during_agent_speech: opt(word(Interruptible::ALL)),
        preemptible: yes_or_no(),
        hints: opt(nasty(0)),
        debug: words(RelayDebug::ALL),
        events: words(RelayEvent::ALL),
        elevenlabs_text_normalization: opt(word(TextNormalization::ALL)),
        intelligence_service: opt(nasty(1)),
        conversation_configuration: opt(nasty(1)),
        conversation_id: opt(nasty(1)),
        speech_timeout: opt(timeout),
        partial_prompts: yes_or_no(),
        ignore_backchannel: yes_or_no(),
        deepgram_smart_format: yes_or_no(),
        eot_threshold: threshold(),
        eager_eot_threshold: threshold(),
        application_reconnect: yes_or_no(),
        background_noise_reduction: opt(nasty(1)),
        echo_prompt_filtering: yes_or_no(),
        turn_detection: yes_or_no(),
        partial_prompt_on_hangup: yes_or_no(),
        asr_smart_format: yes_or_no(),
        tts_text_normalization: opt(nasty(1)),
        tts_language_text_normalization: opt(nasty(1)),
        include_in_prompt: words(IncludeInPrompt::ALL),
        customer_name: opt(nasty(1)),
        profanity_filter: yes_or_no(),
        languages: prop::collection::vec(language(), 0..3),
        parameters: parameters(),
    })
    .boxed()
}
