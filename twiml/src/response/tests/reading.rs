//! What is read, and what is skipped.

use crate::*;

/// Reads verbs in a `<Response>`; the warnings as code, element and attribute.
fn read(inner: &str) -> (Vec<Verb>, Vec<String>) {
    let parsed = Response::parse(&format!("<Response>{inner}</Response>")).unwrap();
    let warnings = parsed.warnings.iter().map(|warning| {
        let attribute = warning.attribute.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        format!("{} {}{attribute}", warning.code, warning.element)
    });
    (parsed.response.verbs, warnings.collect())
}

fn clean(inner: &str) -> Verb {
    let (mut verbs, warnings) = read(inner);
    assert_eq!(warnings, [""; 0]);
    assert_eq!(verbs.len(), 1);
    verbs.remove(0)
}

fn skipped(inner: &str, expected: &[&str]) -> Vec<Verb> {
    let (verbs, warnings) = read(inner);
    assert_eq!(warnings, expected, "{inner}");
    verbs
}

fn failed(xml: &str) -> u32 {
    Response::parse(xml).unwrap_err().code()
}

#[test]
fn a_document_that_twilio_cannot_read_fails_with_twilios_code() {
    assert_eq!(failed(""), 11770);
    assert_eq!(failed(" \r\n\t "), 11770);
    assert_eq!(failed(&format!("<Response>{}</Response>", " ".repeat(MAX_BODY))), 11750);
    assert_eq!(failed("<response/>"), 12102);
    assert_eq!(failed("<html><body/></html>"), 12102);
    assert_eq!(failed("<?xml version=\"1.1\"?><Response/>"), 12101);
    for malformed in [
        "hello",
        "<Response>",
        "</Response>",
        "<Response></response>",
        "<Response><Say></Response></Say>",
        "<Response/><Response/>",
        "<Response/>x",
        "x<Response/>",
        "<Response/>&amp;",
        "<Response/><![CDATA[ ]]>",
        "\n<?xml version=\"1.0\"?><Response/>",
        " <?xml version=\"1.0\"?><Response/>",
        "<Response/><?xml version=\"1.0\"?>",
        "<Response><Say>a & b</Say></Response>",
        "<Response><Say>a &b; c</Say></Response>",
        "<Response><Say>a &nbsp; c</Say></Response>",
        "<Response><Say>&#0;</Say></Response>",
        "<Response><Say>&#x1b;</Say></Response>",
        "<Response><Say>\u{1}</Say></Response>",
        "<Response><Say>]]></Say></Response>",
        "<Response><Say voice=\"a\" voice=\"b\"/></Response>",
        "<Response><Say voice=a/></Response>",
        "<Response><Say voice/></Response>",
        "<Response><Say voice=\"a<b\"/></Response>",
        "<Response><Say voice=\"&b;\"/></Response>",
        "<Response><Say voice=\"&#0;\"/></Response>",
        "<Response><!-- a -- b --></Response>",
        "<Response><1/></Response>",
        "<!DOCTYPE Response><Response/>",
        "<!DOCTYPE r [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><Response><Say>&b;</Say></Response>",
    ] {
        assert_eq!(failed(malformed), 12100, "{malformed}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |depth: usize| format!("<Response>{}{}</Response>", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(Response::parse(&deep(31)).is_ok());
    assert_eq!(failed(&deep(32)), 12100);
    let unclosed = "<a>".repeat(20_000);
    assert_eq!(failed(&unclosed), 12100);
}

#[test]
fn declaration_comments_and_blanks_do_not_matter() {
    let parsed = Response::parse(
        "<?xml version='1.0' encoding='UTF-8'?>\n<!-- greeting -->\n<Response>\n  <!-- first -->\n  <Say>はい</Say>\n</Response>\n",
    );
    let expected = Parsed { response: Response::new().with(Say::new("はい")), warnings: vec![] };
    assert_eq!(parsed.unwrap(), expected);
    assert_eq!(Response::parse("\u{FEFF}<Response/>").unwrap().response, Response::new());
    assert_eq!(clean("<Play>\n  https://h.jp/a.mp3\n</Play>"), play("https://h.jp/a.mp3"));
    assert_eq!(clean("<Play>https://h.jp/<!-- x -->a.mp3</Play>"), play("https://h.jp/a.mp3"));
}

fn play(url: &str) -> Verb {
    Play { url: url.into(), ..Default::default() }.into()
}

#[test]
fn spoken_text_keeps_its_blanks_entities_and_cdata() {
    assert_eq!(
        clean("<Say> a &lt;&amp;&#x3042;&#13;\r\n<![CDATA[<b>&amp;]]> </Say>"),
        Say::new(" a <&あ\r\n<b>&amp; ").into()
    );
    let Verb::Say(say) = clean("<Say voice='a&#10;b\nc&quot;'/>") else { panic!("no Say") };
    assert_eq!(say.voice.as_deref(), Some("a\nb c\""));
}

#[test]
fn names_are_case_sensitive() {
    assert_eq!(skipped("<say>x</say><Hangup/>", &["12200 say"]), [Verb::Hangup]);
    let verbs = skipped(
        "<Dial><Conference statuscallback='/x'>r</Conference></Dial>",
        &["12200 Conference statuscallback"],
    );
    assert_eq!(verbs, [Dial::new(Conference::new("r")).into()]);
}

#[test]
fn a_bad_value_is_skipped_and_the_rest_goes_on() {
    let verbs = skipped(
        "<Gather timeout='0' numDigits='x' method='PUT' finishOnKey='12' speechTimeout='3' foo='1'><Say>a</Say></Gather>",
        &[
            "13313 Gather timeout",
            "13314 Gather numDigits",
            "13312 Gather method",
            "13310 Gather finishOnKey",
            "12200 Gather foo",
        ],
    );
    let expected =
        Gather { prompts: vec![Say::new("a").into()], speech_timeout: Some(3.into()), ..Default::default() };
    assert_eq!(verbs, [expected.into()]);
    skipped("<Dial timeout='+30'><Number>1</Number></Dial>", &["13212 Dial timeout"]);
    skipped("<Say loop='-1'>a</Say>", &["13510 Say loop"]);
    skipped("<Dial><Conference muted='TRUE'>r</Conference></Dial>", &["13230 Conference muted"]);
    skipped("<Response/>", &["12200 Response"]);
}

#[test]
fn what_is_misplaced_is_skipped() {
    let verbs = skipped("<Gather>x<Dial>1</Dial><Say>a</Say></Gather>", &["12200 Gather", "13320 Dial"]);
    assert_eq!(verbs, [Gather { prompts: vec![Say::new("a").into()], ..Default::default() }.into()]);
    skipped("<Gather><Play digits='1'/></Gather>", &["13320 Play digits"]);
    skipped("<Hangup x='1'>y<Say/></Hangup>", &["12200 Hangup x", "12200 Say", "12200 Hangup"]);
    let verbs = skipped("<Say>a<Pause/>b<foo>c</foo></Say>", &["12200 Pause", "12200 foo"]);
    assert_eq!(verbs, [Say::new("ab").into()]);
    skipped("text<Say>a</Say>", &["12200 Response"]);
}

#[test]
fn an_element_without_what_it_needs_is_skipped() {
    assert_eq!(skipped("<Play/><Hangup/>", &["11100 Play"]), [Verb::Hangup]);
    assert_eq!(skipped("<Connect><Stream/></Connect>", &["31922 Stream url", "12200 Connect"]), []);
    assert_eq!(
        skipped(
            "<Connect><ConversationRelay url='https://h'/></Connect>",
            &["64101 ConversationRelay url", "64101 ConversationRelay url", "12200 Connect"]
        ),
        []
    );
    assert_eq!(skipped("<Dial/>", &["13215 Dial"]), []);
    assert_eq!(skipped("<Stop><Stream/></Stop>", &["12200 Stream name", "12200 Stop"]), []);
    let long = format!("<Say>{}</Say><Hangup/>", "a".repeat(4097));
    assert_eq!(skipped(&long, &["13520 Say"]), [Verb::Hangup]);
}

#[test]
fn dial_takes_a_bare_number_and_one_kind_of_noun() {
    assert_eq!(clean("<Dial> +81312345678\n</Dial>"), Dial::new(Number::new("+81312345678")).into());
    let verbs = skipped("<Dial><Conference>r</Conference><Number>1</Number></Dial>", &["13000 Number"]);
    assert_eq!(verbs, [Dial::new(Conference::new("r")).into()]);
    let verbs = skipped("<Dial><Number>1</Number><Queue>q</Queue></Dial>", &["13000 Queue"]);
    assert_eq!(verbs, [Dial::new(Number::new("1")).into()]);
    skipped(&format!("<Dial>{}</Dial>", "<Number>1</Number>".repeat(11)), &["12200 Dial"]);
    assert_eq!(skipped("<Dial>nobody<Number>1</Number></Dial>", &["13223 Dial"]), verbs);
    skipped("<Dial><Sim>x</Sim><Number>1</Number></Dial>", &["13215 Sim"]);
}

#[test]
fn other_spellings_are_understood() {
    let Verb::Gather(gather) =
        clean("<Gather input='speech dtmf' method='get' timeout='auto' hints=' a , b,'/>")
    else {
        panic!("no Gather")
    };
    assert_eq!(gather.input, Some(Input::DtmfSpeech));
    assert_eq!(gather.method, Some(Method::Get));
    assert_eq!(gather.timeout, Some(Timeout::Auto));
    assert_eq!(gather.hints, Some(Hints::new(["a", "b"]).unwrap()));
    let client = Client { parameters: vec![Parameter::new("a", "b")], ..Client::new("taro") };
    assert_eq!(
        clean("<Dial><Client><Identity>taro</Identity><Parameter name='a' value='b'/></Client></Dial>"),
        Dial::new(client).into()
    );
    assert_eq!(clean("<Dial><Sip><Uri>sip:a@b</Uri></Sip></Dial>"), Dial::new(Sip::new("sip:a@b")).into());
    let Verb::Dial(dial) = clean("<Dial record='true'>1</Dial>") else { panic!("no Dial") };
    assert_eq!(dial.record, Some(DialRecord::RecordFromAnswer));
}

#[test]
fn auto_does_not_go_with_a_model() {
    let verbs =
        skipped("<Gather speechTimeout='auto' speechModel='phone_call'/>", &["13335 Gather speechTimeout"]);
    assert_eq!(verbs, [Gather { speech_model: Some(SpeechModel::PhoneCall), ..Default::default() }.into()]);
}

#[test]
fn warnings_are_bounded_and_readable() {
    let (_, warnings) = read(&"<x/>".repeat(MAX_WARNINGS + 50));
    assert_eq!(warnings.len(), MAX_WARNINGS);
    let parsed = Response::parse("<Response><Pause length='x'/></Response>").unwrap();
    assert_eq!(
        parsed.warnings[0].to_string(),
        "13910 <Pause> length: \"x\" is not a whole number; the attribute is skipped"
    );
}
