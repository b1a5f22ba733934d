//! The entries of one commit as one text: a line for each, of the time in milliseconds, a blank, and the event as
//! JSON, which has no line breaks of its own. The places are counted from the first one's, which stands beside it.

use super::{failure::Failure, row, writer::Writing};
use crate::StoreError;
use rusqlite::params;
use std::io::Write;
use tsunagu_call::{Entry, Time};

/// Room for one line, which most do not outgrow, in bytes.
const LINE: usize = 512;

/// The entries of one commit, ready to be written.
pub struct Lines {
    first: u64,
    count: u64,
    text: String,
}

impl Lines {
    /// Writes entries, which follow one another, as text.
    pub fn of(entries: &[Entry]) -> Result<Self, StoreError> {
        let mut text = Vec::with_capacity(entries.len() * LINE);
        for entry in entries {
            write!(text, "{} ", entry.at.millis()).map_err(|error| StoreError::corrupt("entry", error))?;
            serde_json::to_writer(&mut text, &entry.event)
                .map_err(|error| StoreError::corrupt("entry", error))?;
            text.push(b'\n');
        }
        let text = String::from_utf8(text).map_err(|error| StoreError::corrupt("entry", error))?;
        Ok(Self { first: entries.first().map_or(0, |entry| entry.seq), count: entries.len() as u64, text })
    }

    /// Reads the entries of a text, the first of which has the place `first`, as far as they lie at `from` or behind.
    pub fn read(first: u64, text: &str, from: u64, entries: &mut Vec<Entry>) -> Result<(), Failure> {
        for (line, seq) in text.lines().zip(first..).filter(|(_, seq)| *seq >= from) {
            let (at, event) = line.split_once(' ').ok_or(MALFORMED)?;
            let at = at.parse().map_err(|error| StoreError::corrupt("entry", error))?;
            entries.push(Entry { seq, at: Time::from_millis(at), event: row::document("entry", event)? });
        }
        Ok(())
    }

    /// The place of the first entry; 0 when there is none.
    pub const fn first(&self) -> u64 {
        self.first
    }

    /// How many entries there are.
    pub const fn len(&self) -> u64 {
        self.count
    }

    /// There are none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Appends them to the journal of the call with this number.
    pub fn insert(&self, writing: &mut Writing<'_>, number: i64) -> Result<(), Failure> {
        if !self.is_empty() {
            let first = row::signed(self.first);
            let id = writing.add_entries.insert(params![number, first, self.text])?;
            writing.tail.push(number, first, id);
        }
        Ok(())
    }
}

const MALFORMED: StoreError = StoreError::Corrupt { what: "entry", source: None };

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_call::Event;

    fn entry(seq: u64, notes: &str) -> Entry {
        Entry {
            seq,
            at: Time::from_millis(1_700_000_000_000 + seq as i64),
            event: Event::Noted { notes: notes.into(), outcome: None },
        }
    }

    #[test]
    fn entries_read_back_as_written_whatever_is_said() {
        let entries = [entry(7, "はい。\n「\"」\u{2028}\r\n"), entry(8, ""), entry(9, "🍣")];
        let lines = Lines::of(&entries).unwrap();
        let mut read = Vec::new();
        Lines::read(7, &lines.text, 0, &mut read).unwrap();
        assert_eq!(read, entries);
        read.clear();
        Lines::read(7, &lines.text, 9, &mut read).unwrap();
        assert_eq!(read, entries[2..]);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in ["x", "x {}", "12 {\"type\":\"unheard of\"}", "12 {"] {
            assert!(Lines::read(1, text, 0, &mut Vec::new()).is_err(), "{text}");
        }
    }
}
