use super::*;

const PITCH: &str = "ありがとうございます。詳しい者におつなぎしてもよろしいでしょうか";
const OPENING: &str =
    "お世話になっております。つなぐ商事でございます。営業のご担当者様はいらっしゃいますでしょうか";

fn cast() -> Cast {
    Cast::embedded().unwrap()
}

fn said(reply: &Reply) -> &str {
    match reply {
        Reply::Say { text, .. } => text,
        other => panic!("not said: {other:?}"),
    }
}

fn file(body: &str) -> String {
    format!(
        "name = \"somebody\"\nabout = \"a test\"\nrole = \"agent\"\nlang = \"ja\"\nnumbers = [\"+81501001####\"]\n{body}"
    )
}

fn error_of(body: &str) -> String {
    Cast::from_sources(&[("x.toml", file(body))]).unwrap_err().to_string()
}

#[test]
fn every_persona_loads_and_is_found_at_each_of_its_numbers() {
    let cast = cast();
    assert!(cast.iter().count() >= 30);
    for persona in cast.iter() {
        for pattern in persona.numbers() {
            for index in [0, 1, 9999] {
                let number = pattern.number(index).unwrap();
                assert_eq!(cast.for_number(&number).unwrap().name(), persona.name());
            }
        }
        assert_eq!(cast.by_name(persona.name()).unwrap().name(), persona.name());
    }
    assert!(cast.for_number("+81312345678").is_none());
}

#[test]
fn every_customer_states_how_its_call_may_end() {
    for persona in cast().iter().filter(|persona| !persona.is_manual()) {
        assert_eq!(persona.expected().is_empty(), persona.role() == Role::Agent, "{}", persona.name());
    }
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/personas");
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    there.sort();
    let embedded: Vec<&str> = embedded::SOURCES.iter().map(|(name, _)| *name).collect();
    assert_eq!(there, embedded);
}

#[test]
fn the_same_seed_gives_the_same_performance() {
    for persona in cast().iter() {
        for seed in 0..20 {
            let (mut one, mut two) = (persona.perform(seed), persona.perform(seed));
            assert_eq!(persona.pickup(seed), persona.pickup(seed));
            assert_eq!(one.greet(), two.greet());
            for heard in [OPENING, "", PITCH, "", "hello", PITCH, ""] {
                for mode in [Mode::Speech, Mode::Both, Mode::Dtmf, Mode::Conference] {
                    assert_eq!(one.hear(heard, mode), two.hear(heard, mode));
                }
            }
            assert_eq!(one.in_conference(), two.in_conference());
        }
    }
}

#[test]
fn seeds_bring_variety() {
    let cast = cast();
    let persona = cast.by_name("refuses").unwrap();
    let lines: std::collections::HashSet<String> =
        (0..50).map(|seed| said(&persona.perform(seed).hear(OPENING, Mode::Speech)).to_owned()).collect();
    assert!(lines.len() >= 3, "{lines:?}");
}

#[test]
fn a_receptionist_fetches_the_manager_who_agrees() {
    let cast = cast();
    for seed in 0..50 {
        let mut talk = cast.by_name("interested-manager").unwrap().perform(seed);
        assert!(said(&talk.greet()).contains("山田商事"));
        assert!(said(&talk.hear(OPENING, Mode::Both)).contains("お待ちください"));
        let Reply::Say { text, after_secs, .. } = talk.hear("", Mode::Both) else { panic!() };
        assert!(text.contains("佐藤") && (4.0..=9.0).contains(&after_secs));
        assert!(said(&talk.hear(PITCH, Mode::Both)).contains("お願いします"));
        assert_eq!(talk.hear("少々お待ちください", Mode::Both), Reply::Silent);
        let stay = talk.in_conference();
        assert!(stay.leave_after_secs.is_some_and(|secs| (20.0..=45.0).contains(&secs)));
    }
}

#[test]
fn an_agent_presses_one_where_keys_are_taken_and_speaks_where_they_are_not() {
    let cast = cast();
    let agent = cast.by_name("agent-accepts").unwrap();
    let whisper = "お客様がお待ちです。お受けになる場合は1を押してください";
    let pressed =
        |mode| matches!(agent.perform(1).hear(whisper, mode), Reply::Press { digits, .. } if digits == "1");
    assert!(pressed(Mode::Dtmf) && pressed(Mode::Both) && !pressed(Mode::Speech));
    assert!(matches!(agent.perform(1).hear(whisper, Mode::Speech), Reply::Say { .. }));
    assert_eq!(agent.perform(1).hear("", Mode::Dtmf), Reply::Silent);
}

#[test]
fn a_machine_never_presses_a_key() {
    let cast = cast();
    for name in ["voicemail", "voicemail-en", "agent-voicemail"] {
        let persona = cast.by_name(name).unwrap();
        assert_eq!(persona.answered_by().0, AnsweredBy::MachineEndBeep);
        let mut talk = persona.perform(3);
        assert!(matches!(talk.greet(), Reply::Say { .. }));
        for _ in 0..5 {
            assert_eq!(talk.hear("1を押してください", Mode::Both), Reply::Silent);
        }
        assert!(matches!(talk.hear("", Mode::Both), Reply::HangUp { during_speech: false, .. }));
    }
}

