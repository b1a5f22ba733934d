//! What came of an import.

use crate::limits;
use serde::Serialize;
use utoipa::ToSchema;

/// What came of an import, so far or in all. Every row that is not empty is imported, updated or skipped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub imported: u64,
    pub updated: u64,
    pub skipped: u64,
    pub error_count: u64,
    pub errors: Vec<RowError>,
    pub encoding: Option<&'static str>,
}

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(crate) struct RowError {
    /// The row, as a spreadsheet counts: the heading is row 1.
    pub row: u64,
    /// The field's key; empty when it is the row as a whole.
    pub field: String,
    pub message: String,
}

/// A report as it is shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownReport {
    /// Customers entered.
    imported: u64,
    /// Customers whose number was known.
    updated: u64,
    /// Rows that were not taken over.
    skipped: u64,
    /// What was wrong with them; the first thousand.
    errors: Vec<RowError>,
    /// How many errors there were in all.
    error_count: u64,
    /// `UTF-8` or `Shift_JIS`; null for a file of nothing but ASCII.
    encoding: Option<&'static str>,
}

impl Report {
    /// Notes a row that is not taken over.
    pub(crate) fn skip(&mut self, errors: Vec<RowError>) {
        self.skipped += 1;
        self.error_count += errors.len() as u64;
        let room = limits::IMPORT_ERRORS.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(room));
    }
}

impl From<Report> for ShownReport {
    fn from(report: Report) -> Self {
        let Report { imported, updated, skipped, error_count, mut errors, encoding } = report;
        errors.sort();
        Self { imported, updated, skipped, errors, error_count, encoding }
    }
}
