//! What agents are doing, and whether that was told: it may change on any node.

use super::{Audience, Floor, Want};
use tsunagu_call::UserId;

impl Floor {
    /// An agent's status may have changed.
    pub fn ask_after(&mut self, agent: UserId) -> Option<Want> {
        if let Some(again) = self.asked_after.get_mut(&agent) {
            *again = true;
            return None;
        }
        self.asked_after.insert(agent, false);
        Some(Want::Agent(agent))
    }

    /// The same, but nothing is told when it is as it was.
    pub fn doubt(&mut self, agent: UserId) -> Option<Want> {
        self.doubted.insert(agent);
        self.ask_after(agent)
    }

    /// So it is.
    pub fn agent(&mut self, agent: UserId, status: Option<String>) -> Option<Want> {
        let again = self.asked_after.remove(&agent).unwrap_or_default();
        let doubted = if again { self.doubted.contains(&agent) } else { self.doubted.remove(&agent) };
        if let Some(status) = status.filter(|status| !doubted || self.doing.get(&agent) != Some(status)) {
            self.figures_due = true;
            self.doing.insert(agent, status.clone());
            self.publish("agent-status-changed", Audience::Company, status);
        }
        if again { self.ask_after(agent) } else { None }
    }

    /// They have been taken for gone. Who is here all the same was quicker than that, on whichever node it was done.
    pub fn gone(&self, agent: UserId) -> Option<Want> {
        self.attendance.is_here(agent).then_some(Want::ComeBack(agent))
    }

    /// So the company's agents are while the floor is being opened. Who comes is shown it apart.
    pub fn know_agents(&mut self, agents: Vec<(UserId, String)>) {
        for (agent, status) in agents {
            self.doing.entry(agent).or_insert(status);
        }
    }

    /// So they were a moment ago. Who seems to have changed is asked after: it may be told already, and more may have changed.
    pub fn see_agents(&mut self, agents: Vec<(UserId, String)>) -> Vec<Want> {
        if self.to_open.is_none() {
            return Vec::new();
        }
        let mut changed = agents;
        changed.retain(|(agent, status)| self.doing.get(agent) != Some(status));
        changed.into_iter().filter_map(|(agent, _)| self.doubt(agent)).collect()
    }
}
