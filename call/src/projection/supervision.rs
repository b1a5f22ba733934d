//! Who supervised a call, when and how, as the record keeps it.

use crate::{
    CallRecord, Event, Leg, ModeSince, Role, SupervisionMode, SupervisionRecord, SupervisionStage, Time,
};

/// How many changes of mode of one supervision the record keeps; the journal has them all.
const MAX_MODES: usize = 100;

impl CallRecord {
    /// The leg is that of a supervisor.
    pub(super) fn supervises(&self, call_sid: &str) -> bool {
        self.supervision.iter().any(|one| one.call_sid.as_deref() == Some(call_sid))
    }

    pub(super) fn change_supervision(&mut self, at: Time, event: &Event) {
        match event {
            Event::SupervisionRequested { number, by, mode, .. } => {
                self.supervision.push(SupervisionRecord {
                    number: *number,
                    user_id: *by,
                    call_sid: None,
                    mode: *mode,
                    requested_at: at,
                    joined_at: None,
                    left_at: None,
                    modes: Vec::new(),
                });
            }
            Event::Progressed { leg: Leg::Supervisor(number), call_sid, .. } => {
                if let Some(one) = self.supervision_mut(*number) {
                    one.call_sid.get_or_insert_with(|| call_sid.clone());
                }
                if let Some(party) = self.present(call_sid) {
                    party.role = Role::Supervisor;
                }
            }
            Event::SupervisionSwitched { number, mode } => {
                if let Some(one) = self.supervision_mut(*number).filter(|one| one.joined_at.is_none()) {
                    one.mode = *mode;
                }
            }
            Event::SupervisionMoved { number, stage: SupervisionStage::OnTheLine } => {
                if let Some(one) = self.supervision_mut(*number) {
                    one.joined_at = Some(at);
                    one.take_part(at, one.mode);
                }
            }
            Event::SupervisionChanged { number, mode } => {
                if let Some(one) = self.supervision_mut(*number) {
                    one.take_part(at, *mode);
                }
            }
            Event::TakenOver { number, .. } => {
                // From now on they are not there as a supervisor.
                let leg = self.supervision_mut(*number).and_then(|one| {
                    one.left_at = Some(at);
                    one.call_sid.clone()
                });
                if let Some(party) = leg.and_then(|call_sid| self.present(&call_sid)) {
                    party.role = Role::Agent;
                }
            }
            Event::SupervisionEnded { number, .. } => {
                if let Some(one) = self.supervision_mut(*number) {
                    one.left_at = Some(at);
                }
            }
            _ => {}
        }
    }

    fn supervision_mut(&mut self, number: u32) -> Option<&mut SupervisionRecord> {
        self.supervision.iter_mut().find(|one| one.number == number)
    }
}

impl SupervisionRecord {
    fn take_part(&mut self, from: Time, mode: SupervisionMode) {
        self.mode = mode;
        if self.modes.len() < MAX_MODES {
            self.modes.push(ModeSince { mode, from });
        }
    }
}
