//! The form in which documents are kept: ids as ObjectIds, times as dates, everything else as its JSON would have it.
//!
//! Reading is lenient, since documents of an older server are read as they stand: a number that JavaScript kept as a double is
//! a whole one where it is whole, and where a null makes no sense it counts as absent.

use crate::StoreError;
use mongodb::bson::{
    Bson, DateTime, Document, RawDocumentBuf, deserialize_from_document, oid::ObjectId, serialize_to_vec,
};
use serde::{Serialize, de::DeserializeOwned};
use tsunagu_call::{Id, Time};

/// Above this a double no longer tells every whole number from the next.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A value as it is kept.
pub fn document<T: Serialize>(what: &'static str, value: &T) -> Result<Document, StoreError> {
    let corrupt = |error| StoreError::corrupt(what, error);
    let bytes = serialize_to_vec(value).map_err(corrupt)?;
    let raw = RawDocumentBuf::from_bytes(bytes).map_err(corrupt)?;
    Document::try_from(raw).map_err(corrupt)
}

/// The value that was kept.
pub fn value<T: DeserializeOwned>(what: &'static str, document: Document) -> Result<T, StoreError> {
    let plain = plain_document(document);
    deserialize_from_document(plain.clone())
        .or_else(|_| deserialize_from_document(without_nulls(plain)))
        .map_err(|error| StoreError::corrupt(what, error))
}

/// The same of what no older server wrote.
pub fn own_value<T: DeserializeOwned>(what: &'static str, document: Document) -> Result<T, StoreError> {
    deserialize_from_document(plain_document(document)).map_err(|error| StoreError::corrupt(what, error))
}

/// An id as it is kept.
pub fn id<T>(id: Id<T>) -> Bson {
    ObjectId::from_bytes(id.bytes()).into()
}

/// A moment as it is kept.
pub fn time(time: Time) -> Bson {
    DateTime::from_millis(time.millis()).into()
}

/// A count or a place as it is kept.
pub fn number(number: u64) -> Bson {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// The id in a field.
pub fn id_at<T>(what: &'static str, document: &Document, key: &str) -> Result<Id<T>, StoreError> {
    match document.get(key) {
        Some(Bson::ObjectId(id)) => Ok(Id::from_bytes(id.bytes())),
        Some(Bson::String(digits)) => digits.parse().map_err(|error| StoreError::corrupt(what, error)),
        _ => Err(StoreError::Corrupt { what, source: None }),
    }
}

/// The whole number in a field, whichever kind of number it is; 0 where there is none.
pub fn number_at(document: &Document, key: &str) -> i64 {
    match document.get(key) {
        Some(Bson::Int32(number)) => i64::from(*number),
        Some(Bson::Int64(number)) => *number,
        Some(Bson::Double(number)) => whole(*number).unwrap_or(0),
        _ => 0,
    }
}

/// The same of what is never negative.
pub fn count_at(document: &Document, key: &str) -> u64 {
    u64::try_from(number_at(document, key)).unwrap_or(0)
}

fn plain_document(document: Document) -> Document {
    document.into_iter().map(|(key, value)| (key, plain(value))).collect()
}

fn without_nulls(document: Document) -> Document {
    let present = document.into_iter().filter(|(_, value)| *value != Bson::Null);
    let inner = |value| match value {
        Bson::Document(document) => without_nulls(document).into(),
        other => other,
    };
    present.map(|(key, value)| (key, inner(value))).collect()
}

fn plain(value: Bson) -> Bson {
    match value {
        Bson::Undefined => Bson::Null,
        Bson::ObjectId(id) => id.to_hex().into(),
        Bson::DateTime(date) => Time::from_millis(date.timestamp_millis()).to_string().into(),
        Bson::Double(number) => whole(number).map_or(Bson::Double(number), Bson::Int64),
        Bson::Document(document) => plain_document(document).into(),
        Bson::Array(values) => values.into_iter().map(plain).collect::<Vec<_>>().into(),
        other => other,
    }
}

fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < WHOLE).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Customer,
        conformance::fixture::{NOW, OURS, customer, entry},
    };
    use mongodb::bson::doc;
    use tsunagu_call::Entry;

    #[test]
    fn ids_and_times_are_kept_as_what_they_are() {
        let customer = Customer { last_call_at: Some(NOW), ..customer(1, OURS, "山田") };
        let kept = document("customer", &customer).unwrap();
        assert_eq!(kept.get("_id"), Some(&id(customer.id)));
        assert_eq!(kept.get("companyId"), Some(&id(OURS)));
        assert_eq!(kept.get("lastCallAt"), Some(&time(NOW)));
        assert_eq!(value::<Customer>("customer", kept).unwrap(), customer);
    }

    #[test]
    fn an_entry_of_a_journal_comes_back_as_it_was() {
        let kept = document("entry", &entry(7, "はい")).unwrap();
        assert_eq!((kept.get("seq"), kept.get("at")), (Some(&Bson::Int64(7)), Some(&time(entry(7, "").at))));
        assert_eq!(value::<Entry>("entry", kept).unwrap(), entry(7, "はい"));
    }

    #[test]
    fn a_document_of_an_older_server_is_read() {
        let older = doc! {
            "_id": id(OURS), "companyId": id(OURS), "name": "山田", "phone": "090-1234-5678", "notes": null,
            "doNotCall": null, "createdAt": time(NOW), "updatedAt": time(NOW), "__v": 0.0,
        };
        let read: Customer = value("customer", older).unwrap();
        assert_eq!((read.created_at, read.notes, read.do_not_call), (NOW, None, false));
        assert_eq!(plain(Bson::Double(12.0)), Bson::Int64(12));
        assert_eq!(plain(Bson::Double(0.5)), Bson::Double(0.5));
    }
}
