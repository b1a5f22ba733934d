//! How fast what happens is on every screen, how much can be told, and what a screen takes of memory.
//!
//! Twice: at a steady rate of turns, each call watched by ten of the screens; and with all screens watching two calls, on
//! each of which the next thing is said as soon as everybody has seen the last.

mod socket;

use super::{
    Bench, SPARE, latency,
    line::Line,
    load::Load,
    process::{Busy, Memory},
    seed::seed,
    server::Server,
    stage::Stage,
    tally::{Tally, Times},
};
use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::json;
use socket::Socket;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::Duration,
};
use tokio::{sync::Notify, task::JoinSet, time::Instant};

/// The calls of the steady rate, its screens, how many of them watch a call, and turns a second.
const CALLS: u32 = 200;
const SCREENS: usize = 200;
const WATCHERS: usize = 10;
const RATE: u64 = 500;
/// The screens of the broadcasts, and about how long each of these is, in bytes.
const CROWD: usize = 1000;
const EVENT_BYTES: usize = 300;
/// Screens of which nothing happens.
const RESTING: usize = 9_500;
/// How long the server may come to rest before it is looked at.
const REST: Duration = Duration::from_secs(2);

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OnScreen {
    /// Screens at the steady rate, and turns a second.
    pub screens: usize,
    pub rate: u64,
    /// Customers' words that screens were told.
    pub lines: u64,
    /// From the webhook that brought them to the screen.
    pub times: Times,
    /// Screens of the broadcasts.
    pub crowd: usize,
    /// Events that reached a screen, a second, with two broadcasts under way.
    pub deliveries_per_second: f64,
    /// The same for a second of the server's processor.
    pub deliveries_per_cpu_second: f64,
    /// How long one was, in bytes.
    pub event_bytes: usize,
    /// From the request that caused it to each screen.
    pub broadcast_times: Times,
    /// Screens of which nothing happens, what the server has in memory without and with them, in bytes.
    pub resting: usize,
    pub idle_bytes: u64,
    pub resting_bytes: u64,
}

/// What screens see, and since when it is on its way.
#[derive(Default)]
struct Seen {
    tally: RefCell<Tally>,
    begun: RefCell<HashMap<String, Instant>>,
    /// Events of a call that reached a screen.
    counts: RefCell<HashMap<String, u64>>,
    bytes: Cell<usize>,
    more: Notify,
}

/// Measures it.
pub async fn measure(bench: &Bench, seconds: u64) -> Result<OnScreen> {
    let (idle_bytes, resting_bytes) = at_rest(bench).await?;
    let folder = bench.folder()?;
    let mut callees = seed(folder.path(), CALLS + SPARE).await?;
    let spare = callees.split_off(usize::try_from(CALLS)?);
    let server = Server::start(&bench.cores, folder.path(), &bench.carrier)?;
    let load = Rc::new(Load::sign_in(server.address).await?);
    let measured = async {
        let lines = load.begin_all(callees, bench.connections, 0).await?;
        tokio::time::sleep(REST).await;
        let calls: Vec<String> = lines.iter().map(|line| line.call().to_owned()).collect();
        let (seen, lines) = at_a_steady_rate(bench, &load, spare, lines, seconds).await?;
        let (told, times) = (seen.tally.borrow().turns, seen.tally.borrow().times());
        drop(lines);
        let broadcast = broadcast(&load, &calls, seconds, server.pid()).await?;
        Ok(OnScreen {
            screens: SCREENS,
            rate: RATE,
            lines: told,
            times,
            crowd: CROWD,
            deliveries_per_second: broadcast.deliveries / broadcast.seconds,
            deliveries_per_cpu_second: broadcast.deliveries / broadcast.server_seconds,
            event_bytes: broadcast.seen.bytes.get(),
            broadcast_times: broadcast.seen.tally.borrow().times(),
            resting: RESTING,
            idle_bytes,
            resting_bytes,
        })
    };
    server.explain(measured.await)
}

/// What a server has in memory before anybody looks at it, and when very many do.
async fn at_rest(bench: &Bench) -> Result<(u64, u64)> {
    let folder = bench.folder()?;
    seed(folder.path(), SPARE).await?;
    let server = Server::start(&bench.cores, folder.path(), &bench.carrier)?;
    let measured = async {
        let load = Load::sign_in(server.address).await?;
        tokio::time::sleep(REST).await;
        let before = Memory::of(server.pid())?.resident;
        let mut screens = Vec::with_capacity(RESTING);
        while screens.len() < RESTING {
            screens.push(open(&load, &[]).await?);
        }
        tokio::time::sleep(REST).await;
        Ok((before, Memory::of(server.pid())?.resident))
    };
    server.explain(measured.await)
}