#[test]
fn not_every_telephone_is_answered() {
    let cast = cast();
    let pickup = |name: &str| cast.by_name(name).unwrap().pickup(5);
    assert_eq!(pickup("engaged"), Pickup::Busy);
    assert_eq!(pickup("no-answer"), Pickup::NoAnswer);
    assert_eq!(pickup("not-in-use"), Pickup::Failed { sip: 404 });
    assert_eq!(pickup("manual"), Pickup::Answer { ring_secs: 2.0 });
    assert!(cast.by_name("manual").unwrap().is_manual());
}

#[test]
fn a_talk_in_a_conference_goes_on_line_by_line_and_then_is_over() {
    let cast = cast();
    let mut talk = cast.by_name("interested-en").unwrap().perform(9);
    for line in ["hi yes I was told somebody could explain this", "okay", "and what does it cost"] {
        assert_eq!(said(&talk.hear("whatever", Mode::Conference)), line);
    }
    for _ in 0..2 {
        talk.hear("", Mode::Conference);
    }
    assert_eq!(talk.hear("", Mode::Conference), Reply::Silent);
}

#[test]
fn rules_are_tried_in_order_with_their_limits() {
    let cast = Cast::from_sources(&[(
        "x.toml",
        file(
            "[[rules]]\nwhen = [\"Price\"]\nsay = [\"first\"]\nmax_uses = 1\n\
             [[rules]]\nnth = 3\npress = \"5#\"\n\
             [[rules]]\nwhen = \"^a+$\"\nhang_up = true\n\
             [default]\nsay = [\"else\"]",
        ),
    )])
    .unwrap();
    let mut talk = cast.by_name("somebody").unwrap().perform(0);
    assert_eq!(talk.greet(), Reply::Silent);
    assert_eq!(said(&talk.hear("the PRICE?", Mode::Both)), "first");
    assert_eq!(said(&talk.hear("the price?", Mode::Both)), "else");
    assert!(matches!(talk.hear("price", Mode::Both), Reply::Press { .. }));
    assert!(matches!(talk.hear("AAA", Mode::Both), Reply::HangUp { .. }));
}

#[test]
fn an_error_names_the_file_and_the_place() {
    let cases = [
        ("colour = 1", "x.toml, line 6: unknown field `colour`"),
        ("[[rules]]\nsilent = true\n[[rules]]\nwhen = \"(\"\nsilent = true", "x.toml, rules[2].when: regex"),
        ("[[rules]]\nwhen = \"x\"", "x.toml, rules[1]: exactly one of say, press"),
        ("[[rules]]\nsilent = true\npress = \"1\"", "x.toml, rules[1]: exactly one of say, press"),
        ("[[rules]]\npress = \"A\"", "x.toml, rules[1].press: keys are"),
        ("[[rules]]\nsilent = true\ngoto = \"there\"", "x.toml, goto: no rule belongs to the step `there`"),
        (
            "[[rules]]\nsilent = true\nstep = \"there\"",
            "x.toml, rules[1].step: no rule goes to the step `there`",
        ),
        (
            "[greeting]\nsay = [\"a\"]\nconfidence = 2",
            "x.toml, greeting.confidence: a confidence is at most 1",
        ),
        ("[greeting]\nsay = [\"a\"]\nafter_secs = [3, 1]", "x.toml, line 8: the range must not be negative"),
        ("[pickup]\nkind = \"busy\"\nring_secs = 2", "x.toml, pickup.ring_secs: only what is answered"),
        ("[pickup]\nkind = \"failed\"\nsip = 200", "x.toml, pickup.sip: 200 is not a SIP failure"),
        ("[answered_by]\nwho = \"dog\"\nafter_secs = 1", "x.toml, answered_by.who: `dog`"),
        ("[conference]\nhangs_up = true", "x.toml, conference.talk_secs: "),
    ];
    for (body, expected) in cases {
        let error = error_of(body);
        assert!(error.starts_with(expected), "{error:?} does not start with {expected:?}");
    }
}

#[test]
fn no_number_and_no_name_belongs_to_two() {
    let one = file("");
    let same_number = one.replace("somebody", "other").replace("+81501001####", "+8150100#0000");
    let error = Cast::from_sources(&[("a.toml", &one), ("b.toml", &same_number)]).unwrap_err();
    assert_eq!(error.to_string(), "b.toml: the numbers +8150100#0000 overlap with +81501001#### in a.toml");
    let error = Cast::from_sources(&[("a.toml", &one), ("b.toml", &one)]).unwrap_err();
    assert_eq!(error.to_string(), "b.toml: the name `somebody` is taken by a.toml");
}

#[test]
fn only_who_is_played_by_a_person_is_given_time() {
    let cast = cast();
    for persona in cast.iter() {
        let visitor = persona.name().starts_with("visitor");
        assert_eq!(persona.unhurried().is_zero(), !visitor, "{}", persona.name());
        assert!(!visitor || persona.is_manual());
    }
    assert!(error_of("unhurried_secs = 5").starts_with("x.toml, unhurried_secs: only who is played"));
    assert!(error_of("manual = true\nunhurried_secs = 301").contains("0 to 300 seconds"));
}

#[test]
fn a_persona_is_told_in_both_languages_where_its_file_is() {
    let cast = cast();
    let refuses = cast.by_name("refuses").unwrap();
    assert_eq!((refuses.about_in("ja"), refuses.about_in("en")), ("丁寧に断る。", "Declines politely."));
    let agent = cast.by_name("agent-engaged").unwrap();
    assert_eq!(agent.about_in("en"), agent.about());
}
