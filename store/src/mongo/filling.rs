//! A database that data are being moved into. A note says so until all are there, and no server uses it before.

use super::{MongoStore, failure, patience::Asked};
use crate::StoreError;
use mongodb::{
    Database,
    bson::{Document, doc},
};

/// Where it is noted.
const NOTES: &str = "tsunagu";
const NOTE: &str = "filling";
/// What may stand in a database that counts as empty: notes of our own, and who holds what at a moment.
const OWN: [&str; 3] = [NOTES, "adminguards", "nodes"];

impl MongoStore {
    /// Connects to a database that data are moved into: an empty one, or one in which that was begun before. Until
    /// [`Self::filled`] no server can be connected to it.
    ///
    /// # Errors
    /// As of [`Self::connect`]; [`StoreError::Invalid`] when it holds data of its own.
    pub async fn connect_to_fill(uri: &str) -> Result<Self, StoreError> {
        let store = Self::reach(uri, super::deliveries::Bounds::default()).await?;
        if !is_being_filled(&store.database).await? {
            if !is_empty(&store.database).await? {
                return Err(StoreError::Invalid {
                    reason: "the database in MONGODB_URI holds data already: name an empty one",
                });
            }
            let notes = store.database.collection::<Document>(NOTES);
            let note =
                notes.update_one(doc! { "_id": NOTE }, doc! { "$set": { "begun": true } }).upsert(true);
            note.answered().await.map_err(failure::named)?;
        }
        store.prepare().await?;
        Ok(store)
    }

    /// Nothing is moved into it after all. Where nothing was, servers can be connected to it as before.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn not_filled(&self) -> Result<(), StoreError> {
        if is_empty(&self.database).await? { self.filled().await } else { Ok(()) }
    }

    /// All data are there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn filled(&self) -> Result<(), StoreError> {
        let notes = self.database.collection::<Document>(NOTES);
        notes.delete_one(doc! { "_id": NOTE }).answered().await.map(|_| ()).map_err(failure::named)
    }
}

/// Refuses a database of which only a part may be there.
pub(super) async fn refuse_if_filling(database: &Database) -> Result<(), StoreError> {
    match is_being_filled(database).await? {
        true => Err(StoreError::Invalid {
            reason: "data are being moved into the database in MONGODB_URI, or that was broken off: run `tsunagu migrate` \
                     to its end",
        }),
        false => Ok(()),
    }
}

async fn is_being_filled(database: &Database) -> Result<bool, StoreError> {
    let notes = database.collection::<Document>(NOTES);
    Ok(notes.find_one(doc! { "_id": NOTE }).answered().await.map_err(failure::named)?.is_some())
}

async fn is_empty(database: &Database) -> Result<bool, StoreError> {
    for name in database.list_collection_names().answered().await.map_err(failure::named)? {
        let documents = database.collection::<Document>(&name);
        let others = !OWN.contains(&name.as_str()) && !name.starts_with("system.");
        if others && documents.find_one(doc! {}).answered().await.map_err(failure::named)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}
