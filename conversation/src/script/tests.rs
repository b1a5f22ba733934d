use crate::engine::Engine;
use crate::error::ScriptError;
use crate::source::{EMBEDDED, Source};
use crate::{Intent, Lang, Phase};

/// The error of the embedded files with one passage of one of them replaced.
#[track_caller]
fn error(name: &str, passage: &str, by: &str) -> String {
    let text = EMBEDDED.iter().find(|source| source.name == name).unwrap().text;
    assert!(text.contains(passage), "{name} does not hold {passage}");
    let text = text.replacen(passage, by, 1);
    let sources: Vec<Source<'_>> = EMBEDDED
        .iter()
        .map(|source| if source.name == name { Source { name: source.name, text: &text } } else { *source })
        .collect();
    let error = Engine::from_sources(&sources).unwrap_err();
    let source = std::error::Error::source(&error).map(|source| format!(" / {source}")).unwrap_or_default();
    format!("{error}{source}")
}

const SCRIPT: &str = "ja/script.toml";

#[test]
fn an_unknown_phase() {
    let wrong = error(SCRIPT, "to = \"purpose\"", "to = \"porpoise\"");
    assert_eq!(wrong, "ja/script.toml: phase.opening.on.acknowledge[0]: unknown phase `porpoise`");
    let wrong = error(SCRIPT, "[phase.pitch]", "[phase.pich]");
    assert_eq!(wrong, "ja/script.toml: phase.pich: unknown phase `pich`");
}

#[test]
fn nobody_is_put_through_to_nobody() {
    let wrong = error(
        SCRIPT,
        "[{ say = [\"handoff_message\"], do = \"connect\" }]",
        "[{ say = [\"handoff_message\"] }]",
    );
    assert!(
        wrong.ends_with("on.agent_accepted: `connect` is what follows `agent_accepted`, always and alone"),
        "{wrong}"
    );
    let wrong = error(
        SCRIPT,
        "handover_requested = [{ say = [\"hand_over\"], do = \"hand_over\", reason = \"requested\" }]",
        "handover_requested = [{ do = \"connect\" }]",
    );
    assert!(wrong.contains("on.handover_requested: `connect`"), "{wrong}");
    // Nor by way of another name.
    let wrong =
        error(SCRIPT, "key_other = [{ say = [\"@question\"] }]", "key_other = [{ as = \"agent_accepted\" }]");
    assert!(wrong.contains("on.key_other: `connect`"), "{wrong}");
}

#[test]
fn who_waits_for_nobody_any_more_is_not_kept_waiting() {
    let failed = "handover_failed = [{ say = [\"handover_failed\"], to = \"callback\" }]";
    // Left out, it would be what `otherwise` says: comfort.
    let again = "handover_failed = [{ do = \"hand_over\", reason = \"requested\" }]";
    for instead in ["", "handover_failed = [{ as = \"comfort\" }]", again] {
        let wrong = error(SCRIPT, failed, instead);
        assert!(
            wrong.contains("waiting.on.handover_failed: after `handover_failed` the AI goes on"),
            "{wrong}"
        );
    }
}

#[test]
fn whom_the_agent_has_left_is_let_go() {
    let left = "agent_left = [{ say = [\"thanks_after_talk\"], do = \"end\", outcome = \"success\", reason = \"human_done\" }]";
    let wrong = error(SCRIPT, left, "agent_left = [{ say = [\"thanks_after_talk\"] }]");
    assert!(wrong.contains("on.agent_left: `agent_left` ends the call"), "{wrong}");
}

#[test]
fn never_again_is_not_configured_away() {
    let never = "do_not_call = [{ say = [\"never_again\"], do = \"end\", outcome = \"rejected\", reason = \"never_again\", mark = \"do_not_call\" }]";
    for instead in
        ["do_not_call = [{ say = [\"@question\"] }]", &never.replace(", mark = \"do_not_call\"", "")]
    {
        let wrong = error(SCRIPT, never, instead);
        assert!(
            wrong.contains("on.do_not_call: who wants never to be called again must be let go"),
            "{wrong}"
        );
    }
}

