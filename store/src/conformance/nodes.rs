//! Nodes that share a store: who wrote last, who does what, and who takes it over.

use super::{
    fixture::*,
    webhooks::{attempt, outgoing, webhook},
};
use crate::{
    AgentSettingsChange, AttemptResult, Availability, Claim, Commit, Doing, HeldCall, Hold, Opened, Opening,
    RefreshToken, SharedStore, Sign, SignIn, StoreError, UserChange,
};
use std::{collections::BTreeMap, sync::Arc};
use tsunagu_call::{CallId, Command, CompanyId, DeliveryId, Entry, Event, NodeId, Settlement, Time};

fn shared(store: &Shared) -> &dyn SharedStore {
    store.shared().unwrap()
}

fn node(store: &Shared) -> NodeId {
    shared(store).node()
}

fn intended(seq: u64, id: u32) -> Entry {
    Entry { seq, at: NOW, event: Event::Intended { id, command: Command::CheckRoom } }
}

fn settled(seq: u64, id: u32) -> Entry {
    Entry { seq, at: NOW, event: Event::Settled { id, settlement: Settlement::Done } }
}

async fn write(store: &Shared, entries: Vec<Entry>) -> Result<(), StoreError> {
    store.commit(Commit { call: id(1), entries, record: None }).await
}

async fn hold(store: &Shared) -> Hold {
    shared(store).held_call(id(1)).await.unwrap().unwrap().hold
}

fn held_by(owner: NodeId, hands: impl Into<BTreeMap<u32, NodeId>>) -> Hold {
    Hold { owner: Some(owner), hands: hands.into() }
}

pub async fn who_wrote_last_owns_the_call(ours: Shared, theirs: Shared) {
    assert_eq!(shared(&ours).held_call(id(1)).await.unwrap(), None);
    let record = open(&ours, 1, 1).await;
    let expected = HeldCall { company: OURS, call: id(1), next: 3, hold: held_by(node(&ours), []) };
    assert_eq!(shared(&theirs).held_call(id(1)).await.unwrap(), Some(expected.clone()));
    assert_eq!(shared(&theirs).held_calls().await.unwrap(), [expected]);
    write(&theirs, entries(3, 4)).await.unwrap();
    assert_eq!(hold(&ours).await, held_by(node(&theirs), []));
    ours.commit(replacing(&record)).await.unwrap();
    assert_eq!(hold(&ours).await, held_by(node(&theirs), []), "a projection alone changes nothing");
}

pub async fn what_is_wanted_is_in_the_hands_of_who_wrote_it(ours: Shared, theirs: Shared) {
    open(&ours, 1, 1).await;
    write(&ours, vec![intended(3, 1), intended(4, 2)]).await.unwrap();
    write(&theirs, vec![intended(5, 3), settled(6, 1)]).await.unwrap();
    assert_eq!(hold(&ours).await, held_by(node(&theirs), [(2, node(&ours)), (3, node(&theirs))]));
    let late = write(&ours, vec![settled(6, 2)]).await;
    assert!(matches!(late, Err(StoreError::Conflict { expected: 7, .. })), "{late:?}");
    assert_eq!(hold(&ours).await.hands.len(), 2, "what is refused changes nothing");
}

pub async fn of_two_who_take_over_one_does(ours: Shared, theirs: Shared) {
    open(&ours, 1, 1).await;
    write(&ours, vec![intended(3, 1)]).await.unwrap();
    write(&theirs, vec![intended(4, 2)]).await.unwrap();
    let (to, from) = (node(&theirs), node(&ours));
    let passed = shared(&theirs).take_over(id(1), from).await.unwrap();
    assert_eq!(passed, Some(held_by(to, [(1, to), (2, to)])));
    assert_eq!(shared(&theirs).take_over(id(1), from).await.unwrap(), None);
    assert_eq!(shared(&theirs).take_over(id(9), from).await.unwrap(), None, "no such call");
    write(&ours, entries(5, 5)).await.unwrap();
    let takers = at_once(16, |_| {
        let theirs = Arc::clone(&theirs);
        async move { shared(&theirs).take_over(id(1), node(&theirs)).await.unwrap().is_some() }
    });
    // What one passes to itself it goes on holding.
    assert_eq!(takers.await.into_iter().filter(|took| *took).count(), 16);
    assert_eq!(hold(&ours).await, held_by(from, [(1, to), (2, to)]));
    let takers = at_once(16, |_| {
        let ours = Arc::clone(&ours);
        async move { shared(&ours).take_over(id(1), to).await.unwrap().is_some() }
    });
    assert_eq!(takers.await.into_iter().filter(|took| *took).count(), 1);
    assert_eq!(hold(&ours).await, held_by(from, [(1, from), (2, from)]));
}

