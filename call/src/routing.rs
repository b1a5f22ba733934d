//! Which agent gets a call: who may be asked, and in which order. Every agent looked at gets a reason.

mod hours;

pub use hours::{HoursError, WorkingHours};

use crate::{AgentRef, Time, UserId};
use serde::{Deserialize, Serialize};
use tsunagu_conversation::Lang;

/// An agent as routing sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Who, and where they are rung.
    pub agent: AgentRef,
    /// They work with calls today: `available`, not `busy`, `on-call` or `offline`.
    pub available: bool,
    /// They are with a customer.
    pub on_call: bool,
    /// Their own switch.
    pub accepts_calls: bool,
    /// When they take calls; absent means always.
    pub hours: Option<WorkingHours>,
    /// Reserved for another call until then.
    pub reserved_until: Option<Time>,
    /// Left alone after their last call until then.
    pub wrapping_up_until: Option<Time>,
    /// What they are good at, in the company's own words.
    pub skills: Vec<String>,
    /// The languages they speak.
    pub langs: Vec<Lang>,
    /// Calls they are on.
    pub live_calls: u32,
    /// 0 to 100; the higher is asked first.
    pub priority: u8,
    /// When they last did something; the longest idle is asked first.
    pub last_activity: Time,
}

/// What a hand-over needs of an agent beside being free. Nobody is passed over for a need that is not stated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Needs {
    /// All of these skills, in the company's own words; case does not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// This language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
}

impl Needs {
    /// Nothing is needed.
    pub const fn is_empty(&self) -> bool {
        self.skills.is_empty() && self.lang.is_none()
    }
}

/// Who is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The agent who is tried first, whatever is needed: whoever named them knows why.
    pub wish: Option<UserId>,
    /// Agents who have been tried on this call.
    pub tried: &'a [UserId],
    /// What is needed of the others.
    pub needs: &'a Needs,
}

/// What became of an agent who was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They get the call.
    Chosen,
    /// They could have had it, but another comes first.
    NotFirst,
    /// Another call took them in the same moment.
    TakenMeanwhile,
    /// They have been tried on this call.
    TriedBefore,
    /// They are not `available`.
    NotAvailable,
    /// They are with another customer.
    OnCall,
    /// They switched calls off.
    NotAccepting,
    /// They have no number.
    NoNumber,
    /// It is outside their working hours.
    OutsideHours,
    /// They are reserved for another call.
    Reserved,
    /// They have just had a call, and are left alone for a while.
    WrappingUp,
    /// They lack a skill that is needed.
    LacksSkill,
    /// They do not speak the language that is needed.
    OtherLanguage,
}

impl Verdict {
    /// It passes by itself, and soon: whoever has the time may wait for it.
    pub const fn passes(self) -> bool {
        matches!(self, Self::OnCall | Self::Reserved | Self::WrappingUp | Self::TakenMeanwhile)
    }
}

/// An agent who was looked at, with the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Considered {
    /// The agent.
    pub agent: UserId,
    /// What became of them.
    pub verdict: Verdict,
    /// Calls they were on.
    pub live_calls: u32,
}

/// Those who may be asked, best first, and the verdicts on all others.
pub fn rank(candidates: Vec<Candidate>, search: Search<'_>, now: Time) -> (Vec<Candidate>, Vec<Considered>) {
    let mut eligible = Vec::new();
    let mut passed = Vec::new();
    for candidate in candidates {
        match obstacle(&candidate, search, now) {
            None => eligible.push(candidate),
            Some(verdict) => passed.push(candidate.considered(verdict)),
        }
    }
    eligible.sort_by_key(|candidate| {
        (
            Some(candidate.agent.id) != search.wish,
            candidate.live_calls,
            std::cmp::Reverse(candidate.priority),
            candidate.last_activity,
            candidate.agent.id,
        )
    });
    (eligible, passed)
}

impl Candidate {
    /// The verdict on this candidate, to be kept.
    pub fn considered(&self, verdict: Verdict) -> Considered {
        Considered { agent: self.agent.id, verdict, live_calls: self.live_calls }
    }

    fn has_skills(&self, needed: &[String]) -> bool {
        let has = |skill: &String| self.skills.iter().any(|own| own.to_lowercase() == skill.to_lowercase());
        needed.iter().all(has)
    }
}

