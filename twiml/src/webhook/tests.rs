use proptest::prelude::*;

use super::*;

const STANDARD: &[u8] =
    b"CallSid=CA1&AccountSid=AC1&From=%2B819012345678&To=%2B81312345678&Called=%2B81312345678&\
    CallStatus=in-progress&ApiVersion=2010-04-01&Direction=outbound-api&FromCity=&FromCountry=JP";

fn parse(more: &str) -> Form {
    Form::parse(&[STANDARD, more.as_bytes()].concat()).unwrap()
}

fn voice() -> VoiceRequest {
    VoiceRequest::from_form(parse("")).unwrap()
}

#[test]
fn the_standard_parameters_and_the_rest() {
    let request = VoiceRequest::from_form(parse("&AnsweredBy=machine_end_beep&ParentCallSid=CA0")).unwrap();
    assert_eq!(request.from, "+819012345678");
    assert_eq!(request.call_status, CallStatus::InProgress);
    assert_eq!(request.direction, Some(Direction::OutboundApi));
    assert_eq!(request.parent_call_sid.as_deref(), Some("CA0"));
    assert!(request.answered_by.unwrap().is_machine());
    let extra: Vec<_> = request.extra.iter().collect();
    assert_eq!(extra, [("Called", "+81312345678"), ("FromCity", ""), ("FromCountry", "JP")]);
}

#[test]
fn an_error_names_the_parameter() {
    let without = |name: &str| -> Form { parse("").iter().filter(|(key, _)| *key != name).collect() };
    for name in ["CallSid", "AccountSid", "From", "To", "CallStatus"] {
        let error = VoiceRequest::from_form(without(name)).unwrap_err();
        assert_eq!(error.to_string(), format!("the parameter {name} is missing"));
    }
    let empty = Form::parse(b"CallSid=&AccountSid=AC1&AnsweredBy=human").unwrap();
    assert_eq!(AmdEvent::from_form(empty), Err(FormError::Missing { parameter: "CallSid" }));
    let event = b"ConferenceSid=CF1&FriendlyName=r&AccountSid=AC1&SequenceNumber=x&StatusCallbackEvent=conference-start";
    let error = ConferenceEvent::from_form(Form::parse(event).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "the parameter SequenceNumber cannot be read as a whole number");
}

#[test]
fn an_optional_parameter_that_cannot_be_read_stays_in_extra() {
    let event =
        CallStatusEvent::from_form(parse("&SequenceNumber=3&CallDuration=-1&SipResponseCode=200")).unwrap();
    assert_eq!(
        (event.sequence_number, event.call_duration, event.sip_response_code),
        (Some(3), None, Some(200))
    );
    assert_eq!(event.voice.extra.get("CallDuration"), Some("-1"));
    assert_eq!(event.status(), &CallStatus::InProgress);
}

#[test]
fn what_was_gathered() {
    let input = |more: &str| GatherResult::from_form(parse(more)).unwrap().input;
    let speech = |text: &str, confidence| GatherInput::Speech { text: text.into(), confidence };
    assert_eq!(input("&Digits=12%23"), GatherInput::Digits("12#".into()));
    assert_eq!(input("&SpeechResult=+%E3%81%AF%E3%81%84&Confidence=0.87"), speech(" はい", Some(0.87)));
    assert_eq!(input("&SpeechResult=a"), speech("a", None));
    for junk in ["", "x", "NaN", "inf", "1.5", "-0.1"] {
        assert_eq!(input(&format!("&SpeechResult=a&Confidence={junk}")), speech("a", None), "{junk}");
    }
    assert_eq!(input(""), GatherInput::Empty);
    assert_eq!(input("&Digits=&SpeechResult="), GatherInput::Empty);
    assert_eq!(input("&Digits=&SpeechResult=a"), speech("a", None));
    let more =
        GatherResult::from_form(parse("&Digits=1&FinishedOnKey=%23&Language=ja-JP&msg=Gather+End")).unwrap();
    assert_eq!(more.finished_on_key.as_deref(), Some("#"));
    assert_eq!(more.voice.extra.get("msg"), Some("Gather End"));
}

