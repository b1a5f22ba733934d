//! A server that is killed and comes back: the emulator on a file, started by the test itself.

#[path = "../../../../tests/system/port.rs"]
mod port;

use crate::{
    CallStore, Commit, CustomerStore, Store, StoreError,
    conformance::fixture::{OURS, customer, entry, id, opening},
    mongo::MongoStore,
};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The emulator. It is killed when the test is over.
struct Emulator(Child);

impl Emulator {
    /// Starts it; gives its address too.
    fn start(command: &str, port: u16, file: &Path) -> (Self, String) {
        let mut words = command.split(' ');
        let mut child = Command::new(words.next().unwrap())
            .args(words)
            .arg(port.to_string())
            .arg(file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut uri = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut uri).unwrap();
        (Self(child), uri.trim().to_owned())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_the_server_was_killed() {
    const LAST: u64 = 200;
    let Ok(command) = std::env::var("TSUNAGU_TEST_MONGODB_EMULATOR") else {
        assert!(
            std::env::var("CI").as_deref() != Ok("true")
                || std::env::var("TSUNAGU_TEST_MONGODB_EMULATED").is_err(),
            "TSUNAGU_TEST_MONGODB_EMULATOR is not set: `tests/run` sets it"
        );
        eprintln!("skipped: TSUNAGU_TEST_MONGODB_EMULATOR is not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("emulator.db");
    let port = port::free();
    let (emulator, uri) = Emulator::start(&command, port, &file);
    let store = MongoStore::connect(&uri).await.unwrap();
    store.create_customer(customer(1, OURS, "山田")).await.unwrap();
    store.open_call(opening(1, 1)).await.unwrap();
    let acknowledged = Arc::new(AtomicU64::new(2));
    let writer = {
        let (store, acknowledged) = (store.clone(), Arc::clone(&acknowledged));
        tokio::spawn(async move {
            let mut refused = 0;
            while acknowledged.load(Ordering::SeqCst) < LAST {
                let next = acknowledged.load(Ordering::SeqCst) + 1;
                let commit = Commit { call: id(1), entries: vec![entry(next, "はい")], record: None };
                match store.commit(commit).await {
                    Ok(()) => acknowledged.store(next, Ordering::SeqCst),
                    Err(StoreError::Unavailable { .. }) => refused += 1,
                    Err(StoreError::Conflict { expected, .. }) if expected == next + 1 && refused > 0 => {
                        acknowledged.store(next, Ordering::SeqCst);
                    }
                    Err(error) => panic!("{error:?}"),
                }
                assert!(refused < 50, "it never comes back");
            }
        })
    };
    while acknowledged.load(Ordering::SeqCst) < LAST / 4 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    drop(emulator);
    let (emulator, _) = Emulator::start(&command, port, &file);
    writer.await.unwrap();
    let journal = store.journal(id(1), 3, 999).await.unwrap();
    assert_eq!(journal, (3..=LAST).map(|seq| entry(seq, "はい")).collect::<Vec<_>>());
    store.close().await.unwrap();
    drop(emulator);
}
