//! The server that is measured: this very program, started as anybody would start it, and killed at the end.

use super::{
    carrier::{ACCOUNT, Carrier, NUMBER, TOKEN},
    cores::Cores,
};
use anyhow::{Context, Result, anyhow};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Stdio},
    sync::mpsc,
    time::Duration,
};

/// How long a start may take before it has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of the server's log is told when it fails, in bytes.
const LAST_WORDS: usize = 2000;

/// What is set for the server beside its folder and its carrier: one thread for requests, one for calls, and calls
/// that go on for as long as they are measured.
const SETTINGS: [(&str, &str); 11] = [
    ("PORT", "0"),
    ("TWILIO_ACCOUNT_SID", ACCOUNT),
    ("TWILIO_AUTH_TOKEN", TOKEN),
    ("TWILIO_PHONE_NUMBER", NUMBER),
    ("RUST_LOG", "warn"),
    ("TSUNAGU_SERVER__HOST", "127.0.0.1"),
    ("TSUNAGU_SERVER__WORKERS", "1"),
    ("TSUNAGU_SERVER__CALL_THREADS", "1"),
    ("TSUNAGU_CALLS__LONGEST_SECS", "86400"),
    ("TSUNAGU_CONVERSATION__MAX_TURNS", "65535"),
    ("TSUNAGU_CONVERSATION__MAX_INPUTS", "65535"),
];

/// A server that runs.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    process: Process,
    log: PathBuf,
}

/// Ends with its guard.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Server {
    /// Starts one whose data lie in `data`, and waits until it says where it listens.
    pub fn start(cores: &Cores, data: &Path, carrier: &Carrier) -> Result<Self> {
        Self::start_with(cores, data, carrier, &[])
    }

    /// The same with further settings.
    pub fn start_with(
        cores: &Cores,
        data: &Path,
        carrier: &Carrier,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let program = std::env::current_exe().context("this program cannot find itself")?;
        let log = data.join("server.log");
        let mut command = cores.command(&program);
        command.args(["serve", "--announce"]).current_dir(data);
        for (name, _) in std::env::vars_os() {
            // Nobody's own settings shall be measured.
            if name.to_string_lossy().starts_with("TSUNAGU_") {
                command.env_remove(name);
            }
        }
        for name in
            ["BASE_URL", "FRONTEND_URL", "JWT_SECRET", "LOG_FORMAT", "MONGODB_URI", "NATS_CREDS", "NATS_URL"]
        {
            command.env_remove(name);
        }
        command.envs(SETTINGS).env("DATA_DIR", data).env("TWILIO_API_BASE_URL", &carrier.url);
        command.envs(settings.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(fs::File::create(&log)?);
        let mut process = Process(command.spawn().context("the server cannot be started")?);
        let address =
            process.0.stdout.take().ok_or_else(|| anyhow!("the server has no output")).and_then(announced);
        match address {
            Ok(address) => Ok(Self { address, process, log }),
            Err(error) => Err(error.context(format!("the server did not start; {}", last_words(&log)))),
        }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.0.id()
    }

    /// Adds what the server logged last to what went wrong with it.
    pub fn explain<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| anyhow!(last_words(&self.log)).context(format!("{error:#}")))
    }
}

/// Where the server says that it listens.
fn announced(out: ChildStdout) -> Result<SocketAddr> {
    let (said, line) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        drop(said.send(BufReader::new(out).read_line(&mut line).map(|_| line)));
    });
    let line = line.recv_timeout(PATIENCE).context("it says nothing")??;
    let said: serde_json::Value = serde_json::from_str(&line).context("it does not say where it listens")?;
    let url = said.get("listening").and_then(serde_json::Value::as_str).unwrap_or_default();
    url.trim_start_matches("http://").parse().with_context(|| format!("it listens at `{url}`"))
}

fn last_words(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let tail = bytes.get(bytes.len().saturating_sub(LAST_WORDS)..).unwrap_or_default();
    match String::from_utf8_lossy(tail).trim() {
        "" => "the server logged nothing".to_owned(),
        tail => format!("the server logged: {tail}"),
    }
}
