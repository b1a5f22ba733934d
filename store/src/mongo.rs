//! The store in MongoDB.
//!
//! *Every rule stands in one document or in one unique index.* A change compares the document as it was seen and sets what
//! differs; what must be there once is a unique index; nothing needs a transaction, so a standalone server will do, and several
//! processes may share a database. How each rule is carried is told where it is: [`calls`] and [`journal`] for the journal,
//! [`agents`] for promises, [`guard`] for a company's last admin, [`listing`] and [`campaigns`] for lists, [`outbox`] for events.

mod adoption;
mod agents;
mod archive;
mod callbacks;
mod calls;
mod campaign_entries;
mod campaigns;
mod census;
mod commit;
mod companies;
mod connection;
mod customers;
mod deliveries;
mod earlier;
mod entering;
mod failure;
mod filling;
mod form;
mod guard;
mod history;
mod imports;
mod indices;
mod invitations;
mod journal;
mod listing;
mod nodes;
mod opening;
mod outbox;
mod patience;
mod search;
mod shelf;
mod statistics;
mod tokens;
mod turns;
mod users;
mod webhooks;

#[cfg(test)]
pub(crate) mod tests;

use crate::{
    AgentSettings, AgentStatus, Callback, Campaign, Census, Company, Customer, Delivery, Invitation,
    RefreshToken, SharedStore, Store, StoreError, User, Webhook,
};
use async_trait::async_trait;
use mongodb::{
    Client, Database,
    bson::{doc, oid::ObjectId},
};
use patience::Asked;
use shelf::Shelf;
use std::{
    fmt,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::runtime::Handle;
use tsunagu_call::{CallRecord, NodeId, Time, campaign::CampaignEntry};

/// The store in MongoDB. Cloning it is cheap and gives the same store.
#[derive(Clone)]
pub struct MongoStore(Arc<Room>);

/// Everything that the parts of the store share.
pub struct Room {
    client: Client,
    database: Database,
    /// This process, among those that share the database.
    node: NodeId,
    /// Where commits are worked on, whether somebody waits for them or not.
    runtime: Handle,
    _threads: connection::Threads,
    closed: Arc<AtomicBool>,
    turns: turns::Turns,
    listed: outbox::Listed,
    bounds: deliveries::Bounds,
    calls: Shelf<CallRecord>,
    pieces: Shelf<journal::Piece>,
    callbacks: Shelf<Callback>,
    campaigns: Shelf<Campaign>,
    entries: Shelf<CampaignEntry>,
    settings: Shelf<AgentSettings>,
    statuses: Shelf<AgentStatus>,
    companies: Shelf<Company>,
    users: Shelf<User>,
    guards: Shelf<guard::Guard>,
    customers: Shelf<Customer>,
    imports: Shelf<imports::KeptImport>,
    tokens: Shelf<RefreshToken>,
    invitations: Shelf<Invitation>,
    webhooks: Shelf<Webhook>,
    deliveries: Shelf<Delivery>,
}

impl MongoStore {
    /// Connects to the database that the URI names (`mongodb://…/name`; `tsunagu` when it names none), makes the indices that
    /// are missing, and adopts what an older server left there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with what to look at.
    pub async fn connect(uri: &str) -> Result<Self, StoreError> {
        Self::connect_within(uri, deliveries::Bounds::default()).await
    }

    async fn connect_within(uri: &str, bounds: deliveries::Bounds) -> Result<Self, StoreError> {
        let store = Self::reach(uri, bounds).await?;
        filling::refuse_if_filling(&store.database).await?;
        store.prepare().await?;
        Ok(store)
    }

    /// Makes the indices that are missing, adopts what an older server left, and fills in what earlier versions did not write.
    async fn prepare(&self) -> Result<(), StoreError> {
        indices::ensure(&self.database).await?;
        self.adopt().await?;
        self.fill_in().await
    }

    async fn reach(uri: &str, bounds: deliveries::Bounds) -> Result<Self, StoreError> {
        let (threads, runtime) = connection::Threads::start()?;
        let uri = uri.to_owned();
        let connecting = runtime.spawn(async move { connection::connect(&uri).await });
        let (client, database) = connecting
            .await
            .map_err(|error| StoreError::unavailable("it could not be connected", error))??;
        let closed = Arc::new(AtomicBool::new(false));
        Ok(Self(Arc::new(Room {
            runtime,
            _threads: threads,
            turns: turns::Turns::new(),
            listed: outbox::Listed::default(),
            bounds,
            calls: Shelf::of(&database, &closed),
            pieces: Shelf::of(&database, &closed),
            callbacks: Shelf::of(&database, &closed),
            campaigns: Shelf::of(&database, &closed),
            entries: Shelf::of(&database, &closed),
            settings: Shelf::of(&database, &closed),
            statuses: Shelf::of(&database, &closed),
            companies: Shelf::of(&database, &closed),
            users: Shelf::of(&database, &closed),
            guards: Shelf::of(&database, &closed),
            customers: Shelf::of(&database, &closed),
            imports: Shelf::of(&database, &closed),
            tokens: Shelf::of(&database, &closed),
            invitations: Shelf::of(&database, &closed),
            webhooks: Shelf::of(&database, &closed),
            deliveries: Shelf::of(&database, &closed),
            client,
            database,
            node: NodeId::from_bytes(ObjectId::new().bytes()),
            closed,
        })))
    }
}

#[async_trait]
impl Store for MongoStore {
    async fn check(&self) -> Result<(), StoreError> {
        self.calls.open()?;
        let hello =
            self.database.run_command(doc! { "hello": 1 }).answered().await.map_err(failure::named)?;
        match hello.get_bool("isWritablePrimary") {
            Ok(false) => Err(StoreError::Unavailable {
                reason: "the MongoDB server at MONGODB_URI takes no writes: it is no primary",
                source: None,
            }),
            _ => Ok(()),
        }
    }

    async fn census(&self, now: Time) -> Result<Census, StoreError> {
        self.count_all(now).await
    }

    fn shared(&self) -> Option<&dyn SharedStore> {
        Some(self)
    }

    async fn close(&self) -> Result<(), StoreError> {
        if !self.closed.load(Ordering::Acquire) {
            self.turns.finish().await;
            self.closed.store(true, Ordering::Release);
            self.client.clone().shutdown().await;
        }
        Ok(())
    }
}

impl Deref for MongoStore {
    type Target = Room;

    fn deref(&self) -> &Room {
        &self.0
    }
}

impl fmt::Debug for MongoStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MongoStore").field("database", &self.database.name()).finish_non_exhaustive()
    }
}
