//! A promise to ring back is kept with the moment that was named.

use crate::world::{COMPANY, World};
use tsunagu_call::{CallId, Input, Utterance};
use tsunagu_store::{CallStore, Callback, CallbackFilter, CallbackStore, Commit, Paging};

async fn kept(world: &World) -> Vec<Callback> {
    world.rest().await;
    let filter = CallbackFilter::default();
    world.store.memory.callbacks(COMPANY, &filter, Paging::default()).await.unwrap().items
}

async fn asks_when(world: &World) -> CallId {
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    world.says(call, "担当は外出中ですがどういったご用件でしょうか").await;
    call
}

#[actix::test]
async fn the_time_that_the_customer_names_is_when_it_is_due() {
    let world = World::new(1).await;
    let call = asks_when(&world).await;
    world.says(call, "三時ごろには戻ります").await;
    let kept = kept(&world).await;
    let [callback] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((callback.call_id, callback.words.as_deref()), (call, Some("三時ごろ")));
    // Ten in the morning in Tokyo: three is this afternoon.
    assert_eq!(callback.due_at, Some("2026-11-20T06:00:00Z".parse().unwrap()));
    world.end().await;
}

#[actix::test]
async fn a_promise_outlasts_a_store_that_is_away() {
    let world = World::new(1).await;
    let call = asks_when(&world).await;
    world.store.fail_callbacks(12);
    let said_at = world.clock.now();
    world.says(call, "三時ごろには戻ります").await;
    world.wait(20).await;
    assert_eq!(kept(&world).await, [], "the store is away");
    world.wait(60).await;
    let kept = kept(&world).await;
    let [callback] = kept.as_slice() else { panic!("{kept:?}") };
    assert!(callback.created_at < said_at.plus_secs(5), "it is dated as it was said: {callback:?}");
    world.end().await;
}

#[actix::test]
async fn a_promise_that_could_not_be_kept_is_kept_by_whoever_takes_the_call_up() {
    let mut world = World::new(1).await;
    let call = asks_when(&world).await;
    world.store.fail_callbacks(u32::MAX);
    world.says(call, "三時ごろには戻ります").await;
    world.wait(30 * 60).await;
    world.store.fail_callbacks(0);
    world.wait(60).await;
    assert_eq!(kept(&world).await, [], "this server has given up");
    world.restart().await;
    world.board.recover().await.unwrap();
    assert_eq!(kept(&world).await.len(), 1);
    world.end().await;
}

/// The server went down between the promise and its keeping, and came up the next day.
#[actix::test]
async fn words_count_from_when_they_were_said() {
    let mut world = World::new(1).await;
    let call = asks_when(&world).await;
    world.board.put_down().await;
    let journal = world.journal(call).await;
    let state = tsunagu_call::Call::rebuild(call, &journal).unwrap();
    let utterance = Utterance::Words { text: "三時ごろには戻ります".into(), confidence: Some(0.9) };
    let step = state
        .step(Input::CustomerSays { turn: None, utterance }, &world.board.ports().engine, world.clock.now())
        .unwrap();
    let said_at = world.clock.now();
    world.store.memory.commit(Commit { call, entries: step.entries, record: None }).await.unwrap();
    tokio::time::advance(std::time::Duration::from_secs(86_400)).await;
    world.restart().await;
    world.board.recover().await.unwrap();
    let kept = kept(&world).await;
    let [callback] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!(
        (callback.created_at, callback.due_at),
        (said_at, Some("2026-11-20T06:00:00Z".parse().unwrap()))
    );
    world.wait(120).await;
    world.end().await;
}
