//! Agents: never promised twice, always given back.

use super::fixture::*;
use crate::{
    AgentSettingsChange, AgentStatus, Availability, ConversationChange, Freed, ProfileChange, ResultFigures,
    StoreError, User, UserRole,
};
use std::sync::Arc;
use tsunagu_call::{CallRecord, Status, UserId};

async fn status(store: &Shared, agent: UserId) -> AgentStatus {
    store.agent(OURS, agent).await.unwrap().unwrap().status.unwrap()
}

fn freed(talk_secs: u32) -> Freed {
    Freed { talk_secs, wrap_up_secs: 0, handled: true, now: NOW.plus_secs(300) }
}

pub async fn candidates_are_those_who_may_work_and_have_settings(store: Shared) {
    let candidate = agent(&store, 1).await;
    store.create_user(user(2, OURS)).await.unwrap();
    agent(&store, 3).await;
    store.update_user(User { disabled: true, ..user(3, OURS) }).await.unwrap();
    store.create_user(user(4, THEIRS)).await.unwrap();
    store.put_agent_settings(settings(4, THEIRS)).await.unwrap();
    let candidates = store.candidates(OURS).await.unwrap();
    assert_eq!(candidates.len(), 1);
    let found = &candidates[0];
    assert_eq!((found.user_id, found.last_name.as_str(), found.live_calls), (candidate, "佐藤", 0));
    assert_eq!(found.settings, Some(settings(1, OURS)));
    assert_eq!(found.status.as_ref().unwrap().status, Availability::Available);
    let team: Vec<_> = store.team(OURS).await.unwrap().into_iter().map(|member| member.user_id).collect();
    assert_eq!(team, [id(1), id(2), id(3)]);
}

pub async fn settings_are_replaced(store: Shared) {
    agent(&store, 1).await;
    let mut changed = settings(1, OURS);
    changed.conversation_settings.custom_templates.insert("greeting".into(), "もしもし、{{name}}です".into());
    changed.priority = 100;
    store.put_agent_settings(changed.clone()).await.unwrap();
    assert_eq!(store.agent(OURS, id(1)).await.unwrap().unwrap().settings, Some(changed));
}

pub async fn settings_and_status_are_for_the_companys_own_users(store: Shared) {
    agent(&store, 1).await;
    let refused =
        |error: StoreError| assert!(matches!(error, StoreError::NotFound { what: "user" }), "{error:?}");
    refused(store.put_agent_settings(settings(1, THEIRS)).await.unwrap_err());
    refused(store.put_agent_settings(settings(9, OURS)).await.unwrap_err());
    refused(store.set_agent_status(THEIRS, id(1), Availability::Busy, NOW).await.unwrap_err());
    refused(store.set_agent_status(OURS, id(9), Availability::Busy, NOW).await.unwrap_err());
    assert_eq!(store.agent(THEIRS, id(1)).await.unwrap(), None);
    assert_eq!(status(&store, id(1)).await.status, Availability::Available);
}

pub async fn of_many_reservers_one_gets_the_agent(store: Shared) {
    let agent = agent(&store, 1).await;
    for round in 0..10 {
        let now = NOW.plus_secs(60 * round);
        let reserver = |call: u32| {
            let store = Arc::clone(&store);
            async move { store.reserve_agent(agent, id(call), now.plus_secs(60), now).await.unwrap() }
        };
        let given = at_once(32, reserver).await;
        assert_eq!(given.iter().filter(|given| **given).count(), 1, "round {round}");
        let owner = given.iter().position(|given| *given).unwrap();
        let held = status(&store, agent).await.reservation.unwrap();
        assert_eq!((held.call_id, held.until), (id(u32::try_from(owner).unwrap()), now.plus_secs(60)));
    }
}

