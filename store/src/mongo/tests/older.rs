//! What an older server left in the database.

use super::{Fresh, uri, with_database};
use crate::{
    AgentStore, Availability, CallFilter, CallStore, Commit, CompanyStore, CustomerChange, CustomerFilter,
    CustomerStore, Grouping, Hold, Opening, Paging, SharedStore, SignIn, StatisticsFilter, Store, StoreError,
    UserFilter, UserRole, UserStore,
    conformance::fixture::{NOW, OURS, id, open, opening},
    mongo::{MongoStore, form},
};
use mongodb::bson::{Bson, Document, doc};
use std::sync::Arc;
use tsunagu_call::{CallId, CompanyId, CustomerId, DocumentId, Status, UserId};

const COMPANY: CompanyId = OURS;

/// A database as Mongoose leaves it: no field of ours, nulls, numbers as doubles, fields that nobody knows here.
async fn left_behind() -> Option<(Fresh, MongoStore)> {
    let fresh = Fresh::connect().await?;
    let database = &fresh.store.database;
    let at = |secs| form::time(NOW.plus_secs(secs));
    let stamps = || doc! { "createdAt": at(0), "updatedAt": at(1), "__v": 0 };
    let insert = async |collection: &str, mut document: Document| {
        document.extend(stamps());
        database.collection::<Document>(collection).insert_one(document).await.unwrap();
    };
    let (user, customer, call): (UserId, CustomerId, CallId) = (id(1), id(1), id(1));
    insert("companies", doc! { "_id": form::id(COMPANY), "name": "青空商事", "employees": 50.0 }).await;
    insert(
        "users",
        doc! {
            "_id": form::id(user), "companyId": form::id(COMPANY), "email": "Hanako@Example.jp",
            "password": "$2b$10$x", "firstName": "花子", "lastName": null, "role": "user",
        },
    )
    .await;
    insert(
        "customers",
        doc! {
            "_id": form::id(customer), "companyId": form::id(COMPANY), "name": "ヤマダ", "phone": "+819012345678",
            "notes": null, "doNotCall": null, "tags": ["vip"],
        },
    )
    .await;
    insert(
        "customers",
        doc! {
            "_id": form::id(id::<tsunagu_call::Time>(2)), "companyId": form::id(COMPANY), "name": "同じ番号",
            "phone": "+819012345678",
        },
    )
    .await;
    insert(
        "agentsettings",
        doc! { "_id": form::id(id::<tsunagu_call::Time>(7)), "userId": form::id(user), "companyId": form::id(COMPANY),
        "phoneNumber": "+81312345678", "conversationSettings": { "companyName": "青空", "serviceName": null } },
    )
    .await;
    insert(
        "agentstatuses",
        doc! { "userId": form::id(user), "companyId": form::id(COMPANY), "status": "available",
        "currentCallId": null, "lastActivity": at(0), "totalCallsHandled": 3.0, "averageResponseTime": 4.5 },
    )
    .await;
    insert(
        "callsessions",
        doc! {
            "_id": form::id(call), "companyId": form::id(COMPANY), "customerId": form::id(customer),
            "phoneNumber": "+819012345678", "status": "completed", "startTime": at(0), "answeredTime": at(5),
            "endTime": at(65), "duration": 60.0, "callResult": "成功", "assignedAgent": form::id(user),
            "notes": "来週　また", "transcript": [
                { "timestamp": at(6), "speaker": "ai", "message": "もしもし", "confidence": null, "_id": form::id(call) },
            ],
        },
    )
    .await;
    insert(
        "callsessions",
        doc! {
            "_id": form::id(id::<tsunagu_call::Time>(2)), "companyId": form::id(COMPANY), "customerId": form::id(customer),
            "phoneNumber": "+819012345678", "status": "ai-responding", "startTime": at(100),
        },
    )
    .await;
    // As if this server came to it for the first time.
    database.collection::<Document>("tsunagu").delete_many(doc! {}).await.unwrap();
    let uri = with_database(&uri().unwrap(), database.name());
    let store = MongoStore::connect(&uri).await.unwrap();
    Some((fresh, store))
}

