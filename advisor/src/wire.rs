//! What is sent and what comes back, as OpenAI's chat completions have it and others do after them.

use serde::{Deserialize, Serialize};
use tsunagu_conversation::{Prompt, Tokens};

/// The body of a request.
#[derive(Debug, Serialize)]
pub(crate) struct Request<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    temperature: u8,
    max_tokens: u32,
    stream: bool,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    role: &'a str,
    content: &'a str,
}

impl<'a> Request<'a> {
    pub fn new(model: &'a str, prompt: &'a Prompt) -> Self {
        let messages = [("system", &prompt.system), ("user", &prompt.user)];
        let messages = messages.map(|(role, content)| Message { role, content });
        Self { model, messages, temperature: 0, max_tokens: prompt.max_tokens, stream: false }
    }
}

/// The body of an answer: what of it is read.
#[derive(Debug, Deserialize)]
pub(crate) struct Completion {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    message: Spoken,
}

#[derive(Debug, Deserialize)]
struct Spoken {
    content: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

impl Completion {
    /// The text of the first choice, and what it cost.
    pub fn of(body: &[u8]) -> Option<(String, Option<Tokens>)> {
        let completion: Self = serde_json::from_slice(body).ok()?;
        let text = completion.choices.into_iter().next()?.message.content?;
        let tokens = completion
            .usage
            .map(|usage| Tokens { prompt: usage.prompt_tokens, completion: usage.completion_tokens });
        Some((text, tokens))
    }
}