pub async fn a_reservation_is_renewed_taken_up_and_given_back(store: Shared) {
    let agent = agent(&store, 1).await;
    assert!(store.reserve_agent(agent, id(1), NOW.plus_secs(10), NOW).await.unwrap());
    assert!(store.reserve_agent(agent, id(1), NOW.plus_secs(20), NOW.plus_secs(5)).await.unwrap());
    assert!(!store.reserve_agent(agent, id(2), NOW.plus_secs(30), NOW.plus_secs(15)).await.unwrap());
    assert!(!store.seat_agent(agent, id(2), 1, NOW.plus_secs(15)).await.unwrap());
    assert!(!store.free_agent(agent, id(2), freed(0)).await.unwrap(), "it is not theirs to give back");
    assert!(store.seat_agent(agent, id(1), 12, NOW.plus_secs(15)).await.unwrap());
    let seated = status(&store, agent).await;
    assert_eq!((seated.status, seated.current_call_id), (Availability::OnCall, Some(id(1))));
    assert!(!store.reserve_agent(agent, id(2), NOW.plus_secs(90), NOW.plus_secs(60)).await.unwrap());
    assert!(store.free_agent(agent, id(1), freed(100)).await.unwrap());
    assert!(store.reserve_agent(agent, id(2), NOW.plus_secs(90), NOW.plus_secs(60)).await.unwrap());
    assert!(store.free_agent(agent, id(2), Freed { handled: false, ..freed(0) }).await.unwrap());
    let back = status(&store, agent).await;
    assert_eq!((back.status, back.reservation, back.total_calls_handled), (Availability::Available, None, 1));
    assert!(store.reserve_agent(agent, id(3), NOW.plus_secs(90), NOW.plus_secs(60)).await.unwrap());
    assert!(!store.withdraw_promise(agent, id(2)).await.unwrap(), "another call's");
    assert!(store.withdraw_promise(agent, id(3)).await.unwrap());
    assert!(!store.withdraw_promise(agent, id(3)).await.unwrap());
    let withdrawn = status(&store, agent).await;
    assert_eq!((withdrawn.reservation, withdrawn.freed_from), (None, Some(id(2))), "they were not on it");
}

pub async fn who_claims_a_call_is_promised_to_no_other(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    let until = NOW.plus_secs(60);
    assert!(store.claim_agent(id(1), id(1), until, NOW).await.unwrap(), "though never here");
    assert!(!store.claim_agent(id(1), id(2), until, NOW).await.unwrap());
    assert!(store.claim_agent(id(1), id(1), until, NOW).await.unwrap());
    assert_eq!(status(&store, id(1)).await.reservation.unwrap().call_id, id(1));
    assert!(store.seat_agent(id(1), id(1), 3, NOW).await.unwrap());
    assert!(store.free_agent(id(1), id(1), freed(60)).await.unwrap());
    let back = status(&store, id(1)).await;
    assert_eq!((back.status, back.total_calls_handled), (Availability::Offline, 1));
    assert!(!store.claim_agent(id(9), id(1), until, NOW).await.unwrap(), "a stranger");
}

pub async fn an_agent_is_freed_once(store: Shared) {
    let agent = agent(&store, 1).await;
    assert!(store.seat_agent(agent, id(1), 8, NOW).await.unwrap());
    let freer = |_| {
        let store = Arc::clone(&store);
        async move { store.free_agent(agent, id(1), freed(120)).await.unwrap() }
    };
    assert_eq!(at_once(16, freer).await.into_iter().filter(|changed| *changed).count(), 1);
    let back = status(&store, agent).await;
    assert_eq!(
        (back.total_calls_handled, back.total_call_duration, back.average_response_time),
        (1, 120, 8.0)
    );
    assert_eq!((back.status, back.last_activity), (Availability::Available, NOW.plus_secs(300)));
}

