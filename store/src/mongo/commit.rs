//! What is added to a call: one update of its document, which compares the place of the next entry and sets everything.

use super::{
    MongoStore, failure, form, nodes,
    outbox::note,
    patience::Asked,
    shelf::{self, Kept, own_fields},
};
use crate::{Commit, FIRST_SEQ, StoreError};
use mongodb::{
    bson::{Bson, Document, doc, oid::ObjectId},
    options::ReturnDocument,
};
use tsunagu_call::{CallId, CallRecord, CompanyId, CustomerId, Entry};

/// How often a commit is looked at anew, because what stood in its way was gone then.
const ATTEMPTS: u32 = 20;

/// What must be known of a call to say why nothing was written.
pub(super) struct Head {
    pub company: CompanyId,
    pub customer: CustomerId,
    /// The place of its next entry.
    pub next: u64,
}

/// How much of a journal stands in the call's document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail {
    /// The place of the first entry in it, or of the next one.
    pub from: u64,
    /// The place of the next entry.
    pub next: u64,
    /// Roughly how long it is.
    pub bytes: u64,
}

/// Entries as they stand in a document, and how long they are. The first one names the write that brought them.
pub(super) fn tail(entries: &[Entry], by: ObjectId) -> Result<(Vec<Bson>, i64), StoreError> {
    let mut bytes = 0;
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut document = form::document("entry of a journal", entry)?;
        let length =
            document.to_vec().map_err(|error| StoreError::corrupt("entry of a journal", error))?.len();
        bytes += i64::try_from(length).unwrap_or(i64::MAX);
        if kept.is_empty() {
            document.insert("by", by);
        }
        kept.push(Bson::Document(document));
    }
    Ok((kept, bytes))
}

impl MongoStore {
    /// Writes a commit. Gives how much of the journal stands in the call's document then.
    pub(super) async fn write(&self, commit: &Commit) -> Result<Tail, StoreError> {
        let by = ObjectId::new();
        let (which, update) = self.update_of(commit, by).await?;
        let mut sent = 0;
        for _ in 0..ATTEMPTS {
            let write = self.calls.open()?.find_one_and_update(which.clone(), update.clone());
            let parts = doc! { "tsunagu.next": 1, "tsunagu.tailFrom": 1, "tsunagu.tailBytes": 1 };
            match write.projection(parts).return_document(ReturnDocument::After).answered().await {
                Ok(Some(written)) => return Ok(Tail::read(&written)),
                Ok(None) => {
                    let lost = sent > 0;
                    if lost && self.is_written(commit, by).await? {
                        return Ok(Tail { from: 0, next: 0, bytes: 0 });
                    }
                    self.refuse(commit).await?;
                }
                Err(error) if failure::is_duplicate(&error) => {
                    if let Some(record) = &commit.record
                        && let Some(call) = self.busy_in(record.customer_id).await?
                        && call != commit.call
                    {
                        return Err(StoreError::CustomerBusy { call });
                    }
                }
                Err(error) => shelf::again(&mut sent, error).await?,
            }
        }
        Err(shelf::contended())
    }

    async fn update_of(&self, commit: &Commit, by: ObjectId) -> Result<(Document, Document), StoreError> {
        let mut which = doc! { "_id": form::id(commit.call) };
        let (mut set, mut unset) = (doc! { "tsunagu.by": by }, Document::new());
        let (mut push, mut increase) = (Document::new(), doc! { "tsunagu.rev": 1_i64 });
        if let Some(record) = commit.record.as_deref() {
            which.insert("companyId", form::id(record.company_id));
            which.insert("customerId", form::id(record.customer_id));
            let mut document = form::document(CallRecord::WHAT, record)?;
            document.remove("_id");
            // Left out when it is false; it may have been true before.
            document.entry("unsettled").or_insert_with(|| false.into());
            set.extend(document);
            own_fields(record.own(), &mut set, &mut unset);
        }
        if let (Some(first), Some(last)) = (commit.entries.first(), commit.entries.last()) {
            which.insert(
                "tsunagu.next",
                match first.seq {
                    // A call of an older server has no journal yet.
                    FIRST_SEQ => doc! { "$in": [form::number(FIRST_SEQ), Bson::Null] }.into(),
                    seq => form::number(seq),
                },
            );
            nodes::wrote(self.node, &commit.entries, &mut set, &mut unset);
            let (entries, bytes) = tail(&commit.entries, by)?;
            set.insert("tsunagu.next", form::number(last.seq + 1));
            push.insert("tsunagu.tail", doc! { "$each": entries });
            increase.insert("tsunagu.tailBytes", bytes);
            if first.seq == FIRST_SEQ {
                set.insert("tsunagu.tailFrom", form::number(FIRST_SEQ));
            }
            if let Some(record) = commit.record.as_deref()
                && self.is_noted(record.company_id).await?
            {
                push.insert("tsunagu.outbox", note(first.seq, last.seq));
            }
        }
        let mut update = doc! { "$set": set, "$inc": increase };
        if !push.is_empty() {
            update.insert("$push", push);
        }
        if !unset.is_empty() {
            update.insert("$unset", unset);
        }
        Ok((which, update))
    }

    /// Why nothing was written; nothing when what stood in the way is gone.
    async fn refuse(&self, commit: &Commit) -> Result<(), StoreError> {
        let head = self.head(commit.call).await?.ok_or(StoreError::NotFound { what: "call" })?;
        if let Some(first) = commit.entries.first()
            && first.seq != head.next
        {
            return Err(StoreError::Conflict { call: commit.call, expected: head.next, offered: first.seq });
        }
        match commit.record.as_deref() {
            Some(record) if (record.company_id, record.customer_id) != (head.company, head.customer) => {
                Err(StoreError::Invalid { reason: "a call stays with its company and its customer" })
            }
            _ => Ok(()),
        }
    }

    /// Whether a commit whose answer was lost is there: the first of its entries names the write that brought it.
    async fn is_written(&self, commit: &Commit, by: ObjectId) -> Result<bool, StoreError> {
        match commit.entries.first() {
            Some(first) => Ok(self.written_by(commit.call, first.seq).await? == Some(by)),
            None => Ok(false),
        }
    }

    pub(super) async fn head(&self, call: CallId) -> Result<Option<Head>, StoreError> {
        let parts = doc! { "companyId": 1, "customerId": 1, "tsunagu.next": 1 };
        let found =
            self.calls.open()?.find_one(doc! { "_id": form::id(call) }).projection(parts).answered().await;
        let Some(found) = found.map_err(failure::named)? else { return Ok(None) };
        let next = found.get_document("tsunagu").map_or(0, |own| form::count_at(own, "next"));
        Ok(Some(Head {
            company: form::id_at("call", &found, "companyId")?,
            customer: form::id_at("call", &found, "customerId")?,
            next: next.max(FIRST_SEQ),
        }))
    }
}

impl Tail {
    fn read(written: &Document) -> Self {
        let own = written.get_document("tsunagu").cloned().unwrap_or_default();
        let at = |key| form::count_at(&own, key);
        Self { from: at("tailFrom"), next: at("next"), bytes: at("tailBytes") }
    }
}
