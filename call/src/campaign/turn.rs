//! Whether a campaign rings its next customer now, or what it waits for.

use super::{Pacer, hours};
use crate::{CallingWindow, Time};
use serde::{Deserialize, Serialize};

/// All that the decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The moment.
    pub now: Time,
    /// When customers may be rung: the company's window and the campaign's own.
    pub windows: &'a [CallingWindow],
    /// When the next customer is due; absent when nobody waits.
    pub next_due: Option<Time>,
    /// The line of the whole server, on which people's calls are put as well.
    pub line: &'a Pacer,
    /// The campaign's own pace.
    pub own: &'a Pacer,
    /// How many of its calls live.
    pub live: u32,
    /// How many may.
    pub at_once: u32,
    /// How many calls of the company's campaigns may still come to want an agent.
    pub unattended: u32,
    /// How many agents could take one at this moment.
    pub free_agents: u32,
    /// How many such calls there may be for each of these agents; absent: any number.
    pub agents_factor: Option<f64>,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Ring the next customer.
    Ring,
    /// Wait, until then at the longest where the clock will change it, and for what happens otherwise.
    Wait {
        /// For what.
        hindrance: Hindrance,
        /// Until when.
        until: Option<Time>,
    },
}

/// What a campaign waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// The end of calls: everybody else has been seen to.
    LastCalls,
    /// The time of the next attempt.
    NextAttempt,
    /// The calling hours.
    CallingHours,
    /// Hours that never come: the company's and its own have no minute in common.
    NoHours,
    /// The end of one of its calls: as many live as may.
    CallsAtOnce,
    /// An agent who comes free.
    FreeAgents,
    /// Its turn on the line.
    Pace,
}

/// What a campaign does in this situation.
pub fn next_turn(situation: &Situation<'_>) -> Turn {
    let Situation { now, windows, .. } = *situation;
    let wait = |hindrance, until| Turn::Wait { hindrance, until };
    let Some(due) = situation.next_due else { return wait(Hindrance::LastCalls, None) };
    let Some(open) = hours::next_opening(windows, due.max(now)) else {
        return wait(Hindrance::NoHours, None);
    };
    if due > now {
        return wait(Hindrance::NextAttempt, Some(open));
    }
    if open > now {
        return wait(Hindrance::CallingHours, Some(open));
    }
    if situation.live >= situation.at_once {
        return wait(Hindrance::CallsAtOnce, None);
    }
    if let Some(factor) = situation.agents_factor
        && f64::from(situation.unattended) + 1.0 > f64::from(situation.free_agents) * factor
    {
        return wait(Hindrance::FreeAgents, None);
    }
    let clear_at = situation.line.clear_at().max(situation.own.clear_at());
    if clear_at > now { wait(Hindrance::Pace, Some(clear_at)) } else { Turn::Ring }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rings_when_nothing_stands_in_the_way_and_says_what_does_otherwise() {
        let start = Time::from_millis(1_800_000_000_000);
        let (line, now) = (Pacer::new(1.0, start), start.plus_secs(1));
        let free = Situation {
            now,
            windows: &[],
            next_due: Some(start),
            line: &line,
            own: &line,
            live: 1,
            at_once: 2,
            unattended: 1,
            free_agents: 1,
            agents_factor: Some(2.0),
        };
        assert_eq!(next_turn(&free), Turn::Ring);
        let hindrance = |situation: Situation<'_>| match next_turn(&situation) {
            Turn::Wait { hindrance, until } => (hindrance, until),
            Turn::Ring => panic!("nothing stands in the way"),
        };
        let later = now.plus_secs(9);
        assert_eq!(hindrance(Situation { next_due: None, ..free }), (Hindrance::LastCalls, None));
        assert_eq!(
            hindrance(Situation { next_due: Some(later), ..free }),
            (Hindrance::NextAttempt, Some(later))
        );
        assert_eq!(hindrance(Situation { live: 2, ..free }), (Hindrance::CallsAtOnce, None));
        assert_eq!(hindrance(Situation { unattended: 2, ..free }), (Hindrance::FreeAgents, None));
        assert_eq!(hindrance(Situation { free_agents: 0, unattended: 0, ..free }).0, Hindrance::FreeAgents);
        assert_eq!(next_turn(&Situation { free_agents: 0, agents_factor: None, ..free }), Turn::Ring);
        let mut busy = line;
        busy.note(now);
        assert_eq!(hindrance(Situation { own: &busy, ..free }), (Hindrance::Pace, Some(now.plus_secs(1))));
    }
}
