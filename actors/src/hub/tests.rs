//! Whatever comes in whichever order: every screen is shown the present, and then each event once, in order.

mod elsewhere;
mod lost;

use super::{
    Facts, Guest, Parting, Published, Screen, Watching,
    floor::{Floor, Visitor, Want},
};
use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;
use tsunagu_call::{
    CallId, CallRecord, CompanyId, Created, CustomerId, CustomerRef, Entry, Event, Rules, Speaker, Time,
    UserId, handover::Requester, routing::Needs,
};
use tsunagu_conversation::{Limits, Outcome, Profile};

const COMPANY: CompanyId = CompanyId::from_bytes([1; 12]);
const ANNA: UserId = UserId::from_bytes([2; 12]);
const GUEST: Guest =
    Guest { company: COMPANY, user: ANNA, sign_in: None, epoch: 0, until: Time::from_millis(1000) };
const EPOCH: u32 = 7;
const GRACE: Duration = Duration::from_secs(15);

fn call(number: u8) -> CallId {
    CallId::from_bytes([number; 12])
}

/// What a client sees.
#[derive(Clone, Default)]
struct Client(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    events: Vec<(u64, &'static str, Value)>,
    parted: Option<Parting>,
    jammed: bool,
}

impl Screen for Client {
    fn show(&self, event: &Arc<Published>) -> bool {
        let mut seen = self.0.lock().unwrap();
        if !seen.jammed {
            seen.events.push((event.number, event.name, serde_json::from_str(&event.data).unwrap()));
        }
        !seen.jammed
    }

    fn part(&self, why: Parting) {
        self.0.lock().unwrap().parted = Some(why);
    }
}

impl Client {
    fn names(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().events.iter().map(|event| event.1).collect()
    }

    /// All that it has seen, in short.
    fn brief(&self) -> Vec<String> {
        let seen = self.0.lock().unwrap();
        let brief = |data: &Value| format!("{}{}{}", data["callId"], data["message"], data["reason"]);
        seen.events.iter().map(|(number, name, data)| format!("{number} {name} {}", brief(data))).collect()
    }

    /// The reasons for which humans were asked for on a call, as this client knows them.
    fn reasons(&self, call: CallId) -> Vec<u64> {
        let mut reasons = Vec::new();
        for (_, name, data) in &self.0.lock().unwrap().events {
            let of = |data: &Value, key: &str| data[key] == call.to_string();
            match *name {
                "active-calls" => {
                    let found = data.as_array().unwrap().iter().find(|record| of(record, "_id"));
                    reasons = found.and_then(|record| number(&record["handoffReason"])).into_iter().collect();
                }
                "handoff-initiated" if of(data, "callId") => reasons.extend(number(&data["reason"])),
                _ => {}
            }
        }
        reasons
    }

    /// What was said on a call, as this client knows it since it was shown the call.
    fn lines(&self, call: CallId) -> Option<Vec<u64>> {
        let mut lines: Option<Vec<u64>> = None;
        for (_, name, data) in &self.0.lock().unwrap().events {
            match *name {
                "call-details" if data["_id"] == call.to_string() => {
                    let said = data["transcript"].as_array().unwrap().iter();
                    lines = Some(said.filter_map(|line| number(&line["message"])).collect());
                }
                "transcript-update" if data["callId"] == call.to_string() => {
                    if let Some(lines) = &mut lines {
                        lines.extend(number(&data["message"]));
                    }
                }
                _ => {}
            }
        }
        lines
    }
}

fn number(text: &Value) -> Option<u64> {
    text.as_str()?.parse().ok()
}

fn created() -> Event {
    Event::Created(Box::new(Created {
        company_id: COMPANY,
        customer: CustomerRef {
            id: CustomerId::from_bytes([3; 12]),
            name: "佐藤".into(),
            company: None,
            phone: "+819000000000".into(),
        },
        from: "+815000000000".into(),
        profile: Profile::default(),
        limits: Limits::default(),
        script: 0,
        rules: Rules::default(),
        agent: None,
        started_by: None,
    }))
}

/// A floor, and the world around it.
struct Play {
    floor: Floor,
    journals: BTreeMap<CallId, Vec<Entry>>,
    /// News that has not reached the floor.
    flying: Vec<Arc<Facts>>,
    wants: Vec<Want>,
    clients: Vec<Client>,
    now: Instant,
    /// Anna has been taken for gone.
    gone: bool,
}

impl Play {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            floor: Floor::new(COMPANY, EPOCH, Time::from_millis(0), now),
            journals: BTreeMap::new(),
            flying: Vec::new(),
            wants: vec![Want::List],
            clients: Vec::new(),
            now,
            gone: false,
        }
    }

    /// The next thing happens on a call, and is in the journal.
    fn happen(&mut self, call: CallId, events: Vec<Event>) {
        let journal = self.journals.entry(call).or_default();
        let entries: Vec<_> = events
            .into_iter()
            .zip(journal.len() as u64 + 1..)
            .map(|(event, seq)| Entry { seq, at: Time::from_millis(seq as i64), event })
            .collect();
        journal.extend(entries.clone());
        self.flying.push(Arc::new(Facts { company: COMPANY, call, entries, record: None }));
    }

    /// The call goes on: somebody speaks, and a human is asked for; both are counted.
    fn go_on(&mut self, call: CallId) {
        let count = self.journals.get(&call).map_or(0, Vec::len);
        let event = match count {
            0 => created(),
            odd if odd % 2 == 1 => Event::HandoverRequested {
                by: Requester::Script,
                reason: odd.to_string(),
                agent: None,
                needs: Needs::default(),
                takeover: false,
            },
            even => Event::Spoke { speaker: Speaker::Agent, message: even.to_string(), confidence: None },
        };
        self.happen(call, vec![event]);
    }

    fn land(&mut self, place: usize) {
        if !self.flying.is_empty() {
            let facts = self.flying.remove(place % self.flying.len());
            let wants = self.floor.hear(&facts, self.now);
            self.wants.extend(wants);
        }
    }

    /// News does not come.
    fn lose(&mut self, place: usize) {
        if !self.flying.is_empty() {
            self.flying.remove(place % self.flying.len());
        }
    }

    fn see_to(&mut self, place: usize) {
        if self.wants.is_empty() {
            return;
        }
        let wants = match self.wants.remove(place % self.wants.len()) {
            Want::List => self.floor.list(&self.journals.keys().copied().collect::<Vec<_>>()),
            Want::Journal { call, from } => {
                let mut journal = self.journals.get(&call).cloned().unwrap_or_default();
                journal.retain(|entry| entry.seq >= from);
                self.floor.read(call, journal, self.now)
            }
            Want::Present { number, calls } => self
                .floor
                .presented(number, Some(serde_json::to_string(&calls).unwrap()))
                .into_iter()
                .collect(),
            Want::Details(details) => {
                let known = self.journals.get(&details.call);
                let record = details.record.clone().map(|record| *record);
                let record = record.or_else(|| {
                    CallRecord::rebuild(details.call, known?).ok().filter(|record| record.status.is_over())
                });
                let shown = record.map(|record| serde_json::to_string(&record).unwrap());
                self.floor.detail(&details, Ok(shown));
                Vec::new()
            }
            Want::Agent(agent) => {
                let back = if self.gone { self.floor.gone(agent) } else { None };
                self.floor.agent(agent, Some("{}".into())).into_iter().chain(back).collect()
            }
            Want::Figures { seat, .. } => {
                self.floor.figures(seat, "{}".into());
                Vec::new()
            }
            Want::Gone(agent) => {
                self.gone = true;
                self.floor.ask_after(agent).into_iter().collect()
            }
            Want::ComeBack(agent) if std::mem::take(&mut self.gone) => {
                self.floor.ask_after(agent).into_iter().collect()
            }
            Want::ComeBack(_) | Want::SignIns(_) => Vec::new(),
        };
        self.wants.extend(wants);
    }

    fn enter(&mut self) -> Client {
        let client = Client::default();
        let seat = self.clients.len() as u64;
        let visitor = Visitor {
            seat,
            guest: GUEST,
            screen: Box::new(client.clone()),
            since: None,
            watched: Vec::new(),
            follows: false,
        };
        self.wants.extend(self.floor.enter(visitor));
        self.clients.push(client.clone());
        client
    }

    /// A client that was cut off comes back, and names the last event that it has seen and the calls that it was shown.
    fn come_back(&mut self, seat: usize) {
        let left = seat % self.clients.len().max(1);
        let Some(client) = self.clients.get(left).cloned() else { return };
        let last = client.0.lock().unwrap().events.iter().map(|event| event.0).max();
        let Some(number) = last else { return };
        self.floor.leave(left as u64, self.now);
        self.clients[left] = Client::default();
        let seat = self.clients.len() as u64;
        let watched = self.journals.keys().copied().filter(|call| client.lines(*call).is_some()).collect();
        let since = Some(super::Cursor { epoch: EPOCH, number });
        let visitor =
            Visitor { seat, guest: GUEST, screen: Box::new(client.clone()), since, watched, follows: false };
        self.wants.extend(self.floor.enter(visitor));
        self.clients.push(client);
    }

    /// A second passes.
    fn tick(&mut self) {
        self.now += Duration::from_secs(1);
        self.wants.extend(self.floor.tick(GRACE, Time::default(), self.now));
    }

    fn watch(&mut self, seat: usize, call: CallId) {
        if !self.clients.is_empty() {
            let seat = (seat % self.clients.len()) as u64;
            self.wants.extend(self.floor.watch(seat, call, None));
        }
    }

    fn rest(&mut self) {
        while !self.flying.is_empty() || !self.wants.is_empty() {
            self.land(0);
            self.see_to(0);
        }
    }

    fn reasons(&self, call: CallId) -> Vec<u64> {
        (1..self.journals[&call].len() as u64).step_by(2).collect()
    }
}