pub async fn a_call_that_somebody_owns_is_adopted_by_nobody(ours: Shared, theirs: Shared) {
    open(&ours, 1, 1).await;
    write(&ours, vec![intended(3, 1)]).await.unwrap();
    let before = hold(&ours).await;
    for next in [3, 4] {
        assert!(!shared(&theirs).adopt_call(id(1), next, &[1].into()).await.unwrap());
    }
    assert!(!shared(&theirs).adopt_call(id(9), 1, &[].into()).await.unwrap(), "no such call");
    assert_eq!(hold(&ours).await, before);
}

pub async fn what_was_opened_lately_is_found_even_when_it_is_over(ours: Shared, theirs: Shared) {
    let at = |secs: i64| CallId::first_at(Time::from_millis(secs * 1000));
    for (number, call) in (1..).zip([at(1_000), at(1_001), at(2_000), at(2_001)]) {
        let mut opening = opening(number, number);
        opening.record.id = call;
        let record = opening.record.clone();
        assert_eq!(try_open(&ours, opening).await.unwrap(), Opened::New);
        if number.is_multiple_of(2) {
            end(&ours, &record).await;
        }
    }
    let found = |since: i64| {
        let theirs = Arc::clone(&theirs);
        async move {
            let found = shared(&theirs)
                .held_calls_and_opened(&[OURS], Time::from_millis(since * 1000))
                .await
                .unwrap();
            found.into_iter().map(|held| held.call).collect::<Vec<_>>()
        }
    };
    assert_eq!(found(1_000).await, [at(1_000), at(1_001), at(2_000), at(2_001)]);
    assert_eq!(
        found(2_001).await,
        [at(1_000), at(2_000), at(2_001)],
        "those that live, and those that are new"
    );
    assert_eq!(found(2_002).await, [at(1_000), at(2_000)]);
    let others = shared(&theirs).held_calls_and_opened(&[THEIRS], Time::from_millis(1_000_000)).await;
    assert_eq!(others.unwrap(), [], "another company's");
}

pub async fn journals_of_live_calls_are_read_together(ours: Shared, theirs: Shared) {
    for number in 1..=4 {
        open(&ours, number, number).await;
    }
    end(&ours, &record(3, OURS, 3)).await;
    let of_theirs = Opening { record: record(5, THEIRS, 9), ..opening(5, 9) };
    assert_eq!(try_open(&ours, of_theirs).await.unwrap(), Opened::New);
    // A journal so long that a part of it stands elsewhere, and one that is as long in one breath.
    for (call, from, to) in [(2, 3, 70), (2, 71, 150), (2, 151, 153), (4, 3, 200)] {
        ours.commit(adding(call, from, to)).await.unwrap();
    }
    let read = |company, after, limit| {
        let theirs = Arc::clone(&theirs);
        async move {
            let read = shared(&theirs).live_journals(company, after, limit).await.unwrap();
            read.into_iter().map(|live| (live.call, live.entries)).collect::<Vec<_>>()
        }
    };
    let [first, second, fourth, fifth] =
        [(1, 2), (2, 153), (4, 200), (5, 2)].map(|(call, last)| (id(call), entries(1, last)));
    assert_eq!(read(Some(OURS), None, 9).await, [first.clone(), second.clone(), fourth.clone()]);
    assert_eq!(read(Some(OURS), None, 2).await, [first.clone(), second.clone()]);
    assert_eq!(read(Some(OURS), Some(id(2)), 2).await, std::slice::from_ref(&fourth));
    assert_eq!(read(Some(THEIRS), None, 9).await, std::slice::from_ref(&fifth));
    assert_eq!(read(None, Some(id(1)), 9).await, [second, fourth, fifth]);
    assert_eq!(read(Some(OURS), None, 0).await, []);
    assert_eq!(read(Some(OURS), Some(id(4)), 9).await, []);
}

