//! The exchange by NATS: a subject for each company, one connection, and nothing that is waited for. While NATS is away news is
//! dropped, and it is come back to for ever.

mod credentials;
mod subjects;

use crate::{Exchange, Link, News, Note};
use async_nats::{Client, ConnectOptions, Event, ServerAddr, Subscriber, connection::State};
use async_trait::async_trait;
use credentials::credentials;
use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use metrics::{counter, gauge};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    future::Future,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use subjects::Subjects;
use tokio::{
    sync::{Mutex, mpsc, watch},
    task::AbortHandle,
    time::MissedTickBehavior,
};
use tsunagu_call::{CompanyId, NodeId, Time};

/// How much news waits to be sent; what comes beyond that is dropped.
const OUTBOX: usize = 1024;
/// How much news waits to be taken in.
const INBOX: usize = 4096;
/// What waits inside the client, which sends it when it finds the server again: little, since it may be old by then.
const WITHIN_CLIENT: usize = 64;
/// The longest message, in bytes, whatever more the server takes.
const LONGEST: usize = 256 * 1024;
/// News that was on its way for longer is left to the journals: what it tells of may be forgotten here already.
const LATEST: Duration = Duration::from_secs(10);
/// How often the server is asked for a sign of life. The connection is given up when two are missing.
const PING: Duration = Duration::from_secs(5);
/// The first pause before the server is looked for again; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often it is looked whether the connection is as its events said: these may be dropped.
const LOOK: Duration = Duration::from_secs(1);

/// Where NATS is, and what is told there.
#[derive(Clone)]
pub struct NatsConfig {
    /// Servers, separated by commas, such as `nats://user:password@nats-1:4222` or, over TLS, `tls://…`.
    pub url: String,
    /// The file with this user's token and key (`.creds`, as `nsc` writes it), where NATS asks for such. It is read once.
    pub creds: Option<PathBuf>,
    /// What the subjects begin with: nodes that share a store have the same, and nobody else.
    pub subject: String,
    /// This node.
    pub node: NodeId,
}

/// The settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NatsError {
    /// The URL names no servers.
    #[error("the address of NATS cannot be used: {0}")]
    Url(String),
    /// The beginning of the subjects has characters that subjects may not have.
    #[error(
        "{0:?} cannot be the beginning of NATS subjects: it must be words of letters, digits, - and _ with dots between them"
    )]
    Subject(String),
    /// The credentials file cannot be read, or does not hold what it should.
    #[error("the NATS credentials file {} cannot be used: {reason}", .path.display())]
    Credentials {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; nothing of what is in it.
        reason: String,
    },
}

/// The exchange; the work that it comes with is to be run beside it.
pub struct Nats {
    outbox: mpsc::Sender<(CompanyId, News)>,
    inbox: Mutex<mpsc::Receiver<(CompanyId, News)>>,
    wanted: watch::Sender<BTreeSet<CompanyId>>,
    link: Arc<watch::Sender<Link>>,
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats").field("link", &*self.link.borrow()).finish_non_exhaustive()
    }
}

impl Nats {
    /// An exchange, and the work of connecting and carrying, which goes on for as long as it is run. Nothing waits for NATS.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub fn new(config: &NatsConfig) -> Result<(Self, impl Future<Output = ()> + Send + 'static), NatsError> {
        let subjects = Subjects::new(&config.subject)?;
        let servers = servers(&config.url)?;
        let options = credentials(config.creds.as_deref())?;
        let (outbox, outgoing) = mpsc::channel(OUTBOX);
        let (incoming, inbox) = mpsc::channel(INBOX);
        let (wanted, companies) = watch::channel(BTreeSet::new());
        let link = Arc::new(watch::Sender::new(Link::default()));
        let carrier = Carrier { node: config.node, subjects, incoming, link: link.clone() };
        let nats = Self { outbox, inbox: Mutex::new(inbox), wanted, link };
        Ok((nats, carrier.run(servers, options, outgoing, companies)))
    }

    /// Whether these settings can be used.
    ///
    /// # Errors
    /// They cannot.
    pub fn check(url: &str, creds: Option<&Path>, subject: &str) -> Result<(), NatsError> {
        servers(url)?;
        credentials(creds)?;
        Subjects::new(subject).map(drop)
    }
}