pub async fn who_was_given_back_is_not_seated_by_what_comes_late(store: Shared) {
    let agent = agent(&store, 1).await;
    assert!(store.reserve_agent(agent, id(1), NOW.plus_secs(60), NOW).await.unwrap());
    assert!(store.free_agent(agent, id(1), Freed { handled: false, ..freed(0) }).await.unwrap());
    assert!(!store.seat_agent(agent, id(1), 3, NOW).await.unwrap());
    let kept = status(&store, agent).await;
    assert_eq!((kept.status, kept.current_call_id), (Availability::Available, None));
    assert_eq!(kept.freed_from, Some(id(1)));
    assert!(store.reserve_agent(agent, id(1), NOW.plus_secs(60), NOW).await.unwrap());
    assert!(store.seat_agent(agent, id(1), 3, NOW).await.unwrap(), "promised anew");
    assert!(store.free_agent(agent, id(1), freed(10)).await.unwrap());
    assert!(store.seat_agent(agent, id(2), 3, NOW).await.unwrap(), "by another call");
}

pub async fn who_comes_back_does_what_they_did(store: Shared) {
    let agent = agent(&store, 1).await;
    store.set_agent_status(OURS, agent, Availability::Busy, NOW).await.unwrap();
    assert!(!store.come_back(agent, NOW).await.unwrap(), "they were not gone");
    let gone = |_| {
        let store = Arc::clone(&store);
        async move { store.take_for_gone(agent, NOW.plus_secs(1)).await.unwrap() }
    };
    assert_eq!(at_once(8, gone).await.into_iter().filter(|changed| *changed).count(), 1);
    let kept = status(&store, agent).await;
    assert_eq!((kept.status, kept.gone_from), (Availability::Offline, Some(Availability::Busy)));
    let back = |_| {
        let store = Arc::clone(&store);
        async move { store.come_back(agent, NOW.plus_secs(2)).await.unwrap() }
    };
    assert_eq!(at_once(8, back).await.into_iter().filter(|changed| *changed).count(), 1);
    let kept = status(&store, agent).await;
    assert_eq!((kept.status, kept.gone_from), (Availability::Busy, None));
    assert_eq!(kept.last_activity, NOW.plus_secs(2));
    // What is said meanwhile counts.
    assert!(store.take_for_gone(agent, NOW).await.unwrap());
    store.set_agent_status(OURS, agent, Availability::Available, NOW).await.unwrap();
    assert!(!store.come_back(agent, NOW).await.unwrap());
    // Who was never here, and who is nobody.
    store.create_user(user(2, OURS)).await.unwrap();
    for nobody in [id(2), id(9)] {
        assert!(
            !store.take_for_gone(nobody, NOW).await.unwrap() && !store.come_back(nobody, NOW).await.unwrap()
        );
    }
    assert_eq!(store.agent(OURS, id(2)).await.unwrap().unwrap().status, None);
}

pub async fn only_the_promises_that_are_over_are_released(store: Shared) {
    for number in 1..=3 {
        let agent = agent(&store, number).await;
        assert!(store.reserve_agent(agent, id(number), NOW.plus_secs(10 * number), NOW).await.unwrap());
    }
    assert_eq!(store.release_expired(NOW.plus_secs(9)).await.unwrap(), []);
    assert_eq!(store.release_expired(NOW.plus_secs(20)).await.unwrap(), [id(1), id(2)]);
    assert_eq!(store.release_expired(NOW.plus_secs(20)).await.unwrap(), []);
    assert_eq!(status(&store, id(1)).await.reservation, None);
    assert_eq!(status(&store, id(3)).await.reservation.unwrap().call_id, id(3));
}

pub async fn nobody_reserves_a_stranger(store: Shared) {
    assert!(!store.reserve_agent(id(9), id(1), NOW.plus_secs(10), NOW).await.unwrap());
    assert!(!store.seat_agent(id(9), id(1), 1, NOW).await.unwrap());
    store.create_user(user(1, OURS)).await.unwrap();
    assert!(!store.reserve_agent(id(1), id(1), NOW.plus_secs(10), NOW).await.unwrap(), "who was never here");
    assert!(store.seat_agent(id(1), id(1), 1, NOW).await.unwrap(), "but who picked up is here");
}

