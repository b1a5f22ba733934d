//! The settings: annotated defaults inside the program, then a file, then the environment. Unknown keys are refused.

mod fault;
mod language_model;
mod origin;
mod production;

pub use language_model::LanguageModel;
#[cfg(test)]
pub use origin::Origin;
pub use origin::{InForce, in_force};

use anyhow::{Context, Result, bail};
use config::{Config, Environment, File, FileFormat};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::{
    ffi::OsString,
    net::IpAddr,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};
use tsunagu_actors::Clock;
use tsunagu_call::{Rules, Time};
use tsunagu_conversation::Limits;
use tsunagu_http::{LiveConfig, SignInLimits};

/// The defaults, with a word on each.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// Names that other servers and Twilio's own tools use, and the keys they stand for.
const WELL_KNOWN: &[(&str, &str)] = &[
    ("TSUNAGU_MODE", "mode"),
    ("PORT", "server.port"),
    ("BASE_URL", "server.base_url"),
    ("FRONTEND_URL", "server.frontend_url"),
    ("DATA_DIR", "store.data_dir"),
    ("MONGODB_URI", "store.mongodb_uri"),
    ("NATS_URL", "nats.url"),
    ("NATS_CREDS", "nats.creds"),
    ("JWT_SECRET", "auth.jwt_secret"),
    ("TWILIO_ACCOUNT_SID", "carrier.account_sid"),
    ("TWILIO_AUTH_TOKEN", "carrier.auth_token"),
    ("TWILIO_PHONE_NUMBER", "carrier.phone_number"),
    ("TWILIO_API_BASE_URL", "carrier.api_base_url"),
    ("LANGUAGE_MODEL_URL", "language_model.url"),
    ("LANGUAGE_MODEL_KEY", "language_model.key"),
    ("LANGUAGE_MODEL_NAME", "language_model.name"),
    ("REALTIME_PING_INTERVAL_MS", "realtime.ping_interval_ms"),
    ("REALTIME_PING_TIMEOUT_MS", "realtime.ping_timeout_ms"),
    ("LOG_FORMAT", "log.format"),
    ("RUST_LOG", "log.level"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "otel.endpoint"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "otel.headers"),
    ("OTEL_SERVICE_NAME", "otel.service_name"),
];

/// Keys that hold a list; in the environment its members are parted by commas.
const LISTS: [&str; 2] = ["server.trusted_proxies", "auth.old_jwt_secrets"];

/// How long a sign-in token may be good, in seconds: the dashboard renews its own two minutes before the end; a week.
const TOKEN_SECS: RangeInclusive<u32> = 300..=604_800;

/// How many secrets may be on their way out at once.
const OLD_SECRETS: usize = 8;

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub mode: Mode,
    pub server: Server,
    pub store: Store,
    pub nats: Nats,
    pub auth: Auth,
    pub carrier: Carrier,
    pub calls: Rules,
    pub campaigns: Campaigns,
    pub conversation: Limits,
    pub language_model: LanguageModel,
    pub webhooks: Webhooks,
    pub realtime: Realtime,
    pub log: Log,
    pub otel: Otel,
    pub clock: ClockSettings,
}

/// What the server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Trying out: what is missing is made up.
    Development,
    /// Real customers: nothing is made up, and nothing weak is taken.
    Production,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub base_url: String,
    pub frontend_url: String,
    pub workers: usize,
    pub call_threads: usize,
    pub drain_secs: u64,
    pub trusted_proxies: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    pub data_dir: PathBuf,
    pub mongodb_uri: SecretString,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "nats"), expect(dead_code, reason = "without NATS it is only understood"))]
pub struct Nats {
    pub url: SecretString,
    pub creds: PathBuf,
    pub subject: String,
}

