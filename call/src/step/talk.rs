//! The customer and the AI: each prompt is answered once, and what the engine decides is carried out.

use super::Stepping;
use crate::{
    Command, CustomerReply, Directive, EndReason, Event, Input, Leg, LegStatus, Reply, Stage, Utterance,
    handover::{Cancellation, Requester},
};
use tsunagu_conversation::{self as conversation, Decision, Line, Listen, Then};

impl Stepping<'_> {
    /// The carrier asks for the customer's next document.
    pub(super) fn customer_asks(&mut self, call_sid: String) -> Reply {
        if self.call.status.is_over() {
            return Reply::Customer(CustomerReply::HangUp);
        }
        if self.call.prompt.turn == 0 {
            self.emit(Event::Progressed {
                leg: Leg::Customer,
                call_sid,
                status: LegStatus::InProgress,
                sequence: None,
            });
            if let Some(engine) = self.engine {
                let opening = engine.open(&self.call.created.profile);
                self.follow(opening, true);
            }
        } else {
            self.deliver();
        }
        self.current()
    }

    /// The customer answered a prompt. An answer to an older prompt is a repetition: it gets the present one.
    pub(super) fn customer_says(&mut self, turn: Option<u32>, utterance: Utterance) -> Reply {
        let call = &self.call;
        if call.status.is_over() {
            return Reply::Customer(CustomerReply::HangUp);
        }
        if call.prompt.directive.as_deref().is_some_and(Directive::is_join) {
            return Reply::Customer(CustomerReply::AwaitMove { lang: call.talk.lang });
        }
        let answers = call.prompt.delivered;
        if call.prompt.turn == 0 || turn.unwrap_or(answers) != answers || call.decided.is_some() {
            self.deliver();
            return self.current();
        }
        match utterance {
            Utterance::Words { text, confidence } if !text.trim().is_empty() => self.heard(answers, text, confidence),
            Utterance::Keys(digits) if !digits.is_empty() => self.pressed(answers, digits),
            _ => self.silent(answers),
        }
        self.current()
    }

    fn heard(&mut self, turn: u32, text: String, confidence: Option<f32>) {
        let decision = self.ask_engine(&conversation::Input::Heard { text: &text, confidence });
        let understanding = decision.as_ref().and_then(|decision| decision.understanding.as_ref());
        let (intent, score, why) = understanding.map_or_else(
            || (conversation::Intent::Unknown, 0.0, Vec::new()),
            |understood| (understood.intent, understood.score, understood.evidence.clone()),
        );
        self.emit(Event::Heard { turn, text, confidence, intent, score, why });
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

    /// While holding, the carrier listens for the whole holding time at once: its silence means that time is over.
    fn holding_is_over(&self) -> bool {
        let directive = self.call.prompt.directive.as_deref();
        matches!(directive, Some(Directive::Converse { listen, .. }) if listen.holding)
    }

    pub(super) fn ask_engine(&self, input: &conversation::Input<'_>) -> Option<Decision> {
        let created = &self.call.created;
        self.engine.map(|engine| engine.step(&self.call.talk, input, &created.profile, &created.limits))
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
            Then::Connect => Directive::Join { say },
            Then::End { .. } => Directive::Finish { say },
        };
        self.say(directive, talk, delivered);
        match then {
            Then::HandOver { reason } => self.begin_handover(Requester::Script, reason.name().to_owned(), None),
            Then::Listen(_) if was_waiting && !waits_for_agent => {
                self.cancel_handover(Cancellation::CustomerDeclined);
            }
            Then::End { outcome, reason, mark, callback } => {
                self.cancel_handover(Cancellation::CustomerDeclined);
                self.emit(Event::Decided { outcome, reason: EndReason::Script(reason) });
                if let Some(mark) = mark {
                    self.command(Command::MarkCustomer { mark });
                }
                if let Some(callback) = callback {
                    self.command(Command::KeepCallback { words: callback.words });
                }
            }
            Then::Listen(_) | Then::Connect => {}
        }
    }

    /// Makes this the customer's next prompt, with whatever waits to be said before it.
    fn say(&mut self, directive: Directive, talk: conversation::State, delivered: bool) {
        let waiting: Vec<Line> = match &self.call.prompt.directive {
            Some(directive) if self.call.prompt.is_waiting() => directive.lines().to_vec(),
            _ => Vec::new(),
        };
        let (turn, carried) = (self.call.prompt.turn + 1, waiting.len());
        let directive = directive.after(waiting);
        self.emit(Event::Said { turn, directive, carried, talk, delivered });
    }

    /// While an agent is fetched the AI speaks every few seconds, and listens in between.
    fn short_listen(&self) -> Listen {
        let timeout_secs = self.call.created.limits.comfort_secs;
        Listen { timeout_secs, hints: String::new(), barge_in: true, holding: false }
    }

    pub(super) fn deliver(&mut self) {
        if self.call.prompt.is_waiting() {
            self.emit(Event::Delivered { turn: self.call.prompt.turn });
        }
    }

    /// What the customer's leg shall do now.
    pub(super) fn current(&self) -> Reply {
        let call = &self.call;
        Reply::Customer(match &call.prompt.directive {
            Some(directive) if !call.status.is_over() => CustomerReply::Direct {
                turn: call.prompt.turn,
                directive: (**directive).clone(),
                lang: call.talk.lang,
            },
            _ => CustomerReply::HangUp,
        })
    }

    /// The customer's leg came out of the conference: after a human it is goodbye, without one an apology.
    pub(super) fn customer_out(&mut self) -> Reply {
        let call = &self.call;
        let prompt = &call.prompt;
        let was_in = !prompt.is_waiting() && prompt.directive.as_deref().is_some_and(Directive::is_join);
        if call.status.is_over() || !was_in {
            self.deliver();
            return self.current();
        }
        if call.met_human {
            let decision = self.ask_engine(&conversation::Input::AgentLeft);
            self.follow_some(decision, true);
        } else {
            self.fail_handover(crate::handover::Failure::MoveFailed, true);
        }
        self.current()
    }

    /// The carrier's detection told who answered. It is slow: once a person has been talking, it is not believed.
    pub(super) fn detected(&mut self, leg: Leg, answered_by: String) -> Reply {
        let machine = answered_by.starts_with("machine") || answered_by == "fax";
        self.emit(Event::Detected { leg, answered_by });
        let call = &self.call;
        let talking = call.is_with_ai() && call.decided.is_none() && call.talk.turns <= 1;
        let unserved = !matches!(call.stage(), Some(Stage::Bridging { .. } | Stage::Bridged { .. }));
        if machine && leg == Leg::Customer && talking && unserved {
            let decision = self.ask_engine(&conversation::Input::Machine);
            self.follow_some(decision, false);
            self.push_prompt();
        }
        Reply::None
    }

    /// Lets a waiting prompt reach the customer now instead of at the carrier's next question.
    pub(super) fn push_prompt(&mut self) {
        let Some(call_sid) = self.call.customer.call_sid.as_deref().map(str::to_owned) else { return };
        if !self.call.prompt.is_waiting() {
            return;
        }
        let silent_end = matches!(self.call.prompt.directive.as_deref(), Some(Directive::Finish { say }) if say.is_empty());
        self.command(if silent_end {
            Command::HangUp { leg: Leg::Customer, call_sid }
        } else {
            Command::Refresh { call_sid }
        });
    }
}

impl From<Utterance> for Input {
    fn from(utterance: Utterance) -> Self {
        Self::CustomerSays { turn: None, utterance }
    }
}