pub async fn live_calls_are_counted(store: Shared) {
    let agent = agent(&store, 1).await;
    for call in 1..=3 {
        let opened = open(&store, call, call).await;
        let theirs = CallRecord { assigned_agent: Some(agent), ..opened };
        store.commit(replacing(&theirs)).await.unwrap();
        if call == 3 {
            end(&store, &theirs).await;
        }
    }
    assert_eq!(store.agent(OURS, agent).await.unwrap().unwrap().live_calls, 2);
}

pub async fn settings_are_changed_by_many_at_once(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    let task = |number: u32| {
        let store = Arc::clone(&store);
        async move {
            let template = (number.to_string(), Some("はい".to_owned()));
            let conversation = ConversationChange {
                custom_templates: std::collections::BTreeMap::from([template]),
                ..ConversationChange::default()
            };
            let change = AgentSettingsChange { conversation, ..AgentSettingsChange::default() };
            store.change_agent_settings(OURS, id(1), change).await.unwrap()
        }
    };
    at_once(16, task).await;
    let kept = store.agent(OURS, id(1)).await.unwrap().unwrap().settings.unwrap();
    assert_eq!(kept.conversation_settings.custom_templates.len(), 16, "none undoes another");
    for (company, user) in [(THEIRS, id(1)), (OURS, id(9))] {
        let refused = store.change_agent_settings(company, user, AgentSettingsChange::default()).await;
        assert!(matches!(refused, Err(StoreError::NotFound { what: "user" })), "{refused:?}");
    }
}

pub async fn a_profile_is_changed(store: Shared) {
    for number in [1, 2] {
        store.create_user(user(number, OURS)).await.unwrap();
    }
    let change = ProfileChange {
        first_name: Some("次郎".into()),
        email: Some(" New@Example.jp".into()),
        phone: Some(Some("+81312345678".into())),
        ..ProfileChange::default()
    };
    let changed = store.change_profile(OURS, id(1), change.clone()).await.unwrap();
    assert_eq!((changed.first_name.as_str(), changed.last_name.as_str()), ("次郎", "佐藤"));
    assert_eq!((changed.email.as_str(), changed.role), ("new@example.jp", UserRole::Agent));
    assert_eq!(store.user_by_email("new@example.jp").await.unwrap(), Some(changed));
    let taken = store.change_profile(OURS, id(2), change.clone()).await;
    assert!(matches!(taken, Err(StoreError::Duplicate { field: "email", .. })), "{taken:?}");
    let stranger = store.change_profile(THEIRS, id(1), change).await;
    assert!(matches!(stranger, Err(StoreError::NotFound { what: "user" })), "{stranger:?}");
}

pub async fn results_are_counted(store: Shared) {
    for (call, agent, result, duration) in [
        (1, 1, Some("成功"), 60),
        (2, 1, Some("成功"), 30),
        (3, 1, None, 5),
        (4, 2, Some("成功"), 9),
        (5, 1, None, 7),
    ] {
        let opened = open(&store, call, call).await;
        let record = CallRecord {
            assigned_agent: Some(id(agent)),
            call_result: result.map(str::to_owned),
            duration,
            start_time: NOW.plus_secs(call),
            status: if call == 5 { Status::HumanConnected } else { Status::Completed },
            ..opened
        };
        store.commit(replacing(&record)).await.unwrap();
    }
    let figures = |result: Option<&str>, count, duration_secs| ResultFigures {
        result: result.map(str::to_owned),
        count,
        duration_secs,
    };
    let of = |from, to| store.agent_figures(OURS, id(1), from, to);
    assert_eq!(of(None, None).await.unwrap(), [figures(None, 1, 5), figures(Some("成功"), 2, 90)]);
    let some = of(Some(NOW.plus_secs(2)), Some(NOW.plus_secs(3))).await.unwrap();
    assert_eq!(some, [figures(Some("成功"), 1, 30)]);
    assert_eq!(store.agent_figures(THEIRS, id(1), None, None).await.unwrap(), []);
}
