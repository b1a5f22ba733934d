//! Imports of customers.

use super::fixture::*;
use crate::{CustomerImport, ImportReport, ImportState, RowError, StoreError};
use tsunagu_call::CompanyId;

const KEPT: usize = 3;

/// One that began so many seconds after the others.
fn import(number: u32, company: CompanyId) -> CustomerImport {
    CustomerImport {
        id: id(number),
        company_id: company,
        state: ImportState::Running,
        bytes: 0,
        total_bytes: Some(99),
        report: ImportReport::default(),
        started_at: NOW.plus_secs(number),
        seen_at: NOW.plus_secs(number),
        finished_at: None,
    }
}

pub async fn an_import_is_kept_and_noted(store: Shared) {
    store.begin_import(import(1, OURS), KEPT, NOW).await.unwrap();
    assert_eq!(store.customer_import(OURS, id(1)).await.unwrap(), Some(import(1, OURS)));
    assert_eq!(store.customer_import(THEIRS, id(1)).await.unwrap(), None);
    let again = store.begin_import(import(1, OURS), KEPT, NOW).await;
    assert!(matches!(again, Err(StoreError::Duplicate { what: "import", field: "_id" })), "{again:?}");
    store.begin_import(import(1, THEIRS), KEPT, NOW).await.unwrap();
    let error = RowError { row: 2, field: "phone".into(), message: "is no number".into() };
    let report = ImportReport {
        imported: 5,
        updated: 1,
        skipped: 1,
        error_count: 1,
        errors: vec![error],
        encoding: Some("Shift_JIS".into()),
    };
    let done = CustomerImport {
        state: ImportState::Done,
        bytes: 99,
        report,
        finished_at: Some(NOW.plus_secs(9)),
        ..import(1, OURS)
    };
    store.note_import(done.clone()).await.unwrap();
    assert_eq!(store.customer_import(OURS, id(1)).await.unwrap(), Some(done));
    assert_eq!(store.customer_import(THEIRS, id(1)).await.unwrap(), Some(import(1, THEIRS)));
    store.note_import(import(2, OURS)).await.unwrap();
    assert_eq!(store.customer_import(OURS, id(2)).await.unwrap(), None, "it never began, or is forgotten");
}

pub async fn the_oldest_imports_are_forgotten(store: Shared) {
    let left = || async {
        let mut left = Vec::new();
        for number in 1..=9 {
            if store.customer_import(OURS, id(number)).await.unwrap().is_some() {
                left.push(number);
            }
        }
        left
    };
    store.begin_import(import(1, THEIRS), KEPT, NOW).await.unwrap();
    for number in [2, 1, 3, 4] {
        store.begin_import(import(number, OURS), KEPT, NOW).await.unwrap();
    }
    assert_eq!(left().await, [2, 3, 4]);
    assert!(store.begin_import(import(4, OURS), 1, NOW.plus_secs(9)).await.is_err());
    assert_eq!(left().await, [2, 3, 4], "nothing is forgotten for one that does not begin");
    store.begin_import(import(9, OURS), KEPT, NOW.plus_secs(4)).await.unwrap();
    assert_eq!(left().await, [4, 9]);
    assert!(store.customer_import(THEIRS, id(1)).await.unwrap().is_some());
}
