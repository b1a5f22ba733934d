use crate::twilio::voice::Voices;
use tsunagu_conversation::{Engine, Lang, Reading};
use tsunagu_twiml::{Response, Say};

/// A text as the carrier is told to speak it, without what stands around.
fn read(lang: Lang, text: &str, readings: &[(&str, &str)], more: bool) -> String {
    let voices = Voices::embedded(&Engine::embedded().unwrap()).unwrap();
    let readings: Vec<_> = readings
        .iter()
        .map(|(word, reading)| Reading { word: (*word).to_owned(), reading: (*reading).to_owned() })
        .collect();
    let say = voices.of(lang).read(text, &readings, more);
    assert_eq!(say.plain_text(), text, "the words stay what they are");
    let xml = Response::new().with(Say { voice: None, language: None, ..say }).to_xml().unwrap();
    let inner = xml.split_once("<Say>").and_then(|(_, rest)| rest.split_once("</Say>"));
    inner.unwrap_or_else(|| panic!("{xml}")).0.to_owned()
}

#[test]
fn there_is_a_breath_between_sentences_and_none_at_the_end() {
    assert_eq!(
        read(Lang::JA, "お世話になっております。佐藤と申します。", &[], false),
        r#"お世話になっております。<break time="200ms"/>佐藤と申します。"#
    );
    let told = read(Lang::EN, "Hello. May I ask? At 3.5 percent.", &[], true);
    let expected =
        r#"Hello. <break time="200ms"/>May I ask? <break time="200ms"/>At 3.5 percent.<break time="350ms"/>"#;
    assert_eq!(told, expected);
}

#[test]
fn names_are_read_as_the_company_says() {
    let readings = [("青空", "あおぞら"), ("青空システム", "せいくうしすてむ"), ("SAP", "エスエーピー")];
    assert_eq!(
        read(Lang::JA, "青空システムと青空", &readings, false),
        r#"<sub alias="せいくうしすてむ">青空システム</sub>と<sub alias="あおぞら">青空</sub>"#
    );
    assert_eq!(read(Lang::JA, "青空", &[("青空", "\u{FFFF}")], false), "青空");
    assert_eq!(
        read(Lang::JA, "SAPはASAPで、㈱つなぐ", &readings, false),
        r#"<sub alias="エスエーピー">SAP</sub>はASAPで、<sub alias="かぶしきがいしゃ">㈱</sub>つなぐ"#
    );
}

#[test]
fn numbers_times_and_amounts_are_said_as_people_say_them() {
    let heard = [
        (Lang::JA, "14:30に", r#"<sub alias="14時30分">14:30</sub>に"#),
        (Lang::JA, "9:05、10:00", r#"<sub alias="9時5分">9:05</sub>、<sub alias="10時">10:00</sub>"#),
        (Lang::JA, "¥12,800です", r#"<sub alias="12800円">¥12,800</sub>です"#),
        (Lang::JA, "03-1234-5678まで", r#"<say-as interpret-as="telephone">03-1234-5678</say-as>まで"#),
        (Lang::EN, "at 14:05", r#"at <sub alias="2:05 PM">14:05</sub>"#),
        (Lang::EN, "at 2:30 pm, 10:00 AM, 0:30, 12:00", "at 2:30 pm, 10:00 AM, 0:30, 12:00"),
        (Lang::JA, "￥１２，８００、¥100万、¥1.5億", "￥１２，８００、¥100万、¥1.5億"),
        (Lang::EN, "Ms. Sato of Acme Inc. called", "Ms. Sato of Acme Inc. called"),
        (Lang::EN, "+81312345678", r#"<say-as interpret-as="telephone">+81312345678</say-as>"#),
        (Lang::EN, "1:75 and 10:3 and 2026-11-26", "1:75 and 10:3 and 2026-11-26"),
    ];
    for (lang, text, expected) in heard {
        assert_eq!(read(lang, text, &[], false), expected);
    }
}