/// As many cases as PROPTEST_CASES says; without it always the same.
fn config(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => usual,
        None => ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), ..usual },
    }
}

#[derive(Debug, Clone)]
enum Act {
    GoOn(u8),
    Land(usize),
    Lose(usize),
    SeeTo(usize),
    Enter,
    Watch(usize, u8),
    ComeBack(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => (1..4_u8).prop_map(Act::GoOn),
        5 => (0..8_usize).prop_map(Act::Land),
        1 => (0..8_usize).prop_map(Act::Lose),
        5 => (0..8_usize).prop_map(Act::SeeTo),
        1 => Just(Act::Enter),
        1 => ((0..8_usize), (1..4_u8)).prop_map(|(seat, call)| Act::Watch(seat, call)),
        1 => (0..8_usize).prop_map(Act::ComeBack),
    ]
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn nobody_misses_or_sees_twice(before in 0..6_u8, acts in proptest::collection::vec(act(), 1..120)) {
        let mut play = Play::new();
        for _ in 0..before {
            play.go_on(call(1));
        }
        // Nobody told anything while nobody looked.
        play.flying.clear();
        for act in acts {
            match act {
                Act::GoOn(number) => play.go_on(call(number)),
                Act::Land(place) => play.land(place),
                Act::Lose(place) => play.lose(place),
                Act::SeeTo(place) => play.see_to(place),
                Act::Enter => drop(play.enter()),
                Act::Watch(seat, number) => play.watch(seat, call(number)),
                Act::ComeBack(seat) => play.come_back(seat),
            }
        }
        play.enter();
        play.rest();
        // The last news of each call comes; what is missing before it is missed.
        for number in 1..4 {
            play.go_on(call(number));
        }
        play.rest();
        for _ in 0..2 {
            play.now += Duration::from_secs(1);
            let wants = play.floor.tick(GRACE, Time::default(), play.now);
            play.wants.extend(wants);
            play.rest();
        }
        for client in &play.clients {
            if client.names().is_empty() {
                continue;
            }
            for call in play.journals.keys() {
                let (all, known) = (play.reasons(*call), client.reasons(*call));
                prop_assert!(all.ends_with(&known), "{call}: {known:?} of {all:?}");
                prop_assert_eq!(all.last(), known.last(), "{}", call);
                if let Some(lines) = client.lines(*call) {
                    let said: Vec<u64> = (2..play.journals[call].len() as u64).step_by(2).collect();
                    prop_assert_eq!(lines, said, "{} {:?}", call, client.brief());
                }
            }
        }
    }
}

