//! What is told of a call, thing by thing.

use super::columns::{cut, fit};
use std::fmt;
use tsunagu_call::{
    CallId, CallRecord, EndReason, Event, Leg, LegStatus, Role, RoomChange, Settlement, Stage, Time,
    handover::{Cancellation, Failure},
};
use tsunagu_conversation::{Intent, Outcome};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// When, in call time.
    pub at: Time,
    /// On which call; absent for what concerns no call.
    pub call: Option<CallId>,
    /// With whom.
    pub who: String,
    /// What.
    pub what: What,
}

/// What happened. Names are those of agents; telephone numbers are masked.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Dialling {
        phone: String,
    },
    Ringing,
    PickedUp,
    MachineAnswers {
        kind: String,
    },
    Said {
        text: String,
    },
    Heard {
        text: String,
        intent: Intent,
        score: f32,
    },
    Pressed {
        keys: String,
    },
    Silent,
    HumanWanted {
        reason: String,
    },
    AgentRings {
        agent: String,
    },
    AgentBriefed {
        agent: String,
    },
    AgentAccepted {
        agent: String,
    },
    NextAgent {
        after: String,
    },
    Joined {
        agent: String,
    },
    HandoverFailed {
        reason: Failure,
    },
    HandoverCancelled {
        reason: Cancellation,
    },
    CameIn {
        party: String,
    },
    WentOut {
        party: String,
    },
    CarrierRefused {
        message: String,
    },
    Ended {
        outcome: Outcome,
        reason: EndReason,
        secs: u32,
    },
    /// Something that concerns the whole demo.
    Note {
        text: String,
    },
}

impl What {
    /// What an event of the journal means to somebody who looks on; most mean nothing. `said` is what it added to the
    /// transcript, `agent` who is being fetched, `record` the call as it is since.
    pub fn of(event: &Event, said: &str, agent: Option<&str>, record: &CallRecord) -> Option<Self> {
        let agent = || agent.unwrap_or("an agent").to_owned();
        let party = |call_sid: &str| {
            let party = record.participants.iter().rfind(|party| party.call_sid.as_deref() == Some(call_sid));
            match party.map(|party| party.role) {
                Some(Role::Customer) => "the customer".to_owned(),
                Some(Role::Supervisor) => "a supervisor".to_owned(),
                _ => agent(),
            }
        };
        Some(match event {
            Event::Created(created) => Self::Dialling { phone: masked(&created.customer.phone) },
            Event::Progressed { leg: Leg::Customer, status: LegStatus::Ringing, .. } => Self::Ringing,
            Event::Progressed { leg: Leg::Customer, status: LegStatus::InProgress, .. } => Self::PickedUp,
            Event::Detected { leg: Leg::Customer, answered_by }
                if answered_by != "human" && answered_by != "unknown" =>
            {
                Self::MachineAnswers { kind: answered_by.clone() }
            }
            Event::Said { .. } if !said.is_empty() => Self::Said { text: said.to_owned() },
            Event::Heard { text, intent, score, .. } => {
                Self::Heard { text: text.clone(), intent: *intent, score: *score }
            }
            Event::Pressed { digits, .. } => Self::Pressed { keys: digits.clone() },
            Event::Silent { .. } => Self::Silent,
            Event::HandoverRequested { reason, .. } => Self::HumanWanted { reason: reason.clone() },
            Event::HandoverMoved { stage } => match stage {
                Stage::Reserving => Self::NextAgent { after: agent() },
                Stage::Ringing { .. } => Self::AgentRings { agent: agent() },
                Stage::Briefing { .. } => Self::AgentBriefed { agent: agent() },
                Stage::Bridging { .. } => Self::AgentAccepted { agent: agent() },
                Stage::Bridged { .. } => Self::Joined { agent: agent() },
                Stage::Failed { reason } => Self::HandoverFailed { reason: *reason },
                Stage::Cancelled { reason } => Self::HandoverCancelled { reason: *reason },
            },
            Event::TakenOver { .. } => Self::Joined { agent: agent() },
            Event::Room { change: RoomChange::Joined { call_sid }, .. } => {
                Self::CameIn { party: party(call_sid) }
            }
            Event::Room { change: RoomChange::Left { call_sid }, .. } => {
                Self::WentOut { party: party(call_sid) }
            }
            Event::Settled { settlement: Settlement::Refused { message, .. }, .. } => {
                Self::CarrierRefused { message: message.clone() }
            }
            Event::Ended { outcome, reason, duration } => {
                Self::Ended { outcome: *outcome, reason: *reason, secs: *duration }
            }
            _ => return None,
        })
    }