impl Nats {
    /// The credentials file, if one is named.
    #[cfg(feature = "nats")]
    pub fn creds(&self) -> Option<&Path> {
        Some(self.creds.as_path()).filter(|path| !path.as_os_str().is_empty())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub jwt_secret: SecretString,
    pub old_jwt_secrets: Vec<SecretString>,
    pub token_secs: u32,
    pub limits: SignInLimits,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    pub account_sid: String,
    pub auth_token: SecretString,
    pub old_auth_token: SecretString,
    pub phone_number: String,
    pub api_base_url: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaigns {
    pub calls_per_second: f64,
    pub customers: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub allow_private: bool,
    pub allow_http: bool,
    pub timeout_secs: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Realtime {
    pub ping_interval_ms: u64,
    pub ping_timeout_ms: u64,
    pub sign_in_secs: u64,
    pub away_secs: u64,
}

impl Realtime {
    pub fn config(&self) -> LiveConfig {
        LiveConfig {
            ping_interval: Duration::from_millis(self.ping_interval_ms),
            ping_timeout: Duration::from_millis(self.ping_timeout_ms),
            sign_in_timeout: Duration::from_secs(self.sign_in_secs),
            grace: Duration::from_secs(self.away_secs),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
    pub file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "otel"), expect(dead_code, reason = "without traces they are only understood"))]
pub struct Otel {
    pub endpoint: String,
    pub headers: SecretString,
    pub service_name: String,
    pub sample_ratio: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockSettings {
    pub rate: f64,
    pub anchor: String,
}

impl LogFormat {
    /// The word of the settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl Server {
    /// The origins of the front ends that may ask this server.
    pub fn origins(&self) -> Vec<String> {
        let given = self.frontend_url.split(',').map(|origin| origin.trim().trim_end_matches('/'));
        given.filter(|origin| !origin.is_empty()).map(str::to_owned).collect()
    }
}

impl Settings {
    /// The settings of this process, fit for a server.
    pub fn load() -> Result<Self> {
        Self::checked(file_from_environment().as_deref())
    }

    /// The settings that a server would have here with this file, or with none.
    pub fn checked(file: Option<&Path>) -> Result<Self> {
        let settings = Self::of(file)?;
        settings.check()?;
        Ok(settings)
    }

    /// The settings of this process as they stand, for a command that needs few of them.
    pub fn read() -> Result<Self> {
        Self::of(file_from_environment().as_deref())
    }

    fn of(file: Option<&Path>) -> Result<Self> {
        build(file)?.try_deserialize().map_err(fault::told).context("the settings are not as they must be")
    }

    /// Refuses what would only fail later.
    fn check(&self) -> Result<()> {
        let secret = self.auth.jwt_secret.expose_secret();
        if !secret.is_empty() && secret.len() < SHORTEST_SECRET {
            bail!("JWT_SECRET has {} characters; it must have {SHORTEST_SECRET} or more", secret.len());
        }
        let old = &self.auth.old_jwt_secrets;
        if old.len() > OLD_SECRETS || old.iter().any(|secret| secret.expose_secret().is_empty()) {
            bail!(
                "auth.old_jwt_secrets has {} secrets; it may have up to {OLD_SECRETS}, none empty",
                old.len()
            );
        }
        if !TOKEN_SECS.contains(&self.auth.token_secs) {
            let (least, most) = TOKEN_SECS.into_inner();
            bail!("auth.token_secs is {}; it must be {least} to {most}", self.auth.token_secs);
        }
        self.trusted_proxies()?;
        for origin in self.server.origins() {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains(['/', '*', ' '])) {
                bail!("FRONTEND_URL has {origin}; it must be origins such as https://desk.example.jp");
            }
        }
        let uri = self.store.mongodb_uri.expose_secret();
        if !uri.is_empty() && !uri.starts_with("mongodb://") && !uri.starts_with("mongodb+srv://") {
            bail!("MONGODB_URI must begin with mongodb:// or mongodb+srv://");
        }
        #[cfg(feature = "nats")]
        if !self.nats.url.expose_secret().is_empty() {
            let (url, creds) = (self.nats.url.expose_secret(), self.nats.creds());
            tsunagu_exchange::Nats::check(url, creds, &self.nats.subject)
                .context("NATS_URL, NATS_CREDS and nats.subject are not as they must be")?;
        } else if self.nats.creds().is_some() {
            bail!("NATS_CREDS is set, but NATS_URL is not");
        }
        if !self.carrier.account_sid.is_empty() {
            if self.carrier.auth_token.expose_secret().is_empty() {
                bail!("TWILIO_ACCOUNT_SID is set, but TWILIO_AUTH_TOKEN is not");
            }
            if !is_e164(&self.carrier.phone_number) {
                bail!("TWILIO_PHONE_NUMBER must be a number of the account in E.164, such as +815012345678");
            }
        }
        for (name, secs) in
            [("calls.ring_secs", self.calls.ring_secs), ("calls.agent_ring_secs", self.calls.agent_ring_secs)]
        {
            if !(5..=600).contains(&secs) {
                bail!("{name} is {secs}, but the carrier takes 5 to 600");
            }
        }
        if !(0.01..=100.0).contains(&self.campaigns.calls_per_second) {
            let pace = self.campaigns.calls_per_second;
            bail!("campaigns.calls_per_second is {pace}, but must lie from 0.01 to 100");
        }
        if !(1..=60).contains(&self.webhooks.timeout_secs) {
            bail!("webhooks.timeout_secs is {}, but must lie from 1 to 60", self.webhooks.timeout_secs);
        }
        self.language_model.check()?;
        let realtime = &self.realtime;
        for (name, millis) in [
            ("realtime.ping_interval_ms", realtime.ping_interval_ms),
            ("realtime.ping_timeout_ms", realtime.ping_timeout_ms),
        ] {
            if !(50..=300_000).contains(&millis) {
                bail!("{name} is {millis}, but must lie from 50 to 300,000");
            }
        }
        if !(1..=300).contains(&realtime.sign_in_secs) || realtime.away_secs > 3600 {
            bail!("realtime.sign_in_secs must lie from 1 to 300, and realtime.away_secs from 0 to 3600");
        }
        if !(0.0..=1.0).contains(&self.otel.sample_ratio) {
            bail!("otel.sample_ratio is {}, but must lie from 0 to 1", self.otel.sample_ratio);
        }
        if !self.otel.endpoint.is_empty() && !self.otel.endpoint.starts_with("http") {
            bail!("otel.endpoint must be an http or https address, such as http://127.0.0.1:4318");
        }
        if !(1.0..=10_000.0).contains(&self.clock.rate) {
            bail!("clock.rate is {}, but must lie from 1 to 10,000", self.clock.rate);
        }
        self.clock()?;
        match self.mode {
            Mode::Development => Ok(()),
            Mode::Production => production::check(self),
        }
    }

    /// The proxies whose word is taken for where a request comes from.
    pub fn trusted_proxies(&self) -> Result<Vec<IpNet>> {
        let net = |text: &String| {
            let text = text.trim();
            let net = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
            net.with_context(|| format!("server.trusted_proxies: {text} is no address and no network"))
        };
        self.server.trusted_proxies.iter().map(net).collect()
    }

    /// The clock that live calls go by.
    pub fn clock(&self) -> Result<Clock> {
        if self.clock.rate <= 1.0 {
            return Ok(Clock::real());
        }
        let anchor: Time = match self.clock.anchor.as_str() {
            "" => Clock::real().now(),
            text => text.parse().context("clock.anchor cannot be read")?,
        };
        Ok(Clock::simulated(self.clock.rate, anchor))
    }

    /// The address at which the carrier reaches a server that listens on this port.
    pub fn base_url(&self, port: u16) -> String {
        match self.server.base_url.trim_end_matches('/') {
            "" => format!("http://127.0.0.1:{port}"),
            given => given.to_owned(),
        }
    }
}

/// The shortest secret that signs, in characters.
const SHORTEST_SECRET: usize = 32;

/// The file that the environment names.
fn file_from_environment() -> Option<PathBuf> {
    std::env::var_os("TSUNAGU_CONFIG").map(PathBuf::from)
}

/// The defaults, the file, and the environment, one over the other.
fn build(file: Option<&Path>) -> Result<Config> {
    let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file {
        builder = builder.add_source(File::from(path).format(FileFormat::Toml));
    }
    builder = builder.add_source(environment(keys_of(std::env::vars_os())));
    for (name, key) in WELL_KNOWN {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty());
        builder =
            builder.set_override_option(*key, value).with_context(|| format!("{name} cannot be read"))?;
    }
    builder.build().map_err(fault::told).context("the settings cannot be read")
}

fn environment(keys: config::Map<String, String>) -> Environment {
    let source = Environment::with_prefix("TSUNAGU").prefix_separator("_").separator("__");
    let source = source.ignore_empty(true).try_parsing(true).list_separator(",");
    let lists = LISTS.iter().fold(source, |source, key| source.with_list_parse_key(key));
    lists.source(Some(keys))
}

/// The variables that name a key (`TSUNAGU_SECTION__KEY`). Others of our prefix, such as TSUNAGU_CONFIG, are none.
fn keys_of(vars: impl Iterator<Item = (OsString, OsString)>) -> config::Map<String, String> {
    vars.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.contains("__"))
        .collect()
}

/// A number as the carrier takes it.
pub fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(toml: &str) -> Result<Settings> {
        let config = Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(File::from_str(toml, FileFormat::Toml))
            .build()?;
        let settings: Settings = config.try_deserialize()?;
        settings.check()?;
        Ok(settings)
    }

