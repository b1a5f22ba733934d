//! Callbacks in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    outbox,
    row::{self, List},
    writer::Writing,
};
use crate::{Callback, CallbackChange, CallbackFilter, CallbackStore, Page, Paging, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, params, types::Value};
use tsunagu_call::{CallbackId, CompanyId, Id};

#[async_trait]
impl CallbackStore for SqliteStore {
    async fn keep_callback(&self, callback: Callback) -> Result<Callback, StoreError> {
        self.write(move |writing| {
            let query = "SELECT body FROM callbacks WHERE call = ?1";
            if let Some(kept) = row::find("callback", writing.connection, query, [callback.call_id.bytes()])?
            {
                return Ok(kept);
            }
            insert(writing, &callback)?;
            outbox::note_callback(writing, callback.company_id, callback.id)?;
            Ok(callback.clone())
        })
        .await
    }

    async fn callback(&self, company: CompanyId, id: CallbackId) -> Result<Option<Callback>, StoreError> {
        self.read(move |connection| find(connection, company, id)).await
    }

    async fn callbacks(
        &self,
        company: CompanyId,
        filter: &CallbackFilter,
        paging: Paging,
    ) -> Result<Page<Callback>, StoreError> {
        let (conditions, values) = row::all_of([
            ("company = ?", Some(row::blob(company))),
            ("status = ?", filter.status.map(|status| status.as_str().to_owned().into())),
            ("assigned IS ?", filter.assigned_to.map(|user| user.map_or(Value::Null, row::blob))),
            ("wanted >= ?", filter.due_from.map(row::millis)),
            ("wanted <= ?", filter.due_by.map(row::millis)),
        ]);
        let list = List { table: "callbacks", conditions, values, order: "wanted, id" };
        self.read(move |connection| row::page("callback", connection, &list, paging)).await
    }

    async fn change_callback(
        &self,
        company: CompanyId,
        id: CallbackId,
        change: CallbackChange,
    ) -> Result<Callback, StoreError> {
        self.write(move |writing| {
            let stored = find(writing.connection, company, id)?;
            let mut callback = stored.ok_or(StoreError::NotFound { what: "callback" })?;
            callback.change(change.clone())?;
            let mut update = writing.connection.prepare_cached(
                "UPDATE callbacks SET status = ?2, assigned = ?3, wanted = ?4, body = ?5 WHERE id = ?1",
            )?;
            update.execute(params![
                callback.id.bytes(),
                callback.status.as_str(),
                callback.assigned_to.as_ref().map(Id::bytes),
                callback.wanted_at().millis(),
                row::body("callback", &callback)?,
            ])?;
            Ok(callback)
        })
        .await
    }
}

pub(super) fn insert(writing: &Writing<'_>, callback: &Callback) -> Result<(), Failure> {
    let mut insert = writing.connection.prepare_cached(
        "INSERT INTO callbacks (id, company, call, status, assigned, wanted, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let written = insert.execute(params![
        callback.id.bytes(),
        callback.company_id.bytes(),
        callback.call_id.bytes(),
        callback.status.as_str(),
        callback.assigned_to.as_ref().map(Id::bytes),
        callback.wanted_at().millis(),
        row::body("callback", callback)?,
    ]);
    unless_duplicate(written, "callback", "_id")?;
    Ok(())
}

fn find(connection: &Connection, company: CompanyId, id: CallbackId) -> Result<Option<Callback>, Failure> {
    let query = "SELECT body FROM callbacks WHERE id = ?1 AND company = ?2";
    row::find("callback", connection, query, [id.bytes(), company.bytes()])
}