    /// Worth remembering below the live calls: hand-overs, ends, and what concerns all.
    pub const fn is_milestone(&self) -> bool {
        !matches!(
            self,
            Self::Dialling { .. }
                | Self::Ringing
                | Self::PickedUp
                | Self::MachineAnswers { .. }
                | Self::Said { .. }
                | Self::Heard { .. }
                | Self::Pressed { .. }
                | Self::Silent
                | Self::AgentBriefed { .. }
                | Self::CameIn { .. }
                | Self::WentOut { .. }
        )
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dialling { phone } => write!(f, "dialling {phone}"),
            Self::Ringing => f.write_str("ringing"),
            Self::PickedUp => f.write_str("picked up"),
            Self::MachineAnswers { kind } => write!(f, "a machine picked up ({kind})"),
            Self::Said { text } => write!(f, "AI: {text}"),
            Self::Heard { text, intent, score } => write!(f, "customer: {text} [{intent} {score:.2}]"),
            Self::Pressed { keys } => write!(f, "customer pressed {keys}"),
            Self::Silent => f.write_str("customer said nothing"),
            Self::HumanWanted { reason } => {
                write!(f, "hand-over: a human is wanted ({})", reason.replace('_', " "))
            }
            Self::AgentRings { agent } => write!(f, "hand-over: {agent}'s telephone rings"),
            Self::AgentBriefed { agent } => write!(f, "hand-over: {agent} is told who it is"),
            Self::AgentAccepted { agent } => write!(f, "hand-over: {agent} accepted, the customer is moved"),
            Self::NextAgent { after } => write!(f, "hand-over: {after} did not come, the next is sought"),
            Self::Joined { agent } => write!(f, "hand-over: {agent} and the customer talk"),
            Self::HandoverFailed { reason } => write!(f, "hand-over failed: {}", failure(*reason)),
            Self::HandoverCancelled { reason } => {
                write!(f, "hand-over called off: {}", cancellation(*reason))
            }
            Self::CameIn { party } => write!(f, "conference: {party} came in"),
            Self::WentOut { party } => write!(f, "conference: {party} went out"),
            Self::CarrierRefused { message } => write!(f, "the carrier refused: {message}"),
            Self::Ended { outcome, reason, secs } => {
                let reason = reason.word().replace('_', " ");
                write!(f, "ended: {} {} ({reason}, {secs} s)", outcome.machine(), outcome.call_result())
            }
            Self::Note { text } => f.write_str(text),
        }
    }
}

impl Happening {
    /// The happening as one line: in columns the time, the call and the customer, then the rest as it is.
    pub fn line(&self) -> String {
        const WHO: usize = 30;
        let (time, what) = (clock_face(self.at), cut(&self.what.to_string(), usize::MAX));
        match &self.call {
            Some(call) => format!("{time} {} {} {what}", short(call), fit(&self.who, WHO)),
            None => format!("{time} ------ {what}"),
        }
    }
}

/// The end of a call's id, which tells live calls apart.
pub fn short(call: &CallId) -> String {
    let [.., high, middle, low] = call.bytes();
    format!("{high:02x}{middle:02x}{low:02x}")
}

/// The time of day where the demo's company is.
pub fn clock_face(at: Time) -> String {
    at.timestamp()
        .in_tz("Asia/Tokyo")
        .map_or_else(|_| at.to_string(), |at| at.strftime("%H:%M:%S").to_string())
}

/// A telephone number as anybody may see it: where it belongs to, and its last two digits.
pub fn masked(phone: &str) -> String {
    const SHOWN_FIRST: usize = 6;
    const SHOWN_LAST: usize = 2;
    let count = phone.chars().count();
    let hidden = SHOWN_FIRST..count.saturating_sub(SHOWN_LAST);
    phone
        .chars()
        .enumerate()
        .map(|(place, digit)| if hidden.contains(&place) { '*' } else { digit })
        .collect()
}

const fn failure(reason: Failure) -> &'static str {
    match reason {
        Failure::NobodyFree => "no agent is free",
        Failure::AttemptsSpent => "no agent came",
        Failure::TooLong => "it took too long",
        Failure::MoveFailed => "the customer could not be moved",
        Failure::Withdrawn => "it was taken back",
    }
}

const fn cancellation(reason: Cancellation) -> &'static str {
    match reason {
        Cancellation::CustomerHungUp => "the customer hung up",
        Cancellation::CustomerDeclined => "the customer does not want it any more",
        Cancellation::CallEnded => "the call was ended",
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::width;
    use super::*;

    #[test]
    fn a_number_is_masked() {
        assert_eq!(masked("+815010010001"), "+81501*****01");
        assert_eq!(masked("+8150"), "+8150");
    }

    #[test]
    fn lines_stand_in_columns_whatever_the_name() {
        let at = "2026-11-20T05:03:22Z".parse().unwrap();
        let call = Some(CallId::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0xa1, 0xb2, 0xc3]));
        let mut columns = Vec::new();
        for who in ["佐藤 一郎 (山田商事)", "Mike Donovan (Harbor Point Clinic)", ""] {
            let line = Happening { at, call, who: who.to_owned(), what: What::Ringing }.line();
            assert!(line.starts_with("14:03:22 a1b2c3 "), "{line}");
            columns.push(width(line.strip_suffix("ringing").unwrap()));
        }
        assert!(columns.iter().all(|column| *column == 47), "{columns:?}");
    }

    #[test]
    fn a_line_is_one_line() {
        let what = What::Heard { text: "あの\n\u{1b}[2J".into(), intent: Intent::Unknown, score: 0.5 };
        let line = Happening { at: Time::from_millis(0), call: None, who: String::new(), what }.line();
        assert!(!line.chars().any(char::is_control) && line.ends_with("あの  [2J [unknown 0.50]"), "{line}");
    }
}
