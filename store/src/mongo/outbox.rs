//! The outbox: notes of what receivers may want to know. Each stands in the document of what it is about, a call or a callback,
//! and so is written with it or not at all.
//!
//! A note is found by its name, an ObjectId, which rises; the numbers that others know it by are given when it is listed, and
//! are this process's own. So `dispatch` takes away what was listed, and never a note that came in between.

use super::{MongoStore, failure, form, patience::Asked};
use crate::{Outboxed, Source, StoreError};
use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};
use tsunagu_call::CompanyId;

/// The notes that were listed last, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Listed(Mutex<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    last: u64,
    notes: BTreeMap<u64, Note>,
}

/// A note, and in whose document it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Note {
    name: ObjectId,
    company: CompanyId,
    source: Source,
}

/// A note about entries of a call.
pub(super) fn note(first: u64, last: u64) -> Bson {
    doc! { "name": ObjectId::new(), "first": form::number(first), "last": form::number(last) }.into()
}

impl Listed {
    /// Gives each note a number, the same as before to one that was listed before this. Whatever else was is forgotten: whoever
    /// takes away all up to a number of this list has not seen it.
    fn number(&self, notes: Vec<Note>) -> Vec<Outboxed> {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = std::mem::take(&mut numbers.notes).into_iter();
        let known: HashMap<ObjectId, u64> = known.map(|(number, note)| (note.name, number)).collect();
        let mut outboxed = Vec::with_capacity(notes.len());
        for note in notes {
            let number = known.get(&note.name).copied().unwrap_or(numbers.last + 1);
            numbers.last = numbers.last.max(number);
            numbers.notes.insert(number, note);
            outboxed.push(Outboxed { number, company: note.company, source: note.source });
        }
        // One that comes late, from another server, is told of behind those that were listed before it.
        outboxed.sort_by_key(|note| note.number);
        outboxed
    }

    /// Those up to a number.
    pub(super) fn up_to(&self, number: u64) -> Vec<Note> {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.notes.range(..=number).map(|(_, note)| *note).collect()
    }

    /// Forgets those up to a number.
    pub(super) fn forget(&self, number: u64) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.notes.retain(|other, _| *other > number);
    }
}

impl MongoStore {
    /// Whether what happens at a company is noted: it has a webhook that is on.
    pub(super) async fn is_noted(&self, company: CompanyId) -> Result<bool, StoreError> {
        let on = doc! { "companyId": form::id(company), "enabled": true };
        Ok(self.webhooks.count(on, Some(1)).await? > 0)
    }

    /// The oldest notes.
    pub(super) async fn oldest_notes(&self, limit: u32) -> Result<Vec<Outboxed>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut notes = self.notes_of_calls(limit).await?;
        notes.extend(self.notes_of_callbacks(limit).await?);
        notes.sort_by_key(|note| note.name);
        notes.truncate(limit as usize);
        Ok(self.listed.number(notes))
    }

    /// Takes notes away.
    pub(super) async fn take_notes(&self, number: u64) -> Result<(), StoreError> {
        for note in self.listed.up_to(number) {
            let gone = match note.source {
                Source::Call { call, .. } => {
                    let which = doc! { "_id": form::id(call) };
                    let pull = doc! { "$pull": { "tsunagu.outbox": { "name": note.name } } };
                    self.calls.update_all(which.clone(), pull).await?;
                    // An empty list would still be found by the index.
                    let empty = doc! { "_id": form::id(call), "tsunagu.outbox": { "$size": 0 } };
                    self.calls.update_all(empty, doc! { "$unset": { "tsunagu.outbox": "" } }).await
                }
                Source::Callback(callback) => {
                    let which = doc! { "_id": form::id(callback), "tsunagu.outbox": note.name };
                    self.callbacks.update_all(which, doc! { "$unset": { "tsunagu.outbox": "" } }).await
                }
            };
            gone?;
        }
        self.listed.forget(number);
        Ok(())
    }

    async fn notes_of_calls(&self, limit: u32) -> Result<Vec<Note>, StoreError> {
        let find = self.calls.open()?.find(doc! { "tsunagu.outbox.name": { "$exists": true } });
        let found = find.sort(doc! { "tsunagu.outbox.name": 1 }).limit(limit.into());
        let parts = doc! { "companyId": 1, "tsunagu.outbox": 1 };
        let found = found.projection(parts).answered().await.map_err(failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(failure::named)?;
        let mut notes = Vec::new();
        for found in &found {
            let company = form::id_at("call", found, "companyId")?;
            let call = form::id_at("call", found, "_id")?;
            let own = found.get_document("tsunagu").map_err(|error| StoreError::corrupt("call", error))?;
            let outbox = own.get_array("outbox").map_err(|error| StoreError::corrupt("call", error))?;
            for note in outbox.iter().filter_map(Bson::as_document) {
                let name = note.get_object_id("name").map_err(|error| StoreError::corrupt("note", error))?;
                let (first, last) = (form::count_at(note, "first"), form::count_at(note, "last"));
                notes.push(Note { name, company, source: Source::Call { call, first, last } });
            }
        }
        Ok(notes)
    }

    async fn notes_of_callbacks(&self, limit: u32) -> Result<Vec<Note>, StoreError> {
        let find = self.callbacks.open()?.find(doc! { "tsunagu.outbox": { "$exists": true } });
        let found = find.sort(doc! { "tsunagu.outbox": 1 }).limit(limit.into());
        let parts = doc! { "companyId": 1, "tsunagu.outbox": 1 };
        let found = found.projection(parts).answered().await.map_err(failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(failure::named)?;
        let mut notes = Vec::new();
        for found in &found {
            let own =
                found.get_document("tsunagu").map_err(|error| StoreError::corrupt("callback", error))?;
            let name = own.get_object_id("outbox").map_err(|error| StoreError::corrupt("callback", error))?;
            notes.push(Note {
                name,
                company: form::id_at("callback", found, "companyId")?,
                source: Source::Callback(form::id_at("callback", found, "_id")?),
            });
        }
        Ok(notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::fixture::{OURS, id};

    fn note(name: u8) -> Note {
        let name = ObjectId::from_bytes([name; 12]);
        Note { name, company: OURS, source: Source::Callback(id(1)) }
    }

    #[test]
    fn a_note_that_a_later_list_leaves_out_is_not_taken_with_it() {
        let listed = Listed::default();
        let number = |notes: &[u8]| {
            let outboxed = listed.number(notes.iter().copied().map(note).collect());
            outboxed.into_iter().map(|note| note.number).collect::<Vec<_>>()
        };
        assert_eq!(number(&[2, 3]), [1, 2]);
        // It came to nothing, and one with an older name came in; there is room for two.
        assert_eq!(number(&[1, 2]), [1, 3], "one that is listed again keeps its number");
        assert_eq!(listed.up_to(3), [note(2), note(1)]);
        listed.forget(3);
        assert_eq!(number(&[3]), [4]);
        assert_eq!(listed.up_to(4), [note(3)]);
    }
}
