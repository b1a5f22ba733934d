//! Agents whom the call wants no more. Each is given back when no leg of theirs is at the carrier any longer, so that
//! nobody rings them while they still hold the receiver.
//!
//! Nobody waits for that: the hand-over has gone on to the next agent meanwhile.

use super::Stepping;
use crate::{Call, Command, Event, Farewell, Leaving, Leg, LegStatus, Time, UserId};

/// How long a word to somebody who is let go may take before their leg is hung up.
const FAREWELL_SECS: u32 = 15;

/// How much longer than it was told a telephone may ring that the carrier was asked to ring we know not when.
const UNHEARD_BUFFER_SECS: u32 = 20;

impl Call {
    /// It is not known yet whether the carrier rings, or rang, this leg.
    pub(crate) fn is_sought(&self, wanted: Leg) -> bool {
        self.is_pending(|command| match command {
            Command::DialCustomer => wanted == Leg::Customer,
            Command::DialAgent { attempt, .. } => Leg::Agent(*attempt) == wanted,
            Command::DialSupervisor { number, .. } => Leg::Supervisor(*number) == wanted,
            Command::FindLeg { leg, .. } => *leg == wanted,
            _ => false,
        })
    }

    /// The agents who cannot be reserved anew for this call: they are on their way out of it.
    pub(crate) fn leavers(&self) -> impl Iterator<Item = UserId> {
        let given_back = self.pending.values().filter_map(|command| match command {
            Command::FreeAgent { agent, .. } => Some(*agent),
            _ => None,
        });
        self.leaving.iter().map(|one| one.agent).chain(given_back)
    }

    /// The agent is this call's, or on the way out of it.
    pub(crate) fn has(&self, agent: UserId) -> bool {
        let takes_over = self.takeover.as_ref().is_some_and(|takeover| takeover.by == agent);
        takes_over || self.agent_id() == Some(agent) || self.leavers().any(|leaver| leaver == agent)
    }

    /// The agent is this call's, or is perhaps being reserved for it at this moment.
    pub(crate) fn may_have(&self, agent: UserId) -> bool {
        let reserves = |command: &Command| match command {
            Command::PickAgent { tried, .. } => !tried.contains(&agent),
            Command::ClaimAgent { agent: claimed } => *claimed == agent,
            _ => false,
        };
        self.has(agent) || self.is_pending(reserves)
    }

    /// When a leg must be hung up that should have ended by itself.
    pub(super) fn leaving_deadline(&self) -> Option<Time> {
        self.leaving.iter().filter_map(|one| Some(one.farewell.as_ref()?.until)).min()
    }

    fn leaving_by(&self, leg: Leg) -> Option<&Leaving> {
        self.leaving.iter().find(|one| one.leg == leg)
    }

    /// The agent of this leg is leaving, and nothing has been heard of the leg.
    pub(super) fn leaves_unheard(&self, leg: Leg) -> bool {
        self.leaving_by(leg).is_some_and(|one| one.farewell.is_none())
    }

    /// The carrier's name of the leg on which its agent is told goodbye.
    pub(super) fn farewell_on(&self, leg: Leg) -> Option<&str> {
        Some(self.leaving_by(leg)?.farewell.as_ref()?.call_sid.as_str())
    }
}

impl Stepping<'_> {
    /// The agent of a leg of which nothing is known but that it is sought, is wanted no more.
    pub(super) fn let_go_unheard(&mut self, agent: UserId, leg: Leg) {
        self.emit(Event::AgentLeaving(Leaving { agent, leg, talked_secs: None, farewell: None }));
    }

    /// The agent is wanted no more, and is being told so on their leg.
    pub(super) fn let_go_with_a_word(
        &mut self,
        agent: UserId,
        leg: Leg,
        call_sid: String,
        talked_secs: Option<u32>,
    ) {
        let farewell = Some(Farewell { call_sid, until: self.now.plus_secs(FAREWELL_SECS) });
        self.emit(Event::AgentLeaving(Leaving { agent, leg, talked_secs, farewell }));
    }

    /// The answer to a dialling was lost, and looking it up did not tell: it is looked up until it tells, or until no
    /// telephone can ring any more.
    pub(super) fn find_leg(&mut self, leg: Leg, phone: String, since: Time) {
        let rules = self.call.rules();
        let rings = if leg == Leg::Customer { rules.ring_secs } else { rules.agent_ring_secs };
        let until = self.now.plus_secs(rings.saturating_add(UNHEARD_BUFFER_SECS));
        self.command(Command::FindLeg { leg, phone, since, until });
    }

    /// What became of a dialling is known: who was kept because of it is given back.
    pub(super) fn leg_is_known(&mut self, leg: Leg) {
        if self.call.leaves_unheard(leg) && !self.call.is_sought(leg) {
            self.give_back(leg);
        }
    }

    /// A leaver of whom nothing was known picked up, and is told goodbye.
    pub(super) fn leaver_asks(&mut self, leg: Leg, call_sid: &str) {
        // Once the call is over it has no deadlines: the look-up that is under way finds the leg and hangs it up.
        if let Some(agent) =
            self.call.leaving_by(leg).filter(|one| one.farewell.is_none()).map(|one| one.agent)
            && !self.call.status.is_over()
        {
            self.let_go_with_a_word(agent, leg, call_sid.to_owned(), None);
        }
    }

    /// News of the leg of somebody who is leaving.
    pub(super) fn leaver_progress(
        &mut self,
        leg: Leg,
        call_sid: String,
        status: LegStatus,
        sequence: Option<u32>,
    ) {
        let another = self.call.farewell_on(leg).is_some_and(|known| known != call_sid);
        let rings = self.call.leaves_unheard(leg);
        if another || !(rings || status.is_final()) || self.call.leaving_by(leg).is_none() {
            return;
        }
        self.emit(Event::Progressed { leg, call_sid: call_sid.clone(), status, sequence });
        if !status.is_final() {
            self.command(Command::HangUp { leg, call_sid });
        }
        self.give_back(leg);
    }

    /// Words of farewell that have lasted too long are cut off.
    pub(super) fn leavers_are_late(&mut self) {
        self.cut_farewells(|farewell, now| farewell.until <= now);
    }

    /// The call is over, and so is every farewell.
    pub(super) fn leavers_go(&mut self) {
        self.cut_farewells(|_, _| true);
    }

    fn cut_farewells(&mut self, which: impl Fn(&Farewell, Time) -> bool) {
        let now = self.now;
        let cut = |one: &Leaving| {
            let farewell = one.farewell.as_ref().filter(|farewell| which(farewell, now))?;
            Some((one.leg, farewell.call_sid.clone()))
        };
        let legs: Vec<(Leg, String)> = self.call.leaving.iter().filter_map(cut).collect();
        for (leg, call_sid) in legs {
            self.command(Command::HangUp { leg, call_sid });
            self.give_back(leg);
        }
    }

    fn give_back(&mut self, leg: Leg) {
        if let Some(Leaving { agent, talked_secs, .. }) = self.call.leaving_by(leg).cloned() {
            self.command(Command::FreeAgent { agent, talked_secs });
        }
    }
}
