//! Lists and figures of calls that happened at random, in SQLite and in memory: both must tell the same.

use super::super::{SqliteConfig, SqliteStore, file, migrations};
use crate::{
    CallFilter, CallPlace, Grouping, MemoryStore, Opening, Paging, StatisticsFilter, Store,
    conformance::fixture::{NOW, OURS, THEIRS, customer, entries, id, record, replacing},
    figures::HOUR,
};
use jiff::tz::TimeZone;
use serde_json::json;
use tsunagu_call::{CallRecord, CompanyId, Status, Time};

/// Chances that come the same way again (the generator of Numerical Recipes).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }

    fn of<T: Clone>(&mut self, some: &[T]) -> T {
        some[self.below(some.len() as u64) as usize].clone()
    }

    fn sometimes<T>(&mut self, bound: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.one_in(bound).then(|| make(self))
    }

    /// Within some days, often at the full hour or a millisecond beside it, and often the same.
    fn time(&mut self) -> Time {
        let hour = Time::from_millis(NOW.millis() / HOUR * HOUR);
        let hour = hour.plus_millis(i64::try_from(self.below(2_000)).unwrap() * HOUR);
        match self.below(4) {
            0 => hour,
            1 => hour.plus_millis(-1),
            2 => hour.plus_secs(30 * 60),
            _ => hour.plus_millis(i64::try_from(self.below(3_600_000)).unwrap()),
        }
    }
}

const RESULTS: [&str; 5] = ["成功", "不在", "拒否", "要フォロー", "失敗"];
const SAID: [&str; 7] =
    ["見積りを送ってください。", "り", "ミツモリは済み", "OK, call back at 3", "送って", "okです", "…"];
const CUSTOMERS: u64 = 60;
const AGENTS: u64 = 4;

/// A call of some customer, over or not.
fn call(chance: &mut Chance, number: u32, before: Option<&CallRecord>) -> CallRecord {
    let company = if number.is_multiple_of(7) { THEIRS } else { OURS };
    let mut call = match before {
        Some(before) => before.clone(),
        None => {
            CallRecord { start_time: chance.time(), ..record(number, company, number % CUSTOMERS as u32) }
        }
    };
    let over = before.is_some_and(|before| before.status.is_over()) || chance.below(8) > 0;
    call.assigned_agent = chance.sometimes(2, |chance| id(1000 + chance.below(AGENTS) as u32));
    call.notes = chance
        .sometimes(3, |chance| chance.of(&["折り返しは　ヤマダ様へ", "資料を送る", " ", "0312"]).to_owned());
    let line = |message: &str| json!({"timestamp": NOW, "speaker": "customer", "message": message});
    let lines: Vec<_> = (0..chance.below(4)).map(|_| line(chance.of(&SAID))).collect();
    call.transcript = serde_json::from_value(lines.into()).unwrap();
    if !over {
        call.status = chance.of(&[Status::AiResponding, Status::Transferring, Status::HumanConnected]);
        return call;
    }
    call.status = chance.of(&[Status::Completed, Status::Failed]);
    call.call_result =
        chance.sometimes(20, |_| ()).map_or_else(|| Some(chance.of(&RESULTS).into()), |()| None);
    call.answered_time = chance.sometimes(2, |_| call.start_time.plus_secs(9));
    call.duration = call.answered_time.map_or(0, |_| chance.below(300) as u32);
    call.end_time = Some(call.start_time.plus_secs(9 + call.duration));
    call.handoff_time = chance.sometimes(3, |_| call.start_time.plus_secs(20));
    let left = call.start_time.plus_secs(20 + chance.below(60) as u32);
    call.participants =
        serde_json::from_value(json!([{"role": "ai", "joinedAt": NOW, "leftAt": left}])).unwrap();
    call
}

const fn company_of(customer: u32) -> CompanyId {
    if customer.is_multiple_of(7) { THEIRS } else { OURS }
}

/// Both stores after the same things have happened.
async fn filled(chance: &mut Chance, stores: [&dyn Store; 2]) -> Vec<CallRecord> {
    for number in 0..CUSTOMERS as u32 {
        let name = chance.of(&["山田 太郎", "ヤマダ電機", "佐藤", "Sato"]);
        let company = company_of(number);
        for store in stores {
            store.create_customer(customer(number, company, name)).await.unwrap();
        }
    }
    let mut calls: Vec<CallRecord> = Vec::new();
    for number in 0..400 {
        let opened = CallRecord { start_time: chance.time(), ..call(chance, number, None) };
        let customer = number % CUSTOMERS as u32;
        let company = company_of(customer);
        let opened = CallRecord { start_time: opened.start_time, ..record(number, company, customer) };
        let mut record = opened.clone();
        let mut busy = false;
        for store in stores {
            let opening = Opening { record: opened.clone(), entries: entries(1, 2), idempotency_key: None };
            busy = store.open_call(opening).await.is_err();
        }
        if busy {
            continue;
        }
        // It goes on, ends, is written again as it was, and put right.
        for _ in 0..1 + chance.below(4) {
            record = call(chance, number, Some(&record));
            for store in stores {
                store.commit(replacing(&record)).await.unwrap();
                store.commit(replacing(&record)).await.unwrap();
            }
        }
        calls.push(record);
    }
    calls
}

