//! The customer and the AI: what the engine makes of the customer's answers is carried out.

use super::{Mind, Stepping};
use crate::{
    Command, CustomerReply, Directive, EndReason, Event, Reply, Utterance,
    handover::{Cancellation, Failure, Requester},
};
use tsunagu_conversation::{
    self as conversation, Advice, Decision, EndReason as Script, Intent, Listen, Outcome, Then,
};

/// The longest the AI listens while an agent is fetched, in seconds; with the recogniser's own delay, and the answer's,
/// the customer is in silence for less than five.
const MAX_COMFORT_SECS: u32 = 4;

impl Stepping<'_> {
    /// The customer answered a prompt. An answer to an older prompt is a repetition: it gets the present one.
    pub(super) fn customer_says(&mut self, turn: Option<u32>, utterance: Utterance) -> Reply {
        let prompt = &self.call.prompt;
        if self.call.status.is_over() {
            self.after_hanging_up(turn, utterance);
            return Reply::Customer(CustomerReply::HangUp);
        }
        if prompt.directive.as_deref().is_some_and(Directive::is_join) {
            return Reply::Customer(CustomerReply::AwaitMove { lang: self.call.talk.lang });
        }
        let answers = prompt.delivered;
        if prompt.turn == 0 || turn.unwrap_or(answers) != answers {
            self.deliver();
            return self.current();
        }
        match utterance {
            _ if self.call.decided.is_some() => self.after_the_end(answers, utterance),
            Utterance::Keys(digits) if !digits.is_empty() => self.pressed(answers, digits),
            utterance => match words(utterance) {
                Some((text, confidence, advice)) => self.heard(answers, text, confidence, advice),
                None => self.silent(answers),
            },
        }
        self.current()
    }

    fn heard(&mut self, turn: u32, text: String, confidence: Option<f32>, advice: Option<Box<Advice>>) {
        let decision = self.understand(turn, text, confidence, advice, true);
        self.follow_some(decision, true);
    }

    fn pressed(&mut self, turn: u32, digits: String) {
        let decision = digits.chars().next().and_then(|key| self.ask_engine(&conversation::Input::Key(key)));
        self.emit(Event::Pressed { turn, digits });
        self.follow_some(decision, true);
    }

    /// Silence lets a waiting prompt be spoken; otherwise the script knows what silence means.
    fn silent(&mut self, turn: u32) {
        self.emit(Event::Silent { turn });
        if self.call.prompt.is_waiting() {
            self.deliver();
        } else {
            let over = self.holding_is_over();
            let input = if over { conversation::Input::HoldingOver } else { conversation::Input::Silence };
            let decision = self.ask_engine(&input);
            self.follow_some(decision, true);
        }
    }

    /// The customer spoke before the goodbye reached them. It is goodbye all the same; only a wish that is kept for
    /// good, never to be rung again, is still taken down.
    fn after_the_end(&mut self, turn: u32, utterance: Utterance) {
        if let Some((text, confidence, advice)) = words(utterance)
            && self.call.prompt.is_waiting()
        {
            let known = self.call.talk.ended.as_ref().and_then(|ended| ended.mark);
            let decision = self.understand(turn, text, confidence, advice, false);
            let wish = decision.filter(
                |decision| matches!(decision.then, Then::End { mark, .. } if mark.is_some() && mark != known),
            );
            self.follow_some(wish, true);
        }
        self.deliver();
    }

    /// The words come when the customer has hung up: a language model was asked about them meanwhile, or the carrier's news
    /// overtook them. They were said, and are noted once; of what they would come to only a wish that is kept for good counts.
    fn after_hanging_up(&mut self, turn: Option<u32>, utterance: Utterance) {
        let prompt = &self.call.prompt;
        let answers = prompt.delivered;
        if !prompt.is_open() || turn.unwrap_or(answers) != answers {
            return;
        }
        let Some((text, confidence, advice)) = words(utterance) else { return };
        let known = self.call.talk.ended.as_ref().and_then(|ended| ended.mark);
        let decision = self.understand(answers, text, confidence, advice, false);
        if let Some(Then::End { mark: Some(mark), .. }) = decision.map(|decision| decision.then)
            && Some(mark) != known
        {
            self.command(Command::MarkCustomer { mark });
        }
    }

    /// While holding, the carrier listens for the whole holding time at once: its silence means that time is over.
    fn holding_is_over(&self) -> bool {
        let directive = self.call.prompt.directive.as_deref();
        matches!(directive, Some(Directive::Converse { listen, .. }) if listen.holding)
    }

    /// What the engine makes of the customer's words, which are noted with it. An advice that does not count any more is noted for
    /// what it cost.
    fn understand(
        &mut self,
        turn: u32,
        text: String,
        confidence: Option<f32>,
        advice: Option<Box<Advice>>,
        counts: bool,
    ) -> Option<Decision> {
        // A journal in JSON has no form for what is no number.
        let confidence = confidence.filter(|confidence| confidence.is_finite());
        let decision = self.ask_engine(&match advice.as_ref().filter(|_| counts) {
            Some(advice) => conversation::Input::Advised { text: &text, confidence, advice },
            None => conversation::Input::Heard { text: &text, confidence },
        });
        let used = decision.as_ref().is_some_and(|decision| decision.advised);
        let advice = advice.map(|advice| Box::new(Advice { used, ..*advice }));
        let understanding = decision.as_ref().and_then(|decision| decision.understanding.as_ref());
        let (intent, score, why) = understanding.map_or_else(
            || (Intent::Unknown, 0.0, Vec::new()),
            |understood| (understood.intent, understood.score, understood.evidence.clone()),
        );
        self.emit(Event::Heard { turn, text, confidence, intent, score, why, advice });
        decision
    }

    pub(super) fn ask_engine(&self, input: &conversation::Input<'_>) -> Option<Decision> {
        self.ask_engine_as(&self.call.talk, input)
    }

    /// What the engine would do if the talk stood so.
    pub(super) fn ask_engine_as(
        &self,
        talk: &conversation::State,
        input: &conversation::Input<'_>,
    ) -> Option<Decision> {
        let created = &self.call.created;
        self.mind
            .map(|Mind { engine, own }| engine.step_with(own, talk, input, &created.profile, &created.limits))
    }

    pub(super) fn follow_some(&mut self, decision: Option<Decision>, delivered: bool) {
        if let Some(decision) = decision {
            self.follow(decision, delivered);
        }
    }

    /// Carries out what the engine decided. `delivered`: the carrier is asking and gets it as the answer.
    pub(super) fn follow(&mut self, decision: Decision, delivered: bool) {
        let was_waiting = self.call.talk.waiting();
        let Decision { state: talk, say, then, .. } = decision;
        let waits_for_agent = talk.waiting();
        let directive = match &then {
            Then::Listen(listen) => Directive::Converse { say, listen: listen.clone() },
            Then::HandOver { .. } => Directive::Converse { say, listen: self.short_listen() },
            Then::Connect => Directive::Join { say, transcribe: self.call.rules().transcribe },
            Then::End { .. } => Directive::Finish { say },
        };
        self.say(directive, talk, delivered);
        match then {
            Then::HandOver { reason } => {
                self.begin_handover(Requester::Script, reason.name().to_owned(), None, Vec::new(), false)
            }
            // The engine has kept the customer company for as long as it would.
            Then::Listen(_) if was_waiting && !waits_for_agent => self.abandon_handover(Failure::TooLong),
            Then::End { outcome, reason, mark, callback } => {
                self.cancel_handover(Cancellation::CustomerDeclined);
                // What a human spoke about is settled between them and the customer, whatever the AI's talk came to.
                let met = self.call.met_human;
                let (outcome, reason) =
                    if met { (Outcome::Success, Script::HumanDone) } else { (outcome, reason) };
                self.emit(Event::Decided { outcome, reason: EndReason::Script(reason) });
                if let Some(mark) = mark {
                    self.command(Command::MarkCustomer { mark });
                }
                if let Some(callback) = callback.filter(|_| !met) {
                    self.command(Command::KeepCallback { words: callback.words });
                }
            }
            Then::Listen(_) | Then::Connect => {}
        }
    }

    /// While an agent is fetched the AI speaks every few seconds, and listens in between.
    fn short_listen(&self) -> Listen {
        let timeout_secs = self.call.created.limits.comfort_secs.clamp(1, MAX_COMFORT_SECS);
        Listen { timeout_secs, expects: None, barge_in: true, holding: false }
    }
}

/// The words of an answer, if it has any, and what a language model said of them.
fn words(utterance: Utterance) -> Option<(String, Option<f32>, Option<Box<Advice>>)> {
    let said = match utterance {
        Utterance::Words { text, confidence } => (text, confidence, None),
        Utterance::Advised { text, confidence, advice } => (text, confidence, Some(advice)),
        Utterance::Keys(_) | Utterance::Silence => return None,
    };
    Some(said).filter(|(text, ..)| !text.trim().is_empty())
}
