//! The rooms put together: a running server, and how it is taken down again.

use crate::{machine, sandbox, settings::Settings};
use actix::{Arbiter, ArbiterHandle};
use anyhow::{Context, Result};
use secrecy::{ExposeSecret, SecretString};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::Duration,
};
use tsunagu_actors::{
    CallDefaults, CampaignDesk, CampaignLimits, DeliveryDesk, DeliveryPorts, HubHandle, Ports, Switchboard,
    Webhooks, find_lost_recordings, keep_retention,
};
use tsunagu_carrier::{
    sandbox::persona::Cast,
    twilio::{TwilioClient, TwilioConfig},
};
use tsunagu_conversation::Engine;
use tsunagu_exchange::Exchange;
#[cfg(feature = "nats")]
use tsunagu_exchange::{Nats, NatsConfig};
use tsunagu_http::{App, Demo, HttpCourier, Live, Secrets, Targets, Voices};
use tsunagu_store::{SqliteConfig, SqliteStore, Store};
use tsunagu_twiml::signature::Verifier;

/// A server that runs.
pub struct Running {
    /// Live calls.
    pub board: Switchboard,
    /// What every call has in common.
    pub defaults: Arc<CallDefaults>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the carrier reaches it.
    pub base_url: String,
    /// The sandbox carrier that was started beside it, if one was.
    pub sandbox: Option<sandbox::Child>,
    server: actix_web::dev::ServerHandle,
    live: Live,
    arbiters: Vec<Arbiter>,
    campaigns: CampaignDesk,
    recordings: tokio::task::JoinHandle<()>,
    retention: tokio::task::JoinHandle<()>,
    tidying: tokio::task::JoinHandle<()>,
    deliveries: DeliveryDesk,
    /// This node's part among those that share the store.
    nodes: Option<tokio::task::JoinHandle<()>>,
    drain: Duration,
}