#[test]
fn the_present_comes_first_and_late_words_find_their_call() {
    let mut play = Play::new();
    let client = play.enter();
    play.go_on(call(1));
    play.rest();
    assert_eq!(client.names(), ["active-calls"], "it began before the present was shown");
    let end =
        Event::Ended { outcome: Outcome::Absent, reason: tsunagu_call::EndReason::NoAnswer, duration: 0 };
    play.happen(call(1), vec![end]);
    play.rest();
    assert_eq!(client.names(), ["active-calls", "call-updated", "call-status-changed", "call-ended"]);
    play.now += Duration::from_secs(31);
    let wants = play.floor.tick(GRACE, Time::default(), play.now);
    play.wants.extend(wants);
    play.rest();
    assert_eq!(client.names().last(), Some(&"statistics-update"));
    play.happen(call(1), vec![Event::Recorded(recorded())]);
    play.rest();
    assert_eq!(client.names().last(), Some(&"recording-available"));
    assert_eq!(client.names().len(), 6, "a call that is over is not told of anew");
}

#[test]
fn a_call_that_came_and_went_elsewhere_is_told_once_and_whole() {
    let mut play = Play::new();
    let client = play.enter();
    play.rest();
    let end =
        Event::Ended { outcome: Outcome::Absent, reason: tsunagu_call::EndReason::NoAnswer, duration: 0 };
    play.happen(call(1), vec![created()]);
    play.happen(call(1), vec![end]);
    // Nothing of it comes as news.
    play.flying.clear();
    let story = ["active-calls", "call-started", "call-updated", "call-status-changed", "call-ended"];
    for secs in [0, 1, 31, 31] {
        play.now += Duration::from_secs(secs);
        let wants = play.floor.stand(&[(call(1), 3)].into());
        play.wants.extend(wants);
        play.rest();
        let names: Vec<_> = client.names().into_iter().filter(|name| *name != "statistics-update").collect();
        assert_eq!(names, story, "after {secs} s more");
        let wants = play.floor.tick(GRACE, Time::default(), play.now);
        play.wants.extend(wants);
        play.rest();
    }
}

