//! The pure middle of an import: bytes in, customers and errors out, with nothing kept but the row in the making.

use super::{
    columns::Columns,
    entry::{Frame, entry},
};
use crate::sheet::{Decoder, NotText, Row, Rows};
use tsunagu_store::{CustomerEntry, RowError};

/// A file that is being read.
pub(super) struct Reading {
    frame: Frame,
    decoder: Decoder,
    rows: Rows,
    columns: Option<Columns>,
    text: String,
}

/// What a piece of the file has said.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The customers, with the number of each one's row.
    pub entries: Vec<(u64, CustomerEntry)>,
    /// The rows that are wrong, each with everything that is.
    pub wrong: Vec<Vec<RowError>>,
}

/// Why a file is not read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error(transparent)]
    NotText(#[from] NotText),
    #[error(transparent)]
    NoPhoneColumn(#[from] super::columns::NoPhoneColumn),
    #[error("the file is empty")]
    Empty,
}

impl Reading {
    pub(super) fn new(frame: Frame) -> Self {
        Self { frame, decoder: Decoder::new(), rows: Rows::new(), columns: None, text: String::new() }
    }

    /// The name of the file's encoding, once it is known.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.decoder.encoding()
    }

    /// Reads a piece.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Found, Unreadable> {
        let mut rows = Vec::new();
        self.text.clear();
        self.decoder.push(bytes, &mut self.text)?;
        self.rows.push(&self.text, &mut rows);
        self.take(rows)
    }

    /// Reads what is left at the end.
    pub(super) fn finish(&mut self) -> Result<Found, Unreadable> {
        let mut rows = Vec::new();
        self.text.clear();
        self.decoder.finish(&mut self.text)?;
        self.rows.push(&self.text, &mut rows);
        self.rows.finish(&mut rows);
        let found = self.take(rows)?;
        if self.columns.is_none() { Err(Unreadable::Empty) } else { Ok(found) }
    }

    fn take(&mut self, rows: Vec<Row>) -> Result<Found, Unreadable> {
        let mut found = Found::default();
        let mut rows = rows.into_iter();
        if self.columns.is_none() {
            let Some(first) = rows.next() else { return Ok(found) };
            self.columns = Some(Columns::read(&first.cells)?);
        }
        let Some(columns) = &self.columns else { return Ok(found) };
        for row in rows {
            match entry(&self.frame, columns, &row) {
                Ok(entry) => found.entries.push((row.number, entry)),
                Err(errors) => found.wrong.push(errors),
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use tsunagu_call::{CompanyId, Time};

    fn reading() -> Reading {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        Reading::new(Frame { company: CompanyId::from_bytes([1; 12]), zone, now: Time::from_millis(0) })
    }

    /// The numbers that were read, each with its row, and the rows that were wrong.
    type Read = (Vec<(u64, String)>, Vec<u64>);

    fn read(bytes: &[u8], size: usize) -> Result<Read, Unreadable> {
        let (mut reading, mut phones, mut wrong) = (reading(), Vec::new(), Vec::new());
        let mut note = |found: Found| {
            phones.extend(found.entries.into_iter().map(|(row, entry)| (row, entry.customer.phone)));
            wrong.extend(found.wrong.iter().map(|errors| errors[0].row));
        };
        for piece in bytes.chunks(size) {
            note(reading.push(piece)?);
        }
        note(reading.finish()?);
        Ok((phones, wrong))
    }

    #[test]
    fn a_bad_row_stops_no_good_one() {
        let file = "\u{feff}名前,電話番号\r\n一,03-1234-5678\r\n二,x\r\n\r\n三,090-1234-5678,,,\r\n四,03-1234-5679,!";
        let (phones, wrong) = read(file.as_bytes(), 5).unwrap();
        assert_eq!(phones, [(2, "+81312345678".to_owned()), (5, "+819012345678".to_owned())]);
        assert_eq!(wrong, [3, 6]);
    }

    #[test]
    fn what_is_no_list_of_customers_is_refused() {
        assert_eq!(read(b"", 9), Err(Unreadable::Empty));
        assert_eq!(read(b"\r\n,,\r\n", 9), Err(Unreadable::Empty));
        assert!(matches!(read(b"name,company\r\na,b\r\n", 9), Err(Unreadable::NoPhoneColumn(_))));
        assert!(matches!(read(b"PK\x03\x04 and so on", 9), Err(Unreadable::NotText(_))));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..2000), size in 1..300_usize) {
            let file = [&b"name,phone\n"[..], &bytes].concat();
            let whole = read(&file, file.len());
            prop_assert_eq!(read(&file, size), whole, "the pieces make no difference");
        }
    }
}
