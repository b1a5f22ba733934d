use super::*;
use tsunagu_call::{AgentRef, CompanyId, CustomerId, CustomerRef, Directive, EndReason, Rules, UserId};
use tsunagu_conversation::{self as conversation, Limits, Line, Listen, Profile};

pub const START: Time = Time::from_millis(1_795_000_000_000);

/// A call as its journal tells it, told piece by piece.
pub struct Told {
    call: CallId,
    seq: u64,
    now: Time,
}

impl Told {
    pub fn begin(view: &mut View, number: u8, name: &str, company: &str) -> Self {
        let mut told = Self { call: CallId::from_bytes([number; 12]), seq: 0, now: START };
        told.tell(view, [created(name, company)]);
        told
    }

    pub fn facts(&mut self, events: impl IntoIterator<Item = Event>) -> Facts {
        let mut entries = Vec::new();
        for event in events {
            self.seq += 1;
            self.now = self.now.plus_secs(1);
            entries.push(Entry { seq: self.seq, at: self.now, event });
        }
        Facts { company: CompanyId::from_bytes([9; 12]), call: self.call, entries, record: None }
    }

    pub fn tell(&mut self, view: &mut View, events: impl IntoIterator<Item = Event>) -> Vec<Happening> {
        let facts = self.facts(events);
        let happenings = view.apply(&facts).unwrap();
        for happening in happenings.iter().filter(|happening| happening.what.is_milestone()) {
            view.remember(happening.clone());
        }
        happenings
    }
}

pub fn created(name: &str, company: &str) -> Event {
    Event::Created(Box::new(Created {
        company_id: CompanyId::from_bytes([9; 12]),
        customer: CustomerRef {
            id: CustomerId::from_bytes([8; 12]),
            name: name.to_owned(),
            company: Some(company.to_owned()),
            phone: "+815010010001".to_owned(),
        },
        from: "+815000000000".to_owned(),
        profile: Profile::default(),
        limits: Limits::default(),
        script: 0,
        rules: Rules::default(),
        agent: None,
        started_by: None,
    }))
}

pub fn leg(status: LegStatus) -> Event {
    Event::Progressed { leg: Leg::Customer, call_sid: "CA1".to_owned(), status, sequence: None }
}

pub fn said(turn: u32, phase: Phase, texts: &[&str]) -> Event {
    let say = texts
        .iter()
        .map(|text| Line { template: "initial".to_owned(), text: (*text).to_owned(), readings: Vec::new() })
        .collect();
    let talk = conversation::State { phase, ..conversation::State::default() };
    let listen = Listen { timeout_secs: 6, expects: None, barge_in: true, holding: false };
    Event::Said {
        turn,
        directive: Directive::Converse { say, listen }.into(),
        carried: 0,
        talk,
        delivered: true,
    }
}

pub fn heard(turn: u32, text: &str, intent: Intent) -> Event {
    Event::Heard {
        turn,
        text: text.to_owned(),
        confidence: None,
        intent,
        score: 0.9,
        why: Vec::new(),
        advice: None,
    }
}

pub fn handover() -> [Event; 3] {
    let requested = Event::HandoverRequested {
        by: tsunagu_call::handover::Requester::Script,
        reason: "agreed".to_owned(),
        agent: None,
        needs: tsunagu_call::routing::Needs::default(),
        takeover: false,
    };
    let [reserved, ringing] = reserved("中野 美咲", 1);
    [requested, reserved, ringing]
}

fn reserved(name: &str, attempt: u32) -> [Event; 2] {
    let agent = AgentRef {
        id: UserId::from_bytes([7; 12]),
        name: name.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        phone: "+817010010002".to_owned(),
        lang: Lang::JA,
    };
    [Event::AgentReserved { agent }, moved(Stage::Ringing { attempt })]
}

pub fn moved(stage: Stage) -> Event {
    Event::HandoverMoved { stage }
}

pub fn ended(outcome: Outcome, reason: EndReason) -> Event {
    Event::Ended { outcome, reason, duration: 42 }
}

fn only(view: &View) -> &LiveCall {
    let mut live = view.live();
    let call = live.next().unwrap();
    assert!(live.next().is_none());
    call
}

