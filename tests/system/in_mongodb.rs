//! Whole calls with everything kept in MongoDB, on the server that `TSUNAGU_TEST_MONGODB_URI` names: as `tests/run` starts one.

mod balancer;
mod calls;
mod figures;
mod migrate;
#[path = "../../exchange/tests/nats/server.rs"]
mod nats;
mod nodes;
mod outage;
mod proxy;
mod rolling;

use mongodb::{Client, bson::oid::ObjectId};

/// A database of a test's own, dropped when the test is over.
pub struct Database {
    pub uri: String,
}

impl Database {
    /// Nothing where no server is named: then a test says that it is skipped, and fails where CI runs it.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests wants to know")]
    pub fn new() -> Option<Self> {
        let Some(server) = server() else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "TSUNAGU_TEST_MONGODB_URI is not set");
            eprintln!("skipped: TSUNAGU_TEST_MONGODB_URI is not set");
            return None;
        };
        Some(Self { uri: with_database(&server, &format!("tsunagu_test_{}", ObjectId::new())) })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let uri = self.uri.clone();
        // The test's runtime may be gone, or be busy with this very drop.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = Client::with_uri_str(&uri).await.unwrap();
                client.default_database().unwrap().drop().await.unwrap();
            });
        });
        dropped.join().unwrap();
    }
}

fn server() -> Option<String> {
    std::env::var("TSUNAGU_TEST_MONGODB_URI").ok().filter(|uri| !uri.is_empty())
}

/// The URI in its parts: what stands before the hosts, the hosts, and the options with their question mark.
fn parts(uri: &str) -> (&str, &str, &str) {
    let begin = uri.find("://").map_or(0, |place| place + 3);
    let rest = &uri[begin..];
    let options = rest.find('?').map_or("", |place| &rest[place..]);
    let hosts = rest.split(['/', '?']).next().unwrap();
    (&uri[..begin], hosts, options)
}

fn with_database(uri: &str, name: &str) -> String {
    let (scheme, hosts, options) = parts(uri);
    format!("{scheme}{hosts}/{name}{options}")
}
