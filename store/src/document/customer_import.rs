//! An import of customers: how far it has come, or what came of it.

use serde::{Deserialize, Serialize};
use tsunagu_call::{CompanyId, DocumentId, Time};

/// After how many seconds without a word an import is taken to have ended with the server that took it.
const SILENCE_SECS: u32 = 60;

/// An import of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerImport {
    /// The import; unique within the company.
    #[serde(rename = "_id")]
    pub id: DocumentId,
    /// Whose customers.
    pub company_id: CompanyId,
    /// What it is doing.
    pub state: ImportState,
    /// How many bytes of the file have come.
    pub bytes: u64,
    /// How many the whole upload has, where the client said so.
    #[serde(default)]
    pub total_bytes: Option<u64>,
    /// What came of it, so far or in all.
    pub report: ImportReport,
    /// Since when.
    pub started_at: Time,
    /// When it was last known to be as it is here.
    pub seen_at: Time,
    /// When it was over.
    #[serde(default)]
    pub finished_at: Option<Time>,
}

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ImportState {
    /// Its file is being taken over.
    Running,
    /// All of the file was.
    Done,
    /// It broke off; what had been taken over until then stays.
    Failed,
}

/// What came of an import. Every row that is not empty is imported, updated or skipped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Customers entered.
    pub imported: u64,
    /// Customers whose number was known.
    pub updated: u64,
    /// Rows that were not taken over.
    pub skipped: u64,
    /// How many errors there were in all.
    pub error_count: u64,
    /// The first of them.
    pub errors: Vec<RowError>,
    /// `UTF-8` or `Shift_JIS`; nothing for a file of nothing but ASCII.
    #[serde(default)]
    pub encoding: Option<String>,
}

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RowError {
    /// The row, as a spreadsheet counts: the heading is row 1.
    pub row: u64,
    /// The field's key; empty when it is the row as a whole.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl CustomerImport {
    /// What is to be told of it at `now`, when nobody who runs it can be asked: one that has not been heard of for a minute
    /// ended with its server.
    #[must_use]
    pub fn as_told(self, now: Time) -> Self {
        if self.state == ImportState::Running && self.seen_at.plus_secs(SILENCE_SECS) <= now {
            return Self { state: ImportState::Failed, finished_at: Some(self.seen_at), ..self };
        }
        self
    }
}

impl ImportReport {
    /// Notes a row that is not taken over, with what is wrong with it; at most `most` errors are kept.
    pub fn skip(&mut self, errors: Vec<RowError>, most: usize) {
        self.skipped += 1;
        self.error_count += errors.len() as u64;
        let room = most.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_fell_silent_has_failed() {
        let now = Time::from_millis(1_790_000_000_000);
        let import = |state| CustomerImport {
            id: DocumentId::from_bytes([1; 12]),
            company_id: CompanyId::from_bytes([1; 12]),
            state,
            bytes: 7,
            total_bytes: None,
            report: ImportReport::default(),
            started_at: now,
            seen_at: now,
            finished_at: None,
        };
        let told = |state, secs| import(state).as_told(now.plus_secs(secs));
        assert_eq!(told(ImportState::Running, SILENCE_SECS - 1), import(ImportState::Running));
        let failed = CustomerImport { finished_at: Some(now), ..import(ImportState::Failed) };
        assert_eq!(told(ImportState::Running, SILENCE_SECS), failed);
        assert_eq!(told(ImportState::Done, SILENCE_SECS), import(ImportState::Done));
    }
}