#[test]
fn a_participant_who_never_entered() {
    let body = b"ConferenceSid=CF1&FriendlyName=call-1&AccountSid=AC1&SequenceNumber=4&StatusCallbackEvent=participant-leave&\
        Timestamp=Sat%2C+22+Nov+2025+10%3A00%3A00+%2B0000&CallSid=CA2&Muted=false&Hold=false&Coaching=false&\
        EndConferenceOnExit=true&StartConferenceOnEnter=true&ParticipantLabel=agent&ParticipantCallStatus=no-answer&\
        ReasonParticipantLeft=participant_add_failed";
    let event = ConferenceEvent::from_form(Form::parse(body).unwrap()).unwrap();
    assert_eq!(event.kind, ConferenceEventKind::ParticipantLeave);
    assert_eq!(event.reason_participant_left, Some(ReasonParticipantLeft::ParticipantAddFailed));
    assert_eq!(event.participant_call_status, Some(CallStatus::NoAnswer));
    assert_eq!((event.muted, event.end_conference_on_exit), (Some(false), Some(true)));
    assert_eq!(event.timestamp.as_deref(), Some("Sat, 22 Nov 2025 10:00:00 +0000"));
    assert!(event.extra.is_empty());
    assert_eq!(ConferenceEvent::from_form(event.to_form()), Ok(event));
}

#[test]
fn a_word_of_tomorrow_is_kept() {
    let body = b"CallSid=CA1&AccountSid=AC1&AnsweredBy=robot";
    let event = AmdEvent::from_form(Form::parse(body).unwrap()).unwrap();
    assert_eq!(event.answered_by, AnsweredBy::Other("robot".into()));
    assert_eq!(event.to_form().get("AnsweredBy"), Some("robot"));
}

#[test]
fn terminal_statuses_end_a_call() {
    let terminal = ["completed", "busy", "failed", "no-answer", "canceled"];
    for status in [
        "queued",
        "initiated",
        "ringing",
        "in-progress",
        "completed",
        "busy",
        "failed",
        "no-answer",
        "canceled",
    ] {
        assert_eq!(CallStatus::from(status).is_terminal(), terminal.contains(&status), "{status}");
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ +&=%a-zかが゙\n]{1,8}", any::<String>().prop_filter("not empty", |text| !text.is_empty())]
}

prop_compose! {
    fn any_voice()(
        texts in prop::collection::vec(text(), 9),
        numbers in prop::collection::vec(prop::option::of(any::<u32>()), 2),
        status in text(),
        options in prop::collection::vec(any::<bool>(), 8),
        extra in prop::collection::vec(("X[a-z]{0,3}", text()), 0..4),
    ) -> VoiceRequest {
        let some = |index: usize| options[index].then(|| texts[index].clone());
        VoiceRequest {
            api_version: some(0),
            direction: some(1).map(Direction::from),
            parent_call_sid: some(2),
            forwarded_from: some(3),
            caller_name: some(4),
            call_token: some(5),
            answered_by: some(6).map(AnsweredBy::from),
            machine_detection_duration: numbers[0],
            error_code: numbers[1],
            error_url: some(7),
            extra: extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            ..VoiceRequest::new(
                texts[0].clone(), texts[1].clone(), texts[2].clone(), texts[8].clone(), CallStatus::from(status),
            )
        }
    }
}