#[test]
fn what_was_over_before_anybody_looked_is_no_news() {
    let mut play = Play::new();
    play.floor = Floor::new(COMPANY, EPOCH, Time::from_millis(2), play.now);
    let client = play.enter();
    let end =
        Event::Ended { outcome: Outcome::Absent, reason: tsunagu_call::EndReason::NoAnswer, duration: 0 };
    play.happen(call(1), vec![created(), end]);
    play.flying.clear();
    play.wants.clear();
    let wants = play.floor.list(&[]);
    play.wants.extend(wants);
    play.rest();
    let wants = play.floor.stand(&[(call(1), 3)].into());
    play.wants.extend(wants);
    play.rest();
    assert_eq!(client.names(), ["active-calls"]);
}

fn recorded() -> tsunagu_call::Recorded {
    tsunagu_call::Recorded {
        sid: "RE1".into(),
        url: None,
        status: "completed".into(),
        duration: Some(3),
        call_sid: None,
    }
}

#[test]
fn who_does_not_read_is_let_go_and_told_why() {
    let mut play = Play::new();
    let (reader, sleeper) = (play.enter(), play.enter());
    play.rest();
    sleeper.0.lock().unwrap().jammed = true;
    play.go_on(call(1));
    play.rest();
    assert_eq!(sleeper.0.lock().unwrap().parted, Some(Parting::TooSlow));
    assert_eq!((play.floor.seats(), reader.names()), (1, vec!["active-calls", "call-started"]));
}

