//! Time: when something must happen at the latest, and what then. Nothing here is remembered by a timer; a call that
//! was rebuilt from its journal has the same deadlines as before.

use super::Stepping;
use crate::{Call, Command, Directive, EndReason, Leg, Reply, Stage, Status, Time, handover::Failure};

/// How fast speech is reckoned, in characters a second; Japanese is spoken at about seven.
const CHARS_PER_SEC: usize = 5;

impl Call {
    /// When [`crate::Input::Tick`] is due; `None` when the call waits for nothing.
    pub fn next_deadline(&self) -> Option<Time> {
        if self.status.is_over() {
            return None;
        }
        let (handover, supervision) = (self.handover_deadline(), self.supervision_deadline());
        let (leaving, alone) = (self.leaving_deadline(), self.alone_until());
        let due = [handover, supervision, leaving, alone, self.longest(), self.quiet_until()];
        due.into_iter().flatten().min()
    }

    /// When the call has lasted as long as a call may.
    fn longest(&self) -> Option<Time> {
        let begin = self.answered_at.unwrap_or(self.created_at.plus_secs(self.rules().ring_secs));
        Some(begin.plus_secs(self.rules().longest_secs))
    }

    fn handover_deadline(&self) -> Option<Time> {
        if self.is_pending(|command| matches!(command, Command::CheckRoom)) {
            return None;
        }
        self.handover.as_ref().and_then(|handover| handover.deadline(self.rules()))
    }

    /// Until when the customer may be in the conference without the agent; after that the carrier is asked how they are.
    fn alone_until(&self) -> Option<Time> {
        let since = self.alone_since.filter(|_| !self.is_customer_seen_to())?;
        Some(since.plus_secs(self.rules().bridging_secs))
    }

    /// Until when the carrier's silence is as it should be; after that it is asked how the call stands.
    fn quiet_until(&self) -> Option<Time> {
        let asked = |command: &Command| {
            matches!(command, Command::CheckCustomer { .. } | Command::HangUp { leg: Leg::Customer, .. })
        };
        if self.is_pending(asked) {
            return None;
        }
        let rules = self.rules();
        let speaking = self.prompt.directive.as_deref().map_or(0, |directive| {
            let chars: usize = directive.lines().iter().map(|line| line.text.chars().count()).sum();
            u32::try_from(chars / CHARS_PER_SEC).unwrap_or(u32::MAX)
        });
        let patience = match (self.status, self.prompt.directive.as_deref()) {
            (Status::Initiated, _) => rules.ring_secs.saturating_add(rules.reconcile_secs),
            // The customer may be in the conference with nobody.
            _ if self.human_is_gone() || self.refresh_refused => rules.bridging_secs,
            _ if self.decided.is_some() => rules.closing_secs.saturating_add(speaking),
            (_, Some(Directive::Converse { listen, .. })) => {
                rules.reconcile_secs.saturating_add(speaking).saturating_add(listen.timeout_secs)
            }
            _ => rules.reconcile_secs,
        };
        Some(self.heard_at.plus_secs(patience))
    }
}

impl Stepping<'_> {
    pub(super) fn tick(&mut self) -> Reply {
        let due = |deadline: Option<Time>| deadline.is_some_and(|deadline| deadline <= self.now);
        if self.call.status.is_over() {
            return Reply::None;
        }
        if due(self.call.longest()) {
            let so_far = self.call.decided.map(|(outcome, _)| outcome);
            self.cut(so_far.unwrap_or_else(|| self.outcome_when_cut()), EndReason::TooLong);
        } else if due(self.call.handover_deadline()) {
            self.handover_is_late();
        } else if due(self.call.supervision_deadline()) {
            self.supervisors_are_late();
        } else if due(self.call.leaving_deadline()) {
            self.leavers_are_late();
        } else if due(self.call.alone_until()) || due(self.call.quiet_until()) {
            let call_sid = self.call.customer.call_sid.as_deref().map(str::to_owned);
            self.check_customer(call_sid);
        }
        Reply::None
    }

    fn handover_is_late(&mut self) {
        match self.call.stage() {
            Some(Stage::Reserving) => self.fail_handover(Failure::TooLong, false),
            Some(Stage::Ringing { .. } | Stage::Briefing { .. }) => self.lose_agent(),
            Some(Stage::Bridging { .. }) => self.command(Command::CheckRoom),
            _ => {}
        }
    }
}
