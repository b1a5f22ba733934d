//! A collection and the documents in it: found, entered, and changed by comparing and setting one at a time.
//!
//! *load → the pure transition → set what differs, if nobody changed it meanwhile → else once more.* Beside the fields that
//! clients know every document has one more, `tsunagu`, with what this server needs: `rev` rises with every change, `by` names
//! the write that made it, and the rest is what indices are made of. A document of an older server lacks it, and a null
//! `rev` stands for that. What a document has that this server does not know is left alone.

use super::{failure, form, patience::Asked};
use crate::{Page, Paging, StoreError};
use futures_util::TryStreamExt;
use mongodb::{
    Collection, Database,
    bson::{Bson, Document, doc, oid::ObjectId},
    error::Error,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How often a change is begun anew because somebody else was first. Each time somebody else has come further.
const ATTEMPTS: u32 = 500;
/// How often a write is sent again after the connection was lost.
const RESENDINGS: u32 = 3;
/// How long to wait before that, for each time it was sent.
const PAUSE: Duration = Duration::from_millis(200);

/// What is kept in a collection.
pub trait Kept: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Its name in sentences.
    const WHAT: &'static str;
    /// The collection's name.
    const COLLECTION: &'static str;
    /// Fields that older servers call otherwise: their name, and the present one.
    const RENAMED: &'static [(&'static str, &'static str)] = &[];

    /// What indices need of it, under `tsunagu`; what is null is absent there.
    fn own(&self) -> Document {
        Document::new()
    }
}

/// A collection.
pub struct Shelf<T> {
    documents: Collection<Document>,
    closed: Arc<AtomicBool>,
    kind: PhantomData<fn() -> T>,
}

/// A document as it was seen.
#[derive(Debug, Clone)]
pub struct Seen<T> {
    /// What it holds.
    pub value: T,
    /// What this server keeps beside it.
    pub own: Document,
    id: Bson,
    rev: Bson,
}

/// What became of something that should be there once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is there.
    Done,
    /// A unique index stands in the way.
    Taken,
    /// Somebody else changed it first.
    Moved,
}

impl<T: Kept> Shelf<T> {
    /// That of a database.
    pub fn of(database: &Database, closed: &Arc<AtomicBool>) -> Self {
        Self { documents: database.collection(T::COLLECTION), closed: Arc::clone(closed), kind: PhantomData }
    }

    /// The collection itself.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the store was closed.
    pub fn open(&self) -> Result<&Collection<Document>, StoreError> {
        if self.closed.load(Ordering::Acquire) { Err(StoreError::closed()) } else { Ok(&self.documents) }
    }

    /// The only one.
    pub async fn one(&self, which: Document) -> Result<Option<T>, StoreError> {
        let found = self.open()?.find_one(which).projection(doc! { "tsunagu": 0 }).answered().await;
        found.map_err(failure::named)?.map(read).transpose()
    }

    /// All of them that can be read, in order; at most `limit` when it is not 0.
    pub async fn all(&self, which: Document, sort: Document, limit: u32) -> Result<Vec<T>, StoreError> {
        self.walk(which, sort, limit, doc! { "tsunagu": 0 }, read::<T>).await
    }

    /// The same of these parts of them, as something else. There are fewer than `limit` only at their end, whatever was left
    /// out: whoever goes on behind the last one knows it by that.
    pub async fn walk<V>(
        &self,
        which: Document,
        sort: Document,
        limit: u32,
        parts: Document,
        into: impl Fn(Document) -> Result<V, StoreError>,
    ) -> Result<Vec<V>, StoreError> {
        let (mut values, mut looked_at) = (Vec::new(), 0_u64);
        loop {
            let missing = limit.saturating_sub(u32::try_from(values.len()).unwrap_or(u32::MAX));
            let found = self.found(which.clone(), sort.clone(), parts.clone(), looked_at, missing).await?;
            let came = found.len();
            values.extend(found.into_iter().filter_map(|document| readable(T::WHAT, document, &into)));
            looked_at += came as u64;
            if values.len() >= limit as usize || came < missing as usize {
                return Ok(values);
            }
        }
    }

    /// One page of them; what cannot be read is counted, but not shown.
    pub async fn page(&self, which: Document, sort: Document, paging: Paging) -> Result<Page<T>, StoreError> {
        let total = self.count(which.clone(), None).await?;
        if paging.offset() >= total {
            return Ok(Page { items: Vec::new(), total });
        }
        let parts = doc! { "tsunagu": 0 };
        let found = self.found(which, sort, parts, paging.offset(), paging.limit()).await?;
        let items = found.into_iter().filter_map(|document| readable(T::WHAT, document, read::<T>));
        Ok(Page { items: items.collect(), total })
    }

    /// How many there are; counted up to `most`.
    pub async fn count(&self, which: Document, most: Option<u64>) -> Result<u64, StoreError> {
        let count = self.open()?.count_documents(which);
        match most {
            Some(most) => count.limit(most).answered().await,
            None => count.answered().await,
        }
        .map_err(failure::named)
    }