pub async fn a_delivery_is_claimed_by_one_node_at_a_time(ours: Shared, theirs: Shared) {
    ours.create_webhook(webhook(1, OURS)).await.unwrap();
    ours.dispatch(0, vec![outgoing(1, Some(1)), outgoing(2, Some(1)), outgoing(3, None)]).await.unwrap();
    let until = NOW.plus_secs(60);
    let claimers = at_once(16, |number| {
        let store = Arc::clone(if number % 2 == 0 { &ours } else { &theirs });
        async move { shared(&store).claim_delivery(id(1), NOW, until).await.unwrap() }
    });
    assert_eq!(claimers.await.into_iter().filter(|claimed| *claimed).count(), 1);
    let due = |store: &Shared, now: Time| {
        let store = Arc::clone(store);
        async move {
            let (_, due) = store.due_deliveries(id(1), now, 9).await.unwrap().unwrap();
            due.into_iter().map(|outgoing| outgoing.delivery.id).collect::<Vec<DeliveryId>>()
        }
    };
    assert_eq!(due(&theirs, NOW).await, [id(3)], "the call's next one waits for it");
    assert_eq!(theirs.next_delivery(id(1)).await.unwrap(), Some(NOW));
    // Whoever claimed it is gone.
    assert_eq!(due(&theirs, until).await, [id(3), id(1)]);
    let later = until.plus_secs(60);
    assert!(shared(&theirs).claim_delivery(id(1), until, later).await.unwrap());
    assert!(!shared(&ours).claim_delivery(id(1), until, later).await.unwrap());
    theirs.note_attempt(attempt(1, AttemptResult::Delivered)).await.unwrap();
    assert!(!shared(&ours).claim_delivery(id(1), later, later.plus_secs(60)).await.unwrap(), "it is there");
    assert_eq!(due(&ours, NOW).await, [id(2), id(3)]);
    assert!(!shared(&ours).claim_delivery(id(9), NOW, until).await.unwrap(), "there is none");
}

pub async fn one_node_at_a_time_rings_for_campaigns(ours: Shared, theirs: Shared) {
    let claimers = at_once(16, |number| {
        let store = Arc::clone(if number % 2 == 0 { &ours } else { &theirs });
        async move { (node(&store), shared(&store).claim_ringing(NOW, NOW.plus_secs(8)).await.unwrap()) }
    });
    let claims = claimers.await;
    let taken: Vec<_> = claims.iter().filter(|(_, claim)| *claim == Claim::Taken).collect();
    assert_eq!(taken.len(), 1, "{claims:?}");
    let holder = taken[0].0;
    assert!(claims.iter().all(|(node, claim)| *node == holder || *claim == Claim::Refused), "{claims:?}");
    let (holder, other) = if holder == node(&ours) { (&ours, &theirs) } else { (&theirs, &ours) };
    let claim = |store: &Shared, from: u32| {
        let store = Arc::clone(store);
        let (now, until) = (NOW.plus_secs(from), NOW.plus_secs(from + 8));
        async move { shared(&store).claim_ringing(now, until).await.unwrap() }
    };
    assert_eq!(claim(other, 7).await, Claim::Refused);
    assert_eq!(claim(holder, 7).await, Claim::Kept);
    assert_eq!(claim(other, 14).await, Claim::Refused, "it goes on");
    assert_eq!(claim(other, 15).await, Claim::Taken, "the one before is gone");
    assert_eq!(claim(holder, 15).await, Claim::Refused);
    assert_eq!(claim(other, 100).await, Claim::Kept, "nobody wanted it meanwhile");
    shared(holder).leave_ringing().await.unwrap();
    assert_eq!(claim(holder, 101).await, Claim::Refused, "only who has it can leave it");
    shared(other).leave_ringing().await.unwrap();
    assert_eq!(claim(holder, 101).await, Claim::Taken);
}

