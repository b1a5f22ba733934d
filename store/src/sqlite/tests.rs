//! What holds for SQLite besides the common suite: the file outlives the process, however that ends.

mod backups;

use super::{SqliteConfig, SqliteStore, file};
use crate::{
    CallStore, Company, CompanyStore, Customer, CustomerFilter, CustomerStore, Paging, StoreError,
    conformance::fixture::{self, OURS, Shared, adding, entries, id, open, opening},
};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};
use tempfile::TempDir;

fn open_at(dir: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(&SqliteConfig::new(dir))
}

fn rusqlite_at(file: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(file).unwrap()
}

fn empty() -> (Shared, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Arc::new(open_at(dir.path()).unwrap()), dir)
}

crate::conformance_suite! { empty() }

#[tokio::test]
async fn reopening_keeps_everything() {
    let dir = tempfile::tempdir().unwrap();
    let store: Shared = Arc::new(open_at(dir.path()).unwrap());
    let record = open(&store, 1, 7).await;
    store.commit(adding(1, 3, 9)).await.unwrap();
    let company = Company { description: Some("日本語".into()), ..fixture::company(OURS) };
    store.create_company(company.clone()).await.unwrap();
    drop(store.commit(adding(1, 10, 10)));
    drop(store);
    let store = open_at(dir.path()).unwrap();
    assert_eq!(store.find_call(id(1)).await.unwrap(), Some(record));
    assert_eq!(store.journal(id(1), 0, 99).await.unwrap(), entries(1, 10), "what was handed in is finished");
    assert_eq!(store.company(OURS).await.unwrap(), Some(company));
    let behind = store.commit(adding(1, 10, 10)).await;
    assert!(matches!(behind, Err(StoreError::Conflict { expected: 11, .. })), "{behind:?}");
    store.commit(adding(1, 11, 11)).await.unwrap();
}

#[tokio::test]
async fn a_full_queue_refuses_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&SqliteConfig { queue: 4, ..SqliteConfig::new(dir.path()) }).unwrap();
    store.create_customer(fixture::customer(1, OURS, "山田")).await.unwrap();
    store.open_call(opening(1, 1)).await.unwrap();
    let receipts: Vec<_> = (3..5_000).map(|seq| store.commit(adding(1, seq, seq))).collect();
    let mut written = 0;
    for receipt in receipts {
        match receipt.await {
            Ok(()) => written += 1,
            Err(StoreError::Full { limit: 4 } | StoreError::Conflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert!((4..4_997).contains(&written), "{written}");
    assert_eq!(store.journal(id(1), 0, 9_999).await.unwrap(), entries(1, written + 2));
    store.commit(adding(1, written + 3, written + 3)).await.unwrap();
}

#[test]
fn two_do_not_open_the_same_file() {
    let dir = tempfile::tempdir().unwrap();
    let first = open_at(dir.path()).unwrap();
    let error = open_at(dir.path()).err().unwrap();
    assert!(matches!(error, StoreError::InUse { .. }), "{error:?}");
    assert!(error.to_string().contains("another process"), "{error}");
    drop(first);
    open_at(dir.path()).unwrap();
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open_at(dir.path()).unwrap());
    let path = dir.path().join(file::FILE);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let error = open_at(dir.path()).err().unwrap();
    assert!(matches!(error, StoreError::NewerSchema { found: 99, .. }), "{error:?}");
    assert!(error.to_string().contains("newer version"), "{error}");
}

/// A file of the first schema, in which calls have no column that tells of a recording.
#[tokio::test]
async fn recordings_of_an_older_file_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(dir.path().join(file::FILE)).unwrap();
    connection.execute_batch(include_str!("schema/001_spine.sql")).unwrap();
    for number in [1, 2] {
        let over = tsunagu_call::CallRecord {
            status: tsunagu_call::Status::Completed,
            recording_sid: (number == 2).then(|| "RE2".to_owned()),
            ..fixture::record(number, OURS, number)
        };
        connection
            .execute(
                "INSERT INTO calls (id, company, customer, status, over, unsettled, started, body) \
                 VALUES (?1, ?2, ?3, 'completed', 1, 0, ?4, ?5)",
                rusqlite::params![
                    over.id.bytes(),
                    OURS.bytes(),
                    over.customer_id.bytes(),
                    over.start_time.millis(),
                    serde_json::to_string(&over).unwrap(),
                ],
            )
            .unwrap();
    }
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);
    let store = open_at(dir.path()).unwrap();
    let found = store.recorded_calls(OURS, fixture::NOW.plus_secs(1), None, 9).await.unwrap();
    assert_eq!(found.iter().map(|recorded| recorded.call).collect::<Vec<_>>(), [id(2)]);
}