    #[test]
    fn the_defaults_are_those_of_the_rooms() {
        let settings = from("").unwrap();
        assert_eq!(settings.calls, Rules::default());
        assert_eq!(settings.conversation, Limits::default());
        assert_eq!(settings.auth.limits, SignInLimits::default());
        assert_eq!(settings.mode, Mode::Development);
        assert_eq!(settings.base_url(5000), "http://127.0.0.1:5000");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (toml, word) in [
            ("[server]\nprot = 1", "prot"),
            ("[calls]\nring_secs = 2", "ring_secs"),
            ("[auth]\njwt_secret = \"short\"", "JWT_SECRET"),
            ("[auth]\ntoken_secs = 60", "auth.token_secs"),
            ("[server]\nfrontend_url = \"desk.example.jp\"", "FRONTEND_URL"),
            ("[carrier]\naccount_sid = \"AC1\"", "TWILIO_AUTH_TOKEN"),
            ("[clock]\nrate = 0.5", "clock.rate"),
            ("[otel]\nsample_ratio = 1.5", "otel.sample_ratio"),
            ("[otel]\nendpoint = \"localhost:4318\"", "otel.endpoint"),
            ("[campaigns]\ncalls_per_second = 0", "campaigns.calls_per_second"),
            ("[language_model]\nurl = \"model.example.jp\"", "language model"),
            ("[language_model]\nurl = \"http://127.0.0.1\"", "no name"),
            ("[language_model]\nbudget_ms = 0", "language_model.budget_ms"),
            ("[language_model]\nbudget_ms = 3001", "from 50 to 3,000"),
            ("mode = \"test\"", "mode"),
            #[cfg(feature = "nats")]
            ("[nats]\nurl = \"http://127.0.0.1\"", "NATS_URL"),
            #[cfg(feature = "nats")]
            ("[nats]\nurl = \"nats://127.0.0.1\"\nsubject = \"a b\"", "nats.subject"),
            #[cfg(feature = "nats")]
            ("[nats]\ncreds = \"a.creds\"", "NATS_URL is not"),
            #[cfg(feature = "nats")]
            (
                "[nats]\nurl = \"nats://127.0.0.1\"\ncreds = \"/nowhere/a.creds\"",
                "/nowhere/a.creds cannot be used",
            ),
            ("[server]\ntrusted_proxies = [\"10.0.0.0/33\"]", "trusted_proxies"),
            ("[auth]\nold_jwt_secrets = [\"\"]", "old_jwt_secrets"),
            ("[auth.limits]\naccount = { burst = 0, per_hour = 1 }", "burst"),
        ] {
            let error = format!("{:#}", from(toml).unwrap_err());
            assert!(error.contains(word), "{word} in {error}");
        }
    }

