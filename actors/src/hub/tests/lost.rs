//! What cannot be read for a while counts neither as nothing nor as done.

use super::*;
use crate::Unpresentable;
use tokio::sync::oneshot::{self, error::TryRecvError};

#[test]
fn a_call_that_cannot_be_read_is_not_one_that_is_not_there() {
    let mut play = Play::new();
    let client = play.enter();
    play.rest();
    play.go_on(call(1));
    play.rest();
    let away = Unpresentable("away".into());
    for (shown, answer) in [(Err(away.clone()), Err(away.clone())), (Ok(None), Ok(false))] {
        let (reply, mut found) = oneshot::channel();
        let Some(Want::Details(details)) = play.floor.watch(0, call(1), Some(reply)) else {
            panic!("it is known")
        };
        play.floor.detail(&details, shown);
        assert_eq!(found.try_recv(), Ok(answer));
        play.floor.overhear(call(1), "も");
        play.tick();
        play.rest();
        assert!(client.lines(call(1)).is_none(), "who was told so asks again, or does not");
        assert!(!client.names().contains(&"partial-transcript"), "it is not watched");
    }
    // Who came back to it is told nothing, and sees it when it can be read.
    let Some(Want::Details(details)) = play.floor.watch(0, call(1), None) else { panic!("it is known") };
    play.floor.detail(&details, Err(away));
    play.tick();
    play.rest();
    assert_eq!(client.lines(call(1)), Some(vec![]));
}

#[test]
fn who_asks_for_a_call_before_the_present_can_be_had_is_shown_both() {
    let mut play = Play::new();
    play.go_on(call(1));
    play.flying.clear();
    let client = play.enter();
    let (reply, mut found) = oneshot::channel();
    assert!(play.floor.watch(0, call(1), Some(reply)).is_none(), "the present comes first");
    while !matches!(play.wants[..], [Want::Present { .. }, ..]) {
        play.see_to(0);
    }
    let Want::Present { number, .. } = play.wants.remove(0) else { panic!("the present") };
    assert!(play.floor.presented(number, None).is_empty());
    play.rest();
    assert_eq!(found.try_recv(), Err(TryRecvError::Empty), "nobody knows yet");
    play.tick();
    play.rest();
    assert_eq!(found.try_recv(), Ok(Ok(true)));
    assert_eq!(client.names(), ["active-calls", "call-details"]);
}

#[test]
fn what_cannot_be_read_while_a_floor_is_opened_is_read_later() {
    let mut play = Play::new();
    play.go_on(call(1));
    play.flying.clear();
    let client = play.enter();
    let list = play.wants.remove(0);
    assert!(matches!(list, Want::List));
    play.floor.lose(list);
    play.rest();
    play.tick();
    play.see_to(0);
    let journal = play.wants.remove(0);
    assert!(matches!(journal, Want::Journal { .. }), "{journal:?}");
    play.floor.lose(journal);
    play.go_on(call(1));
    play.rest();
    assert!(client.names().is_empty(), "nothing is shown that is not so");
    play.tick();
    play.rest();
    assert_eq!(client.reasons(call(1)), play.reasons(call(1)));
}

#[test]
fn who_asks_for_a_call_whose_journal_cannot_be_read_is_told_so() {
    let mut play = Play::new();
    let client = play.enter();
    play.rest();
    play.go_on(call(1));
    play.flying.clear();
    let (reply, mut found) = oneshot::channel();
    let Some(journal) = play.floor.watch(0, call(1), Some(reply)) else { panic!("it is not known here") };
    play.watch(0, call(1));
    play.floor.lose(journal);
    assert!(matches!(found.try_recv(), Ok(Err(_))));
    play.rest();
    assert!(client.lines(call(1)).is_none());
    play.tick();
    play.rest();
    assert_eq!(client.lines(call(1)), Some(vec![]), "who came back to it sees it when it can be read");
}