/// Starts everything: the store, the carrier, the actors, the edge. Live calls are taken up from their journals while
/// the edge already answers. With a cast, visitors of a demo may have its personas rung.
pub async fn start(settings: &Settings, cast: Option<Cast>) -> Result<Running> {
    let listener = TcpListener::bind((settings.server.host.as_str(), settings.server.port))
        .with_context(|| format!("port {} cannot be listened on", settings.server.port))?;
    let address = listener.local_addr()?;
    let base_url = settings.base_url(address.port());

    let engine =
        Engine::embedded_default_first().context("the conversation's scripts are not as they must be")?;
    let voices = Voices::embedded(&engine).context("the voices are not as they must be")?;
    let data_dir = &settings.store.data_dir;
    std::fs::create_dir_all(data_dir).with_context(|| format!("{} cannot be made", data_dir.display()))?;
    let store = store(settings).await.context("the store cannot be opened")?;

    let line = carrier_line(settings)?;
    let mut carrier = TwilioConfig::new(&line.api_base_url, &line.account_sid, line.auth_token.clone());
    carrier.max_in_flight = CARRIER_REQUESTS;
    let carrier = Arc::new(TwilioClient::new(carrier).context("the carrier's settings cannot be used")?);

    let clock = settings.clock()?;
    let webhooks = Webhooks::new(&base_url);
    let mut arbiters: Vec<Arbiter> =
        (0..threads(settings.server.call_threads)).map(|_| Arbiter::new()).collect();
    let handles: Vec<ArbiterHandle> = arbiters.iter().map(Arbiter::handle).collect();
    let (telling, between) = (Arbiter::new(), Arbiter::new());
    let exchange = exchange(settings, &*store, &between.handle())?;
    let hub = HubHandle::start_in(&telling.handle(), exchange);
    arbiters.extend([telling, between]);
    let ports = Ports { store, carrier, engine: Arc::new(engine), clock, webhooks, hub };
    let board = Switchboard::start(ports, handles);
    // Before anybody can ask for a call.
    let nodes = board
        .join_nodes(machine::place(address.port()))
        .await
        .context("this node cannot join those that share the store")?;

    let targets =
        Targets { allow_private: settings.webhooks.allow_private, allow_http: settings.webhooks.allow_http };
    let patience = Duration::from_secs(settings.webhooks.timeout_secs);
    let courier = HttpCourier::new(targets, patience).context("webhooks cannot be posted")?;
    let delivery_ports =
        DeliveryPorts { store: board.ports().store.clone(), courier: Arc::new(courier), clock };
    let post = Arbiter::new();
    let deliveries = DeliveryDesk::start(delivery_ports, Some(&post.handle()));
    arbiters.push(post);

    let defaults = Arc::new(CallDefaults {
        from: line.phone_number,
        rules: settings.calls.clone(),
        limits: settings.conversation.clone(),
    });
    let limits = CampaignLimits {
        calls_per_second: settings.campaigns.calls_per_second,
        customers: settings.campaigns.customers,
    };
    let campaigns = CampaignDesk::open(board.clone(), defaults.clone(), limits);
    let tokens = [line.auth_token.expose_secret(), settings.carrier.old_auth_token.expose_secret()];
    let demo = match (cast, &line.sandbox) {
        (Some(cast), Some(sandbox)) => Some(Demo::new(cast, &sandbox.url)?),
        _ => None,
    };
    let app = App {
        board: board.clone(),
        campaigns: campaigns.clone(),
        defaults: defaults.clone(),
        secrets: Arc::new(secrets(settings)?),
        verifier: Arc::new(Verifier::new(tokens)),
        voices: Arc::new(voices),
        base_url: base_url.as_str().into(),
        imports: Arc::default(),
        origins: settings.server.origins().into(),
        deliveries: deliveries.clone(),
        targets,
        simulated: line.sandbox.is_some(),
        demo,
        advisor: settings.language_model.advisor()?,
        metrics: tsunagu_http::install_metrics(),
    };
    let bound =
        tsunagu_http::bind(app, settings.realtime.config(), listener, threads(settings.server.workers))
            .context("the edge cannot start")?;
    let (server, live) = (bound.server.handle(), bound.live);
    actix::spawn(bound.server);

    let taking_up = board.clone();
    actix::spawn(async move {
        match taking_up.recover().await {
            Ok(0) => {}
            Ok(calls) => tracing::info!(calls, "live calls taken up from their journals"),
            Err(error) => tracing::error!(%error, "live calls could not be taken up"),
        }
    });
    let engine = board.ports().engine.clone();
    // Of no use to the first answer, and too long for an event loop.
    std::thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || engine.complete())
        .context("no thread could be started")?;
    let recordings = actix::spawn(find_lost_recordings(board.clone(), defaults.clone()));
    let retention = actix::spawn(keep_retention(board.clone()));
    let tidying = actix::spawn(tsunagu_http::keep_tokens_tidy(board.ports().store.clone()));
    Ok(Running {
        board,
        defaults,
        address,
        base_url,
        sandbox: line.sandbox,
        server,
        live,
        arbiters,
        campaigns,
        recordings,
        retention,
        tidying,
        deliveries,
        nodes,
        drain: Duration::from_secs(settings.server.drain_secs),
    })
}

impl Running {
    /// Takes the server down: no new calls, time for those that live, then the edge, the actors, the store. Each step is
    /// told.
    pub async fn stop(self, tell: impl Fn(&str)) -> Result<()> {
        let live = self.board.living();
        tell(&format!("stopping: no new calls, {live} live calls may go on for {} s", self.drain.as_secs()));
        match self.board.drain(self.drain).await {
            0 => tell("stopping: every call is over"),
            left => tell(&format!(
                "stopping: {left} calls are left to the journal; the next start or another node takes them up"
            )),
        }
        self.live.close().await;
        tell("stopping: live connections are closed");
        self.server.stop(true).await;
        tell("stopping: the edge is closed");
        self.campaigns.stop().await;
        self.recordings.abort();
        self.retention.abort();
        self.tidying.abort();
        self.deliveries.stop().await;
        match self.board.finish().await {
            0 => {}
            left => tell(&format!(
                "stopping: {left} things are still being done for calls; whoever takes these up looks at them"
            )),
        }
        self.board.put_down().await;
        if let Some(nodes) = &self.nodes {
            nodes.abort();
            self.board.leave_nodes().await;
        }
        tell("stopping: the calls are put down");
        self.board.ports().store.close().await.context("the store did not close well")?;
        tell("stopping: the store is closed");
        for arbiter in &self.arbiters {
            arbiter.stop();
        }
        drop(self.sandbox);
        Ok(())
    }
}

/// How many requests to the carrier may be under way at once.
const CARRIER_REQUESTS: usize = 128;

/// Our line to the carrier.
struct CarrierLine {
    api_base_url: String,
    account_sid: String,
    auth_token: SecretString,
    phone_number: String,
    sandbox: Option<sandbox::Child>,
}

