//! What came of an import, as it is shown.

use serde::Serialize;
use tsunagu_store::{ImportReport, RowError};
use utoipa::ToSchema;

/// What came of an import, so far or in all. Every row that is not empty is imported, updated or skipped.
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
    encoding: Option<String>,
}

impl From<ImportReport> for ShownReport {
    fn from(report: ImportReport) -> Self {
        let ImportReport { imported, updated, skipped, error_count, mut errors, encoding } = report;
        errors.sort();
        Self { imported, updated, skipped, errors, error_count, encoding }
    }
}
