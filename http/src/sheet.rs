//! Spreadsheets as CSV: read piece by piece as they arrive, and written so that Excel reads them.
//!
//! bytes → [`decode`] (UTF-8 or Shift_JIS) → [`rows`] (RFC 4180) → cells. No more than one row is kept at a time.

mod decode;
mod rows;
mod write;

pub(crate) use decode::{Decoder, NotText};
pub(crate) use rows::{Cells, Row, Rows};
pub(crate) use write::{Sheet, defused, fused};