#[async_trait]
impl Exchange for Nats {
    fn publish(&self, company: CompanyId, news: News) {
        if !self.is_open() {
            dropped("away");
        } else if self.outbox.try_send((company, news)).is_err() {
            dropped("full");
        }
    }

    fn listen_to(&self, companies: BTreeSet<CompanyId>) {
        self.wanted.send_replace(companies);
    }

    fn link(&self) -> watch::Receiver<Link> {
        self.link.subscribe()
    }

    async fn next(&self) -> (CompanyId, News) {
        match self.inbox.lock().await.recv().await {
            Some(news) => news,
            // The work has ended: nothing comes any more.
            None => std::future::pending().await,
        }
    }

    fn is_open(&self) -> bool {
        self.link.borrow().open
    }
}

/// What the work needs.
struct Carrier {
    node: NodeId,
    subjects: Subjects,
    incoming: mpsc::Sender<(CompanyId, News)>,
    link: Arc<watch::Sender<Link>>,
}

impl Carrier {
    async fn run(
        self,
        servers: Vec<ServerAddr>,
        options: ConnectOptions,
        outgoing: mpsc::Receiver<(CompanyId, News)>,
        wanted: watch::Receiver<BTreeSet<CompanyId>>,
    ) {
        gauge!("nats_connected").set(0.0);
        let link = self.link.clone();
        let options = options
            .name(format!("tsunagu {}", self.node))
            .no_echo()
            .retry_on_initial_connect()
            .max_reconnects(None)
            .reconnect_delay_callback(pause)
            .ping_interval(PING)
            .client_capacity(WITHIN_CLIENT)
            .subscription_capacity(INBOX)
            .event_callback(move |event| {
                seen(&link, &event);
                std::future::ready(())
            });
        match options.connect(servers).await {
            Ok(client) => {
                tokio::join!(
                    self.send(&client, outgoing),
                    self.listen(&client, wanted),
                    self.keep_looking(&client)
                );
            }
            Err(error) => tracing::error!(%error, "NATS cannot be used; other nodes' news is looked for"),
        }
    }

    async fn send(&self, client: &Client, mut outgoing: mpsc::Receiver<(CompanyId, News)>) {
        let mut link = self.link.subscribe();
        while let Some((company, news)) = outgoing.recv().await {
            if !link.borrow_and_update().open {
                dropped("away");
                continue;
            }
            let note = Note { node: self.node, sent: now(), company, news };
            let Some(written) = note.written(LONGEST.min(client.max_payload())) else {
                dropped("too_long");
                continue;
            };
            tokio::select! {
                sent = client.publish(self.subjects.of(company), written.into()) => match sent {
                    Ok(()) => counter!("nats_published_total").increment(1),
                    Err(error) => {
                        tracing::debug!(%error, "news could not be published");
                        dropped("away");
                    }
                },
                _ = link.wait_for(|link| !link.open) => dropped("away"),
            }
        }
    }

    /// Subscribes to what is wanted.
    async fn listen(&self, client: &Client, mut wanted: watch::Receiver<BTreeSet<CompanyId>>) {
        let mut ears: HashMap<CompanyId, Ear> = HashMap::new();
        loop {
            let companies = wanted.borrow_and_update().clone();
            ears.retain(|company, _| companies.contains(company));
            for company in companies {
                if let std::collections::hash_map::Entry::Vacant(deaf) = ears.entry(company) {
                    match client.subscribe(self.subjects.of(company)).await {
                        Ok(subscriber) => {
                            deaf.insert(self.hear(subscriber));
                        }
                        Err(error) => tracing::warn!(%error, %company, "nothing is heard from other nodes"),
                    }
                }
            }
            missed(&self.link);
            if wanted.changed().await.is_err() {
                return;
            }
        }
    }

    fn hear(&self, subscriber: Subscriber) -> Ear {
        let (node, incoming, link) = (self.node, self.incoming.clone(), self.link.clone());
        Ear(tokio::spawn(take_in(node, subscriber, incoming, link)).abort_handle())
    }

    async fn keep_looking(&self, client: &Client) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            stands(&self.link, client.connection_state() == State::Connected);
        }
    }
}