#[test]
fn who_waits_for_the_present_for_too_long_is_let_go() {
    let mut play = Play::new();
    let client = play.enter();
    play.see_to(0);
    assert!(matches!(play.wants[..], [Want::ComeBack(_), Want::Present { .. }]));
    for _ in 0..10_000 {
        play.go_on(call(1));
        play.land(0);
    }
    assert_eq!(client.0.lock().unwrap().parted, Some(Parting::TooSlow));
}

#[test]
fn whoever_signs_out_is_gone_from_every_screen() {
    let mut play = Play::new();
    let clients = [play.enter(), play.enter()];
    play.rest();
    play.floor.dismiss(ANNA, None, play.now);
    assert_eq!(play.floor.seats(), 0);
    for client in clients {
        assert_eq!(client.0.lock().unwrap().parted, Some(Parting::SignedOut));
    }
    assert!(!play.floor.is_forsaken(play.now) && play.floor.is_forsaken(play.now + Duration::from_secs(300)));
}

#[test]
fn who_was_taken_for_gone_and_is_here_is_set_back() {
    let mut play = Play::new();
    let seats = |play: &Play| play.clients.len() as u64 - 1;
    let tick = |play: &mut Play| {
        play.now += GRACE;
        let wants = play.floor.tick(GRACE, Time::from_millis(0), play.now);
        play.wants.extend(wants);
    };
    play.enter();
    play.rest();
    play.floor.leave(seats(&play), play.now);
    tick(&mut play);
    play.rest();
    assert!(play.gone);
    play.enter();
    play.rest();
    assert!(!play.gone, "they came");
    play.floor.leave(seats(&play), play.now);
    tick(&mut play);
    // They come before it is done.
    play.enter();
    play.wants.rotate_left(1);
    play.rest();
    assert!(!play.gone, "they were quicker");
}

#[test]
fn nobody_looks_longer_than_their_token_is_good() {
    let mut play = Play::new();
    let client = play.enter();
    play.floor.tick(GRACE, Time::from_millis(999), play.now);
    assert_eq!(play.floor.seats(), 1);
    play.floor.tick(GRACE, GUEST.until, play.now);
    assert_eq!(client.0.lock().unwrap().parted, Some(Parting::Expired));
}

#[test]
fn partial_words_are_for_those_who_watch() {
    let mut play = Play::new();
    let (watcher, other) = (play.enter(), play.enter());
    play.go_on(call(1));
    play.rest();
    play.watch(0, call(1));
    play.rest();
    play.floor.overhear(call(1), "もしも");
    assert_eq!(watcher.names(), ["active-calls", "call-details", "partial-transcript"]);
    assert_eq!(other.names(), ["active-calls"]);
    play.floor.unwatch(0, call(1), Watching::Call);
    play.floor.overhear(call(1), "もしもし");
    assert_eq!(watcher.names().len(), 3);
}

#[test]
fn how_all_calls_go_is_for_those_who_follow() {
    let mut play = Play::new();
    let (follower, other) = (play.enter(), play.enter());
    play.go_on(call(1));
    play.rest();
    play.floor.follow(0, true);
    let spoke = |message: &str| Event::Spoke {
        speaker: Speaker::Customer,
        message: message.into(),
        confidence: None,
    };
    play.happen(call(1), vec![spoke(&"は".repeat(500))]);
    play.rest();
    assert_eq!(follower.names(), ["active-calls", "call-progress"]);
    assert_eq!(other.names(), ["active-calls"]);
    let said = follower.0.lock().unwrap().events[1].2["message"].as_str().unwrap().chars().count();
    assert_eq!(said, 160, "in short");
    play.floor.follow(0, false);
    play.happen(call(1), vec![spoke("はい")]);
    play.rest();
    assert_eq!(follower.names().len(), 2);
}
