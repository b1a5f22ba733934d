//! The customer's prompts: each has a number, is given to the carrier at its next question, and is answered once.

use super::Stepping;
use crate::{Command, CustomerReply, Directive, Event, Leg, LegStatus, Reply, handover::Failure};
use tsunagu_conversation::{self as conversation, Line};

impl Stepping<'_> {
    /// The carrier asks for the customer's next document.
    pub(super) fn customer_asks(&mut self, call_sid: String) -> Reply {
        // A leg that was dialled by mistake beside the first one is let go.
        let stray = self.call.customer.call_sid.as_deref().is_some_and(|known| known != call_sid);
        if self.call.status.is_over() || stray {
            return Reply::Customer(CustomerReply::HangUp);
        }
        if self.call.answered_at.is_none() {
            let (leg, status) = (Leg::Customer, LegStatus::InProgress);
            self.emit(Event::Progressed { leg, call_sid, status, sequence: None });
        }
        if self.call.prompt.turn == 0 {
            if let Some(mind) = self.mind {
                let opening = self.opening(mind);
                self.follow(opening, true);
            }
        } else if self.call.prompt.sent_to_room() && self.call.human_is_gone() {
            self.customer_is_back();
        } else {
            self.deliver();
        }
        self.current()
    }

    /// The customer's leg came out of the conference.
    pub(super) fn customer_out(&mut self) -> Reply {
        if !self.call.status.is_over() && self.call.prompt.sent_to_room() {
            self.customer_is_back();
        } else {
            self.deliver();
        }
        self.current()
    }

    /// The customer is with the AI again: after a human it is goodbye, without one an apology.
    fn customer_is_back(&mut self) {
        if self.call.met_human {
            let decision = self.ask_engine(&conversation::Input::AgentLeft);
            self.follow_some(decision, true);
        } else {
            self.fail_handover(Failure::MoveFailed, true);
        }
    }

    /// Makes this the customer's next prompt, with whatever waits to be said before it.
    pub(super) fn say(&mut self, directive: Directive, talk: conversation::State, delivered: bool) {
        let waiting: Vec<Line> = match &self.call.prompt.directive {
            Some(directive) if self.call.prompt.is_waiting() => directive.lines().to_vec(),
            _ => Vec::new(),
        };
        let (turn, carried) = (self.call.prompt.turn + 1, waiting.len());
        let directive = directive.after(waiting).into();
        self.emit(Event::Said { turn, directive, carried, talk, delivered });
    }

    pub(super) fn deliver(&mut self) {
        if self.call.prompt.is_waiting() && !self.call.status.is_over() {
            self.emit(Event::Delivered { turn: self.call.prompt.turn });
        }
    }

    /// What the customer's leg shall do now.
    pub(super) fn current(&self) -> Reply {
        let call = &self.call;
        Reply::Customer(match &call.prompt.directive {
            Some(directive) if !call.status.is_over() => CustomerReply::Direct {
                turn: call.prompt.turn,
                directive: directive.clone(),
                lang: call.talk.lang,
            },
            _ => CustomerReply::HangUp,
        })
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
