//! From text to rows of cells, by RFC 4180, in whatever pieces the text comes.

use csv_core::{ReadRecordResult, Reader};

/// The longest row, in bytes of UTF-8.
const ROW_BYTES: usize = 64 * 1024;
/// The most cells of a row.
const ROW_CELLS: usize = 256;

/// A row of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its number, as a spreadsheet shows it: the heading is row 1, and empty rows count.
    pub number: u64,
    /// What is in it.
    pub cells: Cells,
}

/// What is in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cells {
    /// These texts, trimmed.
    Read(Vec<String>),
    /// More text than a row may have, perhaps because a quotation mark is never closed.
    TooLong,
    /// More cells than a row may have.
    TooMany,
}

/// Rows that arrive in pieces.
pub(crate) struct Rows {
    csv: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How much of `text` and `ends` the present row has filled.
    filled: usize,
    ended: usize,
    spoilt: Option<Cells>,
    /// The line breaks of the file, those of them within the cells of the present row, and those up to its beginning.
    breaks: Breaks,
    inner: Breaks,
    before: u64,
    number: u64,
}

impl Rows {
    pub(crate) fn new() -> Self {
        Self {
            csv: Reader::new(),
            text: vec![0; ROW_BYTES],
            ends: vec![0; ROW_CELLS],
            filled: 0,
            ended: 0,
            spoilt: None,
            breaks: Breaks::default(),
            inner: Breaks::default(),
            before: 0,
            number: 0,
        }
    }

    /// Adds the rows that end in this piece of text.
    pub(crate) fn push(&mut self, text: &str, rows: &mut Vec<Row>) {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (_, read) = self.step(rest, rows);
            rest = rest.get(read..).unwrap_or_default();
        }
    }

    /// Adds the last row, where no line break ends it.
    pub(crate) fn finish(&mut self, rows: &mut Vec<Row>) {
        // The break that is missing.
        self.breaks.total += 1;
        while self.step(&[], rows).0 != ReadRecordResult::End {}
    }

    fn step(&mut self, input: &[u8], rows: &mut Vec<Row>) -> (ReadRecordResult, usize) {
        let (text, ends) = (
            self.text.get_mut(self.filled..).unwrap_or_default(),
            self.ends.get_mut(self.ended..).unwrap_or_default(),
        );
        let (result, read, written, ended) = self.csv.read_record(input, text, ends);
        self.breaks.count(input.get(..read).unwrap_or_default());
        self.inner.count(text.get(..written).unwrap_or_default());
        self.filled += written;
        self.ended += ended;
        match result {
            ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
            ReadRecordResult::OutputFull => self.spoil(Cells::TooLong),
            ReadRecordResult::OutputEndsFull => self.spoil(Cells::TooMany),
            ReadRecordResult::Record => rows.extend(self.row()),
        }
        (result, read)
    }

    /// The rest of the row is read and forgotten.
    fn spoil(&mut self, cells: Cells) {
        self.spoilt.get_or_insert(cells);
        (self.filled, self.ended) = (0, 0);
    }

    fn row(&mut self) -> Option<Row> {
        let lines = self.breaks.total.saturating_sub(self.before).saturating_sub(self.inner.total);
        self.number += lines.max(1);
        self.before = self.breaks.total;
        let cells = match self.spoilt.take() {
            Some(spoilt) => spoilt,
            None => Cells::Read(self.cells()),
        };
        (self.filled, self.ended, self.inner) = (0, 0, Breaks::default());
        // Spreadsheets write rows of nothing but commas.
        let is_empty = matches!(&cells, Cells::Read(cells) if cells.iter().all(String::is_empty));
        (!is_empty).then_some(Row { number: self.number, cells })
    }

    fn cells(&self) -> Vec<String> {
        let ends = self.ends.get(..self.ended).unwrap_or_default();
        let starts = std::iter::once(&0).chain(ends);
        let cell = |(start, end): (&usize, &usize)| {
            let bytes = self.text.get(*start..*end).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        starts.zip(ends).map(cell).collect()
    }
}

/// Counts line breaks: LF, CR, and CR LF as one.
#[derive(Debug, Clone, Copy, Default)]
struct Breaks {
    total: u64,
    after_cr: bool,
}

impl Breaks {
    fn count(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if *byte == b'\r' || (*byte == b'\n' && !self.after_cr) {
                self.total += 1;
            }
            self.after_cr = *byte == b'\r';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the pieces it comes in.
    fn read(text: &str) -> Vec<(u64, Cells)> {
        let mut all = Vec::new();
        for size in [1, 3, 4096, text.len().max(1)] {
            let (mut reader, mut rows) = (Rows::new(), Vec::new());
            let signs: Vec<char> = text.chars().collect();
            for piece in signs.chunks(size) {
                reader.push(&piece.iter().collect::<String>(), &mut rows);
            }
            reader.finish(&mut rows);
            all.push(rows.into_iter().map(|row| (row.number, row.cells)).collect::<Vec<_>>());
        }
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
        all.remove(0)
    }

    fn cells(cells: &[&str]) -> Cells {
        Cells::Read(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn cells_are_read_and_rows_counted_as_a_spreadsheet_does() {
        for end in ["\n", "\r\n", "\r"] {
            let text =
                ["name,phone", "\"山田, \"\"太郎\"\"\",1", "", ",,", "\"二", "行\" , 2 ", "一,3,,", "last"];
            let expected = [
                (1, cells(&["name", "phone"])),
                (2, cells(&["山田, \"太郎\"", "1"])),
                (5, cells(&[&format!("二{end}行"), "2"])),
                (6, cells(&["一", "3", "", ""])),
                (7, cells(&["last"])),
            ];
            assert_eq!(read(&text.join(end)), expected, "{end:?}");
            assert_eq!(read(&format!("{}{end}", text.join(end))), expected, "{end:?} at the end");
        }
        assert_eq!(read(""), []);
        assert_eq!(read("\r\n\r\nx"), [(3, cells(&["x"]))]);
    }

    #[test]
    fn a_row_that_has_too_much_spoils_no_other() {
        let long = "x".repeat(ROW_BYTES + 10);
        let many = ",".repeat(ROW_CELLS + 3);
        assert_eq!(
            read(&format!("a\n{long},y\nb\n\"{long}\n{long}\"\nc\n{many}\nd\n")),
            [
                (1, cells(&["a"])),
                (2, Cells::TooLong),
                (3, cells(&["b"])),
                (4, Cells::TooLong),
                (5, cells(&["c"])),
                (6, Cells::TooMany),
                (7, cells(&["d"])),
            ]
        );
        assert_eq!(read(&format!("a\n\"{long}\n{long}")), [(1, cells(&["a"])), (2, Cells::TooLong)]);
    }
}