#[test]
fn an_unreachable_phase() {
    let text = EMBEDDED.iter().find(|source| source.name == SCRIPT).unwrap().text;
    let text = text.replace("to = \"purpose\"", "to = \"opening\"");
    let sources: Vec<Source<'_>> = EMBEDDED
        .iter()
        .map(|source| if source.name == SCRIPT { Source { name: SCRIPT, text: &text } } else { *source })
        .collect();
    let wrong = Engine::from_sources(&sources).unwrap_err().to_string();
    assert_eq!(wrong, "ja/script.toml: phase.purpose: no transition leads to phase `purpose`");
}

#[test]
fn an_intent_without_a_transition() {
    let wrong = error(
        SCRIPT,
        "ask_human = [{ say = [\"human_answer\"], do = \"hand_over\", reason = \"asked_for_human\" }]\n",
        "",
    );
    assert_eq!(wrong, "ja/script.toml: phase.opening.on.ask_human: no transition for `ask_human`");
}

#[test]
fn unknown_names() {
    assert!(error(SCRIPT, "do = \"hold\"", "do = \"hodl\"").ends_with("unknown action `hodl`"));
    assert!(
        error(SCRIPT, "say = [\"repeat\", ", "say = [\"repaet\", ")
            .ends_with(".say: unknown template `repaet`")
    );
    assert!(
        error(SCRIPT, "\nscreening = ", "\nscreaming = ")
            .ends_with("on.screaming: unknown intent or event `screaming`")
    );
    assert!(error(SCRIPT, "mark = \"do_not_call\"", "mark = \"red\"").ends_with("unknown mark `red`"));
    assert!(error(SCRIPT, "start = ", "begin = ").contains("begin"));
}

#[test]
fn a_ladder_that_runs_out() {
    let wrong = error(SCRIPT, "{ as = \"unknown\" }]", "{ times = 1, as = \"unknown\" }]");
    assert!(wrong.contains("phase.purpose.on.acknowledge: the last entry"), "{wrong}");
}

#[test]
fn a_template_variable_that_does_not_exist() {
    let wrong = error("en/templates.toml", "{{companyName}}", "{{company}}");
    assert!(wrong.starts_with("en/templates.toml: text."), "{wrong}");
    assert!(wrong.contains("`company`"), "{wrong}");
}

#[test]
fn bad_patterns() {
    let wrong = error("en/lexicon.toml", "any ?time|whenever", "any ?time|(whenever");
    assert!(wrong.starts_with("en/lexicon.toml: time.patterns: bad pattern"), "{wrong}");
}

