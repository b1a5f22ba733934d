//! What the commands that dial or reserve somebody have brought, remembered after they are settled. Where nodes share a store,
//! two may have done the same: what the second one tells is compared with this.

use crate::{Call, Command, CommandId, Leg, Settlement, UserId};
use std::sync::Arc;

/// How many are remembered. Of one that is older nobody can tell whether it is told twice, so that it changes nothing.
const MAX_REMEMBERED: usize = 64;

/// What was brought, in the order of being told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Brought(Vec<Told>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    id: CommandId,
    sought: Sought,
    found: Option<Found>,
}

/// What a command is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    Agent,
    Leg(Leg),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Agent(UserId),
    Leg(Arc<str>),
}

impl Brought {
    /// A command came out; absent when it is not pending any more.
    pub fn note(&mut self, id: CommandId, command: Option<&Command>, settlement: &Settlement) {
        let Some(sought) = command.map_or_else(|| self.sought(id), Sought::of) else { return };
        let found = match (sought, settlement) {
            (Sought::Agent, Settlement::Picked { agent, .. }) => Some(Found::Agent(agent.id)),
            (Sought::Leg(_), Settlement::Dialled { call_sid }) => Some(Found::Leg(call_sid.as_str().into())),
            _ => None,
        };
        if self.0.len() >= MAX_REMEMBERED {
            self.0.remove(0);
        }
        self.0.push(Told { id, sought, found });
    }

    /// What a command that is settled was after.
    pub fn sought(&self, id: CommandId) -> Option<Sought> {
        self.0.iter().find(|told| told.id == id).map(|told| told.sought)
    }

    /// This command has brought this agent.
    pub fn has_agent(&self, id: CommandId, agent: UserId) -> bool {
        self.0.iter().any(|told| told.id == id && told.found == Some(Found::Agent(agent)))
    }

    fn legs(&self) -> impl Iterator<Item = (Leg, Arc<str>)> {
        self.0.iter().filter_map(|told| match (told.sought, &told.found) {
            (Sought::Leg(leg), Some(Found::Leg(call_sid))) => Some((leg, call_sid.clone())),
            _ => None,
        })
    }
}

impl Sought {
    const fn of(command: &Command) -> Option<Self> {
        match command {
            Command::DialCustomer => Some(Self::Leg(Leg::Customer)),
            Command::DialAgent { attempt, .. } => Some(Self::Leg(Leg::Agent(*attempt))),
            Command::DialSupervisor { number, .. } => Some(Self::Leg(Leg::Supervisor(*number))),
            Command::FindLeg { leg, .. } => Some(Self::Leg(*leg)),
            Command::PickAgent { .. } | Command::ClaimAgent { .. } => Some(Self::Agent),
            _ => None,
        }
    }
}

impl Call {
    /// The legs that the call knows, by the carrier's names: first those that are there, as far as it knows.
    pub fn legs(&self) -> Vec<(Leg, Arc<str>)> {
        let customer = self.customer.call_sid.iter().map(|call_sid| (Leg::Customer, call_sid.clone()));
        let agent = self.handover.iter().filter_map(|handover| {
            let held = handover.agent.as_ref()?;
            Some((held.leg(), Arc::<str>::from(held.call_sid.as_deref()?)))
        });
        let supervisors = self
            .supervisions
            .iter()
            .filter_map(|one| Some((Leg::Supervisor(one.number), one.call_sid.clone()?)));
        let leaving = self
            .leaving
            .iter()
            .filter_map(|one| Some((one.leg, Arc::<str>::from(one.farewell.as_ref()?.call_sid.as_str()))));
        customer.chain(agent).chain(supervisors).chain(leaving).chain(self.brought.legs()).collect()
    }

    pub(crate) fn knows_leg(&self, call_sid: &str) -> bool {
        self.legs().iter().any(|(_, known)| **known == *call_sid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_has_a_limit() {
        let mut brought = Brought::default();
        for id in 1..=1000 {
            let call_sid = format!("CA{id}");
            brought.note(id, Some(&Command::DialCustomer), &Settlement::Dialled { call_sid });
        }
        assert_eq!(brought.0.len(), MAX_REMEMBERED);
        assert_eq!((brought.sought(1), brought.sought(1000)), (None, Some(Sought::Leg(Leg::Customer))));
        brought.note(1, None, &Settlement::Dialled { call_sid: "CA1".into() });
        assert_eq!(brought.sought(1), None, "whose beginning is forgotten");
        brought.note(1000, None, &Settlement::Dialled { call_sid: "CA2000".into() });
        assert_eq!(brought.legs().last().unwrap(), (Leg::Customer, "CA2000".into()));
    }
}