pub async fn what_is_over_is_held_by_nobody(ours: Shared, theirs: Shared) {
    let record = open(&ours, 1, 1).await;
    end(&ours, &record).await;
    assert_eq!(shared(&theirs).held_calls().await.unwrap(), []);
    let unknown: CallId = id(7);
    assert_eq!(shared(&theirs).held_call(unknown).await.unwrap(), None);
}

pub async fn signs_are_seen_until_a_node_is_forgotten(ours: Shared, theirs: Shared) {
    let sign = |store: &Shared, beat| Sign {
        node: node(store),
        place: "calls-1:5000".into(),
        beat,
        present: [(OURS, id(1))].into(),
        awaited: [(OURS, id(2)), (THEIRS, id(3))].into(),
        tells: beat > 1,
        left: false,
    };
    assert_eq!(shared(&ours).tell_sign(sign(&ours, 1)).await.unwrap(), [sign(&ours, 1)]);
    let mut seen = shared(&theirs).tell_sign(sign(&theirs, 1)).await.unwrap();
    seen.sort_by_key(|sign| sign.node);
    assert_eq!(seen, [sign(&ours, 1), sign(&theirs, 1)]);
    let mut looked = shared(&theirs).signs().await.unwrap();
    looked.sort_by_key(|sign| sign.node);
    assert_eq!(looked, seen, "looking is no sign");
    shared(&ours).say_goodbye().await.unwrap();
    // What was on its way before it is not taken for coming back.
    let late = shared(&ours).tell_sign(sign(&ours, 2)).await.unwrap();
    let late = late.iter().find(|sign| sign.node == node(&ours)).unwrap();
    assert!(late.left && late.tells, "{late:?}");
    let forgetters = at_once(16, |_| {
        let (theirs, gone) = (Arc::clone(&theirs), node(&ours));
        async move { shared(&theirs).forget_node(gone).await.unwrap() }
    });
    assert_eq!(forgetters.await.into_iter().filter(|was_there| *was_there).count(), 1);
    let later = Sign { present: Default::default(), awaited: Default::default(), ..sign(&theirs, 2) };
    assert_eq!(shared(&theirs).tell_sign(later.clone()).await.unwrap(), [later]);
}

pub async fn what_agents_do_is_seen_by_all_nodes(ours: Shared, theirs: Shared) {
    assert_eq!(shared(&ours).doings(&[OURS]).await.unwrap(), []);
    // One who is here, one who has settings alone, one who has nothing, and one of another company.
    let here = agent(&ours, 1).await;
    for (number, company) in [(2, OURS), (3, OURS), (4, THEIRS)] {
        ours.create_user(user(number, company)).await.unwrap();
    }
    for (number, company) in [(2, OURS), (4, THEIRS)] {
        ours.put_agent_settings(settings(number, company)).await.unwrap();
    }
    let doings = |companies: &'static [CompanyId]| {
        let theirs = Arc::clone(&theirs);
        async move {
            let mut doings = shared(&theirs).doings(companies).await.unwrap();
            doings.sort_by_key(|doing| doing.agent);
            doings
        }
    };
    let before = doings(&[OURS]).await;
    let short = |doing: &Doing| (doing.agent, doing.status, doing.is_available, doing.call);
    let expected = [(here, Availability::Available, true, None), (id(2), Availability::Offline, true, None)];
    assert_eq!(before.iter().map(short).collect::<Vec<_>>(), expected);
    assert_eq!(doings(&[OURS, THEIRS]).await.len(), 3);
    assert_eq!(doings(&[]).await, []);
    let later = NOW.plus_secs(9);
    ours.set_agent_status(OURS, here, Availability::Busy, later).await.unwrap();
    let change = AgentSettingsChange { is_available: Some(false), ..AgentSettingsChange::default() };
    ours.change_agent_settings(OURS, id(2), change).await.unwrap();
    let after = doings(&[OURS]).await;
    assert_eq!(after[0], Doing { status: Availability::Busy, since: later, ..before[0].clone() });
    assert_eq!(after[1], Doing { is_available: false, ..before[1].clone() });
    assert!(ours.claim_agent(here, id(1), NOW.plus_secs(60), later).await.unwrap());
    assert_eq!(doings(&[OURS]).await, after, "a promise is not shown");
    assert!(ours.seat_agent(here, id(1), 1, later).await.unwrap());
    assert_eq!(doings(&[OURS]).await[0].call, Some(id(1)));
}

