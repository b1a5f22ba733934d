//! Whole calls played from files: each file of `tests/data/dialogues` is a call as it goes, turn by turn, and together
//! they take every entry of the scripts.
//!
//! A file tells in its first lines what it shows and, where they differ, the limits. Then come the turns: `>` is what the
//! customer says, `*` what happens besides; under it stands what the engine must make of that: the intent and what else was
//! heard, the templates that the AI says with the variables in them, and what it does then. Who adds a call writes its
//! `>` and `*` lines, plays it with `TSUNAGU_WRITE_DIALOGUES=1`, and reads whether the call goes as it should.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use tsunagu_conversation::{Decision, Engine, Input, Lang, Limits, Line, Profile, Then};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/dialogues")
}

fn files(lang: Lang) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder().join(lang.code())).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The variables have their own names as values, so that what is said tells them.
fn profile(lang: Lang) -> Profile {
    Profile {
        lang,
        company_name: "<companyName>".into(),
        service_name: "<serviceName>".into(),
        representative_name: "<representativeName>".into(),
        target_department: "<targetDepartment>".into(),
        customer_name: Some("<customerName>".into()),
        customer_company: Some("<customerCompany>".into()),
        ..Profile::default()
    }
}

fn input(line: &str) -> Option<Input<'_>> {
    if let Some(text) = line.strip_prefix("> ") {
        return Some(Input::Heard { text, confidence: Some(0.9) });
    }
    Some(match line.strip_prefix("* ")? {
        "silence" => Input::Silence,
        "holding over" => Input::HoldingOver,
        "a machine is recognised" => Input::Machine,
        "a supervisor wants them put through" => Input::HandoverRequested,
        "still ringing" => Input::Comfort,
        "nobody is free" => Input::HandoverFailed,
        "an agent accepts" => Input::AgentAccepted,
        "the agent leaves" => Input::AgentLeft,
        other => {
            let key = other.strip_prefix("key ").and_then(|key| key.chars().next());
            Input::Key(key.unwrap_or_else(|| panic!("nothing is called `{other}`")))
        }
    })
}

/// The file as it would be if all went as the engine has it, and the entries of the script that the call takes.
fn play(engine: &Engine, lang: Lang, text: &str) -> (String, BTreeSet<String>) {
    let profile = profile(lang);
    let mut limits: Limits = engine.limits().clone();
    let (mut played, mut taken) = (String::new(), BTreeSet::new());
    for line in text.lines().take_while(|line| !line.is_empty()) {
        if let Some(setting) = line.strip_prefix("limits: ") {
            limits = toml::from_str(setting).unwrap();
        }
        writeln!(played, "{line}").unwrap();
    }
    let mut decision = engine.open(&profile);
    played.push('\n');
    played.push_str(&outcome(&decision));
    for line in text.lines() {
        let Some(input) = input(line) else { continue };
        taken.extend(engine.taken(&decision.state, &input, &profile, &limits).into_iter().map(str::to_owned));
        decision = engine.step(&decision.state, &input, &profile, &limits);
        write!(played, "\n{line}\n{}", outcome(&decision)).unwrap();
    }
    (played, taken)
}

fn outcome(decision: &Decision) -> String {
    let mut text = String::new();
    if let Some(heard) = &decision.understanding {
        write!(text, "  means {}", heard.intent).unwrap();
        if !heard.also.is_empty() {
            let also: Vec<&str> = heard.also.iter().map(|intent| intent.name()).collect();
            write!(text, ", also {}", also.join(", ")).unwrap();
        }
        let slots = &heard.slots;
        for (what, value) in [("time", &slots.time), ("name", &slots.name), ("number", &slots.number)] {
            if let Some(value) = value {
                write!(text, "; {what} {value}").unwrap();
            }
        }
        text.push('\n');
    }
    let time = decision.understanding.as_ref().and_then(|heard| heard.slots.time.as_deref());
    for line in &decision.say {
        writeln!(text, "  AI {}{}", line.template, variables(line, time)).unwrap();
    }
    match &decision.then {
        Then::Listen(listen) => {
            let (phase, secs) = (decision.state.phase, listen.timeout_secs);
            let how = match (decision.state.waiting(), listen.holding) {
                (true, _) => " while an agent is rung",
                (_, true) => " on hold",
                _ => "",
            };
            let uncut = if listen.barge_in { "" } else { ", not to be cut short" };
            writeln!(text, "  {phase}: listens {secs} s{how}{uncut}").unwrap();
        }
        Then::HandOver { reason } => writeln!(text, "  fetches a human: {reason}").unwrap(),
        Then::Connect => text.push_str("  connects\n"),
        Then::End { outcome, reason, mark, callback } => {
            write!(text, "  ends: {outcome}, {reason}").unwrap();
            if let Some(mark) = mark {
                write!(text, "; marks {mark}").unwrap();
            }
            if let Some(callback) = callback {
                let words = callback.words.as_deref().unwrap_or("no time given");
                write!(text, "; rings back: {words}").unwrap();
            }
            text.push('\n');
        }
    }
    text
}