/// A file whose customers have no columns for their flags, and searches that mind width and kana.
#[tokio::test]
async fn customers_of_an_older_file_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(dir.path().join(file::FILE)).unwrap();
    connection.execute_batch(include_str!("schema/001_spine.sql")).unwrap();
    for (number, name, do_not_call) in [(1, "ヤマダ", true), (2, "佐藤", false)] {
        let customer = Customer { do_not_call, ..fixture::customer(number, OURS, name) };
        connection
            .execute(
                "INSERT INTO customers (id, company, phone, name, created, search, body) \
                 VALUES (?1, ?2, ?3, ?4, ?5, 'ヤマダ', ?6)",
                rusqlite::params![
                    customer.id.bytes(),
                    OURS.bytes(),
                    customer.phone,
                    name,
                    customer.created_at.millis(),
                    serde_json::to_string(&customer).unwrap(),
                ],
            )
            .unwrap();
    }
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);
    let store = open_at(dir.path()).unwrap();
    for filter in [
        CustomerFilter { search: Some("ﾔﾏﾀﾞ".into()), ..CustomerFilter::default() },
        CustomerFilter { do_not_call: Some(true), ..CustomerFilter::default() },
    ] {
        let found = store.customers(OURS, &filter, Paging::default()).await.unwrap();
        assert_eq!(found.items.iter().map(|found| found.id).collect::<Vec<_>>(), [id(1)], "{filter:?}");
    }
}

#[test]
fn an_agents_figures_are_read_from_an_index_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open_at(dir.path()).unwrap());
    let connection = rusqlite::Connection::open(dir.path().join(file::FILE)).unwrap();
    let ids = rusqlite::params![OURS.bytes(), OURS.bytes(), 0, 1];
    let explained = |how: &str, column: usize| -> Vec<String> {
        let mut plan = connection.prepare(&format!("{how} {}", super::agents::FIGURES)).unwrap();
        let rows = plan.query_map(ids, |row| row.get::<_, Option<String>>(column)).unwrap();
        rows.filter_map(Result::unwrap).collect()
    };
    let steps = explained("EXPLAIN QUERY PLAN", 3);
    assert!(steps.iter().any(|step| step.contains("calls_of_agent_results")), "{steps:?}");
    let operands = explained("EXPLAIN", 5);
    assert!(!operands.iter().any(|operand| operand.contains("json_extract")), "a body is read: {operands:?}");
}

#[test]
fn a_corrupted_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(file::FILE), "this is no database at all".repeat(1_000)).unwrap();
    let error = open_at(dir.path()).err().unwrap();
    assert!(matches!(error, StoreError::Corrupt { what: "database", .. }), "{error:?}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let error = open_at(&file.join("data")).err().unwrap();
    assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
    assert!(error.to_string().contains("a file/data"), "{error}");
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_named_and_hurts_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let store: Shared = Arc::new(open_at(dir.path()).unwrap());
    open(&store, 1, 1).await;
    open(&store, 2, 2).await;
    drop(store);
    let connection = rusqlite::Connection::open(dir.path().join(file::FILE)).unwrap();
    connection.execute("UPDATE calls SET body = '{' WHERE number = 1", []).unwrap();
    connection.execute("UPDATE journal SET entries = 'x' WHERE call = 1", []).unwrap();
    drop(connection);
    let store = open_at(dir.path()).unwrap();
    let unreadable = store.find_call(id(1)).await.unwrap_err();
    assert!(matches!(unreadable, StoreError::Corrupt { what: "call", .. }), "{unreadable:?}");
    let unreadable = store.journal(id(1), 0, 9).await.unwrap_err();
    assert!(matches!(unreadable, StoreError::Corrupt { what: "entry", .. }), "{unreadable:?}");
    assert_eq!(store.journal(id(2), 0, 9).await.unwrap(), entries(1, 2));
}

