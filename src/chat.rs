//! `tsunagu chat`: a call in the terminal. A line is what the customer says, an empty line is silence, a lone digit is a
//! key press. Where a language model is set, it is asked as on calls.

mod advice;

use crate::{cli, settings::Settings};
use advice::{Consultant, told};
use anyhow::Result;
use std::io::{BufRead, Write};
use tsunagu_conversation::{Advice, Decision, Engine, Input, Lang, Limits, Profile, Then, explain};

/// Plays the call to its end, or to the end of the input.
pub fn run(options: &cli::Chat) -> Result<()> {
    let engine = crate::script::engine(options.lang, options.script.as_deref())?;
    let consultant = consultant(options)?;
    play(&engine, consultant.as_ref(), options, std::io::stdin().lock(), &mut std::io::stdout().lock())
}

/// Whom the engine may ask. A call in the terminal needs no settings: where a server's are wrong, it goes on without.
#[expect(clippy::print_stderr, reason = "told to whoever plays, beside the call")]
fn consultant(options: &cli::Chat) -> Result<Option<Consultant>> {
    let consultant = match Settings::read() {
        Ok(settings) => Consultant::new(&settings.language_model, options.facts.as_deref())?,
        Err(error) => {
            eprintln!("no language model is asked: {error:#}");
            None
        }
    };
    if consultant.is_none() && options.facts.is_some() {
        eprintln!("--facts has no effect without a language model");
    }
    Ok(consultant)
}

fn play(
    engine: &Engine,
    consultant: Option<&Consultant>,
    options: &cli::Chat,
    heard: impl BufRead,
    out: &mut impl Write,
) -> Result<()> {
    let (profile, limits) = (profile(options.lang), Limits::default());
    let mut lines = heard.lines();
    let mut decision = engine.open(&profile);
    let mut taken: Vec<&str> = Vec::new();
    loop {
        show(&decision, &taken, options.explain, out)?;
        let state = &decision.state;
        let line;
        let mut advice = None;
        let input = match &decision.then {
            Then::End { outcome, reason, mark, callback } => {
                write!(out, "-- {} ({}), {}", outcome.machine(), outcome.call_result(), reason.name())?;
                if let Some(mark) = mark {
                    write!(out, ", marked {}", mark.name())?;
                }
                if let Some(callback) = callback {
                    write!(out, ", ring back: {}", callback.words.as_deref().unwrap_or("no time given"))?;
                }
                writeln!(out)?;
                return Ok(());
            }
            Then::Connect => {
                writeln!(out, "-- the agent and the customer talk")?;
                Input::AgentLeft
            }
            Then::HandOver { reason } => {
                writeln!(out, "-- a human is fetched: {}", reason.name())?;
                if options.nobody { Input::HandoverFailed } else { Input::AgentAccepted }
            }
            Then::Listen(listen) => {
                write!(out, "> ")?;
                out.flush()?;
                let Some(next) = lines.next().transpose()? else { return Ok(()) };
                line = next;
                let line = line.trim();
                let mut keys = line.chars().filter(|_| line.len() == 1 && line.as_bytes().is_ascii());
                match keys.next() {
                    Some(key) if key.is_ascii_digit() || "*#".contains(key) => Input::Key(key),
                    _ if line.is_empty() && listen.holding => Input::HoldingOver,
                    _ if line.is_empty() => Input::Silence,
                    _ => {
                        advice = consultant.and_then(|consultant| consultant.advice(engine, state, line));
                        match &advice {
                            Some((_, advice)) => Input::Advised { text: line, confidence: None, advice },
                            None => Input::Heard { text: line, confidence: None },
                        }
                    }
                }
            }
        };
        taken = engine.taken(state, &input, &profile, &limits);
        let next = engine.step(state, &input, &profile, &limits);
        if let Some((wrote, advice)) = advice.filter(|_| options.explain) {
            for line in told(wrote.as_deref(), &Advice { used: next.advised, ..advice }) {
                writeln!(out, "   {line}")?;
            }
        }
        decision = next;
    }
}

fn show(decision: &Decision, taken: &[&str], why: bool, out: &mut impl Write) -> Result<()> {
    if let Some(understanding) = decision.understanding.as_ref().filter(|_| why) {
        for line in explain(understanding).lines() {
            writeln!(out, "   {line}")?;
        }
    }
    for written in taken.iter().filter(|_| why) {
        writeln!(out, "   by {written} of the script")?;
    }
    for line in &decision.say {
        writeln!(out, "AI: {}", line.text)?;
    }
    Ok(())
}

fn profile(lang: Lang) -> Profile {
    let (company_name, service_name, representative_name, target_department) = match lang.code() {
        "en" => ("Aozora Systems", "a booking system for clinics", "Mr Tanaka", "purchasing"),
        _ => ("青空システム", "クラウド勤怠サービス", "田中", "総務"),
    };
    Profile {
        lang,
        company_name: company_name.into(),
        service_name: service_name.into(),
        representative_name: representative_name.into(),
        target_department: target_department.into(),
        ..Profile::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat(lang: Lang, heard: &str) -> String {
        let engine = Engine::embedded().unwrap();
        let options = cli::Chat { lang, explain: true, nobody: false, script: None, facts: None };
        let mut out = Vec::new();
        play(&engine, None, &options, heard.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_customer_who_agrees_is_connected() {
        let out = chat(Lang::JA, "私が担当ですが\nはいお願いします\n");
        assert!(out.contains("-- a human is fetched: agreed") && out.contains("-- success (成功)"), "{out}");
    }

    #[test]
    fn a_customer_who_declines_for_good_is_marked() {
        let out = chat(Lang::EN, "take us off your list and never call again\n");
        assert!(out.contains("-- rejected (拒否)") && out.contains("marked do_not_call"), "{out}");
    }

    #[test]
    fn the_end_of_the_input_is_the_end_of_the_chat() {
        assert!(chat(Lang::JA, "").starts_with("AI: "));
    }
}