pub async fn sign_ins_that_end_are_seen_by_all_nodes(ours: Shared, theirs: Shared) {
    for number in 1..=3 {
        ours.create_user(user(number, OURS)).await.unwrap();
    }
    let sign_in = |user: u32, family: Option<u32>| SignIn {
        company: OURS,
        user: id(user),
        epoch: 0,
        family: family.map(id),
    };
    let token = |user: u32, family: u32| RefreshToken {
        hash: family.to_string(),
        user_id: id(user),
        family: id(family),
        epoch: 0,
        expires_at: NOW.plus_secs(3600),
        spent: false,
        spent_at: None,
        spent_for: None,
        revoked: false,
    };
    for (user, family) in [(1, 11), (1, 12), (2, 21)] {
        assert!(ours.put_refresh_token(token(user, family)).await.unwrap());
    }
    let [first, second, nameless] = [sign_in(1, Some(11)), sign_in(1, Some(12)), sign_in(1, None)];
    let [disabled, changed] = [sign_in(2, Some(21)), sign_in(3, None)];
    let all = [first, second, nameless, disabled, changed];
    let ended = || async { shared(&theirs).ended_sign_ins(&all).await.unwrap() };
    assert_eq!(ended().await, []);
    ours.revoke_token_family(id(11)).await.unwrap();
    assert_eq!(ended().await, [first]);
    let disable = UserChange { disabled: Some(true), ..UserChange::default() };
    ours.change_user(OURS, id(2), disable).await.unwrap();
    assert_eq!(ended().await, [first, disabled]);
    ours.change_password(id(3), &user(3, OURS).password_hash, "new".into()).await.unwrap();
    assert_eq!(ended().await, [first, disabled, changed]);
    let strangers = [SignIn { company: THEIRS, ..second }, sign_in(9, None), SignIn { epoch: 1, ..changed }];
    assert_eq!(shared(&theirs).ended_sign_ins(&strangers).await.unwrap(), strangers[..2]);
    assert_eq!(shared(&theirs).ended_sign_ins(&[]).await.unwrap(), []);
}

pub async fn of_writers_on_two_nodes_exactly_one_wins_each_place(ours: Shared, theirs: Shared) {
    const LAST: u64 = 30;
    open(&ours, 1, 1).await;
    let writer = |number: u32| {
        let store = Arc::clone(if number.is_multiple_of(2) { &ours } else { &theirs });
        async move {
            let (mut next, mut won) = (3, Vec::new());
            while next <= LAST {
                match write(&store, vec![intended(next, u32::try_from(next).unwrap())]).await {
                    Ok(()) => {
                        won.push((next, node(&store)));
                        next += 1;
                    }
                    Err(StoreError::Conflict { expected, .. }) => next = expected,
                    Err(error) => panic!("{error}"),
                }
            }
            won
        }
    };
    let mut won: Vec<_> = at_once(8, writer).await.into_iter().flatten().collect();
    won.sort_unstable();
    assert_eq!(won.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), (3..=LAST).collect::<Vec<_>>());
    let hands = won.iter().map(|(seq, node)| (u32::try_from(*seq).unwrap(), *node));
    let hands: BTreeMap<u32, NodeId> = hands.collect();
    assert_eq!(hold(&ours).await, held_by(won.last().unwrap().1, hands));
}
