//! The end of a call, whoever brings it about: the outcome is kept, and everybody is let go.

use super::Stepping;
use crate::{Command, EndReason, Event, Leg, Refusal, Reply, Status, handover::Cancellation};
use tsunagu_conversation::Outcome;

impl Stepping<'_> {
    /// A person ends the call.
    pub(super) fn request_end(
        &mut self,
        outcome: Option<Outcome>,
        notes: Option<String>,
    ) -> Result<Reply, Refusal> {
        if self.call.status.is_over() {
            return Err(Refusal::Over);
        }
        if let Some(notes) = notes {
            self.emit(Event::Noted { notes, outcome: None });
        }
        let so_far = self.call.decided.map(|(outcome, _)| outcome);
        let outcome = outcome.or(self.call.judged).or(so_far).unwrap_or_else(|| self.outcome_when_cut());
        self.cut(outcome, EndReason::EndedByUser);
        Ok(Reply::None)
    }

    /// A person writes about the call, and may say what came of it. While it lives that is kept for its end.
    pub(super) fn noted(&mut self, notes: String, outcome: Option<Outcome>) -> Reply {
        let so_far = self.call.decided.map(|(outcome, _)| outcome);
        self.emit(Event::Noted { notes, outcome });
        if let Some(outcome) = outcome.filter(|outcome| so_far != Some(*outcome))
            && self.call.status.is_over()
        {
            self.command(Command::NoteOutcome { outcome });
        }
        Reply::None
    }

    /// What a call comes to that is ended from our side.
    pub(super) fn outcome_when_cut(&self) -> Outcome {
        if self.call.met_human {
            Outcome::Success
        } else if self.call.status == Status::Initiated {
            Outcome::Failed
        } else if self.call.open_handover().is_some()
            || self.call.talk.promised
            || self.call.last_words.is_some()
        {
            Outcome::FollowUp
        } else {
            Outcome::Absent
        }
    }

    /// Ends the call now and hangs everybody up.
    pub(super) fn cut(&mut self, outcome: Outcome, reason: EndReason) {
        self.cancel_handover(Cancellation::CallEnded);
        if let Some(call_sid) = self.call.customer.call_sid.as_deref().map(str::to_owned)
            && !self.call.customer.is_gone()
        {
            self.command(Command::HangUp { leg: Leg::Customer, call_sid });
        }
        self.end(outcome, reason);
    }

    /// The call is over.
    pub(super) fn end(&mut self, outcome: Outcome, reason: EndReason) {
        if self.call.status.is_over() {
            return;
        }
        let duration = self.call.answered_at.map_or(0, |answered| self.now.secs_since(answered));
        self.drop_agent_leg();
        self.leavers_go();
        let owes_callback = self.owes_callback(outcome, reason);
        // Whoever ends the call has the last word; nothing else counts for more than what a person wrote.
        let judged = self.call.judged.filter(|_| reason != EndReason::EndedByUser);
        let outcome = judged.unwrap_or(outcome);
        self.emit(Event::Ended { outcome, reason, duration });
        if owes_callback {
            self.command(Command::KeepCallback { words: None });
        }
        self.command(Command::NoteOutcome { outcome });
    }

    /// The customer was waiting for a human, or was promised a call back, and nobody has seen to it: the script does at
    /// its own ends.
    fn owes_callback(&self, outcome: Outcome, reason: EndReason) -> bool {
        let talk = &self.call.talk;
        let waited = reason == EndReason::CustomerHungUpWaiting || talk.waiting();
        outcome == Outcome::FollowUp && talk.ended.is_none() && (waited || talk.promised)
    }
}
