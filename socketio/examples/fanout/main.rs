//! How fast events reach many clients, and what a client costs: one worker, all clients over loopback in this process, two
//! broadcasts under way at any time.
//!
//! `cargo run --release -p tsunagu-socketio --example fanout -- [clients] [seconds]`
//!
//! With `MIMALLOC_ALLOW_THP=0` memory that was never touched is not counted.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

mod client;

use actix_web::{App, HttpRequest, HttpServer};
use client::Heard;
use serde_json::json;
use std::{
    env,
    error::Error,
    fs,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};
use tokio::time::{Instant, sleep};
use tsunagu_socketio::{
    engine,
    socket::{Client, Config, Connect, Event, Handler, Reason, Refused, Rooms, SocketIo, encode},
};

/// Broadcasts that are under way at a time.
const UNDER_WAY: u64 = 2;
/// The length of an event, in bytes.
const LENGTH: usize = 300;
const ROOM: &str = "all";
/// The name of the thread that is not the server's.
const CLIENTS: &str = "clients";

/// As in the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Clone, Default)]
struct Hall(Arc<Mutex<Rooms<Client<()>>>>);

impl Hall {
    fn with<T>(&self, work: impl FnOnce(&mut Rooms<Client<()>>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Handler for Hall {
    type Guest = ();
    type State = ();

    fn admit(&self, _: &HttpRequest) -> Option<()> {
        Some(())
    }

    async fn connect(&self, (): &(), _: Connect) -> Result<(), Refused> {
        Ok(())
    }

    fn connected(&self, client: &Client<()>) {
        self.with(|rooms| {
            rooms.enter(client.clone());
            rooms.join(client.id(), ROOM);
        });
    }

    fn event(&self, _: &Client<()>, _: Event) {}

    fn disconnected(&self, client: &Client<()>, reason: Reason) {
        if reason != Reason::Session(engine::Reason::TransportClose) {
            println!("a client is gone: {}", reason.as_str());
        }
        self.with(|rooms| rooms.exit(client.id()));
    }
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let clients: usize = args.next().map_or(Ok(1000), |count| count.parse())?;
    let seconds: u64 = args.next().map_or(Ok(10), |seconds| seconds.parse())?;

    let hall = Hall::default();
    let server = SocketIo::start(Config::default(), hall.clone())?;
    let app = move || App::new().configure(|service| server.configure(service));
    // As in the product: what is written goes out at once.
    let server = HttpServer::new(app).tcp_nodelay(true);
    let bound = server.workers(1).backlog(4096).max_connections(100_000).bind("127.0.0.1:0")?;
    let address = bound.addrs().into_iter().next().ok_or("no address")?;
    actix_web::rt::spawn(bound.run());

    let heard = Arc::new(Heard::new(clients as u64));
    let before = resident()?;
    let running = heard.clone();
    thread::Builder::new().name(CLIENTS.into()).spawn(move || client::run(address, clients, &running))?;
    while hall.with(|rooms| rooms.len()) < clients {
        sleep(Duration::from_millis(20)).await;
    }
    sleep(Duration::from_secs(1)).await;
    let idle = resident()?;
    println!("{clients} clients, idle: {} KiB each, their own side included", (idle - before) / clients);

    let (began, worked, mut sent) = (Instant::now(), worked()?, 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        heard.until((sent + 1_u64).saturating_sub(UNDER_WAY)).await;
        let number = heard.begin();
        let filling = "x".repeat(LENGTH - 30);
        let packet = encode::event("/", "event", &[json!(number), json!(filling)]);
        for (client, error) in hall.with(|rooms| rooms.broadcast(ROOM, &packet)) {
            println!("{client:?}: {error}");
        }
        sent += 1;
    }
    heard.until(sent).await;
    let (taken, worked, delays) = (began.elapsed(), self::worked()? - worked, heard.delays());
    println!(
        "{sent} broadcasts in {:.1} s: {:.0} deliveries/s, {:.0} for each second of the server's work; delay p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms; {} KiB each",
        taken.as_secs_f64(),
        sent as f64 * clients as f64 / taken.as_secs_f64(),
        sent as f64 * clients as f64 / worked.as_secs_f64(),
        delays.value_at_quantile(0.5) as f64 / 1000.0,
        delays.value_at_quantile(0.99) as f64 / 1000.0,
        delays.max() as f64 / 1000.0,
        (resident()? - before) / clients,
    );
    Ok(())
}

/// What this process has in memory, in KiB.
fn resident() -> Result<usize, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// How long the server's threads have worked on a core.
fn worked() -> Result<Duration, Box<dyn Error>> {
    let mut ticks: u64 = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let stat = fs::read_to_string(task?.path().join("stat"))?;
        let (name, figures) = stat.rsplit_once(')').ok_or("no name")?;
        if !name.ends_with(CLIENTS) {
            // User and system time are the 14th and 15th of all.
            for figure in figures.split_whitespace().skip(11).take(2) {
                ticks += figure.parse::<u64>()?;
            }
        }
    }
    Ok(Duration::from_millis(ticks * 10))
}