#[tokio::test]
async fn people_of_an_older_server_go_on() {
    let Some((fresh, store)) = left_behind().await else { return };
    assert_eq!(store.company(COMPANY).await.unwrap().unwrap().employees.as_deref(), Some("50"));
    let user = store.user_by_email("hanako@example.jp").await.unwrap().unwrap();
    assert_eq!(
        (user.role, user.last_name.as_str(), user.password_hash.as_str()),
        (UserRole::Agent, "", "$2b$10$x")
    );
    let agents = UserFilter { role: Some(UserRole::Agent), disabled: Some(false) };
    assert_eq!(store.list_users(COMPANY, agents, Paging::default()).await.unwrap().total, 1);
    let changed = store.change_password(user.id, "$2b$10$x", "new".into()).await.unwrap();
    assert_eq!(store.find_user(user.id).await.unwrap(), Some(changed));
    let stored = fresh.store.database.collection::<Document>("users");
    let stored = stored.find_one(doc! { "_id": form::id(user.id) }).await.unwrap().unwrap();
    assert!(!stored.contains_key("password"), "no older hash is left behind");
    let agent = store.candidates(COMPANY).await.unwrap().pop().unwrap();
    assert_eq!(agent.settings.unwrap().conversation_settings.company_name, "青空");
    assert_eq!(agent.status.as_ref().unwrap().total_calls_handled, 3);
    assert!(store.reserve_agent(user.id, id(9), NOW.plus_secs(9), NOW).await.unwrap());
    assert!(!store.reserve_agent(user.id, id(8), NOW.plus_secs(9), NOW).await.unwrap());
    let status = store.set_agent_status(COMPANY, user.id, Availability::Busy, NOW).await.unwrap();
    assert_eq!(status.average_response_time, 4.5);
}

#[tokio::test]
async fn customers_of_an_older_server_are_found_and_changed() {
    let Some((fresh, store)) = left_behind().await else { return };
    let filter =
        CustomerFilter { search: Some("やまだ".into()), do_not_call: Some(false), ..Default::default() };
    let found = store.customers(COMPANY, &filter, Paging::default()).await.unwrap();
    assert_eq!((found.total, found.items[0].id), (1, id(1)));
    let change = CustomerChange { notes: Some(Some("メモ".into())), ..CustomerChange::default() };
    store.change_customer(COMPANY, id(1), change).await.unwrap();
    let stored = fresh.store.database.collection::<Document>("customers");
    let stored = stored.find_one(doc! { "_id": form::id(id::<CallId>(1)) }).await.unwrap().unwrap();
    assert_eq!(
        stored.get_array("tags").unwrap(),
        &[Bson::from("vip")],
        "what is not known here is left alone"
    );
    // Of two with one number one is found by it; the other is still there, and the number stays taken.
    assert_eq!(store.customer_by_phone(COMPANY, "+819012345678").await.unwrap().unwrap().id, id(1));
    assert_eq!(store.customer(COMPANY, id(2)).await.unwrap().unwrap().name, "同じ番号");
    assert_eq!(
        store.customers(COMPANY, &CustomerFilter::default(), Paging::default()).await.unwrap().total,
        2
    );
}

/// One that wrote journals already, and knew of no nodes.
#[tokio::test]
async fn a_call_that_nobody_owns_is_adopted_once() {
    let Some(fresh) = Fresh::connect().await else { return };
    let (store, database) = (&fresh.store, &fresh.store.database);
    let theirs = MongoStore::connect(&with_database(&uri().unwrap(), database.name())).await.unwrap();
    let opener: Arc<dyn Store> = Arc::new(store.clone());
    open(&opener, 1, 1).await;
    let calls = database.collection::<Document>("callsessions");
    let ownerless = doc! { "$unset": { "tsunagu.owner": "", "tsunagu.hands": "" } };
    calls.update_one(doc! {}, ownerless).await.unwrap();
    let call = id(1);
    let held = store.held_call(call).await.unwrap().unwrap();
    assert_eq!(held.hold, Hold::default());
    let wanted = [1, 2].into();
    assert!(!store.adopt_call(call, held.next + 1, &wanted).await.unwrap(), "its journal is not so far");
    let (one, other) =
        tokio::join!(store.adopt_call(call, held.next, &wanted), theirs.adopt_call(call, held.next, &wanted));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert!(one != other, "one of them did");
    let node = if one { store.node() } else { theirs.node() };
    assert_eq!(store.held_call(call).await.unwrap().unwrap().hold, Hold::all_of(node, &wanted));
}