    #[test]
    fn only_variables_with_a_section_are_keys() {
        let vars = [("TSUNAGU_CONFIG", "a.toml"), ("TSUNAGU_SERVER__PORT", "1"), ("PATH", "/bin")];
        let keys = keys_of(vars.into_iter().map(|(name, value)| (name.into(), value.into())));
        assert_eq!(
            keys.into_iter().collect::<Vec<_>>(),
            [("TSUNAGU_SERVER__PORT".to_owned(), "1".to_owned())]
        );
    }

    #[test]
    fn lists_are_parted_by_commas_in_the_environment() {
        let vars = [
            ("TSUNAGU_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1"),
            ("TSUNAGU_AUTH__OLD_JWT_SECRETS", "one"),
            ("TSUNAGU_AUTH__LIMITS__ACCOUNT__BURST", "3"),
            ("TSUNAGU_SERVER__HOST", "a,b"),
        ];
        let keys = keys_of(vars.into_iter().map(|(name, value)| (name.into(), value.into())));
        let config = Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(environment(keys))
            .build()
            .unwrap();
        let settings: Settings = config.try_deserialize().unwrap();
        let nets = settings.trusted_proxies().unwrap();
        assert_eq!(nets.iter().map(IpNet::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "2001:db8::1/128"]);
        let old: Vec<_> = settings.auth.old_jwt_secrets.iter().map(ExposeSecret::expose_secret).collect();
        assert_eq!((old, settings.auth.limits.account.burst.get()), (vec!["one"], 3));
        assert_eq!(settings.server.host, "a,b");
    }

    #[test]
    fn numbers_are_e164() {
        assert!(is_e164("+815012345678"));
        for number in ["", "09012345678", "+0901234567", "+81-50-1234", "+8150"] {
            assert!(!is_e164(number), "{number}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let settings = from(
            "[auth]\njwt_secret = \"0123456789abcdef0123456789abcdef\"\nold_jwt_secrets = [\"fedcba9876543210\"]",
        )
        .unwrap();
        let shown = format!("{settings:?}");
        assert!(!shown.contains("0123456789abcdef") && !shown.contains("fedcba9876543210"), "{shown}");
    }
}