/// The store: MongoDB where `MONGODB_URI` names one, else a file.
async fn store(settings: &Settings) -> Result<Arc<dyn Store>> {
    let uri = settings.store.mongodb_uri.expose_secret();
    if uri.is_empty() {
        return Ok(Arc::new(SqliteStore::open(&SqliteConfig::new(&settings.store.data_dir))?));
    }
    #[cfg(feature = "mongodb")]
    return Ok(Arc::new(tsunagu_store::MongoStore::connect(uri).await?));
    #[cfg(not(feature = "mongodb"))]
    anyhow::bail!(
        "MONGODB_URI is set, but this program was built without MongoDB (the cargo feature `mongodb`)"
    );
}

/// How this node tells the others that share its store what happens, where there is a NATS. It works in this arbiter.
#[cfg(feature = "nats")]
fn exchange(
    settings: &Settings,
    store: &dyn Store,
    arbiter: &ArbiterHandle,
) -> Result<Option<Arc<dyn Exchange>>> {
    let url = settings.nats.url.expose_secret();
    if url.is_empty() {
        return Ok(None);
    }
    let Some(shared) = store.shared() else {
        tracing::warn!("NATS_URL is set, but over SQLite a server is alone: nothing is told by NATS");
        return Ok(None);
    };
    // Databases have names that subjects may not have.
    let word = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let database: String = shared.name().chars().map(word).collect();
    let subject = format!("{}.{database}", settings.nats.subject);
    let creds = settings.nats.creds().map(Path::to_owned);
    let config = NatsConfig { url: url.to_owned(), creds, subject, node: shared.node() };
    let (nats, work) = Nats::new(&config).context("NATS cannot be used")?;
    anyhow::ensure!(arbiter.spawn(work), "no thread could be started for NATS");
    Ok(Some(Arc::new(nats)))
}

#[cfg(not(feature = "nats"))]
fn exchange(settings: &Settings, _: &dyn Store, _: &ArbiterHandle) -> Result<Option<Arc<dyn Exchange>>> {
    let unset = settings.nats.url.expose_secret().is_empty();
    anyhow::ensure!(
        unset,
        "NATS_URL is set, but this program was built without NATS (the cargo feature `nats`)"
    );
    Ok(None)
}

/// Twilio where there is an account, otherwise a sandbox of our own.
fn carrier_line(settings: &Settings) -> Result<CarrierLine> {
    let given = &settings.carrier;
    if !given.account_sid.is_empty() {
        return Ok(CarrierLine {
            api_base_url: given.api_base_url.clone(),
            account_sid: given.account_sid.clone(),
            auth_token: given.auth_token.clone(),
            phone_number: given.phone_number.clone(),
            sandbox: None,
        });
    }
    let auth_token: String = random_text();
    let child = sandbox::Child::start(&auth_token, &settings.clock, &settings.log)?;
    tracing::info!(url = child.url, "no carrier account is set: calls go to a sandbox carrier");
    Ok(CarrierLine {
        api_base_url: child.url.clone(),
        account_sid: sandbox::ACCOUNT.to_owned(),
        auth_token: auth_token.into(),
        phone_number: sandbox::PHONE_NUMBER.to_owned(),
        sandbox: Some(child),
    })
}

/// What stands at the door.
fn secrets(settings: &Settings) -> Result<Secrets> {
    let secrets = Secrets::new(jwt_secret(settings)?);
    let secrets = secrets.believing(&settings.auth.old_jwt_secrets).limited(&settings.auth.limits);
    Ok(secrets.lasting(settings.auth.token_secs).behind(settings.trusted_proxies()?))
}

/// The secret that was given, or one of our own that outlives a restart.
fn jwt_secret(settings: &Settings) -> Result<SecretString> {
    if !settings.auth.jwt_secret.expose_secret().is_empty() {
        return Ok(settings.auth.jwt_secret.clone());
    }
    let path = settings.store.data_dir.join("jwt-secret");
    match std::fs::read_to_string(&path) {
        Ok(kept) if !kept.trim().is_empty() => Ok(kept.trim().to_owned().into()),
        _ => {
            let secret = random_text();
            write_private(&path, &secret).with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(secret.into())
        }
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// 64 random hexadecimal digits.
fn random_text() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn threads(wanted: usize) -> usize {
    match wanted {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        wanted => wanted,
    }
}
