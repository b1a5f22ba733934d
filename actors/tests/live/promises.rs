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
