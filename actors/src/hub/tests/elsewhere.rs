//! What other nodes tell, and what agents do there.

use super::*;
use tsunagu_exchange::News;

impl Client {
    fn statuses(&self) -> Vec<Value> {
        let seen = self.0.lock().unwrap();
        seen.events
            .iter()
            .filter(|event| event.1 == "agent-status-changed")
            .map(|event| event.2.clone())
            .collect()
    }
}

/// What is told of Anna.
fn doing(number: u8) -> Vec<(UserId, String)> {
    vec![(ANNA, number.to_string())]
}

fn is_asked(want: Option<Want>) -> bool {
    matches!(want, Some(Want::Agent(agent)) if agent == ANNA)
}

#[test]
fn what_agents_do_elsewhere_is_told_once() {
    let mut play = Play::new();
    play.floor.know_agents(doing(1));
    let client = play.enter();
    play.rest();
    let floor = &mut play.floor;
    assert!(floor.see_agents(doing(1)).is_empty(), "so it was when the floor was opened");
    assert_eq!(floor.see_agents(doing(2)).len(), 1);
    assert!(floor.see_agents(doing(2)).is_empty(), "it is being asked after");
    assert!(is_asked(floor.agent(ANNA, Some("2".into()))), "once more, since it was doubted meanwhile");
    assert!(!is_asked(floor.agent(ANNA, Some("2".into()))));
    assert_eq!(client.statuses(), [2]);
    // Told by another node, and again.
    for _ in 0..2 {
        let wants = floor.carried(News::Agent { agent: ANNA }, play.now);
        assert!(matches!(wants[..], [Want::Agent(agent)] if agent == ANNA));
        assert!(!is_asked(floor.agent(ANNA, Some("3".into()))));
    }
    assert_eq!(client.statuses(), [2, 3]);
    // What is done here is told as it always was, and not again when it is seen.
    assert!(is_asked(floor.ask_after(ANNA)));
    assert!(floor.see_agents(doing(4)).is_empty());
    assert!(is_asked(floor.agent(ANNA, Some("4".into()))));
    assert!(!is_asked(floor.agent(ANNA, Some("4".into()))));
    assert!(floor.see_agents(doing(4)).is_empty());
    assert_eq!(client.statuses(), [2, 3, 4]);
    // A look that is older than what was told tells nothing old.
    assert_eq!(floor.see_agents(doing(3)).len(), 1);
    assert!(!is_asked(floor.agent(ANNA, Some("4".into()))));
    assert_eq!(client.statuses(), [2, 3, 4]);
}

#[test]
fn an_agent_who_cannot_be_asked_after_is_asked_after_again() {
    let mut play = Play::new();
    let client = play.enter();
    play.rest();
    let Some(want) = play.floor.ask_after(ANNA) else { panic!("nobody asks yet") };
    play.floor.lose(want);
    play.rest();
    assert!(client.statuses().is_empty());
    play.tick();
    play.rest();
    assert_eq!(client.statuses().len(), 1);
}

#[test]
fn late_news_of_a_call_that_is_forgotten_is_none() {
    let mut play = Play::new();
    let client = play.enter();
    play.rest();
    let end =
        Event::Ended { outcome: Outcome::Absent, reason: tsunagu_call::EndReason::NoAnswer, duration: 0 };
    play.happen(call(1), vec![created(), end]);
    play.flying.clear();
    let begun = News::Facts { call: call(1), entries: play.journals[&call(1)].clone() };
    for secs in [0, 0, 31, 31] {
        play.now += Duration::from_secs(secs);
        let wants = play.floor.carried(begun.clone(), play.now);
        play.wants.extend(wants);
        let wants = play.floor.carried(News::Further { call: call(1), next: 3 }, play.now);
        play.wants.extend(wants);
        play.wants.extend(play.floor.tick(GRACE, Time::default(), play.now));
        play.rest();
        let count = |of| client.names().iter().filter(|name| **name == of).count();
        assert_eq!((count("call-started"), count("call-ended")), (1, 1), "after {secs} s more");
    }
}

#[test]
fn how_far_a_journal_is_has_it_read_when_that_is_news() {
    let mut play = Play::new();
    let client = play.enter();
    play.rest();
    play.go_on(call(1));
    play.rest();
    assert!(play.floor.carried(News::Further { call: call(1), next: 2 }, play.now).is_empty());
    for _ in 0..3 {
        play.go_on(call(1));
    }
    play.flying.clear();
    let wants = play.floor.carried(News::Further { call: call(1), next: 5 }, play.now);
    assert!(matches!(wants[..], [Want::Journal { from: 2, .. }]), "{wants:?}");
    play.wants.extend(wants);
    play.rest();
    assert_eq!(client.reasons(call(1)), play.reasons(call(1)));
}
