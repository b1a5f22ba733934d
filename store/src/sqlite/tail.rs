//! The end of the journal that is not in its index yet.
//!
//! A commit only appends; an index kept with each of them would dirty a page per call and turn. So the writer remembers
//! what it appended, and adds it to the index in bulk, sorted, where calls lie side by side. Whoever reads a call's
//! journal looks into the index and walks the tail, which is short: [`JOURNAL_OF_CALL`]. A file that is opened has what
//! an earlier process left of it indexed first.
//!
//! Rows of the journal are never deleted from its end, so that their ids only rise.

use rusqlite::{Connection, params};

/// How long the tail grows, in rows. A longer one shares more pages of the index between its rows; a shorter one is walked
/// faster.
const LONGEST: usize = 2_048;

/// The rows of the call with the number `?1` that may hold entries from the place `?2` on, in order. One statement, so that
/// no row is missed that goes from the tail into the index meanwhile.
pub const JOURNAL_OF_CALL: &str = "\
    SELECT j.first, j.entries FROM journal_index i JOIN journal j ON j.id = i.row \
    WHERE i.call = ?1 AND i.first >= (SELECT coalesce(max(first), 0) FROM journal_index WHERE call = ?1 AND first <= ?2) \
    UNION ALL \
    SELECT first, entries FROM journal WHERE id > (SELECT up_to FROM journal_indexed) AND call = ?1 \
    ORDER BY 1";

/// One row of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    call: i64,
    first: i64,
    id: i64,
}

/// What was appended and is not indexed.
#[derive(Debug, Default)]
pub struct Tail(Vec<Row>);

impl Tail {
    /// The tail as it is in the file.
    pub fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut find = connection.prepare_cached(
            "SELECT call, first, id FROM journal WHERE id > (SELECT up_to FROM journal_indexed) ORDER BY id",
        )?;
        let rows =
            find.query_map([], |row| Ok(Row { call: row.get(0)?, first: row.get(1)?, id: row.get(2)? }))?;
        Ok(Self(rows.collect::<rusqlite::Result<_>>()?))
    }

    /// Notes a row that was appended.
    pub fn push(&mut self, call: i64, first: i64, id: i64) {
        self.0.push(Row { call, first, id });
    }

    /// It should be indexed now.
    pub fn is_long(&self) -> bool {
        self.0.len() >= LONGEST
    }

    /// Adds it to the index, within the present transaction.
    pub fn index(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let Some(last) = self.0.last().map(|row| row.id) else { return Ok(()) };
        self.0.sort_unstable();
        let mut add =
            connection.prepare_cached("INSERT INTO journal_index (call, first, row) VALUES (?1, ?2, ?3)")?;
        for Row { call, first, id } in self.0.drain(..) {
            add.execute(params![call, first, id])?;
        }
        connection.prepare_cached("UPDATE journal_indexed SET up_to = ?1")?.execute([last])?;
        Ok(())
    }
}
