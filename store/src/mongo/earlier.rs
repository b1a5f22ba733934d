//! Calls that ended under an earlier version of this server have no folded text of what was said on them (`tsunagu.said`), by which
//! they are found. It is filled in once: what few calls there are when the server starts, the others while it runs.
//!
//! *So many calls by their ids → those of them that are over and have no text → each compared and set → how far it came is noted.* A
//! restart goes on from there; several servers may do it at the same time, as nothing is set twice.

use super::{
    MongoStore,
    adoption::{NOTES, VERSION},
    failure, form,
    patience::Asked,
    shelf::read,
};
use crate::{StoreError, document::said};
use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::bson::{Bson, Document, doc};
use std::{sync::atomic::Ordering, time::Duration};
use tsunagu_call::CallRecord;

/// How many calls are looked at in one step.
const STEP: u32 = 500;
/// How many steps a start waits for: with some milliseconds for each call, a few seconds at most.
const STEPS_AT_START: u32 = 6;
/// How many calls are written at a time.
const AT_ONCE: usize = 8;
/// How long it rests after each step, so that calls that live go before.
const REST: Duration = Duration::from_millis(50);
/// After what time a database that failed is asked again.
const LATER: Duration = Duration::from_secs(10);
/// How often a call is looked at anew because somebody changed it meanwhile.
const ATTEMPTS: u32 = 20;

impl MongoStore {
    /// Fills in what earlier versions did not write: the first of it now, the rest beside what else is done.
    pub(super) async fn fill_in(&self) -> Result<(), StoreError> {
        if !self.fill_in_steps(STEPS_AT_START, STEP).await? {
            tracing::info!(
                "what was said on calls that ended under an earlier version is being made searchable"
            );
            let store = self.clone();
            self.runtime.spawn(async move { store.go_on(STEP).await });
        }
        Ok(())
    }

    /// Goes on until all is filled in, or the store is closed.
    pub(super) async fn go_on(&self, step: u32) {
        while !self.closed.load(Ordering::Acquire) {
            let rest = match self.fill_in_steps(1, step).await {
                Ok(true) => {
                    tracing::info!(
                        "what was said on calls that ended under an earlier version is searchable"
                    );
                    return;
                }
                Ok(false) => REST,
                Err(error) => {
                    tracing::warn!(%error, "what was said on earlier calls could not be filled in yet");
                    LATER
                }
            };
            tokio::time::sleep(rest).await;
        }
    }

    /// Takes so many steps from where it came to last. Says whether that was all.
    pub(super) async fn fill_in_steps(&self, steps: u32, step: u32) -> Result<bool, StoreError> {
        let notes = self.database.collection::<Document>(NOTES);
        for _ in 0..steps {
            let note = notes.find_one(doc! { "_id": "adopted" }).answered().await.map_err(failure::named)?;
            let note = note.unwrap_or_default();
            if form::number_at(&note, "version") >= VERSION {
                return Ok(true);
            }
            let after = note.get("filledTo").cloned().unwrap_or(Bson::MinKey);
            let last = self.last_of_step(&after, step).await?;
            let mut which = doc! { "$gt": after };
            which.extend(last.clone().map(|last| ("$lte".to_owned(), last)));
            self.fill_in_some(which).await?;
            let update = match last {
                Some(last) => doc! { "$set": { "filledTo": last } },
                None => doc! { "$set": { "version": VERSION }, "$unset": { "filledTo": "" } },
            };
            let noted = notes.update_one(doc! { "_id": "adopted" }, update).upsert(true).answered().await;
            noted.map_err(failure::named)?;
        }
        Ok(false)
    }

    /// The id of the last call of a step; nothing when there are fewer left.
    async fn last_of_step(&self, after: &Bson, step: u32) -> Result<Option<Bson>, StoreError> {
        let behind = doc! { "_id": { "$gt": after.clone() } };
        let find = self.calls.open()?.find_one(behind).sort(doc! { "_id": 1 });
        let find = find.skip(step.saturating_sub(1).into()).projection(doc! { "_id": 1 });
        let last = find.answered().await.map_err(failure::named)?;
        Ok(last.and_then(|last| last.get("_id").cloned()))
    }

    /// Fills in the calls with these ids.
    async fn fill_in_some(&self, ids: Document) -> Result<(), StoreError> {
        let lacking = doc! { "_id": ids, "tsunagu.over": true, "tsunagu.said": Bson::Null };
        // Their journals are not needed.
        let find = self.calls.open()?.find(lacking).projection(doc! { "tsunagu.tail": 0 });
        let found = find.answered().await.map_err(failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(failure::named)?;
        let filling = found.into_iter().map(|found| self.fill_in_one(found));
        stream::iter(filling).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn fill_in_one(&self, mut found: Document) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let id = found.get("_id").cloned().unwrap_or(Bson::Null);
            let rev = found.get_document("tsunagu").ok().and_then(|own| own.get("rev").cloned());
            found.remove("tsunagu");
            let said = match read::<CallRecord>(found) {
                Ok(record) => said(&record),
                Err(error) => {
                    tracing::warn!(%id, ?error, "an earlier call cannot be read");
                    None
                }
            };
            let Some(said) = said else { return Ok(()) };
            let which = doc! { "_id": id.clone(), "tsunagu.rev": rev.unwrap_or(Bson::Null) };
            let update = doc! { "$set": { "tsunagu.said": said }, "$inc": { "tsunagu.rev": 1_i64 } };
            if self.calls.update_all(which, update).await? > 0 {
                return Ok(());
            }
            let lacking = doc! { "_id": id, "tsunagu.over": true, "tsunagu.said": Bson::Null };
            let again = self.calls.open()?.find_one(lacking).answered().await.map_err(failure::named)?;
            // Filled in by another server, or brought back to life.
            let Some(again) = again else { return Ok(()) };
            found = again;
        }
        Err(super::shelf::contended())
    }
}
