//! Whole campaigns played through the rules, with time that jumps from one thing that happens to the next.

use super::*;
use crate::{CallId, CallingWindow, CampaignId, CustomerId, Time, routing::WorkingHours};
use jiff::civil::Weekday::{Friday, Monday, Tuesday};
use proptest::prelude::*;
use std::collections::HashSet;

const START: Time = Time::from_millis(1_795_000_000_000);

/// How a customer takes a call.
#[derive(Debug, Clone)]
struct Person {
    /// What each call to them comes to; the last one over and over.
    results: Vec<AttemptResult>,
    /// How long a call lasts, in seconds.
    secs: u32,
    /// How often they are in another call when it is their turn.
    busy: u32,
    /// Not to be rung at all.
    spared: bool,
}

#[derive(Debug)]
struct Rung {
    at: Time,
    person: usize,
    call: CallId,
}

struct Play {
    entries: Vec<CampaignEntry>,
    people: Vec<Person>,
    /// Who is in a call, and until when.
    live: Vec<(usize, Time)>,
    rung: Vec<Rung>,
    most_live: usize,
}

fn id<T>(number: usize) -> crate::Id<T> {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&(number as u64).to_be_bytes());
    crate::Id::from_bytes(bytes)
}

/// Plays until nobody waits and nobody is in a call.
fn play(people: Vec<Person>, windows: &[CallingWindow], pace: f64, at_once: u32, plan: &RetryPlan) -> Play {
    let campaign: CampaignId = id(1);
    let customer = |number| -> CustomerId { id(number) };
    let entries =
        (0..people.len()).map(|number| CampaignEntry::new(campaign, customer(number), START)).collect();
    let mut play = Play { entries, people, live: Vec::new(), rung: Vec::new(), most_live: 0 };
    let (mut line, mut own) = (Pacer::new(pace, START), Pacer::new(pace * 2.0, START));
    let mut now = START;
    for step in 0.. {
        assert!(step < 100_000, "it does not come to an end");
        play.hang_up(now, plan);
        let waiting = play.entries.iter().filter(|entry| entry.state == EntryState::Waiting);
        let next_due = waiting.filter_map(|entry| entry.next_attempt_at).min();
        let turn = next_turn(&Situation {
            now,
            windows,
            next_due,
            line: &line,
            own: &own,
            live: play.live.len() as u32,
            at_once,
            unattended: play.live.len() as u32,
            free_agents: 2,
            agents_factor: Some(3.0),
        });
        match turn {
            Turn::Ring if play.ring(now) => {
                line.note(now);
                own.note(now);
            }
            Turn::Ring => {}
            Turn::Wait { hindrance: Hindrance::LastCalls, .. } if play.live.is_empty() => return play,
            Turn::Wait { until, .. } => {
                let next_end = play.live.iter().map(|(_, end)| *end).min();
                let next = until.into_iter().chain(next_end).min().expect("it waits for nothing");
                assert!(next > now, "it does not move on");
                now = next;
            }
        }
    }
    play
}

impl Play {
    /// The next one whose turn it is; says whether somebody was rung.
    fn ring(&mut self, now: Time) -> bool {
        let due = self.entries.iter_mut().enumerate().filter(|(_, entry)| entry.is_due(now));
        let (number, entry) = due.min_by_key(|(_, entry)| entry.next_attempt_at).unwrap();
        let (person, call) = (&mut self.people[number], id(1000 + self.rung.len()));
        assert!(entry.claim(call, now, now.plus_secs(60)));
        let known =
            CalledEarlier { has_number: true, do_not_call: person.spared, ..CalledEarlier::default() };
        if let Some(reason) = obstacle(Some(known), &SkipRules::default(), now) {
            entry.skip(reason);
            return false;
        }
        if person.busy > 0 {
            person.busy -= 1;
            entry.defer(now.plus_secs(300));
            return false;
        }
        self.live.push((number, now.plus_secs(person.secs)));
        self.most_live = self.most_live.max(self.live.len());
        self.rung.push(Rung { at: now, person: number, call });
        true
    }

    fn hang_up(&mut self, now: Time, plan: &RetryPlan) {
        for (number, end) in std::mem::take(&mut self.live) {
            if end > now {
                self.live.push((number, end));
                continue;
            }
            let (entry, person) = (&mut self.entries[number], &self.people[number]);
            let place = (entry.attempts.len() - 1).min(person.results.len() - 1);
            entry.settle(person.results[place], plan, now);
        }
    }
}

fn person() -> impl Strategy<Value = Person> {
    let result = prop::sample::select(AttemptResult::ALL.to_vec());
    let busy = prop_oneof![8 => Just(0_u32), 1 => 1_u32..5, 1 => Just(1000)];
    (prop::collection::vec(result, 1..4), 1_u32..400, busy, prop::bool::weighted(0.2))
        .prop_map(|(results, secs, busy, spared)| Person { results, secs, busy, spared })
}

fn plan() -> impl Strategy<Value = RetryPlan> {
    let rule =
        || (1_u32..12, 60_u32..20_000).prop_map(|(attempts, wait_secs)| RetryRule { attempts, wait_secs });
    (rule(), rule(), rule()).prop_map(|(absent, busy, failed)| RetryPlan { absent, busy, failed })
}