fn filter(chance: &mut Chance) -> CallFilter {
    CallFilter {
        status: chance.sometimes(4, |chance| {
            chance.of(&[Status::Completed, Status::Failed, Status::AiResponding, Status::Transferring])
        }),
        result: chance.sometimes(4, |chance| chance.of(&[RESULTS[0], RESULTS[4], "完了", ""]).to_owned()),
        agent: chance.sometimes(4, |chance| id(1000 + chance.below(AGENTS + 1) as u32)),
        customer: chance.sometimes(8, |chance| id(chance.below(CUSTOMERS + 1) as u32)),
        from: chance.sometimes(3, Chance::time),
        to: chance.sometimes(3, Chance::time),
        search: chance
            .sometimes(5, |chance| chance.of(&["やまだ", "SATO", "資料", "0312", "いない", " "]).to_owned()),
        said: chance.sometimes(4, |chance| {
            chance
                .of(&[
                    "見積り",
                    "見積",
                    "見",
                    "り",
                    "りを",
                    "みつもり",
                    "ｏｋ",
                    "Call Back",
                    "りok",
                    "って",
                    "3",
                    "、",
                ])
                .to_owned()
        }),
    }
}

fn groupings() -> Vec<Grouping> {
    let zone = |name| TimeZone::get(name).unwrap();
    let mut groupings = vec![Grouping::Nothing, Grouping::Agents];
    for name in ["Asia/Tokyo", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"] {
        groupings.extend([Grouping::Days(zone(name)), Grouping::Hours(zone(name))]);
    }
    groupings
}

async fn compare(chance: &mut Chance, memory: &dyn Store, sqlite: &dyn Store) {
    for _ in 0..400 {
        let (company, filter) = (chance.of(&[OURS, OURS, THEIRS]), filter(chance));
        let paging = Paging::new(chance.of(&[1, 1, 2, 3, 9, 100]), chance.of(&[1, 7, 20, 100]));
        let expected = memory.calls(company, &filter, paging).await.unwrap();
        assert_eq!(sqlite.calls(company, &filter, paging).await.unwrap(), expected, "{filter:?} {paging:?}");
        let after = expected.items.last().map(|last| CallPlace { started: last.start_time, call: last.id });
        let rest = memory.calls_after(company, &filter, after, paging.limit()).await.unwrap();
        assert_eq!(
            sqlite.calls_after(company, &filter, after, paging.limit()).await.unwrap(),
            rest,
            "{filter:?} {after:?}"
        );
    }
    for grouping in groupings() {
        for _ in 0..20 {
            let company = chance.of(&[OURS, OURS, THEIRS]);
            let filter = filter(chance);
            let filter = StatisticsFilter { agent: filter.agent, from: filter.from, to: filter.to };
            let expected = memory.call_statistics(company, filter, grouping.clone()).await.unwrap();
            let told = sqlite.call_statistics(company, filter, grouping.clone()).await.unwrap();
            assert_eq!(told, expected, "{filter:?} {grouping:?}");
            let series: i64 = told.series.values().map(|part| part.calls).sum();
            assert!(grouping == Grouping::Nothing || series == told.all.calls, "{filter:?} {grouping:?}");
        }
    }
}

#[tokio::test]
async fn sqlite_tells_the_same_as_memory_whatever_happened() {
    for seed in 1..=3 {
        let mut chance = Chance(seed);
        let dir = tempfile::tempdir().unwrap();
        let memory = MemoryStore::new();
        let sqlite = SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap();
        let calls = filled(&mut chance, [&memory, &sqlite]).await;
        assert!(calls.len() > 200, "{}", calls.len());
        compare(&mut chance, &memory, &sqlite).await;
    }
}

/// A file of before the step in which tallies came: they are made from what it holds.
#[tokio::test]
async fn the_figures_of_an_older_file_are_made_up_for() {
    let mut chance = Chance(7);
    let dir = tempfile::tempdir().unwrap();
    let memory = MemoryStore::new();
    let sqlite = SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap();
    filled(&mut chance, [&memory, &sqlite]).await;
    drop(sqlite);
    let older = rusqlite::Connection::open(dir.path().join(file::FILE)).unwrap();
    older
        .execute_batch(
            "DROP TABLE call_tallies; DROP TABLE call_notes; DROP TABLE call_words; ALTER TABLE calls DROP COLUMN said; DROP INDEX calls_live_by_start; DROP INDEX calls_over_by_start; \
             DROP INDEX calls_of_customer; CREATE INDEX calls_of_customer ON calls (customer, started); \
             ALTER TABLE calls DROP COLUMN talked; ALTER TABLE calls DROP COLUMN handoff; \
             CREATE INDEX calls_by_start ON calls (company, started, id); \
             CREATE INDEX calls_of_agent ON calls (agent, started) WHERE agent IS NOT NULL;",
        )
        .unwrap();
    migrations::take_again(&older, "CREATE TABLE call_tallies");
    migrations::take_again(&older, "CREATE VIRTUAL TABLE call_words");
    drop(older);
    let sqlite = SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap();
    compare(&mut chance, &memory, &sqlite).await;
}
