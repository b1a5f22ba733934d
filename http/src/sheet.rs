//! Spreadsheets as CSV, written so that Excel reads them.

mod write;

pub(crate) use write::{Sheet, defused};