#[tokio::test]
async fn when_the_database_fails_each_write_is_tried_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store: Shared = Arc::new(open_at(dir.path()).unwrap());
    for call in 1..=9 {
        open(&store, call, call).await;
    }
    let outside = rusqlite::Connection::open(dir.path().join(file::FILE)).unwrap();
    outside
        .execute_batch(
            "CREATE TRIGGER jammed BEFORE INSERT ON journal WHEN NEW.call = 5
             BEGIN SELECT RAISE(ABORT, 'jammed'); END",
        )
        .unwrap();
    let receipts: Vec<_> = (1..=9).map(|call| store.commit(adding(call, 3, 4))).collect();
    for (call, receipt) in (1..=9).zip(receipts) {
        assert_eq!(receipt.await.is_ok(), call != 5, "{call}");
    }
    outside.execute_batch("DROP TRIGGER jammed").unwrap();
    for call in 1..=9 {
        let next = if call == 5 { 3 } else { 5 };
        store.commit(adding(call, next, next)).await.unwrap();
    }
}

/// Set for the child of the next test: the folder to write in.
const CHILD: &str = "TSUNAGU_STORE_TEST_CHILD";
/// How many calls the child writes at once.
const CALLS: u32 = 8;

/// Runs in the child only: commits without end, and prints what was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_that_commits_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let store: Shared = Arc::new(open_at(Path::new(&dir)).unwrap());
    let writer = |call: u32| {
        let store = Arc::clone(&store);
        async move {
            let record = open(&store, call, call).await;
            for seq in (3..).step_by(2) {
                let mut commit = adding(call, seq, seq + 1);
                let notes = Some(format!("{}", seq + 1));
                commit.record = Some(Box::new(tsunagu_call::CallRecord { notes, ..record.clone() }));
                store.commit(commit).await.unwrap();
                writeln!(std::io::stdout(), "acknowledged {call} {}", seq + 1).unwrap();
            }
        }
    };
    fixture::at_once(CALLS, writer).await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    for acknowledged in [50, 500, 2_000] {
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sqlite::tests::child_that_commits_until_it_is_killed", "--nocapture"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut promised = BTreeMap::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut note = |line: String| {
            let words: Vec<_> = line.split_whitespace().collect();
            if let [.., "acknowledged", call, seq] = words[..]
                && let (Ok(call), Ok(seq)) = (call.parse::<u32>(), seq.parse::<u64>())
            {
                promised.insert(call, seq);
            }
        };
        lines.by_ref().take(acknowledged).for_each(&mut note);
        child.kill().unwrap();
        child.wait().unwrap();
        // What it had still said before it died counts as well; its last line may be torn.
        let mut rest: Vec<_> = lines.collect();
        rest.pop();
        rest.into_iter().for_each(&mut note);

        assert!(!promised.is_empty());
        let store = open_at(dir.path()).unwrap();
        for (call, seq) in promised {
            let journal = store.journal(id(call), 0, usize::MAX).await.unwrap();
            let last = journal.last().unwrap().seq;
            assert!(last >= seq, "call {call}: {seq} was acknowledged, {last} is there");
            assert_eq!(journal, entries(1, last));
            let record = store.find_call(id(call)).await.unwrap().unwrap();
            assert_eq!(record.notes, Some(last.to_string()), "journal and projection agree");
            store.commit(adding(call, last + 1, last + 1)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_journal_is_read_from_the_index_and_the_tail_alike() {
    const CALLS: u32 = 3;
    const LAST: u64 = 1_500;
    let dir = tempfile::tempdir().unwrap();
    let store: Shared = Arc::new(open_at(dir.path()).unwrap());
    for call in 1..=CALLS {
        open(&store, call, call).await;
    }
    // More commits than a tail holds, of several calls in turn, so that each has rows on both sides of its beginning.
    for seq in 3..=LAST {
        let receipts: Vec<_> = (1..=CALLS).map(|call| store.commit(adding(call, seq, seq))).collect();
        for receipt in receipts {
            receipt.await.unwrap();
        }
    }
    let check = async |store: &Shared| {
        for call in 1..=CALLS {
            for from in [1, 2, 700, LAST - 1, LAST] {
                assert_eq!(
                    store.journal(id(call), from, 9_999).await.unwrap(),
                    entries(from, LAST),
                    "{call} {from}"
                );
            }
            assert_eq!(store.journal(id(call), LAST + 1, 9_999).await.unwrap(), []);
        }
    };
    check(&store).await;
    drop(store);
    let store: Shared = Arc::new(open_at(dir.path()).unwrap());
    check(&store).await;
    store.commit(adding(1, LAST + 1, LAST + 1)).await.unwrap();
}