#[tokio::test]
async fn calls_of_an_older_server_are_history() {
    let Some((_fresh, store)) = left_behind().await else { return };
    let record = store.call(COMPANY, id(1)).await.unwrap().unwrap();
    assert_eq!((record.status, record.duration, record.transcript.len()), (Status::Completed, 60, 1));
    for search in ["またラ", "やまだ", "来週また"] {
        let filter =
            CallFilter { search: Some(search.into()), status: Some(Status::Completed), ..Default::default() };
        let found = store.calls(COMPANY, &filter, Paging::default()).await.unwrap().total;
        assert_eq!(found, u64::from(search != "またラ"), "{search}");
    }
    let figures =
        store.call_statistics(COMPANY, StatisticsFilter::default(), Grouping::Agents).await.unwrap();
    assert_eq!((figures.all.calls, figures.all.successful, figures.all.seconds), (2, 1, 60));
    assert_eq!(store.journal(id(1), 0, 9).await.unwrap(), []);
    assert_eq!(store.live_calls().await.unwrap(), [], "nobody can go on with a call that has no journal");
    let next = Opening { record: crate::conformance::fixture::record(3, COMPANY, 1), ..opening(3, 1) };
    store.open_call(next).await.unwrap();
    let second = store.open_call(opening(4, 1)).await;
    assert!(matches!(second, Err(StoreError::CustomerBusy { call }) if call == id(3)), "{second:?}");
}

#[tokio::test]
async fn a_call_that_cannot_be_read_hides_no_other() {
    let Some((fresh, store)) = left_behind().await else { return };
    let calls = fresh.store.database.collection::<Document>("callsessions");
    for (number, status, secs) in [(5, "completed", 300), (6, "ringing", 200), (7, "queued", 50)] {
        let call: CallId = id(number);
        let without_number = doc! {
            "_id": form::id(call), "companyId": form::id(COMPANY), "customerId": form::id(id::<CustomerId>(1)),
            "status": status, "startTime": form::time(NOW.plus_secs(secs)),
        };
        calls.insert_one(without_number).await.unwrap();
    }
    let everything = CallFilter::default();
    let page = store.calls(COMPANY, &everything, Paging::default()).await.unwrap();
    let shown: Vec<CallId> = page.items.iter().map(|record| record.id).collect();
    assert_eq!((page.total, shown), (5, vec![id(5), id(2), id(1)]));
    assert_eq!(page.items[0].phone_number, "");
    // A piece that is short is the last one.
    let lines = store.calls_after(COMPANY, &everything, None, 3).await.unwrap();
    let listed: Vec<CallId> = lines.iter().map(|(call, _)| call.id).collect();
    assert_eq!((lines.len(), listed), (3, vec![id(5), id(2), id(1)]));
    let one = store.call(COMPANY, id(6)).await;
    assert!(matches!(one, Err(StoreError::Corrupt { .. })), "{one:?}");
}

#[tokio::test]
async fn who_signed_out_is_known_though_the_token_cannot_be_read() {
    let Some((fresh, store)) = left_behind().await else { return };
    let family: DocumentId = id(3);
    let broken = doc! { "_id": "hash", "family": form::id(family), "revoked": true };
    fresh.store.database.collection::<Document>("refreshtokens").insert_one(broken).await.unwrap();
    let signed_out = SignIn { company: COMPANY, user: id(1), epoch: 0, family: Some(family) };
    let another = SignIn { family: None, ..signed_out };
    assert_eq!(store.ended_sign_ins(&[signed_out, another]).await.unwrap(), [signed_out]);
}

#[tokio::test]
async fn notes_are_written_on_a_call_without_a_journal() {
    let Some((fresh, store)) = left_behind().await else { return };
    let mut record = store.call(COMPANY, id(1)).await.unwrap().unwrap();
    record.notes = Some("解約の相談".into());
    let commit = Commit { call: record.id, entries: Vec::new(), record: Some(Box::new(record.clone())) };
    store.commit(commit).await.unwrap();
    assert_eq!(store.call(COMPANY, id(1)).await.unwrap(), Some(record));
    assert_eq!(store.journal(id(1), 0, 9).await.unwrap(), []);
    let filter = CallFilter { search: Some("相談".into()), ..Default::default() };
    assert_eq!(store.calls(COMPANY, &filter, Paging::default()).await.unwrap().total, 1);
    store.close().await.unwrap();
    let pieces = fresh.store.database.collection::<Document>("callevents");
    assert_eq!(pieces.count_documents(doc! {}).await.unwrap(), 0, "no journal was begun");
}
