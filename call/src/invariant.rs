//! What is true of every call in every state, by name: checked by property tests and by debug assertions.

use crate::{AgentLeg, Call, Directive, MAX_SUPERVISORS, Stage, Status};

/// A rule and the predicate that tells whether a call keeps it.
pub type Invariant = (&'static str, fn(&Call) -> bool);

/// A broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("invariant broken: {0}")]
pub struct Broken(pub &'static str);

/// All rules.
pub const INVARIANTS: &[Invariant] = &[
    ("a call that is over has decided what came of it", |call| {
        !call.status.is_over() || call.decided.is_some()
    }),
    ("a call that is over has let its agent go", |call| !call.status.is_over() || agent(call).is_none()),
    ("a call does something by itself at some moment until it is over, and never after", |call| {
        call.status.is_over() == call.next_deadline().is_none()
    }),
    (
        "an agent who leaves is given back at the carrier's word of their leg, or at a moment that is set",
        |call| {
            call.leaving.iter().all(|one| match one.farewell {
                Some(_) => !call.status.is_over(),
                None => call.is_sought(one.leg),
            })
        },
    ),
    ("nobody is leaving twice, or while they are held", |call| {
        let claimed = call.takeover.as_ref().and_then(|takeover| Some(takeover.agent.as_ref()?.id));
        let held = [agent(call).map(|leg| leg.agent.id), claimed];
        call.leaving.iter().enumerate().all(|(place, one)| {
            let mut others = call.leaving.iter().skip(place + 1);
            !held.contains(&Some(one.agent)) && others.all(|other| other.agent != one.agent)
        })
    }),
    ("the customer is sent to the conference only when an agent has accepted", |call| {
        let joins = call.prompt.directive.as_deref().is_some_and(Directive::is_join);
        !joins
            || call.status.is_over()
            || matches!(call.stage(), Some(Stage::Bridging { .. } | Stage::Bridged { .. }))
    }),
    ("an agent is held only by a hand-over that is open or bridged", |call| {
        agent(call).is_none() || matches!(call.stage(), Some(stage) if stage.is_open() || is_bridged(stage))
    }),
    ("who is rung, briefed or joined is the agent who is held", |call| {
        let attempt = agent(call).map(|leg| leg.attempt);
        match call.stage() {
            Some(stage) if stage.is_open() => stage.attempt() == attempt,
            Some(Stage::Bridged { attempt: bridged }) => attempt.is_none_or(|attempt| attempt == *bridged),
            _ => true,
        }
    }),
    (
        "the customer is in the conference without the agent for no longer than the configured moment",
        |call| {
            let most = |since: crate::Time| since.plus_secs(call.rules().bridging_secs);
            call.is_customer_alone() == call.alone_since.is_some()
                && call.alone_since.is_none_or(|since| {
                    call.status.is_over()
                        || call.is_customer_seen_to()
                        || call.next_deadline().is_some_and(|due| due <= most(since))
                })
        },
    ),
    ("the status tells where the hand-over is", |call| match call.status {
        Status::Initiated => call.handover.is_none() && call.answered_at.is_none(),
        Status::Transferring => call.open_handover().is_some(),
        Status::HumanConnected => call.stage().is_some_and(is_bridged),
        Status::AiResponding => call.open_handover().is_none() && !call.met_human,
        Status::Completed | Status::Failed => call.open_handover().is_none(),
    }),
    ("a human has met the customer when a hand-over was bridged, and then no other follows", |call| {
        call.met_human == call.stage().is_some_and(is_bridged)
    }),
    ("the AI keeps the customer company exactly while an agent is fetched with their knowledge", |call| {
        let fetched = call
            .open_handover()
            .is_some_and(|handover| handover.announced && !matches!(handover.stage, Stage::Bridging { .. }));
        call.status.is_over() || call.talk.waiting() == fetched
    }),
    ("nobody is fetched for a customer to whom goodbye was said", |call| {
        call.decided.is_none() || call.open_handover().is_none()
    }),
    ("no prompt was delivered that was not said", |call| call.prompt.delivered <= call.prompt.turn),
    ("every attempt had a number of its own", |call| {
        call.agent_langs.len() == usize::try_from(call.attempts).unwrap_or(0)
    }),
    ("supervisors are on the line only while a human has the customer", |call| {
        call.supervisions.is_empty() || (agent(call).is_some() && call.stage().is_some_and(is_bridged))
    }),
    ("a call is taken over from the human who has the customer, by somebody else", |call| {
        call.takeover.as_ref().is_none_or(|takeover| {
            let others = agent(call).is_some_and(|leg| leg.agent.id != takeover.by);
            others && call.stage().is_some_and(is_bridged)
        })
    }),
    ("each supervision has a number of its own, each supervisor one, and they are not too many", |call| {
        call.supervisions.len() <= MAX_SUPERVISORS
            && call.supervisions.iter().enumerate().all(|(place, one)| {
                let others = call.supervisions.iter().skip(place + 1);
                one.number <= call.last_supervision
                    && others.clone().all(|other| other.number > one.number && other.user != one.user)
            })
    }),
    ("what is pending was intended", |call| call.pending.keys().all(|id| *id <= call.last_command)),
];

fn agent(call: &Call) -> Option<&AgentLeg> {
    call.handover.as_ref()?.agent.as_ref()
}

const fn is_bridged(stage: &Stage) -> bool {
    matches!(stage, Stage::Bridged { .. })
}

impl Call {
    /// Checks every invariant.
    ///
    /// # Errors
    /// The first that is broken.
    pub fn check(&self) -> Result<(), Broken> {
        INVARIANTS.iter().find(|(_, holds)| !holds(self)).map_or(Ok(()), |(name, _)| Err(Broken(name)))
    }
}
