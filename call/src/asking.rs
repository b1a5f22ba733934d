//! What a language model may be asked about what the customer has just said.

use crate::{Call, Directive};
use tsunagu_conversation::{Engine, Own, Question};

impl Call {
    /// What may be asked about words that answer this prompt, before they are told to the call, at a company that has this of its own. Nothing where the engine knows
    /// what they mean, where they answer an older prompt, and where the AI has nothing more to say.
    pub fn question(
        &self,
        turn: Option<u32>,
        text: &str,
        confidence: Option<f32>,
        engine: &Engine,
        own: &Own,
    ) -> Option<Question> {
        let prompt = &self.prompt;
        let answers = prompt.turn > 0 && turn.is_none_or(|turn| turn == prompt.delivered);
        let converses = matches!(prompt.directive.as_deref(), Some(Directive::Converse { .. }));
        let listens = converses && !prompt.is_waiting();
        let talks = !self.status.is_over() && self.decided.is_none() && !self.talk.waiting();
        if !(answers && listens && talks) || text.trim().is_empty() {
            return None;
        }
        let talk = &self.talk;
        let confidence = confidence.filter(|confidence| confidence.is_finite());
        let understood = engine.understand_with(&own.phrases, talk.lang, talk.phase, text, confidence);
        engine.question(talk, &understood, text)
    }
}
