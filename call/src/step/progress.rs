//! How the legs stand by the carrier's reports: a final word stays, an older count changes nothing.

use super::Stepping;
use crate::{EndReason, Event, Leg, LegStatus, Reply, handover::Cancellation};
use tsunagu_conversation::Outcome;

impl Stepping<'_> {
    pub(super) fn progress(
        &mut self,
        leg: Leg,
        call_sid: String,
        status: LegStatus,
        sequence: Option<u32>,
    ) -> Reply {
        match leg {
            Leg::Customer => self.customer_progress(call_sid, status, sequence),
            Leg::Agent(attempt) => self.agent_progress(attempt, call_sid, status, sequence),
            Leg::Supervisor(number) => self.supervisor_progress(number, call_sid, status, sequence),
        }
        Reply::None
    }

    fn customer_progress(&mut self, call_sid: String, status: LegStatus, sequence: Option<u32>) {
        let customer = &self.call.customer;
        let another = customer.call_sid.as_deref().is_some_and(|known| known != call_sid);
        let older = customer.status.is_some_and(|known| known >= status);
        if another || older || customer.is_gone() || self.call.status.is_over() {
            return;
        }
        self.emit(Event::Progressed { leg: Leg::Customer, call_sid, status, sequence });
        if status.is_final() {
            self.customer_gone(status);
        }
    }

    /// The customer's leg is gone: the call is over, with what had been decided or what has happened.
    pub(super) fn customer_gone(&mut self, status: LegStatus) {
        let call = &self.call;
        let (outcome, reason) = match call.decided {
            Some(decided) => decided,
            None if call.met_human => (Outcome::Success, EndReason::HumanDone),
            None if call.open_handover().is_some() => (Outcome::FollowUp, EndReason::CustomerHungUpWaiting),
            None if call.talk.promised => (Outcome::FollowUp, EndReason::CustomerHungUp),
            None => match status {
                LegStatus::Busy => (Outcome::Absent, EndReason::Busy),
                LegStatus::NoAnswer => (Outcome::Absent, EndReason::NoAnswer),
                LegStatus::Canceled => (Outcome::Failed, EndReason::Canceled),
                LegStatus::Failed => (Outcome::Failed, EndReason::CarrierFailed),
                _ => (self.outcome_so_far(), EndReason::CustomerHungUp),
            },
        };
        self.cancel_handover(Cancellation::CustomerHungUp);
        self.end(outcome, reason);
    }

    /// Whoever hangs up on the AI after speaking with it has declined; whoever never spoke was not there.
    pub(super) fn outcome_so_far(&self) -> Outcome {
        if self.call.last_words.is_some() { Outcome::Rejected } else { Outcome::Absent }
    }

    fn agent_progress(&mut self, attempt: u32, call_sid: String, status: LegStatus, sequence: Option<u32>) {
        let Some(leg) = self.agent_leg(attempt) else {
            return self.leaver_progress(Leg::Agent(attempt), call_sid, status, sequence);
        };
        let another = leg.call_sid.as_deref().is_some_and(|known| known != call_sid);
        // Only the news that changes something is kept: the leg's name, and its end.
        if another || leg.gone || (leg.call_sid.is_some() && !status.is_final()) {
            return;
        }
        self.emit(Event::Progressed { leg: Leg::Agent(attempt), call_sid, status, sequence });
        if status.is_final() {
            self.agent_gone(attempt);
        }
    }
}