    /// The only one, to be changed.
    pub async fn seen(&self, which: Document) -> Result<Option<Seen<T>>, StoreError> {
        let found = self.open()?.find_one(which).answered().await.map_err(failure::named)?;
        found.map(Seen::read).transpose()
    }

    /// All of them, to be changed.
    pub async fn all_seen(
        &self,
        which: Document,
        sort: Document,
        limit: u32,
    ) -> Result<Vec<Seen<T>>, StoreError> {
        let find = self.open()?.find(which).sort(sort);
        let find = if limit > 0 { find.limit(limit.into()) } else { find };
        let found = find.answered().await.map_err(failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(failure::named)?;
        found.into_iter().map(Seen::read).collect()
    }

    /// The documents that an aggregation gives.
    pub async fn aggregate(&self, stages: Vec<Document>) -> Result<Vec<Document>, StoreError> {
        let found = self.open()?.aggregate(stages).answered().await.map_err(failure::named)?;
        found.try_collect().answered().await.map_err(failure::named)
    }

    /// Enters a new one, with more under `tsunagu` than it says itself.
    pub async fn enter(&self, value: &T, more: Document) -> Result<Put, StoreError> {
        let by = ObjectId::new();
        let document = Self::entered(value, more, by)?;
        let id = document.get("_id").cloned();
        let mut sent = 0;
        loop {
            match self.open()?.insert_one(&document).answered().await {
                Ok(_) => return Ok(Put::Done),
                // It may be our own, if what was lost was the answer.
                Err(error) if failure::is_duplicate(&error) => {
                    let ours = match (&id, sent) {
                        (_, 0) => false,
                        (Some(id), _) => self.is_by(doc! { "_id": id.clone() }, by).await?,
                        (None, _) => self.is_by(doc! { "tsunagu.by": by }, by).await?,
                    };
                    return Ok(if ours { Put::Done } else { Put::Taken });
                }
                Err(error) => again(&mut sent, error).await?,
            }
        }
    }

    /// A document as it is entered.
    pub fn entered(value: &T, more: Document, by: ObjectId) -> Result<Document, StoreError> {
        let mut document = form::document(T::WHAT, value)?;
        let mut own = doc! { "rev": 1_i64, "by": by };
        own.extend(value.own().into_iter().chain(more).filter(|(_, value)| *value != Bson::Null));
        document.insert("tsunagu", own);
        Ok(document)
    }

    /// Puts a value in the place of one that was seen, if it is still as it was; with more under `tsunagu` than it says itself.
    pub async fn replace(&self, seen: &Seen<T>, value: &T, more: Document) -> Result<Put, StoreError> {
        let by = ObjectId::new();
        let before = form::document(T::WHAT, &seen.value)?;
        let after = form::document(T::WHAT, value)?;
        let rev = form::number_at(&seen.own, "rev");
        let mut set = doc! { "tsunagu.rev": rev + 1, "tsunagu.by": by };
        let mut unset = Document::new();
        for key in before.keys().filter(|key| !after.contains_key(*key)) {
            unset.insert(key.clone(), "");
        }
        set.extend(after.into_iter().filter(|(key, value)| before.get(key) != Some(value)));
        for (old, _) in T::RENAMED.iter().filter(|(_, new)| set.contains_key(new)) {
            unset.insert(*old, "");
        }
        own_fields(value.own().into_iter().chain(more), &mut set, &mut unset);
        let mut update = doc! { "$set": set };
        if !unset.is_empty() {
            update.insert("$unset", unset);
        }
        let which = doc! { "_id": seen.id.clone(), "tsunagu.rev": seen.rev.clone() };
        let mut sent = 0;
        loop {
            match self.open()?.update_one(which.clone(), update.clone()).answered().await {
                Ok(done) if done.matched_count > 0 => return Ok(Put::Done),
                Ok(_) if sent == 0 => return Ok(Put::Moved),
                Ok(_) => return self.fate(seen, by).await,
                Err(error) if failure::is_duplicate(&error) => return Ok(Put::Taken),
                Err(error) => again(&mut sent, error).await?,
            }
        }
    }

    /// Whether a write whose answer was lost is what changed a document that was seen.
    async fn fate(&self, seen: &Seen<T>, by: ObjectId) -> Result<Put, StoreError> {
        let stands = self
            .open()?
            .find_one(doc! { "_id": seen.id.clone() })
            .answered()
            .await
            .map_err(failure::named)?;
        let Some(stands) = stands else { return Ok(Put::Moved) };
        let stands: Seen<T> = Seen::read(stands)?;
        if stands.own.get_object_id("by").is_ok_and(|other| other == by) {
            return Ok(Put::Done);
        }
        match form::number_at(&stands.own, "rev") - form::number_at(&seen.own, "rev") {
            // The one change that there was is somebody else's.
            ..=1 => Ok(Put::Moved),
            _ => Err(StoreError::Unavailable {
                reason: "the connection to MongoDB was lost, and others wrote before it could be seen what became of a change",
                source: None,
            }),
        }
    }

    /// Takes the only one a step further, however many others try at the same time. What the step leaves as it was is not
    /// written. Gives what it is then and what the step answered; nothing where there is none.
    ///
    /// # Errors
    /// Those of the step, and [`StoreError::Duplicate`] with this field when a unique index stands in the way.
    pub async fn change<A>(
        &self,
        which: Document,
        field: &'static str,
        mut step: impl FnMut(&mut T) -> Result<A, StoreError>,
    ) -> Result<Option<(T, A)>, StoreError>
    where
        T: PartialEq,
    {
        for _ in 0..ATTEMPTS {
            let Some(seen) = self.seen(which.clone()).await? else { return Ok(None) };
            let mut value = seen.value.clone();
            let answer = step(&mut value)?;
            if value == seen.value {
                return Ok(Some((value, answer)));
            }
            match self.replace(&seen, &value, Document::new()).await? {
                Put::Done => return Ok(Some((value, answer))),
                Put::Taken => return Err(StoreError::Duplicate { what: T::WHAT, field }),
                Put::Moved => tokio::task::yield_now().await,
            }
        }
        Err(contended())
    }

    /// Removes the only one; says whether there was one.
    pub async fn remove(&self, which: Document) -> Result<bool, StoreError> {
        Ok(self.open()?.delete_one(which).answered().await.map_err(failure::named)?.deleted_count > 0)
    }

    /// Removes all of them, and says how many.
    pub async fn remove_all(&self, which: Document) -> Result<u64, StoreError> {
        Ok(self.open()?.delete_many(which).answered().await.map_err(failure::named)?.deleted_count)
    }

    /// Changes all of them in the same way, and says how many there were. May be repeated.
    pub async fn update_all(&self, which: Document, update: Document) -> Result<u64, StoreError> {
        let mut sent = 0;
        loop {
            match self.open()?.update_many(which.clone(), update.clone()).answered().await {
                Ok(done) => return Ok(done.modified_count),
                Err(error) => again(&mut sent, error).await?,
            }
        }
    }

    async fn found(
        &self,
        which: Document,
        sort: Document,
        parts: Document,
        skip: u64,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let find = self.open()?.find(which).sort(sort).skip(skip);
        let find = if limit > 0 { find.limit(limit.into()) } else { find };
        let found = find.projection(parts).answered().await.map_err(failure::named)?;
        found.try_collect().answered().await.map_err(failure::named)
    }

    async fn is_by(&self, which: Document, by: ObjectId) -> Result<bool, StoreError> {
        let found = self.open()?.find_one(which).projection(doc! { "tsunagu.by": 1 }).answered().await;
        let found = found.map_err(failure::named)?;
        let own = found.as_ref().and_then(|found| found.get_document("tsunagu").ok());
        Ok(own.and_then(|own| own.get_object_id("by").ok()) == Some(by))
    }
}

impl<T: Kept> Seen<T> {
    /// Under which id it is kept.
    pub const fn id(&self) -> &Bson {
        &self.id
    }

