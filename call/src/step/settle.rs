//! How commands came out, and what follows from that.

use super::Stepping;
use crate::{
    Command, CommandId, EndReason, Event, Leg, LegStatus, Reply, Settlement, Stage,
    brought::Sought,
    handover::{Cancellation, Failure},
};
use tsunagu_conversation::Outcome;

/// Twilio's code for a leg that is no longer in progress.
const NOT_IN_PROGRESS: u32 = 21220;

impl Stepping<'_> {
    pub(super) fn settled(&mut self, id: CommandId, settlement: Settlement) -> Reply {
        let Some(command) = self.call.pending.get(&id).cloned() else {
            self.settled_again(id, &settlement);
            return Reply::None;
        };
        self.emit(Event::Settled { id, settlement: settlement.clone() });
        match command {
            Command::DialCustomer => match settlement {
                Settlement::InDoubt { .. } => self.customer_in_doubt(),
                settlement => self.dialled(Leg::Customer, settlement),
            },
            Command::PickAgent { wish, .. } => match settlement {
                Settlement::Picked { agent, .. } => self.picked(agent, wish),
                _ => self.nobody_free(wish),
            },
            Command::DialAgent { attempt, agent, asked_at } => match settlement {
                Settlement::InDoubt { .. } => self.agent_in_doubt(attempt, agent.phone, asked_at),
                settlement => self.dialled(Leg::Agent(attempt), settlement),
            },
            Command::DialSupervisor { number, phone, asked_at, .. } => match settlement {
                Settlement::InDoubt { .. } => self.supervisor_in_doubt(number, phone, asked_at),
                settlement => self.dialled(Leg::Supervisor(number), settlement),
            },
            Command::FindLeg { leg, .. } => self.dialled(leg, settlement),
            Command::SetSupervisor { number, mode, agent_sid, .. } => {
                self.supervisor_set(number, mode, &agent_sid, &settlement)
            }
            Command::ClaimAgent { agent } => self.claimed(agent, settlement),
            Command::TakeSeat { number, .. } => self.seat_taken(number, &settlement),
            Command::MoveCustomer { call_sid } => self.moved(call_sid, &settlement),
            Command::HangUp { leg: Leg::Customer, call_sid } => self.hung_up(&call_sid, &settlement),
            Command::CheckCustomer { .. } => self.checked(settlement),
            Command::CheckRoom => self.room_checked(&settlement),
            Command::SteerRecording { paused, .. } => self.recording_steered(paused, &settlement),
            Command::DeleteRecording { sid } => self.recording_deleted(sid, &settlement),
            // A refused one is seen to in time: see `quiet_until`.
            Command::Refresh { .. }
            | Command::HangUp { .. }
            | Command::SetParticipant { .. }
            | Command::RemoveParticipant { .. }
            | Command::SeatAgent { .. }
            | Command::FreeAgent { .. }
            | Command::MarkCustomer { .. }
            | Command::KeepCallback { .. }
            | Command::NoteOutcome { .. } => {}
        }
        Reply::None
    }

    /// Another node was quicker to do the same. Whom this one has reserved beside that is given back, and whom it has rung hung up;
    /// what is known already changes nothing.
    fn settled_again(&mut self, id: CommandId, settlement: &Settlement) {
        let brought = &self.call.brought;
        match (brought.sought(id), settlement) {
            (Some(Sought::Agent), Settlement::Picked { agent, .. })
                if !brought.has_agent(id, agent.id) && !self.call.may_have(agent.id) =>
            {
                self.emit(Event::Settled { id, settlement: settlement.clone() });
                self.command(Command::FreeAgent { agent: agent.id, talked_secs: None });
            }
            (Some(Sought::Leg(leg)), Settlement::Dialled { call_sid }) if !self.call.knows_leg(call_sid) => {
                self.emit(Event::Settled { id, settlement: settlement.clone() });
                if self.is_nameless(leg) {
                    // It is being looked for, and this is it.
                    self.progress(leg, call_sid.clone(), LegStatus::Queued, None);
                } else {
                    self.command(Command::HangUp { leg, call_sid: call_sid.clone() });
                }
            }
            _ => {}
        }
    }

    /// The leg is expected, or its end is awaited, and the carrier's name of it is not known.
    fn is_nameless(&self, leg: Leg) -> bool {
        let call = &self.call;
        let expected = match leg {
            Leg::Customer => !call.status.is_over() && call.customer.call_sid.is_none(),
            Leg::Agent(attempt) => self.agent_leg(attempt).is_some_and(|held| held.call_sid.is_none()),
            Leg::Supervisor(number) => call.supervision(number).is_some_and(|one| one.call_sid.is_none()),
        };
        expected || call.leaves_unheard(leg)
    }

    /// What became of a dialling is known.
    fn dialled(&mut self, leg: Leg, settlement: Settlement) {
        match (leg, settlement) {
            (Leg::Agent(attempt), Settlement::Dialled { call_sid }) => self.agent_dialled(attempt, call_sid),
            (Leg::Agent(attempt), _) => self.agent_not_dialled(attempt),
            (Leg::Supervisor(number), Settlement::Dialled { call_sid }) => {
                self.supervisor_dialled(number, call_sid);
            }
            (Leg::Supervisor(number), _) => self.supervisor_not_dialled(number),
            (Leg::Customer, settlement) => self.customer_dialled(settlement),
        }
        self.leg_is_known(leg);
    }

    /// Nobody knows whether the customer was rung: they may be ringing, or on the line already.
    fn customer_in_doubt(&mut self) {
        if self.call.customer.call_sid.is_none() {
            let phone = self.call.created.customer.phone.clone();
            self.find_leg(Leg::Customer, phone, self.call.created_at);
        }
    }

    fn customer_dialled(&mut self, settlement: Settlement) {
        let customer = &self.call.customer;
        match settlement {
            Settlement::Dialled { call_sid } => {
                // The answer to a lost dialling may name a second leg; and the call may be over by now.
                let second = customer.call_sid.as_deref() != Some(call_sid.as_str());
                if second || (self.call.status.is_over() && !customer.is_gone()) {
                    self.command(Command::HangUp { leg: Leg::Customer, call_sid });
                }
            }
            // A leg that was heard of all the same goes on.
            _ if self.call.status.is_over() || customer.call_sid.is_some() => {}
            _ => self.end(Outcome::Failed, EndReason::CarrierFailed),
        }
    }

    /// The customer could not be moved: they are gone, or they stay with the AI.
    fn moved(&mut self, call_sid: String, settlement: &Settlement) {
        let Settlement::Refused { code, .. } = settlement else { return };
        if *code == Some(NOT_IN_PROGRESS) {
            self.check_customer(Some(call_sid));
        } else if matches!(self.call.stage(), Some(Stage::Bridging { .. })) {
            self.fail_handover(Failure::MoveFailed, false);
        }
    }

    /// A hang-up of the customer's leg was done, or the leg was gone already. One that could not be done is tried again
    /// when the carrier is next asked how the leg stands.
    fn hung_up(&mut self, call_sid: &str, settlement: &Settlement) {
        let ours = self.call.customer.call_sid.as_deref() == Some(call_sid);
        if let Some((outcome, reason)) = self.call.decided.filter(|_| ours)
            && !matches!(settlement, Settlement::Refused { .. })
        {
            self.end(outcome, reason);
        }
    }

    /// What the carrier knows of the customer's leg.
    fn checked(&mut self, settlement: Settlement) {
        match settlement {
            Settlement::Stands { call_sid, status } => {
                self.progress(Leg::Customer, call_sid.clone(), status, None);
                if status == LegStatus::InProgress && !self.call.status.is_over() {
                    self.wake(call_sid);
                }
            }
            // The carrier may not have dialled yet.
            Settlement::Unknown if self.call.is_sought(Leg::Customer) => {}
            Settlement::Unknown if !self.call.status.is_over() => {
                let outcome = if self.call.met_human { Outcome::Success } else { Outcome::Failed };
                let (outcome, reason) = self.call.decided.unwrap_or((outcome, EndReason::Lost));
                self.cancel_handover(Cancellation::CallEnded);
                self.end(outcome, reason);
            }
            _ => {}
        }
    }

    /// The customer is on the line, and the carrier has not asked for longer than it should take: a question or an
    /// answer was lost.
    fn wake(&mut self, call_sid: String) {
        if self.call.decided.is_some() {
            self.command(Command::HangUp { leg: Leg::Customer, call_sid });
        } else if !self.call.met_human || self.call.human_is_gone() {
            self.command(Command::Refresh { call_sid });
        }
    }

    fn room_checked(&mut self, settlement: &Settlement) {
        if let Settlement::InRoom { conference_sid: Some(conference_sid), call_sids } = settlement {
            self.seen_in_room(conference_sid, call_sids);
        }
        if let Some(Stage::Bridging { .. }) = self.call.stage() {
            self.fail_handover(Failure::MoveFailed, false);
        }
        self.supervisors_did_not_enter();
    }

    pub(super) fn check_customer(&mut self, call_sid: Option<String>) {
        let asked = self.call.is_pending(|command| matches!(command, Command::CheckCustomer { .. }));
        if !asked && !self.call.status.is_over() {
            self.command(Command::CheckCustomer { call_sid });
        }
    }
}
