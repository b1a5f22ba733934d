//! Sheets that are written: UTF-8 with a byte order mark, so that Excel reads Japanese, and CR LF at the end of rows.

use std::io;

/// Told to Excel, which takes the system's encoding otherwise.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A piece of a sheet in the making.
pub(crate) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    /// The first piece.
    pub(crate) fn begin() -> Self {
        Self::after(MARK.to_vec())
    }

    /// One of the pieces behind it.
    pub(crate) fn piece() -> Self {
        Self::after(Vec::new())
    }

    fn after(written: Vec<u8>) -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(written))
    }

    /// Adds a row.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        self.0.write_record(cells).map_err(io::Error::other)
    }

    /// What has been written.
    pub(crate) fn done(self) -> io::Result<Vec<u8>> {
        self.0.into_inner().map_err(|error| error.into_error())
    }
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe in front, which the
/// spreadsheet's reader sees as text (OWASP, CSV injection).
pub(crate) fn defused(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell as it was before [`defused`].
pub(crate) fn fused(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|cell| is_formula(cell)).unwrap_or(cell)
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_has_its_mark_once_and_cells_quoted() {
        let mut sheet = Sheet::begin();
        sheet.row(["名前", "a,b", "x\"y"]).unwrap();
        assert_eq!(sheet.done().unwrap(), "\u{feff}名前,\"a,b\",\"x\"\"y\"\r\n".as_bytes());
        let mut sheet = Sheet::piece();
        sheet.row(["", "二\n行"]).unwrap();
        assert_eq!(sheet.done().unwrap(), ",\"二\n行\"\r\n".as_bytes());
    }

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(defused(cell), format!("'{cell}"));
            assert_eq!(fused(&defused(cell)), cell);
        }
        for cell in ["山田", "'quoted'", "a=1", ""] {
            assert_eq!((defused(cell).as_str(), fused(cell)), (cell, cell));
        }
    }
}
