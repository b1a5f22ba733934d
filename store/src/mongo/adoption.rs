//! What an older server (Node, Mongoose) left in the database is read as it stands; what indices need of it is added here, once.
//!
//! A call of such a server has no journal: if it is not over, nobody can go on with it. It keeps its status, but it is not taken
//! up, and does not count as the call that its customer is in. Where two documents share what should be there once, one of them
//! is found by it and the other is not, which is told in the log; nothing is removed.

use super::{
    MongoStore, failure, form,
    patience::Asked,
    shelf::{Kept, Shelf, own_fields, read},
};
use crate::{Customer, StoreError, User};
use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use tsunagu_call::CallRecord;

/// Where it is noted that a database was adopted.
pub(super) const NOTES: &str = "tsunagu";
/// The version of this server's documents in which an older server's are adopted.
const ADOPTED: i64 = 1;
/// The present one. Raised when more is to be added to documents that are there; see [`super::earlier`].
pub(super) const VERSION: i64 = 2;
/// How many documents are read at a time.
const STEP: i64 = 500;

impl MongoStore {
    pub(super) async fn adopt(&self) -> Result<(), StoreError> {
        let notes = self.database.collection::<Document>(NOTES);
        let done = notes.find_one(doc! { "_id": "adopted" }).answered().await.map_err(failure::named)?;
        if done.is_some_and(|done| form::number_at(&done, "version") >= ADOPTED) {
            return Ok(());
        }
        adopt_all(&self.users, &["email"], |user: &User| user.own()).await?;
        adopt_all(&self.customers, &["phone"], |customer: &Customer| customer.own()).await?;
        adopt_all(&self.calls, &[], |record: &CallRecord| {
            let own = record.own();
            own.into_iter().filter(|(key, _)| key != "busy" && key != "live").collect()
        })
        .await?;
        let note = notes.update_one(doc! { "_id": "adopted" }, doc! { "$set": { "version": ADOPTED } });
        note.upsert(true).answered().await.map_err(failure::named)?;
        Ok(())
    }
}

/// Adopts the documents of a collection. Of those under `once` a unique index may stand in the way.
async fn adopt_all<T: Kept>(
    shelf: &Shelf<T>,
    once: &[&str],
    own: impl Fn(&T) -> Document,
) -> Result<(), StoreError> {
    let (mut after, mut adopted) = (None, 0_u64);
    loop {
        let mut which = doc! { "tsunagu.rev": Bson::Null };
        if let Some(after) = after {
            which.insert("_id", doc! { "$gt": after });
        }
        let find = shelf.open()?.find(which).sort(doc! { "_id": 1 }).limit(STEP);
        let found: Vec<Document> = find
            .answered()
            .await
            .map_err(failure::named)?
            .try_collect()
            .answered()
            .await
            .map_err(failure::named)?;
        after = found.last().and_then(|last| last.get("_id")).cloned();
        if after.is_none() {
            break;
        }
        for document in found {
            let id = document.get("_id").cloned().unwrap_or(Bson::Null);
            match read::<T>(document) {
                Ok(value) => {
                    adopt_one(shelf, &id, own(&value), once).await?;
                    adopted += 1;
                }
                Err(error) => tracing::warn!(kind = T::WHAT, %id, ?error, "an older document cannot be read"),
            }
        }
    }
    if adopted > 0 {
        tracing::info!(kind = T::WHAT, adopted, "documents of an older server were adopted");
    }
    Ok(())
}

async fn adopt_one<T: Kept>(
    shelf: &Shelf<T>,
    id: &Bson,
    own: Document,
    once: &[&str],
) -> Result<(), StoreError> {
    let which = doc! { "_id": id.clone(), "tsunagu.rev": Bson::Null };
    let update = |own: Document| {
        let mut set = doc! { "tsunagu.rev": 1_i64, "tsunagu.by": ObjectId::new() };
        own_fields(own.into_iter().filter(|(_, value)| *value != Bson::Null), &mut set, &mut Document::new());
        doc! { "$set": set }
    };
    match shelf.open()?.update_one(which.clone(), update(own.clone())).answered().await {
        Ok(_) => Ok(()),
        Err(error) if failure::is_duplicate(&error) => {
            tracing::warn!(kind = T::WHAT, %id, ?once, "an older document shares with another one what should be there once");
            let rest = own.into_iter().filter(|(key, _)| !once.contains(&key.as_str())).collect();
            shelf.open()?.update_one(which, update(rest)).answered().await.map(|_| ()).map_err(failure::named)
        }
        Err(error) => Err(failure::named(error)),
    }
}