fn windows() -> impl Strategy<Value = Vec<CallingWindow>> {
    let hours = |start: &str, end: &str| WorkingHours::parse(start, end, "Asia/Tokyo").unwrap();
    let company = CallingWindow { hours: hours("09:00", "18:00"), days: vec![Monday, Tuesday, Friday] };
    let own = CallingWindow { hours: hours("16:30", "19:00"), days: vec![Monday, Friday] };
    prop::sample::select(vec![vec![], vec![company.clone()], vec![company, own]])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_campaign_keeps_to_its_rules_and_comes_to_an_end(
        people in prop::collection::vec(person(), 1..30),
        windows in windows(),
        pace in 0.2_f64..4.0,
        at_once in 1_u32..8,
        plan in plan(),
    ) {
        let spared: Vec<bool> = people.iter().map(|person| person.spared).collect();
        let played = play(people, &windows, pace, at_once, &plan);
        for rung in &played.rung {
            prop_assert!(may_ring(&windows, rung.at), "rung at {} outside of the hours", rung.at);
            prop_assert!(!spared[rung.person], "somebody was rung who asked not to be");
            let second = rung.at.plus_millis(1000);
            let within = played.rung.iter().filter(|other| (rung.at..second).contains(&other.at)).count();
            prop_assert!(within as f64 <= pace.ceil(), "{within} calls in a second at {pace}");
        }
        prop_assert!(played.most_live <= at_once.min(6) as usize, "more calls at once than allowed");
        let calls: HashSet<_> = played.rung.iter().map(|rung| rung.call).collect();
        prop_assert_eq!(calls.len(), played.rung.len());
        for (number, entry) in played.entries.iter().enumerate() {
            prop_assert!(entry.state.is_over(), "{:?} has not ended", entry);
            let rung = played.rung.iter().filter(|rung| rung.person == number).count();
            prop_assert_eq!(entry.attempts.len(), rung, "each attempt was one call");
            prop_assert!(rung <= MOST_ATTEMPTS as usize);
            let earlier = entry.attempts.iter().rev().skip(1).filter_map(|attempt| attempt.result);
            for result in earlier {
                prop_assert!(plan.next(result, 0).is_some(), "rung again after {:?}", result);
            }
            prop_assert_eq!(entry.state == EntryState::Skipped, entry.skipped.is_some());
            prop_assert!(entry.lease_until.is_none() && entry.next_attempt_at.is_none());
        }
    }

    /// Whatever is told of an entry in whatever order, it never leaves an end and never counts an attempt twice.
    #[test]
    fn an_entry_that_has_ended_stays_as_it_is(
        deeds in prop::collection::vec((0_u8..5, 0_u32..9000), 1..60),
        plan in plan(),
    ) {
        let mut entry = CampaignEntry::new(id(1), id(2), START);
        let mut now = START;
        for (number, (deed, secs)) in deeds.into_iter().enumerate() {
            now = now.plus_secs(secs);
            let before = entry.clone();
            match deed {
                0 | 1 => drop(entry.claim(id(number), now, now.plus_secs(60))),
                2 => drop(entry.settle(AttemptResult::ALL[secs as usize % 9], &plan, now)),
                3 if secs % 3 == 0 => entry.defer(now.plus_secs(60)),
                3 => entry.give_back(now),
                _ if secs % 7 == 0 => entry.skip(SkipReason::Stopped),
                _ => {}
            }
            if before.state.is_over() {
                prop_assert_eq!(&before, &entry);
            }
            prop_assert_eq!(entry.state == EntryState::Calling, entry.call().is_some());
            prop_assert_eq!(entry.state == EntryState::Waiting, entry.next_attempt_at.is_some());
            prop_assert!(entry.attempts.len() <= MOST_ATTEMPTS as usize);
            let open = entry.attempts.iter().filter(|attempt| attempt.ended_at.is_none()).count();
            prop_assert_eq!(open, usize::from(entry.state == EntryState::Calling));
        }
    }
}

#[test]
fn an_attempt_that_was_not_begun_does_not_count() {
    let mut entry = CampaignEntry::new(id(1), id(2), START);
    assert!(entry.claim(id(3), START, START.plus_secs(60)));
    let key = entry.key();
    assert!(!entry.claim(id(4), START, START.plus_secs(60)), "it is in hand");
    assert!(!entry.is_left_alone(START.plus_secs(59)) && entry.is_left_alone(START.plus_secs(60)));
    entry.give_back(START.plus_secs(90));
    assert!(!entry.is_due(START.plus_secs(89)) && entry.attempts.is_empty());
    assert!(entry.claim(id(5), START.plus_secs(90), START.plus_secs(150)));
    assert_eq!(entry.key(), key, "it is the same attempt");
    assert!(entry.settle(AttemptResult::Absent, &RetryPlan::default(), START.plus_secs(100)));
    assert!(entry.claim(id(6), START.plus_secs(9000), START.plus_secs(9060)));
    assert_ne!(entry.key(), key);
}
