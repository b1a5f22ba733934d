//! A language model at the terminal: asked about the same utterances, in the same words and within the same time as on calls.

use crate::settings::LanguageModel;
use anyhow::{Context, Result};
use std::{fs::File, io::Read, path::Path};
use tokio::runtime::{Builder, Runtime};
use tsunagu_advisor::Advisor;
use tsunagu_conversation::{Advice, Engine, State};

/// No more facts are read, in bytes.
const LONGEST: u64 = 256 * 1024;
/// So much of what a model writes is shown, in characters.
const SHOWN: usize = 600;

/// Whom the engine may ask.
pub struct Consultant {
    advisor: Advisor,
    facts: String,
    runtime: Runtime,
}

impl Consultant {
    /// One that answers from what is in this file; none where no model is set.
    ///
    /// # Errors
    /// The settings cannot work, or the file cannot be read.
    pub fn new(model: &LanguageModel, facts: Option<&Path>) -> Result<Option<Self>> {
        let read = |path: &Path| {
            let mut facts = String::new();
            let file = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut facts));
            file.map(|_| facts).with_context(|| format!("{} cannot be read", path.display()))
        };
        let facts = facts.map(read).transpose()?.unwrap_or_default();
        model.check()?;
        let Some(advisor) = model.advisor()? else { return Ok(None) };
        let runtime =
            Builder::new_current_thread().enable_all().build().context("the model cannot be waited for")?;
        Ok(Some(Self { advisor, facts, runtime }))
    }

    /// What the model wrote, if it did, and what that comes to; nothing where it is not asked.
    pub fn advice(&self, engine: &Engine, state: &State, text: &str) -> Option<(Option<String>, Advice)> {
        if !self.advisor.accepts() {
            return None;
        }
        let understood = engine.understand(state.lang, state.phase, text, None);
        let question = engine.question(state, &understood, text)?;
        let prompt = engine.prompt(&question, &self.facts)?;
        let reply = self.runtime.block_on(self.advisor.ask(&prompt))?;
        let wrote = reply.text.as_ref().ok().cloned();
        Some((wrote, engine.advice(&question, &self.facts, reply)))
    }
}

/// What the model was asked about, what it said, and what came of that, a line each.
pub fn told(wrote: Option<&str>, advice: &Advice) -> Vec<String> {
    let mut lines = vec![format!("asked {} about {}: {} ms", advice.model, advice.about, advice.millis)];
    if let (Some(first), Some(tokens)) = (lines.first_mut(), advice.tokens) {
        first.push_str(&format!(", {} tokens sent, {} received", tokens.prompt, tokens.completion));
    }
    lines.extend(wrote.map(|wrote| format!("- it said {}", shown(wrote))));
    if let Some(failure) = advice.failure {
        lines.push(format!("- it said nothing: {failure}"));
    }
    if let Some(objection) = advice.objection {
        lines.push(format!("- objected to: {objection}"));
    }
    lines.push(if advice.used { "- it counts" } else { "- it does not count" }.to_owned());
    lines
}

/// On one line: what a model writes may hold anything, such as what a terminal takes for a command.
fn shown(wrote: &str) -> String {
    let plain = |sign: char| if sign.is_control() { ' ' } else { sign };
    wrote.trim().chars().take(SHOWN).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chat, cli};
    use secrecy::SecretString;
    use std::{
        io::{BufRead, BufReader, Read, Write},
        net::{TcpListener, TcpStream},
    };
    use tsunagu_conversation::Lang;

    const FACTS: &str = "月額980円です。";
    const PRICE: &str = "おいくらですか";
    const BABBLE: &str = "赤い電車がまっすぐ走って";

    fn model(url: String) -> LanguageModel {
        let key = SecretString::from("");
        LanguageModel {
            url,
            key,
            name: "small".into(),
            budget_ms: 3000,
            max_in_flight: 1,
            failures: 5,
            pause_secs: 1,
        }
    }

    /// An endpoint whose model writes these, one after the other.
    fn endpoint(writes: &'static [&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            writes.iter().for_each(|wrote| answer(listener.accept().unwrap().0, wrote))
        });
        url
    }

    fn answer(mut asked: TcpStream, wrote: &str) {
        let mut reader = BufReader::new(asked.try_clone().unwrap());
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let body = serde_json::json!({
            "choices": [{ "message": { "content": wrote } }], "usage": { "prompt_tokens": 5, "completion_tokens": 7 },
        })
        .to_string();
        let length = body.len();
        write!(
            asked,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
    }

    fn chat(url: String, heard: &str) -> String {
        let mut facts = tempfile::NamedTempFile::new().unwrap();
        facts.write_all(FACTS.as_bytes()).unwrap();
        let consultant = Consultant::new(&model(url), Some(facts.path())).unwrap();
        let options = cli::Chat { lang: Lang::JA, explain: true, nobody: false, script: None, facts: None };
        let mut out = Vec::new();
        let engine = Engine::embedded().unwrap();
        chat::play(&engine, consultant.as_ref(), &options, heard.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_model_answers_as_on_calls_and_it_is_told_what_it_said() {
        let url = endpoint(&[r#"{"intent":"ask_question","answer":"月額980円です。"}"#]);
        let out = chat(url, &format!("{PRICE}\n結構です\n"));
        assert!(out.contains("AI: 月額980円です。"), "{out}");
        assert!(
            out.contains("asked small about ask_question: ") && out.contains("5 tokens sent, 7 received"),
            "{out}"
        );
        assert!(out.contains("- it said {\"intent\"") && out.contains("- it counts\n"), "{out}");
        assert_eq!(out.matches("asked small").count(), 1, "never about a refusal: {out}");
    }

    #[test]
    fn what_is_objected_to_is_told_and_not_spoken() {
        let out = chat(endpoint(&[r#"{"answer":"月額500円です。"}"#]), &format!("{PRICE}\n"));
        assert!(out.contains("- objected to: number") && out.contains("- it does not count"), "{out}");
        assert!(!out.contains("AI: 月額500円"), "{out}");
    }

    #[test]
    fn a_model_that_is_not_there_changes_nothing_but_what_is_told() {
        let out = chat("http://127.0.0.1:1/v1".into(), &format!("{BABBLE}\n"));
        assert!(
            out.contains("asked small about unknown") && out.contains("- it said nothing: unreachable"),
            "{out}"
        );
        let out = chat(String::new(), &format!("{BABBLE}\n"));
        assert!(!out.contains("asked"), "none is set: {out}");
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_shown() {
        assert_eq!(shown(" a\u{1b}[2J\nb "), "a [2J b");
    }
}
