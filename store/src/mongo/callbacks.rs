//! Callbacks in MongoDB. That a call makes one at most is a unique index.

use super::{
    MongoStore, form,
    shelf::{Kept, Put},
};
use crate::{Callback, CallbackChange, CallbackFilter, CallbackStore, Page, Paging, StoreError};
use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use tsunagu_call::{CallbackId, CompanyId};

impl Kept for Callback {
    const WHAT: &'static str = "callback";
    const COLLECTION: &'static str = "callbacks";

    fn own(&self) -> Document {
        doc! { "wanted": form::time(self.wanted_at()) }
    }
}

#[async_trait]
impl CallbackStore for MongoStore {
    async fn keep_callback(&self, callback: Callback) -> Result<Callback, StoreError> {
        let same_call = doc! { "callId": form::id(callback.call_id) };
        if let Some(kept) = self.callbacks.one(same_call.clone()).await? {
            return Ok(kept);
        }
        let noted = self.is_noted(callback.company_id).await?;
        let name = if noted { ObjectId::new().into() } else { Bson::Null };
        if self.callbacks.enter(&callback, doc! { "outbox": name }).await? == Put::Done {
            return Ok(callback);
        }
        let kept = self.callbacks.one(same_call).await?;
        kept.ok_or(StoreError::Duplicate { what: "callback", field: "_id" })
    }

    async fn callback(&self, company: CompanyId, id: CallbackId) -> Result<Option<Callback>, StoreError> {
        self.callbacks.one(of(company, id)).await
    }

    async fn callbacks(
        &self,
        company: CompanyId,
        filter: &CallbackFilter,
        paging: Paging,
    ) -> Result<Page<Callback>, StoreError> {
        let mut which = doc! { "companyId": form::id(company) };
        if let Some(status) = filter.status {
            which.insert("status", status.as_str());
        }
        if let Some(user) = filter.assigned_to {
            which.insert("assignedTo", user.map_or(Bson::Null, form::id));
        }
        let mut wanted = Document::new();
        if let Some(from) = filter.due_from {
            wanted.insert("$gte", form::time(from));
        }
        if let Some(by) = filter.due_by {
            wanted.insert("$lte", form::time(by));
        }
        if !wanted.is_empty() {
            which.insert("tsunagu.wanted", wanted);
        }
        self.callbacks.page(which, doc! { "tsunagu.wanted": 1, "_id": 1 }, paging).await
    }

    async fn change_callback(
        &self,
        company: CompanyId,
        id: CallbackId,
        change: CallbackChange,
    ) -> Result<Callback, StoreError> {
        let changed =
            self.callbacks.change(of(company, id), "callId", |callback| callback.change(change.clone()));
        changed.await?.map(|(callback, ())| callback).ok_or(StoreError::NotFound { what: "callback" })
    }
}

fn of(company: CompanyId, id: CallbackId) -> Document {
    doc! { "_id": form::id(id), "companyId": form::id(company) }
}
