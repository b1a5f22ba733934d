//! What is refused when written.

use crate::*;

/// The code with which a document of one verb is refused, and where.
fn refused(verb: impl Into<Verb>) -> (u32, String) {
    let error = Response::new().with(verb).to_xml().unwrap_err();
    let place = match &error {
        Error::Invalid { element, attribute: Some(attribute), .. } => format!("{element} {attribute}"),
        Error::Invalid { element, .. } => (*element).to_owned(),
        other => other.to_string(),
    };
    (error.code(), place)
}

fn accepted(verb: impl Into<Verb>) {
    Response::new().with(verb).to_xml().unwrap();
}

fn conference(change: impl FnOnce(&mut Conference)) -> Dial {
    let mut conference = Conference::new("room");
    change(&mut conference);
    Dial::new(conference)
}

fn gather(change: impl FnOnce(&mut Gather)) -> Gather {
    let mut gather = Gather::default();
    change(&mut gather);
    gather
}

#[test]
fn say_has_at_most_4096_characters() {
    accepted(Say::new("あ".repeat(4096)));
    assert_eq!(refused(Say::new("あ".repeat(4097))), (13520, "Say".into()));
    let nested = Speech::Paragraph(Paragraph { content: vec!["あ".repeat(4096).into()] });
    assert_eq!(refused(Say { content: vec!["い".into(), nested], ..Default::default() }).0, 13520);
}

#[test]
fn speech_markup_is_not_nested_without_end() {
    let mut speech = Speech::from("x");
    for _ in 0..MAX_SPEECH_DEPTH {
        speech = Speech::Sentence(Sentence { content: vec![speech] });
    }
    let nested = Say { content: vec![speech.clone()], ..Default::default() };
    let xml =
        Response::new().with(Gather { prompts: vec![nested.into()], ..Default::default() }).to_xml().unwrap();
    assert_eq!(Response::parse(&xml).unwrap().warnings, []);
    let content = vec![Speech::Sentence(Sentence { content: vec![speech] })];
    assert_eq!(refused(Say { content, ..Default::default() }).0, 13520);
}

#[test]
fn a_document_has_at_most_64_kb() {
    let response: Response = (0..20).map(|_| Say::new("a".repeat(4000))).collect();
    let error = response.to_xml().unwrap_err();
    assert_eq!(error.code(), 11750);
}

#[test]
fn numbers_keep_within_their_ranges() {
    assert_eq!(refused(Pause { length: Some(0) }), (13910, "Pause length".into()));
    assert_eq!(refused(gather(|g| g.timeout = Some(0.into()))), (13313, "Gather timeout".into()));
    assert_eq!(refused(gather(|g| g.num_digits = Some(0))), (13314, "Gather numDigits".into()));
    assert_eq!(refused(conference(|c| c.max_participants = Some(251))).1, "Conference maxParticipants");
    let dial = |timeout| Dial { timeout: Some(timeout), ..Dial::new(Number::new("+81312345678")) };
    accepted(dial(5));
    accepted(dial(600));
    assert_eq!(refused(dial(4)), (13212, "Dial timeout".into()));
    assert_eq!(refused(dial(601)), (13212, "Dial timeout".into()));
    let detection = Number { machine_detection_timeout: Some(61), ..Number::new("+81312345678") };
    assert_eq!(refused(Dial::new(detection)).1, "Number machineDetectionTimeout");
}

#[test]
fn a_participant_label_cannot_be_taken_for_anything_else() {
    accepted(conference(|c| c.participant_label = Some("顧客".into())));
    for label in ["", "a/b", &"x".repeat(129), "CA0123456789abcdef0123456789abcdef"] {
        let dial = conference(|c| c.participant_label = Some(label.into()));
        assert_eq!(refused(dial), (16023, "Conference participantLabel".into()), "{label}");
    }
    assert_eq!(refused(conference(|c| c.coach = Some("x".into()))).0, 13240);
    assert_eq!(refused(conference(|c| c.name = " room".into())), (13237, "Conference".into()));
}

#[test]
fn hints_are_bounded() {
    let hints = |count: usize, length: usize| {
        let hint = "あ".repeat(length);
        Hints::new(std::iter::repeat_n(hint.as_str(), count))
    };
    for hints in [hints(500, 20), hints(1, 100)] {
        accepted(gather(|g| g.hints = Some(hints.unwrap())));
    }
    for hints in [hints(501, 1), hints(1, 101), hints(1, 0), Hints::new(["a,b"]), Hints::new(["a "])] {
        assert!(hints.unwrap_err().to_string().starts_with("<Gather> hints: "));
    }
}

#[test]
fn at_most_ten_ring_at_once() {
    let dial = |count| Dial {
        target: DialTarget::Endpoints(vec![Number::new("+81312345678").into(); count]),
        ..Default::default()
    };
    accepted(dial(10));
    assert_eq!(refused(dial(11)).1, "Dial");
    assert_eq!(refused(dial(0)), (13215, "Dial".into()));
}

#[test]
fn addresses_are_checked() {
    let stream = |url: &str| Start::new(Stream { url: url.into(), ..Default::default() });
    accepted(stream("wss://h.jp/media"));
    for url in ["", "ws://h.jp/", "https://h.jp/", "wss://", "wss:///a", "wss://h.jp/a?b=c", "wss://h.jp/a b"]
    {
        assert_eq!(refused(stream(url)), (31922, "Stream url".into()), "{url}");
    }
    assert_eq!(refused(Connect::default()).1, "Connect");
    assert_eq!(refused(Redirect { url: "a b".into(), ..Default::default() }), (11100, "Redirect".into()));
    assert_eq!(refused(gather(|g| g.action = Some("/a\n".into()))), (11100, "Gather action".into()));
    for number in ["", "abc", "+", " +81", "+81\u{ff11}"] {
        assert_eq!(refused(Dial::new(Number::new(number))), (13223, "Number".into()), "{number}");
    }
    assert_eq!(refused(Dial::new(Sip::new("tel:1"))), (13243, "Sip".into()));
    assert_eq!(refused(Dial::new(Sip::new(format!("sip:{}@h", "a".repeat(260))))), (13243, "Sip".into()));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let keys = Play { digits: Some("1w2".into()), ..Default::default() };
    accepted(keys.clone());
    assert_eq!(refused(gather(|g| g.prompts = vec![keys.into()])), (13320, "Gather".into()));
    let auto = gather(|g| {
        g.speech_timeout = Some(Timeout::Auto);
        g.speech_model = Some(SpeechModel::PhoneCall);
    });
    assert_eq!(refused(auto), (13335, "Gather speechTimeout".into()));
    let both = Stream { url: "wss://h.jp".into(), track: Some(StreamTrack::Both), ..Default::default() };
    accepted(Start::new(both.clone()));
    assert_eq!(refused(Connect::new(both)), (31941, "Connect".into()));
    let long = Record { transcribe: Some(true), max_length: Some(121), ..Default::default() };
    assert_eq!(refused(long), (13615, "Record".into()));
    let task = Enqueue { name: "q".into(), task: Some(Task::default()), ..Default::default() };
    assert_eq!(refused(task).0, 14220);
}
