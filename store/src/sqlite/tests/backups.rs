//! Backups: whole, in the middle of everything, and put back.

use super::{open_at, rusqlite_at};
use crate::{
    CallStore, StoreError, back_up,
    conformance::fixture::{Shared, adding, entries, id, open},
    restore,
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

const NOW: &str = "20260721T090000Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_in_the_middle_of_everything_holds_what_was_acknowledged_and_no_half() {
    const CALLS: u32 = 8;
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store: Shared = Arc::new(open_at(dir.path()).unwrap());
    let done = Arc::new(AtomicBool::new(false));
    let acknowledged: Arc<Vec<AtomicU64>> = Arc::new((0..CALLS).map(|_| AtomicU64::new(0)).collect());
    let writers: Vec<_> = (0..CALLS)
        .map(|call| {
            let (store, done, acknowledged) = (store.clone(), done.clone(), acknowledged.clone());
            tokio::spawn(async move {
                let record = open(&store, call + 1, call + 1).await;
                let mut seq = 3;
                while !done.load(Ordering::Relaxed) {
                    let mut commit = adding(call + 1, seq, seq + 2);
                    let notes = Some((seq + 2).to_string());
                    commit.record = Some(Box::new(tsunagu_call::CallRecord { notes, ..record.clone() }));
                    store.commit(commit).await.unwrap();
                    acknowledged[call as usize].store(seq + 2, Ordering::SeqCst);
                    seq += 3;
                }
            })
        })
        .collect();
    let mut backups = Vec::new();
    while backups.len() < 5 || acknowledged.iter().any(|seq| seq.load(Ordering::SeqCst) < 300) {
        let before: Vec<_> = acknowledged.iter().map(|seq| seq.load(Ordering::SeqCst)).collect();
        let (from, to) = (dir.path().to_owned(), out.path().join(format!("{}.db", backups.len())));
        let contents = {
            let to = to.clone();
            tokio::task::spawn_blocking(move || back_up(&from, &to, false)).await.unwrap().unwrap()
        };
        backups.push((before, to, contents));
    }
    done.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(backups.iter().any(|(before, ..)| before.iter().all(|seq| *seq > 0)), "written meanwhile");

    for (before, file, contents) in backups {
        assert_eq!(contents.bytes, std::fs::metadata(&file).unwrap().len());
        let to = tempfile::tempdir().unwrap();
        let restored = restore(&file, to.path(), NOW).unwrap();
        assert_eq!((restored.contents, restored.kept), (contents, None));
        let store = open_at(to.path()).unwrap();
        for (call, acknowledged) in (1_u32..).zip(before).filter(|(_, acknowledged)| *acknowledged > 0) {
            let journal = store.journal(id(call), 0, usize::MAX).await.unwrap();
            let last = journal.last().unwrap().seq;
            assert!(last >= acknowledged, "call {call}: {acknowledged} was acknowledged, {last} is there");
            assert_eq!(journal, entries(1, last), "without a gap");
            let record = store.find_call(id(call)).await.unwrap().unwrap();
            assert_eq!(record.notes, Some(last.to_string()), "journal and projection agree");
            store.commit(adding(call, last + 1, last + 1)).await.unwrap();
        }
    }
}

async fn one_call(dir: &Path, call: u32) {
    let store: Shared = Arc::new(open_at(dir).unwrap());
    open(&store, call, call).await;
}

#[tokio::test]
async fn a_backup_replaces_nothing_unless_told() {
    let dir = tempfile::tempdir().unwrap();
    one_call(dir.path(), 1).await;
    let to = dir.path().join("backup");
    std::fs::write(&to, "precious").unwrap();
    let error = back_up(dir.path(), &to, false).unwrap_err();
    assert!(matches!(error, StoreError::Exists { .. }), "{error:?}");
    assert_eq!(std::fs::read(&to).unwrap(), b"precious");
    let contents = back_up(dir.path(), &to, true).unwrap();
    assert_eq!((contents.calls, contents.live), (1, 1));
    let left = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().contains("part")), "nothing is left behind");
}

#[test]
fn without_a_database_there_is_no_backup() {
    let dir = tempfile::tempdir().unwrap();
    let error = back_up(dir.path(), &dir.path().join("backup"), false).unwrap_err();
    assert!(matches!(error, StoreError::NoDatabase { .. }), "{error:?}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_backup_takes_the_place_of_a_database_that_is_kept() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    one_call(ours.path(), 1).await;
    one_call(theirs.path(), 2).await;
    let backup = ours.path().join("backup");
    back_up(ours.path(), &backup, false).unwrap();

    let running = open_at(theirs.path()).unwrap();
    let error = restore(&backup, theirs.path(), NOW).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error:?}");
    drop(running);

    let kept = restore(&backup, theirs.path(), NOW).unwrap().kept.unwrap();
    let store = open_at(theirs.path()).unwrap();
    assert!(store.find_call(id(1)).await.unwrap().is_some());
    assert!(store.find_call(id(2)).await.unwrap().is_none());
    drop(store);
    let again = restore(&backup, theirs.path(), NOW).unwrap_err();
    assert!(matches!(again, StoreError::Exists { .. }), "what is kept is not lost: {again:?}");
    // What was there is a backup like any other.
    restore(&kept, theirs.path(), "later").unwrap();
    assert!(open_at(theirs.path()).unwrap().find_call(id(2)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_changes_nothing() {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    one_call(dir.path(), 1).await;
    let good = out.path().join("good");
    back_up(dir.path(), &good, false).unwrap();
    let whole = std::fs::read(&good).unwrap();
    let mut torn = whole.clone();
    torn.truncate(whole.len() / 2);
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle..].iter_mut().for_each(|byte| *byte = !*byte);
    let foreign = out.path().join("foreign");
    rusqlite_at(&foreign).execute_batch("CREATE TABLE t (x)").unwrap();
    let foreign = std::fs::read(foreign).unwrap();
    for (what, bytes) in
        [("text", b"hello".repeat(999)), ("torn", torn), ("bent", bent), ("foreign", foreign)]
    {
        let file = out.path().join(what);
        std::fs::write(&file, bytes).unwrap();
        let error = restore(&file, dir.path(), NOW).unwrap_err();
        assert!(matches!(&error, StoreError::Unfit { path, .. } if *path == file), "{what}: {error:?}");
        assert!(open_at(dir.path()).unwrap().find_call(id(1)).await.unwrap().is_some(), "{what}");
    }
    let newer = out.path().join("newer");
    std::fs::write(&newer, whole).unwrap();
    rusqlite_at(&newer).pragma_update(None, "user_version", 999).unwrap();
    let error = restore(&newer, dir.path(), NOW).unwrap_err();
    assert!(matches!(error, StoreError::NewerSchema { found: 999, .. }), "{error:?}");
}