/// Customers speak at even times; each is watched by some of the screens.
async fn at_a_steady_rate(
    bench: &Bench,
    load: &Rc<Load>,
    spare: Vec<super::seed::Callee>,
    lines: Vec<Line>,
    seconds: u64,
) -> Result<(Rc<Seen>, Vec<Line>)> {
    let calls: Vec<String> = lines.iter().map(|line| line.call().to_owned()).collect();
    let seen = Rc::<Seen>::default();
    let mut screens = JoinSet::new();
    for number in 0..SCREENS {
        let watched: Vec<&String> = calls.iter().cycle().skip(number).take(WATCHERS).collect();
        let socket = open(load, &watched).await?;
        screens.spawn_local(look(socket, seen.clone()));
    }
    let stage = Stage::watched(load.clone(), spare, {
        let seen = seen.clone();
        move |call: &str| {
            seen.begun.borrow_mut().insert(call.to_owned(), Instant::now());
        }
    });
    let (_, lines) = latency::measure(&stage, lines, bench.connections, RATE, seconds).await?;
    Ok((seen, lines))
}

struct Broadcast {
    seen: Rc<Seen>,
    deliveries: f64,
    seconds: f64,
    server_seconds: f64,
}

/// Everybody watches two calls, on which one thing after the other is said.
async fn broadcast(load: &Rc<Load>, calls: &[String], seconds: u64, server: u32) -> Result<Broadcast> {
    let seen = Rc::<Seen>::default();
    let watched: Vec<&String> = calls.iter().take(2).collect();
    let mut screens = JoinSet::new();
    for _ in 0..CROWD {
        screens.spawn_local(look(open(load, &watched).await?, seen.clone()));
    }
    tokio::time::sleep(REST).await;
    let mut awake = JoinSet::new();
    awake.spawn_local(keep_awake());
    let (begun, busy) = (Instant::now(), Busy::of(server)?);
    let until = begun + Duration::from_secs(seconds);
    let mut speakers = JoinSet::new();
    for call in watched {
        speakers.spawn_local(speak(load.clone(), call.clone(), seen.clone(), until));
    }
    while let Some(spoke) = speakers.join_next().await {
        spoke??;
    }
    let (passed, busy) = (begun.elapsed().as_secs_f64(), Busy::of(server)?.since(&busy));
    let deliveries = seen.counts.borrow().values().sum::<u64>() as f64;
    let server_seconds = busy.total.as_secs_f64();
    Ok(Broadcast { seen, deliveries, seconds: passed, server_seconds })
}

/// Has the load's core never sleep. Over loopback whoever writes wakes the reader's core, which costs more than the writing; no
/// server pays that for screens that are elsewhere.
async fn keep_awake() {
    loop {
        tokio::task::yield_now().await;
    }
}

/// Says one thing after the other on a call, each when everybody has seen the last.
async fn speak(load: Rc<Load>, call: String, seen: Rc<Seen>, until: Instant) -> Result<()> {
    let mut connection = load.connection();
    let path = format!("/api/calls/{call}/transcript");
    let message = "x".repeat(EVENT_BYTES.saturating_sub(190));
    let mut said = 0;
    while Instant::now() < until {
        seen.begun.borrow_mut().insert(call.clone(), Instant::now());
        load.put(&mut connection, &path, &json!({ "speaker": "customer", "message": message })).await?;
        said += CROWD as u64;
        while seen.counts.borrow().get(&call).copied().unwrap_or_default() < said {
            seen.more.notified().await;
        }
        // Another one may wait for what this one has seen.
        seen.more.notify_waiters();
    }
    Ok(())
}

/// A screen that has been shown the present and these calls.
async fn open(load: &Load, calls: &[&String]) -> Result<Socket> {
    let mut socket = Socket::open(load.address(), load.token()).await?;
    for (number, call) in (0..).zip(calls) {
        socket.ask(number, "monitor-call", call).await?;
    }
    socket.answered(calls.len()).await?;
    Ok(socket)
}

/// Looks until it is cut off.
async fn look(mut socket: Socket, seen: Rc<Seen>) -> Result<()> {
    loop {
        socket.hear(|text| seen.take(text)).await.context("a screen is lost")?;
    }
}

impl Seen {
    /// Of what is told, the customers' words count.
    fn take(&self, text: &str) {
        if !text.starts_with(r#"42["transcript-update""#) || !text.contains(r#""speaker":"customer""#) {
            return;
        }
        let call = text.split_once(r#""callId":""#).and_then(|(_, rest)| rest.split_once('"'));
        let Some((call, _)) = call else { return };
        if let Some(begun) = self.begun.borrow().get(call) {
            self.tally.borrow_mut().turned(begun.elapsed());
        }
        self.bytes.set(text.len());
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(call.to_owned()).or_default();
        *count += 1;
        if count.is_multiple_of(CROWD as u64) {
            self.more.notify_waiters();
        }
    }
}
