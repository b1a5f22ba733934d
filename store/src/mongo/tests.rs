//! The rules of every backend, over MongoDB: the server that `TSUNAGU_TEST_MONGODB_URI` names. Each test has a database of its
//! own and drops it.

mod bounds;
mod earlier;
mod faults;
mod older;
mod restart;

use super::{MongoStore, deliveries::Bounds};
use crate::Store;
use mongodb::bson::oid::ObjectId;
use std::sync::Arc;

/// Where the server is. Without one the test says that it is skipped; where CI runs it fails.
pub(super) fn uri() -> Option<String> {
    let uri = std::env::var("TSUNAGU_TEST_MONGODB_URI").ok().filter(|uri| !uri.is_empty());
    if uri.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "TSUNAGU_TEST_MONGODB_URI is not set: `tests/run` starts an emulator, docs/mongodb.md says more"
        );
        eprintln!("skipped: TSUNAGU_TEST_MONGODB_URI is not set");
    }
    uri
}

/// The same with another database.
pub(super) fn with_database(uri: &str, name: &str) -> String {
    let (server, options) =
        uri.split_once('?').map_or((uri, String::new()), |(server, options)| (server, format!("?{options}")));
    let authority = server.find("://").map_or(0, |place| place + 3);
    let end = server[authority..].find('/').map_or(server.len(), |place| authority + place);
    format!("{}/{name}{options}", &server[..end])
}

/// A database that is dropped when the test is over.
pub(crate) struct Dropped {
    pub uri: String,
}

impl Dropped {
    pub fn new() -> Option<Self> {
        let name = format!("tsunagu_test_{}", ObjectId::new());
        Some(Self { uri: with_database(&uri()?, &name) })
    }
}

/// A store in one.
pub(super) struct Fresh {
    store: MongoStore,
    _dropped: Dropped,
}

impl Fresh {
    pub(super) async fn connect() -> Option<Self> {
        Self::within(Bounds::default()).await
    }

    pub(super) async fn within(bounds: Bounds) -> Option<Self> {
        let dropped = Dropped::new()?;
        let store = MongoStore::connect_within(&dropped.uri, bounds).await.unwrap();
        Some(Self { store, _dropped: dropped })
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let uri = self.uri.clone();
        // The test's runtime may be gone, or be busy with this very drop.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = mongodb::Client::with_uri_str(&uri).await.unwrap();
                client.default_database().unwrap().drop().await.unwrap();
            });
        });
        dropped.join().unwrap();
    }
}

crate::conformance_suite! { rules: {
    let Some(fresh) = Fresh::connect().await else { return };
    let store: Arc<dyn Store> = Arc::new(fresh.store.clone());
    (store, fresh)
}}

crate::sharing_suite! {{
    let Some(fresh) = Fresh::connect().await else { return };
    let theirs = with_database(&uri().unwrap(), fresh.store.database.name());
    let ours: Arc<dyn Store> = Arc::new(fresh.store.clone());
    let theirs: Arc<dyn Store> = Arc::new(MongoStore::connect(&theirs).await.unwrap());
    (ours, theirs, fresh)
}}

// So many deliveries take a real server a second, and the emulator many minutes: see [`bounds`] for the same with few.
crate::conformance_suite! { load: {
    if std::env::var("TSUNAGU_TEST_MONGODB_EMULATED").as_deref() == Ok("true") {
        eprintln!("skipped: the emulator is too slow for thousands of deliveries");
        return;
    }
    let Some(fresh) = Fresh::connect().await else { return };
    let store: Arc<dyn Store> = Arc::new(fresh.store.clone());
    (store, fresh)
}}
