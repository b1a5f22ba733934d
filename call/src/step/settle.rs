//! How commands came out, and what follows from that.

use super::Stepping;
use crate::{Command, CommandId, EndReason, Event, Leg, LegStatus, Reply, Settlement, Stage, handover::Failure};
use tsunagu_conversation::Outcome;

/// Twilio's code for a leg that is no longer in progress.
const NOT_IN_PROGRESS: u32 = 21220;

impl Stepping<'_> {
    pub(super) fn settled(&mut self, id: CommandId, settlement: Settlement) -> Reply {
        let Some(command) = self.call.pending.get(&id).cloned() else { return Reply::None };
        self.emit(Event::Settled { id, settlement: settlement.clone() });
        match command {
            Command::DialCustomer => self.customer_dialled(settlement),
            Command::PickAgent { .. } => match settlement {
                Settlement::Picked { agent, .. } => self.picked(agent),
                _ => self.nobody_free(),
            },
            Command::DialAgent { attempt, .. } => match settlement {
                Settlement::Dialled { call_sid } => self.agent_dialled(attempt, call_sid),
                other => self.agent_refused(attempt, &other),
            },
            Command::MoveCustomer { call_sid } => self.moved(call_sid, &settlement),
            Command::Refresh { call_sid } => {
                if matches!(settlement, Settlement::Refused { .. }) {
                    self.check_customer(Some(call_sid));
                }
            }
            Command::HangUp { leg: Leg::Customer, .. } => self.hung_up(),
            Command::CheckCustomer { .. } => self.checked(settlement),
            Command::CheckRoom => self.room_checked(&settlement),
            Command::HangUp { .. }
            | Command::SeatAgent { .. }
            | Command::FreeAgent { .. }
            | Command::MarkCustomer { .. }
            | Command::KeepCallback { .. }
            | Command::NoteOutcome { .. } => {}
        }
        Reply::None
    }

    fn customer_dialled(&mut self, settlement: Settlement) {
        match settlement {
            Settlement::Dialled { call_sid } if self.call.status.is_over() => {
                self.command(Command::HangUp { leg: Leg::Customer, call_sid });
            }
            Settlement::Dialled { .. } => {}
            _ if self.call.status.is_over() || self.call.answered_at.is_some() => {}
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

    /// A hang-up of the customer's leg was done, or the leg was gone already.
    fn hung_up(&mut self) {
        if let Some((outcome, reason)) = self.call.decided
            && !self.call.status.is_over()
        {
            self.end(outcome, reason);
        }
    }

    fn checked(&mut self, settlement: Settlement) {
        if self.call.status.is_over() {
            return;
        }
        match settlement {
            Settlement::Stands { call_sid, status } if status.is_final() => {
                self.progress(Leg::Customer, call_sid, status, None);
            }
            Settlement::Stands { call_sid, status: LegStatus::InProgress } => {
                if self.call.decided.is_some() {
                    self.command(Command::HangUp { leg: Leg::Customer, call_sid });
                } else if !self.call.met_human {
                    // The carrier has not asked for longer than it should take: a question or an answer was lost.
                    self.command(Command::Refresh { call_sid });
                }
            }
            Settlement::Unknown => {
                let (outcome, reason) = self.call.decided.unwrap_or((Outcome::Failed, EndReason::Lost));
                self.cancel_handover(crate::handover::Cancellation::CallEnded);
                self.end(outcome, reason);
            }
            _ => {}
        }
    }

    fn room_checked(&mut self, settlement: &Settlement) {
        let Some(Stage::Bridging { .. }) = self.call.stage() else { return };
        if let Settlement::InRoom { conference_sid: Some(conference_sid), call_sids } = settlement {
            self.seen_in_room(conference_sid, call_sids);
        }
        if let Some(Stage::Bridging { .. }) = self.call.stage() {
            self.fail_handover(Failure::MoveFailed, false);
            self.push_prompt();
        }
    }

    pub(super) fn check_customer(&mut self, call_sid: Option<String>) {
        if !self.call.is_pending(|command| matches!(command, Command::CheckCustomer { .. })) {
            self.command(Command::CheckCustomer { call_sid });
        }
    }
}