/// The variables in a line, in the order in which they are said.
fn variables(line: &Line, time: Option<&str>) -> String {
    let mut found: Vec<String> = Vec::new();
    for part in line.text.split('<').skip(1) {
        let name = part.split('>').next().unwrap_or_default().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    if let Some(time) = time.filter(|time| line.text.contains(time)) {
        found.push(format!("callbackTime = {time}"));
    }
    if found.is_empty() { String::new() } else { format!(" ({})", found.join(", ")) }
}

#[test]
fn every_call_goes_as_it_is_written_down() {
    let engine = Engine::embedded().unwrap();
    let write = env::var_os("TSUNAGU_WRITE_DIALOGUES").is_some();
    let mut wrong = Vec::new();
    let mut calls = 0;
    for lang in [Lang::JA, Lang::EN] {
        for file in files(lang) {
            let text = fs::read_to_string(&file).unwrap();
            let (played, _) = play(&engine, lang, &text);
            calls += 1;
            if played == text {
                continue;
            }
            if write {
                fs::write(&file, &played).unwrap();
            }
            let mut lines = played.lines().zip(text.lines()).enumerate();
            let first = lines.find(|(_, (is, said))| is != said);
            let first = first.map_or("its length".to_owned(), |(index, (is, said))| {
                format!("line {}: `{is}` where there stands `{said}`", index + 1)
            });
            wrong.push(format!("{}: {first}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(calls >= 40, "{calls} calls");
}

/// A question that is asked again is asked in other words.
#[test]
fn no_question_is_asked_twice_running_in_the_same_words() {
    let engine = Engine::embedded().unwrap();
    let mut asked_again = 0;
    for (lang, file) in [Lang::JA, Lang::EN]
        .into_iter()
        .flat_map(|lang| files(lang).into_iter().map(move |file| (lang, file)))
    {
        let (profile, limits) = (profile(lang), engine.limits().clone());
        let mut last = engine.open(&profile);
        for line in fs::read_to_string(&file).unwrap().lines() {
            let Some(input) = input(line) else { continue };
            let next = engine.step(&last.state, &input, &profile, &limits);
            for question in next.say.iter().filter(|line| line.template.starts_with("question_")) {
                let before = last.say.iter().find(|line| line.template == question.template);
                asked_again += usize::from(before.is_some());
                assert_ne!(before, Some(question), "{}", file.display());
            }
            last = next;
        }
    }
    assert!(asked_again > 10, "{asked_again}");
}

#[test]
fn the_calls_take_every_entry_of_the_scripts() {
    let engine = Engine::embedded().unwrap();
    for lang in [Lang::JA, Lang::EN] {
        let mut taken = BTreeSet::new();
        for file in files(lang) {
            taken.extend(play(&engine, lang, &fs::read_to_string(&file).unwrap()).1);
        }
        let chart = engine.chart(lang);
        let written: BTreeSet<String> = chart.edges.iter().map(|edge| edge.written.clone()).collect();
        assert!(written.len() > 60, "{written:?}");
        let left: Vec<&String> = written.difference(&taken).collect();
        assert!(left.is_empty(), "no call in {lang} takes {left:#?}");
    }
}