fn obstacle(candidate: &Candidate, search: Search<'_>, now: Time) -> Option<Verdict> {
    let named = search.wish == Some(candidate.agent.id);
    let holds_past_now = |until: Option<Time>| until.is_some_and(|until| until > now);
    let checks = [
        (search.tried.contains(&candidate.agent.id), Verdict::TriedBefore),
        (candidate.agent.phone.is_empty(), Verdict::NoNumber),
        (!candidate.accepts_calls, Verdict::NotAccepting),
        (holds_past_now(candidate.reserved_until), Verdict::Reserved),
        (candidate.on_call, Verdict::OnCall),
        (!candidate.available, Verdict::NotAvailable),
        (candidate.hours.as_ref().is_some_and(|hours| !hours.contain(now)), Verdict::OutsideHours),
        (holds_past_now(candidate.wrapping_up_until), Verdict::WrappingUp),
        (!named && !candidate.has_skills(&search.needs.skills), Verdict::LacksSkill),
        (
            !named && search.needs.lang.is_some_and(|lang| !candidate.langs.contains(&lang)),
            Verdict::OtherLanguage,
        ),
    ];
    checks.into_iter().find_map(|(fails, verdict)| fails.then_some(verdict))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(number: u8) -> Candidate {
        Candidate {
            agent: AgentRef {
                id: UserId::from_bytes([number; 12]),
                name: format!("agent {number}"),
                first_name: String::new(),
                last_name: String::new(),
                phone: "+817000000001".into(),
                lang: Lang::JA,
            },
            available: true,
            on_call: false,
            accepts_calls: true,
            hours: None,
            reserved_until: None,
            wrapping_up_until: None,
            skills: Vec::new(),
            langs: vec![Lang::JA],
            live_calls: 0,
            priority: 50,
            last_activity: at("2026-11-20T00:00:00Z"),
        }
    }

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn order(candidates: Vec<Candidate>, wish: Option<u8>) -> Vec<u8> {
        let wish = wish.map(|number| UserId::from_bytes([number; 12]));
        let search = Search { wish, tried: &[], needs: &Needs::default() };
        let (eligible, _) = rank(candidates, search, at("2026-11-20T03:00:00Z"));
        eligible.iter().map(|candidate| candidate.agent.id.bytes()[0]).collect()
    }

    #[test]
    fn fewest_live_calls_then_priority_then_longest_idle() {
        let busy = Candidate { live_calls: 1, priority: 100, ..agent(1) };
        let low = Candidate { priority: 10, ..agent(2) };
        let fresh = Candidate { last_activity: at("2026-11-20T02:00:00Z"), ..agent(3) };
        let idle = Candidate { last_activity: at("2026-11-20T01:00:00Z"), ..agent(4) };
        let all = vec![busy, low, fresh, idle];
        assert_eq!(order(all.clone(), None), [4, 3, 2, 1]);
        assert_eq!(order(all, Some(1)), [1, 4, 3, 2], "the agent who was named comes first");
    }

    #[test]
    fn whoever_is_passed_over_has_a_reason() {
        let now = at("2026-11-20T03:00:00Z");
        let candidates = vec![
            Candidate { available: false, ..agent(1) },
            Candidate { accepts_calls: false, ..agent(2) },
            Candidate { reserved_until: Some(now.plus_secs(1)), ..agent(3) },
            Candidate { reserved_until: Some(now), ..agent(4) },
            Candidate {
                hours: Some(WorkingHours::parse("13:00", "18:00", "Asia/Tokyo").unwrap()),
                ..agent(5)
            },
            agent(6),
            Candidate { agent: AgentRef { phone: String::new(), ..agent(7).agent }, ..agent(7) },
            Candidate { wrapping_up_until: Some(now.plus_secs(1)), ..agent(8) },
            Candidate { on_call: true, available: false, ..agent(9) },
        ];
        let search = Search { wish: None, tried: &[UserId::from_bytes([6; 12])], needs: &Needs::default() };
        let (eligible, passed) = rank(candidates, search, now);
        assert_eq!(eligible.len(), 1, "a reservation that has ended does not count");
        let verdicts: Vec<_> = passed.iter().map(|passed| passed.verdict).collect();
        assert_eq!(
            verdicts,
            [
                Verdict::NotAvailable,
                Verdict::NotAccepting,
                Verdict::Reserved,
                Verdict::OutsideHours,
                Verdict::TriedBefore,
                Verdict::NoNumber,
                Verdict::WrappingUp,
                Verdict::OnCall
            ]
        );
    }

    #[test]
    fn what_is_needed_is_asked_of_all_but_the_agent_who_is_named() {
        let needs = Needs { skills: vec!["経理".into(), "SAP".into()], lang: Some(Lang::EN) };
        let both = vec![Lang::JA, Lang::EN];
        let candidates = || {
            vec![
                Candidate { skills: vec!["経理".into(), "sap".into()], langs: both.clone(), ..agent(1) },
                Candidate { skills: vec!["経理".into()], langs: both.clone(), ..agent(2) },
                Candidate { skills: needs.skills.clone(), ..agent(3) },
            ]
        };
        let looked_at = |wish| {
            let search = Search { wish, tried: &[], needs: &needs };
            let (eligible, passed) = rank(candidates(), search, at("2026-11-20T03:00:00Z"));
            let eligible: Vec<_> = eligible.iter().map(|candidate| candidate.agent.id.bytes()[0]).collect();
            (eligible, passed.iter().map(|passed| passed.verdict).collect::<Vec<_>>())
        };
        assert_eq!(looked_at(None), (vec![1], vec![Verdict::LacksSkill, Verdict::OtherLanguage]));
        let named = Some(UserId::from_bytes([3; 12]));
        assert_eq!(looked_at(named), (vec![3, 1], vec![Verdict::LacksSkill]));
    }
}
