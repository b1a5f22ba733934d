//! How fast events reach many clients, and what a client costs: one worker, all clients over loopback in this process, two
//! broadcasts under way at any time.
//!
//! `cargo run --release -p tsunagu-socketio --example fanout -- [clients] [seconds] [folder]`
//!
//! With the folder `socketio/examples/fanout/npm`, into which `npm ci` was run, the reference server is measured after ours.
//!
//! With `MIMALLOC_ALLOW_THP=0` memory that was never touched is not counted.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

mod client;
mod npm;

use actix_web::{App, HttpRequest};
use client::Heard;
use npm::Reference;
use serde_json::json;
use std::{
    env,
    error::Error,
    fs,
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};
use tokio::time::{Instant, sleep};
use tsunagu_socketio::{
    engine,
    socket::{Client, Config, Connect, Event, Handler, Reason, Refused, Rooms, SocketIo, encode},
    wire,
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
    let folder = args.next();

    let hall = Hall::default();
    let server = SocketIo::start(Config::default(), hall.clone())?;
    let app = move || App::new().configure(|service| server.configure(service));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let wires = wire::Config {
        workers: 1,
        connections: 100_000,
        keep_alive: Duration::from_secs(5),
        request_head: Duration::from_secs(5),
        shutdown: Duration::from_secs(5),
        // As in the product: what is written goes out at once.
        prepare: |stream| drop(stream.set_nodelay(true)),
    };
    actix_web::rt::spawn(wire::listen(listener, wires, app)?);

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

    let (worked, told) = (self::worked()?, Duration::from_secs(seconds));
    let taken = play(&heard, told, |number| {
        let packet = encode::event("/", "event", &[json!(number), json!(filling())]);
        for (client, error) in hall.with(|rooms| rooms.broadcast(ROOM, &packet)) {
            println!("{client:?}: {error}");
        }
        Ok(())
    })
    .await?;
    tell("ours", &heard, clients, taken, self::worked()? - worked);
    println!("{} KiB each", (resident()? - before) / clients);

    if let Some(folder) = folder {
        let mut reference = Reference::start(&folder, clients, filling().len())?;
        let heard = Arc::new(Heard::new(clients as u64));
        let (address, running) = (reference.address, heard.clone());
        thread::Builder::new().name(CLIENTS.into()).spawn(move || client::run(address, clients, &running))?;
        reference.until_all()?;
        let worked = reference.worked()?;
        let taken = play(&heard, told, |number| reference.broadcast(number)).await?;
        tell("npm socket.io", &heard, clients, taken, reference.worked()? - worked);
    }
    Ok(())
}

/// Sends broadcasts for so long, two under way at a time. Gives how many there were, and how long they took.
async fn play(
    heard: &Heard,
    told: Duration,
    mut send: impl FnMut(usize) -> Result<(), Box<dyn Error>>,
) -> Result<(u64, Duration), Box<dyn Error>> {
    let (began, mut sent) = (Instant::now(), 0);
    while began.elapsed() < told {
        heard.until((sent + 1_u64).saturating_sub(UNDER_WAY)).await;
        send(heard.begin())?;
        sent += 1;
    }
    heard.until(sent).await;
    Ok((sent, began.elapsed()))
}

fn tell(whose: &str, heard: &Heard, clients: usize, (sent, taken): (u64, Duration), worked: Duration) {
    let (delays, deliveries) = (heard.delays(), sent as f64 * clients as f64);
    println!(
        "{whose}: {sent} broadcasts in {:.1} s: {:.0} deliveries/s, {:.0} for each second of the server's work; delay p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        taken.as_secs_f64(),
        deliveries / taken.as_secs_f64(),
        deliveries / worked.as_secs_f64(),
        delays.value_at_quantile(0.5) as f64 / 1000.0,
        delays.value_at_quantile(0.99) as f64 / 1000.0,
        delays.max() as f64 / 1000.0,
    );
}

fn filling() -> String {
    "x".repeat(LENGTH - 30)
}

/// What this process has in memory, in KiB.
fn resident() -> Result<usize, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// How long the server's threads have worked on a core.
fn worked() -> Result<Duration, Box<dyn Error>> {
    let mut total = Duration::ZERO;
    for task in fs::read_dir("/proc/self/task")? {
        let stat = fs::read_to_string(task?.path().join("stat"))?;
        if !stat.contains(&format!("({CLIENTS})")) {
            total += time_of(&stat)?;
        }
    }
    Ok(total)
}

/// The user and system time in a line of `stat`: the 14th and 15th of all, in hundredths of a second.
fn time_of(stat: &str) -> Result<Duration, Box<dyn Error>> {
    let (_, figures) = stat.rsplit_once(')').ok_or("no name")?;
    let mut ticks: u64 = 0;
    for figure in figures.split_whitespace().skip(11).take(2) {
        ticks += figure.parse::<u64>()?;
    }
    Ok(Duration::from_millis(ticks * 10))
}