#[test]
fn bad_files() {
    let error = |sources: &[Source<'_>]| Engine::from_sources(sources).unwrap_err().to_string();
    assert_eq!(error(&[]), "ja/script.toml is missing");
    let script = *EMBEDDED.iter().find(|source| source.name == SCRIPT).unwrap();
    assert_eq!(error(&[script]), "ja/templates.toml is missing");
    assert!(error(&[Source { name: "readme.txt", text: "" }]).contains("readme.txt"));
    assert!(
        error(&[Source { name: "Japanese/script.toml", text: "" }])
            .contains("`Japanese` is not a language code")
    );
    let limits = Source { name: "limits.toml", text: "holding = 3" };
    assert!(matches!(Engine::from_sources(&[limits]), Err(ScriptError::Syntax { .. })));
}

#[test]
fn a_third_language_is_a_folder() {
    let french: Vec<(String, &str)> = EMBEDDED
        .iter()
        .filter_map(|source| Some((format!("fr/{}", source.name.strip_prefix("en/")?), source.text)))
        .collect();
    let sources: Vec<Source<'_>> =
        EMBEDDED.iter().copied().chain(french.iter().map(|(name, text)| Source { name, text })).collect();
    let engine = Engine::from_sources(&sources).unwrap();
    let codes: Vec<String> = engine.languages().map(|lang| lang.to_string()).collect();
    assert_eq!(codes, ["ja", "en", "fr"]);
}

#[test]
fn the_limits_of_the_file_are_the_default_ones() {
    assert_eq!(*Engine::embedded().unwrap().limits(), crate::Limits::default());
}

/// A language that is made later, or when it is first needed, understands what it would otherwise.
#[test]
fn languages_that_are_made_later_are_the_same() {
    let (whole, late, completed) = (
        Engine::embedded().unwrap(),
        Engine::embedded_default_first().unwrap(),
        Engine::embedded_default_first().unwrap(),
    );
    completed.complete();
    assert!(late.languages().eq(whole.languages()) && late.languages().count() > 1);
    let english: Lang = "en".parse().unwrap();
    for (lang, said) in [(english, "yes, put me through please"), (Lang::default(), "はい、お願いします")]
    {
        let meant = whole.understand(lang, Phase::Pitch, said, None);
        assert_ne!(meant.intent, Intent::Unknown, "{said}");
        for other in [&late, &completed] {
            assert_eq!(other.understand(lang, Phase::Pitch, said, None), meant, "{said}");
        }
    }
}

#[test]
fn entries_that_would_never_be_taken() {
    let wrong = error(SCRIPT, "\nsilence = [\n  { times = 1, say", "\nsilence = [\n  { say");
    assert!(wrong.starts_with("ja/script.toml: on.silence[0]: it has neither"), "{wrong}");
    let wrong = error(SCRIPT, "\nsilence = [", "\ncomfort = [{ }]\nsilence = [");
    assert!(wrong.starts_with("ja/script.toml: on.comfort: this never happens"), "{wrong}");
    let wrong =
        error(SCRIPT, "[phase.closing]\n", "[phase.closing]\non.reject = [{ say = [\"rejection\"] }]\n");
    assert!(wrong.starts_with("ja/script.toml: phase.closing.on.reject: this never happens"), "{wrong}");
    let wrong =
        error(SCRIPT, "[phase.closing]\n", "[phase.closing]\notherwise = [{ say = [\"closing\"] }]\n");
    assert!(wrong.starts_with("ja/script.toml: phase.closing.otherwise: this never happens"), "{wrong}");
    let wrong = error(SCRIPT, "[waiting.on]\n", "[waiting.on]\nagent_left = [{ }]\n");
    assert!(wrong.starts_with("ja/script.toml: waiting.on.agent_left: this never happens"), "{wrong}");
    let wrong = error(SCRIPT, "to = \"purpose\"", "to = \"closing\"");
    assert_eq!(
        wrong,
        "ja/script.toml: phase.opening.on.acknowledge[0]: only `do = \"end\"` leads to `closing`"
    );
}

#[test]
fn a_script_of_ones_own_takes_the_place_of_the_programs() {
    let text = EMBEDDED.iter().find(|source| source.name == SCRIPT).unwrap().text;
    let own = text.replace("prompt = [\"initial\"]", "prompt = [\"greet_again\", \"request\"]");
    let engine = Engine::embedded().unwrap().with_script(Lang::JA, "own.toml", &own).unwrap();
    let opened = engine.open(&crate::Profile::default());
    let said: Vec<&str> = opened.say.iter().map(|line| line.template.as_str()).collect();
    assert_eq!(said, ["greet_again", "request"]);
    let wrong = Engine::embedded().unwrap().with_script(Lang::JA, "own.toml", "start = ").unwrap_err();
    assert_eq!(wrong.to_string(), "cannot read own.toml");
    let french = Engine::embedded().unwrap().with_script("fr".parse().unwrap(), "own.toml", &own);
    assert_eq!(french.unwrap_err().to_string(), "fr/templates.toml is missing");
}
