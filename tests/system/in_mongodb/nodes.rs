//! Several servers on one database: the carrier and the clients reach any of them, and none is needed.

use super::{
    balancer::Balancer,
    figures::{Figures, of_server},
    nats,
};
use crate::{
    client::Client,
    crowd::{Crowd, Ended, MIXED_TEAM, all_well, check_agents, check_conferences},
    home::Home,
    live::plain::{Seen, Socket},
    sandbox::Sandbox,
    server::Server,
    site::{EMAIL, PASSWORD, Site, Team},
    wait::until,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// How many calls there are at once, unless `TSUNAGU_TEST_CALLS` says how many: what the emulator can carry while other tests run.
const CALLS: usize = 20;
/// How often a server is killed. `TSUNAGU_TEST_KILLS` says another number; then it is waited each time until the others have taken over,
/// and told how long that took.
const KILLS: usize = 3;
/// Whoever has not taken over for so long has nothing to take over: six looks, and what the machine is late.
const TAKEOVER: Duration = Duration::from_secs(20);
const ALONE: f64 = 5.0;

fn setting(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

fn calls() -> usize {
    setting("TSUNAGU_TEST_CALLS").unwrap_or(CALLS)
}

/// Many calls go by real time: the emulator does a few hundred commands a second.
fn speed() -> u32 {
    if calls() > 50 { 1 } else { 3 }
}

fn limit() -> Duration {
    Duration::from_secs(160 + 2 * calls() as u64)
}

/// As many agents as there are calls wait for them, so that nobody is told that all are busy.
fn team() -> Vec<(&'static str, usize, u8)> {
    let times = calls().div_ceil(50);
    MIXED_TEAM.0.iter().map(|(prefix, count, priority)| (*prefix, count * times, *priority)).collect()
}

/// A crowd whose calls so many servers share.
pub struct Row {
    pub crowd: Crowd,
    pub others: Vec<Server>,
    pub balancer: Balancer,
    speed: u32,
    anchor: Timestamp,
    nats: Option<String>,
}

impl Row {
    async fn of(home: Home, servers: usize, nats: Option<&nats::Server>) -> Self {
        let anchor = Timestamp::now();
        let sandbox = Sandbox::start(speed(), anchor);
        let site = Site::seed_in(home, &[], calls(), Team(&team())).await;
        Self::before(site, sandbox, (speed(), anchor), servers, nats).await
    }

    /// So many servers for this site, whose calls the sandbox carries by this clock.
    pub async fn before(
        site: Site,
        sandbox: Sandbox,
        (speed, anchor): (u32, Timestamp),
        servers: usize,
        nats: Option<&nats::Server>,
    ) -> Self {
        let (nats, balancer) = (nats.map(|nats| nats.url.clone()), Balancer::start().await);
        let server = Server::with(&site, &sandbox, speed, anchor, &settings(&balancer, nats.as_deref()));
        balancer.add(server.program.port());
        let (crowd, others) = (Crowd { site, sandbox, server }, Vec::new());
        let mut row = Self { crowd, others, balancer, speed, anchor, nats };
        for _ in 1..servers {
            row.start_another();
        }
        row
    }

    fn start_another(&mut self) {
        let Crowd { site, sandbox, .. } = &self.crowd;
        let settings = settings(&self.balancer, self.nats.as_deref());
        let server = Server::with(site, sandbox, self.speed, self.anchor, &settings);
        self.balancer.add(server.program.port());
        self.others.push(server);
    }

    /// How many calls the servers have taken over that are there.
    async fn taken_over(&self) -> f64 {
        let mut taken = 0.0;
        for server in self.others.iter().chain([&self.crowd.server]) {
            taken += of_server(&server.program.url).await.get("calls_taken_over_total").unwrap_or(&0.0);
        }
        taken
    }

    /// After what time more are; nothing where the one that was killed held none.
    async fn has_taken_over(&self, before: f64, since: Instant) -> Option<Duration> {
        while since.elapsed() < TAKEOVER {
            if self.taken_over().await > before {
                return Some(since.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }

    pub async fn client(&self) -> Client {
        Client::sign_in(&self.balancer.url, EMAIL, PASSWORD).await
    }
}

fn settings<'a>(balancer: &'a Balancer, nats: Option<&'a str>) -> Vec<(&'static str, &'a str)> {
    let base = ("BASE_URL", balancer.url.as_str());
    [base].into_iter().chain(nats.map(|url| ("NATS_URL", url))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_end_as_they_should_whichever_server_hears_of_them() {
    let Some(home) = Home::mongodb() else { return };
    // Where one is, events go between them by a NATS that is killed in the middle, and comes back.
    let nats = nats::Server::start().await;
    let Row { mut crowd, mut others, balancer, .. } = Row::of(home, 3, nats.as_ref()).await;
    crowd.sandbox.set_faults(doubled_and_reordered()).await;
    let client = Client::sign_in(&balancer.url, EMAIL, PASSWORD).await;
    // A supervisor at each server.
    let mut screens = Vec::new();
    for server in others.iter().chain([&crowd.server]) {
        let socket = Socket::sign_in(&server.program.url, &client.token).await;
        screens.push(tokio::spawn(Seen::of_all_calls(socket, calls(), limit())));
    }
    let nats = nats.map(|nats| tokio::spawn(killed_in_the_middle(nats)));
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, limit()).await;
    if let Some(nats) = nats {
        let _nats = nats.await.unwrap();
        for server in others.iter().chain([&crowd.server]) {
            check_told(&server.program.url).await;
        }
    }
    let ended = crowd.accounts(&client, &ids).await;
    for screen in screens {
        let seen = screen.await.unwrap();
        all_well(ids.iter().map(|id| seen.saw(id)));
        for (call, id) in ended.iter().zip(&ids) {
            let transcript = call.record["transcript"].as_array().unwrap();
            let said: Vec<_> = transcript.iter().map(|line| line["message"].as_str().unwrap()).collect();
            assert_eq!(seen.messages(id), said, "{id}");
        }
    }
    all_well(ended.iter().map(Ended::check_outcome));
    all_well(ended.iter().map(Ended::check_transcript));
    all_well(ended.iter().map(Ended::check_journal));
    all_well([
        check_agents(&crowd.sandbox.legs().await, &crowd.site.agents),
        check_conferences(&crowd.sandbox, &ended, ALONE).await,
    ]);
    drop(ended);
    for server in others.iter_mut().chain([&mut crowd.server]) {
        assert!(server.program.terminate().success());
    }
    all_well([crowd.site.check_released().await]);
}

/// How the carrier tells things.
fn doubled_and_reordered() -> Value {
    let told = json!({ "duplicate": 0.3, "reorder": 0.3, "delay_min_ms": 0, "delay_max_ms": 150 });
    let voice = json!({ "duplicate": 0.3, "delay_min_ms": 0, "delay_max_ms": 40 });
    json!({ "voice": voice, "status": told, "conference": told })
}

async fn killed_in_the_middle(mut nats: nats::Server) -> nats::Server {
    tokio::time::sleep(Duration::from_secs(8)).await;
    nats.kill();
    tokio::time::sleep(Duration::from_secs(8)).await;
    nats.restart().await;
    nats
}

/// The server has found NATS again, and has heard of others' calls and told of its own.
async fn check_told(base: &str) {
    until("NATS is found again", Duration::from_secs(30), || async {
        let figures = of_server(base).await;
        let of = |name: &str| figures.get(name).copied().unwrap_or_default();
        let seen = (of("nats_connected"), of("nats_published_total") > 0.0, of("nats_received_total") > 0.0);
        if seen == (1.0, true, true) { Ok(()) } else { Err(seen) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_is_lost_while_servers_are_killed_and_others_come() {
    let Some(home) = Home::mongodb() else { return };
    let mut row = Row::of(home, 3, None).await;
    row.crowd.sandbox.set_faults(doubled_and_reordered()).await;
    let client = row.client().await;
    let ids = row.crowd.ring_all(&client).await;
    let mut figures = Figures::default();
    let measured = setting("TSUNAGU_TEST_KILLS");
    for _ in 0..measured.unwrap_or(KILLS) {
        tokio::time::sleep(Duration::from_secs(6)).await;
        let mut killed = row.others.remove(0);
        figures.add(&of_server(&killed.program.url).await);
        let before = row.taken_over().await;
        killed.program.kill();
        let since = Instant::now();
        row.start_another();
        if measured.is_some() {
            figures.took_over(row.has_taken_over(before, since).await);
        }
    }
    // Whose connection was kept open to one that is gone needs another.
    let client = row.client().await;
    row.crowd.until_over(&client, limit()).await;
    let Row { mut crowd, mut others, .. } = row;
    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(Ended::check_journal));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    for call in &ended {
        assert!(call.record["outcome"].is_string(), "{}", call.record);
    }
    for server in others.iter().chain([&crowd.server]) {
        figures.add(&of_server(&server.program.url).await);
    }
    if measured.is_some() {
        figures.tell(ended.len());
    }
    drop(ended);
    for server in others.iter_mut().chain([&mut crowd.server]) {
        assert!(server.program.terminate().success());
    }
    all_well([crowd.site.check_released().await]);
}