proptest! {
    #[test]
    fn what_the_sandbox_writes_is_what_is_read(
        voice in any_voice(),
        digits in text(),
        confidence in prop::option::of(0f32..=1.0),
        number in prop::option::of(any::<u32>()),
        speech in any::<bool>(),
    ) {
        let input = if speech {
            GatherInput::Speech { text: digits.clone(), confidence }
        } else {
            GatherInput::Digits(digits.clone())
        };
        let gather = GatherResult { language: Some(digits.clone()), ..GatherResult::new(voice.clone(), input) };
        prop_assert_eq!(GatherResult::from_form(wire(&gather.to_form())), Ok(gather));
        let event = CallStatusEvent { sequence_number: number, call_duration: number, ..CallStatusEvent::new(voice.clone()) };
        prop_assert_eq!(CallStatusEvent::from_form(wire(&event.to_form())), Ok(event));
        let dial = DialResult { dial_bridged: Some(speech), ..DialResult::new(voice.clone(), digits.as_str().into()) };
        prop_assert_eq!(DialResult::from_form(wire(&dial.to_form())), Ok(dial));
        let queue = EnqueueResult { queue_time: number, ..EnqueueResult::new(voice, digits.as_str().into()) };
        prop_assert_eq!(EnqueueResult::from_form(wire(&queue.to_form())), Ok(queue));
    }

    #[test]
    fn nothing_that_came_is_lost(names in prop::collection::vec(prop::sample::select(KEYS), 0..12), values in prop::collection::vec(text(), 12)) {
        let mut form = parse("");
        for (name, value) in names.iter().zip(&values) {
            form.push(name, value);
        }
        let sorted = |form: &Form| {
            let mut pairs: Vec<_> = form.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            pairs.sort();
            pairs
        };
        let written = CallStatusEvent::from_form(form.clone()).unwrap().to_form();
        prop_assert_eq!(sorted(&written), sorted(&form));
    }
}

/// What the receiver sees of a form.
fn wire(form: &Form) -> Form {
    Form::parse(form.to_body().as_bytes()).unwrap()
}

const KEYS: &[&str] = &[
    "Digits",
    "Timestamp",
    "SequenceNumber",
    "CallDuration",
    "StirStatus",
    "AnsweredBy",
    "CallSid",
    "New",
    "",
];

#[test]
fn every_callback_reads_what_it_writes() {
    let recording = RecordingEvent {
        conference_sid: Some("CF1".into()),
        duration: Some(61),
        source: Some(RecordingSource::StartConferenceRecordingApi),
        ..RecordingEvent::new("AC1".into(), "RE1".into(), RecordingStatus::Completed)
    };
    assert_eq!(RecordingEvent::from_form(wire(&recording.to_form())), Ok(recording));
    let transcription = TranscriptionEvent {
        transcription_data: Some(r#"{"transcript":"はい","confidence":0.9}"#.into()),
        is_final: Some(true),
        ..TranscriptionEvent::new(
            "AC1".into(),
            "CA1".into(),
            "GT1".into(),
            7,
            TranscriptionEventKind::Content,
        )
    };
    assert_eq!(transcription.to_form().get("Final"), Some("true"));
    assert_eq!(TranscriptionEvent::from_form(wire(&transcription.to_form())), Ok(transcription));
    let partial = PartialResult {
        stable_speech_result: Some("もし".into()),
        unstable_speech_result: Some("もし".into()),
        stability: Some(0.5),
        ..PartialResult::new("CA1".into())
    };
    assert_eq!(partial.text(), "もしもし");
    assert_eq!(PartialResult::from_form(wire(&partial.to_form())), Ok(partial));
    let connect = ConnectResult {
        session_status: Some(SessionStatus::Ended),
        handoff_data: Some("{\"to\":\"agent\"}".into()),
        ..ConnectResult::new(voice())
    };
    assert_eq!(ConnectResult::from_form(wire(&connect.to_form())), Ok(connect));
    let record = RecordResult { digits: Some("hangup".into()), ..RecordResult::new(voice()) };
    assert_eq!(RecordResult::from_form(wire(&record.to_form())), Ok(record));
    let stream = StreamEvent::new("AC1".into(), "CA1".into(), "MZ1".into(), StreamEventKind::Started);
    assert_eq!(StreamEvent::from_form(wire(&stream.to_form())), Ok(stream));
}