/// A subscription, for as long as it is kept.
struct Ear(AbortHandle);

impl Drop for Ear {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn take_in(
    node: NodeId,
    messages: impl Stream<Item = async_nats::Message> + Unpin,
    incoming: mpsc::Sender<(CompanyId, News)>,
    link: Arc<watch::Sender<Link>>,
) {
    let mut messages = messages;
    while let Some(message) = messages.next().await {
        match Note::read(&message.payload) {
            Ok(note) if note.node == node => {}
            Ok(note) if now().since(note.sent) > LATEST => dropped("late"),
            Ok(note) => {
                counter!("nats_received_total").increment(1);
                if incoming.try_send((note.company, note.news)).is_err() {
                    dropped("overrun");
                    missed(&link);
                }
            }
            Err(error) => {
                tracing::debug!(%error, subject = %message.subject, "a message that says nothing");
                dropped("unreadable");
            }
        }
    }
}

/// Something happened to the connection.
fn seen(link: &watch::Sender<Link>, event: &Event) {
    match event {
        Event::Connected => stands(link, true),
        Event::Disconnected | Event::Closed => stands(link, false),
        Event::SlowConsumer(_) => {
            dropped("overrun");
            missed(link);
        }
        _ => {}
    }
}

fn stands(link: &watch::Sender<Link>, open: bool) {
    let changed = link.send_if_modified(|link| {
        let changed = link.open != open;
        link.open = open;
        link.breaks += u64::from(changed);
        changed
    });
    if changed {
        gauge!("nats_connected").set(if open { 1.0 } else { 0.0 });
        match open {
            true => tracing::info!("events go between nodes by NATS"),
            false => tracing::warn!("NATS is away: other nodes' events are looked for in the store"),
        }
    }
}

fn missed(link: &watch::Sender<Link>) {
    link.send_modify(|link| link.breaks += 1);
}

fn dropped(why: &'static str) {
    counter!("nats_dropped_total", "why" => why).increment(1);
}

/// How long the server is left alone before it is looked for again, at the so-manieth attempt.
fn pause(attempt: usize) -> Duration {
    let doubled = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX).min(10);
    match attempt {
        0 | 1 => Duration::ZERO,
        _ => (FIRST_PAUSE * 2_u32.pow(doubled - 1)).min(LONGEST_PAUSE),
    }
}

fn servers(url: &str) -> Result<Vec<ServerAddr>, NatsError> {
    let servers = url.split(',').map(|server| match server.trim() {
        "" => Err(NatsError::Url("a server's address is empty".to_owned())),
        // What was wrong is told without the address: there may be a password in it.
        server => match server.parse::<ServerAddr>() {
            Ok(address) if address.host().is_empty() => {
                Err(NatsError::Url("a server's address has no host".to_owned()))
            }
            Ok(address) => Ok(address),
            Err(error) => Err(NatsError::Url(error.to_string())),
        },
    });
    servers.collect()
}

fn now() -> Time {
    Time::from_millis(Timestamp::now().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_looked_for_at_once_and_then_ever_less_often() {
        let pauses = [0, 1, 2, 3, 4, 7, 8, 100].map(|attempt| pause(attempt).as_millis());
        assert_eq!(pauses, [0, 0, 100, 200, 400, 3200, 5000, 5000]);
    }

    #[test]
    fn settings_that_cannot_be_used_are_refused() {
        let check = |url: &str| Nats::check(url, None, "tsunagu");
        for url in ["nats://127.0.0.1:4222", "nats-1,tls://key@nats-2:4333", "nats://anna:secret@nats"] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for url in ["", "nats://a,", "http://127.0.0.1", "nats://"] {
            assert!(matches!(check(url), Err(NatsError::Url(_))), "{url}");
        }
        assert!(matches!(Nats::check("nats://a", None, "a b"), Err(NatsError::Subject(_))));
    }

    #[test]
    fn a_way_that_changes_may_have_lost_something() {
        let link = watch::Sender::new(Link::default());
        for event in [Event::Connected, Event::Connected, Event::Disconnected, Event::SlowConsumer(1)] {
            seen(&link, &event);
        }
        assert_eq!(*link.borrow(), Link { open: false, breaks: 3 });
    }
}
