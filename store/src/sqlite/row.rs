//! What stands in a row: ids as 12 bytes, times as milliseconds, documents as JSON text.

use super::failure::Failure;
use crate::{Page, Paging, StoreError};
use rusqlite::{
    Connection, OptionalExtension, Params, Row, Statement, params_from_iter,
    types::{Type, Value},
};
use serde::{Serialize, de::DeserializeOwned};
use tsunagu_call::{Id, Status, Time};

/// An id.
pub fn id<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Id<T>> {
    row.get(column).map(Id::from_bytes)
}

/// An id, where there is one.
pub fn optional_id<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Id<T>>> {
    row.get::<_, Option<[u8; 12]>>(column).map(|bytes| bytes.map(Id::from_bytes))
}

/// A moment.
pub fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Time> {
    row.get(column).map(Time::from_millis)
}

/// A call's status.
pub fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<Status> {
    let word: String = row.get(column)?;
    serde_json::from_value(word.into())
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// A count or a place, which is never negative.
pub fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A count or a place as the database counts.
pub fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The JSON text of a document.
pub fn body<T: Serialize>(what: &'static str, document: &T) -> Result<String, StoreError> {
    serde_json::to_string(document).map_err(|error| StoreError::corrupt(what, error))
}

/// The document of a JSON text.
pub fn document<T: DeserializeOwned>(what: &'static str, body: &str) -> Result<T, Failure> {
    serde_json::from_str(body).map_err(|error| StoreError::corrupt(what, error).into())
}

/// The document in a column.
pub fn document_at<T: DeserializeOwned>(
    what: &'static str,
    row: &Row<'_>,
    column: usize,
) -> Result<T, Failure> {
    let text = row.get_ref(column)?.as_str().map_err(|error| StoreError::corrupt(what, error))?;
    document(what, text)
}

/// The document in a column, where there is one.
pub fn optional_document_at<T: DeserializeOwned>(
    what: &'static str,
    row: &Row<'_>,
    column: usize,
) -> Result<Option<T>, Failure> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(|error| StoreError::corrupt(what, error))?;
    text.map(|text| document(what, text)).transpose()
}

/// The documents in the first column of all rows.
pub fn documents<T: DeserializeOwned>(
    what: &'static str,
    statement: &mut Statement<'_>,
    values: impl Params,
) -> Result<Vec<T>, Failure> {
    let mut rows = statement.query(values)?;
    let mut documents = Vec::new();
    while let Some(row) = rows.next()? {
        documents.push(document_at(what, row, 0)?);
    }
    Ok(documents)
}

/// The document in the first column of the only row, if there is one.
pub fn find<T: DeserializeOwned>(
    what: &'static str,
    connection: &Connection,
    query: &str,
    values: impl Params,
) -> Result<Option<T>, Failure> {
    let found = connection
        .prepare_cached(query)?
        .query_row(values, |row| Ok(document_at(what, row, 0)))
        .optional()?;
    found.transpose()
}

/// One page of a list of documents, and the count of the whole list.
pub fn page<T: DeserializeOwned>(
    what: &'static str,
    connection: &Connection,
    list: &List<'_>,
    paging: Paging,
) -> Result<Page<T>, Failure> {
    let List { table, conditions, values, order } = list;
    let count = format!("SELECT count(*) FROM {table} WHERE {conditions}");
    let total: i64 =
        connection.prepare_cached(&count)?.query_row(params_from_iter(values), |row| row.get(0))?;
    let select = format!(
        "SELECT body FROM {table} WHERE {conditions} ORDER BY {order} LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    let items = documents(what, &mut connection.prepare(&select)?, params_from_iter(values))?;
    Ok(Page { items, total: unsigned(total) })
}

/// A list of documents.
pub struct List<'a> {
    /// Where they are.
    pub table: &'a str,
    /// Which of them; see [`all_of`].
    pub conditions: String,
    /// The values for its question marks.
    pub values: Vec<Value>,
    /// In which order.
    pub order: &'a str,
}

/// Joins the conditions that have a value, with their values in order.
pub fn all_of<const N: usize>(wanted: [(&str, Option<Value>); N]) -> (String, Vec<Value>) {
    let (conditions, values): (Vec<_>, Vec<_>) =
        wanted.into_iter().filter_map(|(condition, value)| Some((condition, value?))).unzip();
    (conditions.join(" AND "), values)
}

/// An id as a value.
pub fn blob<T>(id: Id<T>) -> Value {
    Value::Blob(id.bytes().to_vec())
}

/// A moment as a value.
pub fn millis(time: Time) -> Value {
    time.millis().into()
}
