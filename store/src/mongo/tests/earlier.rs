//! What an earlier version of this server left in the database.

use super::{Fresh, uri, with_database};
use crate::{
    CallFilter, CallStore, CustomerStore,
    conformance::fixture::{OURS, customer, id, opening, replacing},
    mongo::{MongoStore, form},
};
use mongodb::bson::{Bson, Document, doc};
use tsunagu_call::{CallRecord, Status, TranscriptLine};

/// How many calls there are: most of them are over, and on most of these something was said.
const CALLS: u32 = 12;

/// A database as the version before wrote it, which did not keep what was said.
async fn left_behind() -> Option<Fresh> {
    let fresh = Fresh::connect().await?;
    let store = &fresh.store;
    for number in 1..=CALLS {
        store.create_customer(customer(number, OURS, "山田")).await.unwrap();
        let opening = opening(number, number);
        let record = opening.record.clone();
        store.open_call(opening).await.unwrap();
        let line = |speaker: &str| -> TranscriptLine {
            let message = if number == 2 { "。。" } else { "お見積りを、ください" };
            serde_json::from_value(serde_json::json!({
                "timestamp": record.start_time, "speaker": speaker, "message": message,
            }))
            .unwrap()
        };
        let speaker = if number == 3 { "ai" } else { "customer" };
        let status = if number == 4 { Status::AiResponding } else { Status::Completed };
        let over = CallRecord { status, transcript: vec![line(speaker)], ..record };
        store.commit(replacing(&over)).await.unwrap();
    }
    documents(store).update_many(doc! {}, doc! { "$unset": { "tsunagu.said": "" } }).await.unwrap();
    let first = doc! { "$set": { "version": 1_i64 }, "$unset": { "filledTo": "" } };
    notes(store).update_one(doc! { "_id": "adopted" }, first).await.unwrap();
    Some(fresh)
}

fn documents(store: &MongoStore) -> mongodb::Collection<Document> {
    store.database.collection("callsessions")
}

fn notes(store: &MongoStore) -> mongodb::Collection<Document> {
    store.database.collection("tsunagu")
}

async fn found(store: &MongoStore) -> Vec<u32> {
    let filter = CallFilter { said: Some("見積りをくだ".into()), ..CallFilter::default() };
    let lines = store.calls_after(OURS, &filter, None, 99).await.unwrap();
    let number = |bytes: [u8; 12]| u32::from_be_bytes(*bytes.last_chunk().unwrap());
    let mut found: Vec<u32> = lines.into_iter().map(|(call, _)| number(call.id.bytes())).collect();
    found.sort_unstable();
    found
}

async fn version(store: &MongoStore) -> i64 {
    let note = notes(store).find_one(doc! { "_id": "adopted" }).await.unwrap().unwrap();
    form::number_at(&note, "version")
}

async fn rev(store: &MongoStore) -> i64 {
    let first =
        documents(store).find_one(doc! { "_id": form::id::<CallRecord>(id(1)) }).await.unwrap().unwrap();
    form::number_at(first.get_document("tsunagu").unwrap(), "rev")
}

/// The calls on which somebody of flesh and blood said something, and that are over.
fn all() -> Vec<u32> {
    (1..=CALLS).filter(|number| !(2..=4).contains(number)).collect()
}

#[tokio::test]
async fn what_was_said_is_found_after_the_next_start() {
    let Some(fresh) = left_behind().await else { return };
    assert_eq!((found(&fresh.store).await, version(&fresh.store).await), (vec![], 1));
    let before = rev(&fresh.store).await;
    let again = with_database(&uri().unwrap(), fresh.store.database.name());
    let store = MongoStore::connect(&again).await.unwrap();
    assert_eq!((found(&store).await, version(&store).await), (all(), 2));
    assert!(rev(&store).await > before, "who read it before decides anew");
}

#[tokio::test]
async fn it_is_filled_in_step_by_step_and_goes_on_where_it_came_to() {
    let Some(fresh) = left_behind().await else { return };
    let store = &fresh.store;
    assert!(!store.fill_in_steps(2, 3).await.unwrap());
    assert_eq!(found(store).await, [1, 5, 6]);
    // What somebody took away behind it is not looked for again.
    let which = doc! { "_id": form::id::<CallRecord>(id(5)) };
    documents(store).update_one(which, doc! { "$unset": { "tsunagu.said": "" } }).await.unwrap();
    let (one, other) = tokio::join!(store.fill_in_steps(9, 3), store.fill_in_steps(9, 3));
    assert!(one.unwrap() && other.unwrap());
    assert_eq!((found(store).await, version(store).await), ([&[1, 6], &all()[3..]].concat(), 2));
}

#[tokio::test]
async fn the_rest_is_filled_in_while_the_server_runs() {
    let Some(fresh) = left_behind().await else { return };
    // A call that cannot be read holds nobody up.
    let broken = doc! { "$set": { "status": Bson::from("?") } };
    let which = doc! { "_id": form::id::<CallRecord>(id(7)) };
    documents(&fresh.store).update_one(which.clone(), broken).await.unwrap();
    fresh.store.go_on(5).await;
    let mended = doc! { "$set": { "status": Bson::from("completed") } };
    documents(&fresh.store).update_one(which, mended).await.unwrap();
    let expected: Vec<u32> = all().into_iter().filter(|number| *number != 7).collect();
    assert_eq!((found(&fresh.store).await, version(&fresh.store).await), (expected, 2));
}