    fn read(mut document: Document) -> Result<Self, StoreError> {
        let own = match document.remove("tsunagu") {
            Some(Bson::Document(own)) => own,
            _ => Document::new(),
        };
        let id = document.get("_id").cloned().unwrap_or(Bson::Null);
        let rev = own.get("rev").cloned().unwrap_or(Bson::Null);
        Ok(Self { value: read(document)?, own, id, rev })
    }
}

/// The value of a document.
pub fn read<T: Kept>(mut document: Document) -> Result<T, StoreError> {
    for (old, new) in T::RENAMED {
        if document.contains_key(new) {
            document.remove(old);
        }
    }
    form::value(T::WHAT, document)
}

/// The value of one document of a list. One that cannot be read, as an older server may have left it, hides no other.
fn readable<V>(
    what: &'static str,
    document: Document,
    into: impl FnOnce(Document) -> Result<V, StoreError>,
) -> Option<V> {
    let id = document.get("_id").cloned().unwrap_or(Bson::Null);
    let value = into(document);
    if let Err(error) = &value {
        tracing::warn!(kind = what, %id, ?error, "a document that cannot be read is left out of a list");
    }
    value.ok()
}

/// Sets fields under `tsunagu`, or takes them away.
pub fn own_fields(
    fields: impl IntoIterator<Item = (String, Bson)>,
    set: &mut Document,
    unset: &mut Document,
) {
    for (key, value) in fields {
        match value {
            Bson::Null => drop(unset.insert(format!("tsunagu.{key}"), "")),
            value => drop(set.insert(format!("tsunagu.{key}"), value)),
        }
    }
}

/// Waits a little after something that passes.
///
/// # Errors
/// What the error means to other rooms, when it does not pass.
pub async fn again(sent: &mut u32, error: Error) -> Result<(), StoreError> {
    if *sent >= RESENDINGS || !failure::is_passing(&error) {
        return Err(failure::named(error));
    }
    *sent += 1;
    tokio::time::sleep(PAUSE * *sent).await;
    Ok(())
}

/// Too many changed the same at once.
pub const fn contended() -> StoreError {
    StoreError::Unavailable { reason: "too many changed the same document at the same time", source: None }
}
