//! How documents look.

use crate::*;

fn check(response: Response, expected: &str) {
    let xml = response.to_xml().unwrap();
    assert_eq!(xml.strip_prefix(r#"<?xml version="1.0" encoding="UTF-8"?>"#), Some(expected));
}

#[test]
fn an_empty_document_hangs_up() {
    check(Response::new(), "<Response/>");
}

#[test]
fn verbs_stand_in_order() {
    let response = Response::new()
        .with(Say::new("お電話ありがとうございます。"))
        .with(Pause { length: Some(2) })
        .with(Verb::Hangup);
    check(
        response,
        "<Response><Say>お電話ありがとうございます。</Say><Pause length=\"2\"/><Hangup/></Response>",
    );
}

#[test]
fn an_ai_turn_is_a_gather_with_speech() {
    let gather = Gather {
        prompts: vec![Say::new("Q&A <いかが>?").voice("Polly.Kazuha-Neural").language("ja-JP").into()],
        action: Some("https://h.jp/gather?a=1&b=2".into()),
        method: Some(Method::Post),
        input: Some(Input::DtmfSpeech),
        timeout: Some(5.into()),
        speech_timeout: Some(Timeout::Auto),
        finish_on_key: Some(String::new()),
        hints: Some(Hints::new(["はい", "いいえ"]).unwrap()),
        language: Some("ja-JP".into()),
        action_on_empty_result: Some(true),
        ..Default::default()
    };
    check(
        Response::new().with(gather),
        "<Response><Gather input=\"dtmf speech\" action=\"https://h.jp/gather?a=1&amp;b=2\" method=\"POST\" timeout=\"5\" \
         speechTimeout=\"auto\" finishOnKey=\"\" hints=\"はい,いいえ\" language=\"ja-JP\" actionOnEmptyResult=\"true\">\
         <Say voice=\"Polly.Kazuha-Neural\" language=\"ja-JP\">Q&amp;A &lt;いかが&gt;?</Say></Gather></Response>",
    );
}

#[test]
fn a_conference_is_the_noun_of_dial() {
    let conference = Conference {
        beep: Some(Beep::False),
        start_conference_on_enter: Some(true),
        end_conference_on_exit: Some(true),
        participant_label: Some("customer".into()),
        wait_url: Some(String::new()),
        status_callback: Some("https://h.jp/e".into()),
        status_callback_event: vec![ConferenceCallbackEvent::Start, ConferenceCallbackEvent::Leave],
        ..Conference::new("call-65f0")
    };
    check(
        Response::new().with(Dial { action: Some("/after".into()), ..Dial::new(conference) }),
        "<Response><Dial action=\"/after\"><Conference beep=\"false\" startConferenceOnEnter=\"true\" \
         endConferenceOnExit=\"true\" participantLabel=\"customer\" waitUrl=\"\" statusCallback=\"https://h.jp/e\" \
         statusCallbackEvent=\"start leave\">call-65f0</Conference></Dial></Response>",
    );
}

#[test]
fn speech_mixes_words_and_markup() {
    let say = Say {
        content: vec![
            "会員番号は".into(),
            Speech::SayAs(SayAs { interpret_as: "digits".into(), text: "123".into(), ..Default::default() }),
            Speech::Break(Break { time: Some("500ms".into()), ..Default::default() }),
            Speech::Prosody(Prosody {
                rate: Some("90%".into()),
                content: vec!["です。".into()],
                ..Default::default()
            }),
        ],
        ..Default::default()
    };
    assert_eq!(say.plain_text(), "会員番号は123です。");
    check(
        Response::new().with(say),
        "<Response><Say>会員番号は<say-as interpret-as=\"digits\">123</say-as><break time=\"500ms\"/>\
         <prosody rate=\"90%\">です。</prosody></Say></Response>",
    );
}

#[test]
fn a_relay_carries_languages_and_parameters() {
    let relay = ConversationRelay {
        url: "wss://h.jp/relay".into(),
        eot_threshold: Some(0.7),
        speech_timeout: Some(EndpointTimeout::Milliseconds(800)),
        languages: vec![Language {
            code: "ja-JP".into(),
            tts_provider: Some(TtsProvider::Google),
            ..Default::default()
        }],
        parameters: vec![Parameter::new("callId", "65f0")],
        ..Default::default()
    };
    check(
        Response::new().with(Connect::new(relay)),
        "<Response><Connect><ConversationRelay url=\"wss://h.jp/relay\" speechTimeout=\"800\" eotThreshold=\"0.7\">\
         <Language code=\"ja-JP\" ttsProvider=\"Google\"/><Parameter name=\"callId\" value=\"65f0\"/>\
         </ConversationRelay></Connect></Response>",
    );
}

#[test]
fn control_characters_are_dropped_from_speech_and_refused_elsewhere() {
    check(Response::new().with(Say::new("は\u{0}い\u{1b}")), "<Response><Say>はい</Say></Response>");
    let voice = Response::new().with(Say::new("x").voice("a\u{0}b")).to_xml();
    assert_eq!(voice.unwrap_err().code(), 13511);
    let room = Response::new().with(Dial::new(Conference::new("a\u{1}b"))).to_xml();
    assert_eq!(room.unwrap_err().code(), 12200);
}
