//! How fast the SQLite store commits, and what a commit costs.
//!
//! `cargo run --release -p tsunagu-store --example commits -- [LIVE] [CALLS] [DIR]`: LIVE calls (default 200) at a time on
//! one thread, and CALLS (default 25) one after the other on each line. A call is opened, has twenty commits of the
//! two entries of a turn, each awaited and every fifth with a new projection, and is over with the last.
#![allow(clippy::print_stdout, reason = "it prints its figures")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a program for developers")]

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;
use tsunagu_call::{CallId, CallRecord, CompanyId, Entry, Event, Speaker, Status, Time};
use tsunagu_store::{
    CallStore, Commit, Customer, CustomerStore, Opened, Opening, SqliteConfig, SqliteStore, Store,
};

/// How many commits a call has after its opening.
const TURNS: u64 = 20;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(default, |text| text.parse().unwrap());
    let (lines, calls): (u32, u32) = (number(200), number(25));
    let scratch = tempfile::tempdir().unwrap();
    let dir = arguments.next().map_or(scratch.path().to_owned(), PathBuf::from);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure(lines, calls, dir));
}

async fn measure(lines: u32, calls: u32, dir: PathBuf) {
    let store = Arc::new(SqliteStore::open(&SqliteConfig::new(&dir)).unwrap());
    let (cpu, begun) = (cpu_time(), Instant::now());
    let next_call = Arc::new(AtomicU32::new(0));
    let line = |_| tokio::spawn(line(Arc::clone(&store), Arc::clone(&next_call), calls));
    let lines: Vec<_> = (0..lines).map(line).collect();
    let mut waits = Vec::new();
    for line in lines {
        waits.extend(line.await.unwrap());
    }
    let (cpu, elapsed) = (cpu_time() - cpu, begun.elapsed());
    waits.sort_unstable();
    let count = waits.len();
    let wait = |share: f64| waits[((count - 1) as f64 * share) as usize];
    println!(
        "{count} commits of two entries in {elapsed:.2?}: {:.0}/s",
        count as f64 / elapsed.as_secs_f64()
    );
    println!("waiting: median {:.2?}, p99 {:.2?}, longest {:.2?}", wait(0.5), wait(0.99), wait(1.0));
    println!("processor time of both sides: {:.2} µs a commit", cpu.as_secs_f64() * 1e6 / count as f64);
    store.close().await.unwrap();
}

/// One call after the other.
async fn line(store: Arc<SqliteStore>, next_call: Arc<AtomicU32>, calls: u32) -> Vec<Duration> {
    let mut waits = Vec::with_capacity(calls as usize * TURNS as usize);
    for _ in 0..calls {
        let mut record = record(next_call.fetch_add(1, Ordering::Relaxed));
        store.create_customer(customer(&record)).await.unwrap();
        let opening = Opening { record: record.clone(), entries: vec![entry(1, 100)], idempotency_key: None };
        assert_eq!(store.open_call(opening).await.unwrap(), Opened::New);
        for turn in 1..=TURNS {
            let entries = vec![entry(2 * turn, 40), entry(2 * turn + 1, 150)];
            if turn == TURNS {
                record.status = Status::Completed;
            }
            let record_now = (turn % 5 == 0).then(|| Box::new(record.clone()));
            let handed_in = Instant::now();
            store.commit(Commit { call: record.id, entries, record: record_now }).await.unwrap();
            waits.push(handed_in.elapsed());
        }
    }
    waits
}

/// An entry with so many Japanese letters, at three bytes each, as an utterance or an answer has them.
fn entry(seq: u64, letters: usize) -> Entry {
    let message = "あ".repeat(letters);
    let event = Event::Spoke { speaker: Speaker::Customer, message, confidence: Some(0.93) };
    Entry { seq, at: Time::from_millis(1_700_000_000_000), event }
}

/// A living call; later calls have higher ids, as ObjectIds do.
fn record(call: u32) -> CallRecord {
    let mut bytes = [7; 12];
    bytes[8..].copy_from_slice(&call.to_be_bytes());
    let (call, company) = (CallId::from_bytes(bytes), CompanyId::from_bytes([1; 12]));
    let record = serde_json::json!({
        "_id": call, "companyId": company, "customerId": call, "phoneNumber": "+819012345678",
        "status": "ai-responding", "startTime": "2026-11-22T01:02:03.004Z",
    });
    serde_json::from_value(record).unwrap()
}

/// Whom a call rings.
fn customer(record: &CallRecord) -> Customer {
    let customer = serde_json::json!({
        "_id": record.customer_id, "companyId": record.company_id, "name": "山田", "phone": record.customer_id.to_string(),
    });
    serde_json::from_value(customer).unwrap()
}

/// What this process has used of the processors, by `/proc`; nothing where there is none.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or(0);
    // Fields 14 and 15 of the file, in hundredths of a second.
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}