#[test]
fn a_call_is_shown_from_the_first_ring_to_the_last_word() {
    let mut view = View::default();
    let mut told = Told::begin(&mut view, 1, "佐藤 一郎", "山田商事");
    assert_eq!((only(&view).state(), only(&view).who().as_str()), (State::Dialling, "佐藤 一郎 (山田商事)"));
    told.tell(&mut view, [leg(LegStatus::Ringing)]);
    assert_eq!(only(&view).state(), State::Ringing);
    told.tell(&mut view, [leg(LegStatus::InProgress)]);
    assert_eq!(only(&view).state(), State::WithAi);

    told.tell(&mut view, [said(1, Phase::Opening, &["お忙しいところ恐れ入ります。", "ご担当者様は。"])]);
    assert_eq!(
        only(&view).last_words,
        Some((Speaker::Ai, "お忙しいところ恐れ入ります。ご担当者様は。".to_owned()))
    );
    let happenings = told.tell(&mut view, [heard(1, "はい、私です", Intent::PersonInCharge)]);
    assert_eq!(happenings[0].what.to_string(), "customer: はい、私です [person_in_charge 0.90]");
    let call = only(&view);
    assert_eq!((call.phase, call.intent), (Some(Phase::Opening), Some(Intent::PersonInCharge)));
    assert_eq!(call.secs(START.plus_secs(63)), 60, "since the answer");

    told.tell(&mut view, handover());
    assert_eq!((only(&view).state(), only(&view).agent.as_deref()), (State::AgentRings, Some("中野 美咲")));
    told.tell(&mut view, [moved(Stage::Briefing { attempt: 1 })]);
    assert_eq!(only(&view).state(), State::AgentBriefed);
    told.tell(&mut view, [moved(Stage::Bridging { attempt: 1 })]);
    assert_eq!((only(&view).state(), view.counts().waiting), (State::Joining, 1));
    told.tell(&mut view, [moved(Stage::Bridged { attempt: 1 })]);
    assert_eq!((only(&view).state(), view.counts().with_human), (State::WithHuman, 1));

    told.tell(&mut view, [ended(Outcome::Success, EndReason::HumanDone)]);
    let counts = view.counts();
    assert_eq!((counts.live, counts.ended, counts.success_rate()), (0, 1, Some(100.0)));
    let newest = view.log().next().unwrap();
    assert!(newest.line().ends_with("ended: success 成功 (human done, 42 s)"), "{}", newest.line());
}

#[test]
fn the_next_agent_takes_the_place_of_one_who_did_not_come() {
    let mut view = View::default();
    let mut told = Told::begin(&mut view, 1, "佐藤 一郎", "山田商事");
    told.tell(&mut view, [leg(LegStatus::InProgress)].into_iter().chain(handover()));
    let happenings = told.tell(&mut view, [moved(Stage::Reserving)]);
    assert_eq!(happenings[0].what, What::NextAgent { after: "中野 美咲".to_owned() });
    assert_eq!((only(&view).state(), only(&view).agent.as_deref()), (State::SeekingAgent, None));
    told.tell(&mut view, reserved("森 大輔", 2));
    assert_eq!(only(&view).agent.as_deref(), Some("森 大輔"));
    told.tell(&mut view, [moved(Stage::Failed { reason: tsunagu_call::handover::Failure::AttemptsSpent })]);
    assert_eq!((only(&view).state(), only(&view).agent.as_deref()), (State::WithAi, None));
}

#[test]
fn silence_is_told_where_words_were_expected() {
    let mut view = View::default();
    let mut told = Told::begin(&mut view, 1, "佐藤 一郎", "山田商事");
    told.tell(&mut view, [leg(LegStatus::InProgress), said(1, Phase::Opening, &["もしもし"])]);
    assert_eq!(told.tell(&mut view, [Event::Silent { turn: 1 }])[0].what, What::Silent);
    told.tell(&mut view, handover());
    assert_eq!(told.tell(&mut view, [Event::Silent { turn: 1 }]), [], "they wait for the agent");
}

#[test]
fn what_is_told_twice_counts_once() {
    let mut view = View::default();
    let mut told = Told::begin(&mut view, 1, "佐藤 一郎", "山田商事");
    let picked_up = told.facts([leg(LegStatus::InProgress)]);
    assert_eq!(view.apply(&picked_up).unwrap().len(), 1);
    assert_eq!(view.apply(&picked_up).unwrap(), []);
    let end = told.facts([ended(Outcome::Absent, EndReason::NoAnswer), leg(LegStatus::Completed)]);
    assert_eq!(view.apply(&end).unwrap().len(), 1);
    assert_eq!(view.apply(&end).unwrap(), []);
    assert_eq!((view.counts().live, view.counts().ended), (0, 1));
}

#[test]
fn what_was_missed_is_noticed_and_made_good_by_the_journal() {
    let mut told = Told { call: CallId::from_bytes([1; 12]), seq: 0, now: START };
    let beginning = told.facts([created("佐藤 一郎", "山田商事"), leg(LegStatus::InProgress)]);
    let missed = told.facts([said(1, Phase::Opening, &["もしもし"])]);
    let later = told.facts([heard(1, "はい", Intent::Acknowledge)]);

    let mut view = View::default();
    assert_eq!(view.apply(&missed), Err(Missed), "its beginning was not told");
    view.apply(&beginning).unwrap();
    assert_eq!(view.apply(&later), Err(Missed), "something in between was not told");
    let mut journal = beginning.clone();
    journal.entries.extend([missed.entries[0].clone(), later.entries[0].clone()]);
    assert_eq!(view.apply(&journal).unwrap().len(), 2);
    assert_eq!(only(&view).last_words, Some((Speaker::Customer, "はい".to_owned())));
}

#[test]
fn memory_is_bounded() {
    let mut view = View::default();
    for number in 0..OVER_REMEMBERED + 10 {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        let mut told = Told { call: CallId::from_bytes(bytes), seq: 0, now: START };
        told.tell(&mut view, [created("山田", "山田商事"), ended(Outcome::Absent, EndReason::NoAnswer)]);
    }
    assert_eq!((view.over.len(), view.log.len()), (OVER_REMEMBERED, LOG_LINES));
    assert_eq!(view.counts().ended, OVER_REMEMBERED as u64 + 10);
}
