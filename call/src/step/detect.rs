//! Who picked up, by the carrier's detection, which is slow and sometimes wrong.

use super::Stepping;
use crate::{Call, Event, Leg, Reply, Stage, SupervisionEnd};
use tsunagu_conversation::{self as conversation, Phase};

impl Stepping<'_> {
    /// The carrier's detection told who answered.
    pub(super) fn detected(&mut self, leg: Leg, answered_by: String) -> Reply {
        let known = match leg {
            Leg::Customer => self.call.customer.answered_by.as_deref(),
            Leg::Agent(attempt) => match self.agent_leg(attempt) {
                Some(leg) => leg.answered_by.as_deref(),
                None => return Reply::None,
            },
            Leg::Supervisor(number) => match self.call.supervision(number) {
                Some(one) if one.awaits_key() => None,
                _ => return Reply::None,
            },
        };
        if known == Some(answered_by.as_str()) {
            return Reply::None;
        }
        let machine = answered_by.starts_with("machine") || answered_by == "fax";
        // That a person picked up, the key tells better.
        if matches!(leg, Leg::Supervisor(_)) && !machine {
            return Reply::None;
        }
        self.emit(Event::Detected { leg, answered_by });
        match leg {
            Leg::Customer if machine && self.call.may_be_a_machine() => {
                let decision = self.ask_engine(&conversation::Input::Machine);
                self.follow_some(decision, false);
                self.push_prompt();
            }
            Leg::Agent(attempt) if machine && self.call.awaits_key_of(attempt) => self.lose_agent(),
            Leg::Supervisor(number) => self.end_supervision(number, SupervisionEnd::Declined, true),
            _ => {}
        }
        Reply::None
    }
}

impl Call {
    /// Nothing that was said so far took a person: a greeting and its like come from machines as well. Once somebody has
    /// fetched the person in charge, agreed or named a time, the detection is not believed.
    fn may_be_a_machine(&self) -> bool {
        let person = self.talk.reached.iter().any(|phase| !matches!(phase, Phase::Opening | Phase::Purpose));
        let served = matches!(self.stage(), Some(Stage::Bridging { .. } | Stage::Bridged { .. }));
        !person && !served && !self.status.is_over() && self.decided.is_none()
    }

    fn awaits_key_of(&self, attempt: u32) -> bool {
        matches!(self.stage(), Some(Stage::Ringing { attempt: of } | Stage::Briefing { attempt: of }) if *of == attempt)
    }
}
