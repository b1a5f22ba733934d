//! How the server is reached: what an operator may set in the URI, and what is set here where they did not.

use super::failure;
use crate::StoreError;
use mongodb::{
    Client, Database,
    error::ErrorKind,
    options::{Acknowledgment, ClientOptions, WriteConcern},
};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

/// The database where the URI names none.
const DATABASE: &str = "tsunagu";
/// How long to look for a server that takes writes, before what was asked for fails.
const SELECTION: Duration = Duration::from_secs(5);
/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long a majority may take to confirm a write.
const CONFIRMING: Duration = Duration::from_secs(10);
/// How many connections there are at most: more than that many requests at once wait for one.
const CONNECTIONS: u32 = 64;
/// After how long a connection that nobody uses is let go of.
const IDLE: Duration = Duration::from_secs(300);

/// How many threads the driver has. It watches the servers and reads from its connections on them, whoever waits for the answer:
/// a store that lived on the threads of those who ask would end with the first of them.
const THREADS: usize = 2;

/// The driver's threads.
pub struct Threads(Option<Runtime>);

impl Threads {
    pub fn start() -> Result<(Self, Handle), StoreError> {
        let runtime =
            Builder::new_multi_thread().worker_threads(THREADS).thread_name("mongodb").enable_all().build();
        let runtime =
            runtime.map_err(|error| StoreError::unavailable("its threads could not be started", error))?;
        let handle = runtime.handle().clone();
        Ok((Self(Some(runtime)), handle))
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Connects.
pub async fn connect(uri: &str) -> Result<(Client, Database), StoreError> {
    let mut options = ClientOptions::parse(uri).await.map_err(|error| match error.kind.as_ref() {
        // What the driver says of it might repeat a part of it, such as the password.
        ErrorKind::InvalidArgument { .. } => {
            StoreError::Invalid { reason: "MONGODB_URI is not written as MongoDB's connection strings are" }
        }
        _ => failure::named(error),
    })?;
    options.app_name.get_or_insert_with(|| "tsunagu".to_owned());
    options.server_selection_timeout.get_or_insert(SELECTION);
    options.connect_timeout.get_or_insert(CONNECTING);
    options.max_pool_size.get_or_insert(CONNECTIONS);
    options.max_idle_time.get_or_insert(IDLE);
    // What is answered is durable: a majority has it, in its journal.
    let confirmed = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).w_timeout(CONFIRMING);
    options.write_concern = Some(confirmed.build());
    // Whatever is decided was read from the primary; a standalone server is one.
    options.selection_criteria = None;
    let client = Client::with_options(options).map_err(failure::named)?;
    let database = client.default_database().unwrap_or_else(|| client.database(DATABASE));
    Ok((client, database))
}
