//! `tsunagu sandbox`: the sandbox carrier as a program of its own, and as a child of another.

use crate::{cli, logging, settings, shutdown};
use anyhow::{Context, Result, anyhow, bail};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{self, Stdio},
    sync::Arc,
};
use tokio::sync::oneshot;
use tsunagu_carrier::sandbox::{Faults, SandboxConfig, persona::Cast, serve};

/// The sandbox's own account.
pub const ACCOUNT: &str = "AC00000000000000000000000000005a4d";
/// The number that calls show on the sandbox.
pub const PHONE_NUMBER: &str = "+815000000000";

/// Runs until it is told to stop; as a child, until its parent is gone.
pub fn run(options: cli::Sandbox) -> Result<()> {
    let log = settings::Log { format: log_format(), level: log_level(), file: PathBuf::new() };
    logging::start(&log, None)?;
    let listener = TcpListener::bind(options.listen)
        .with_context(|| format!("{} cannot be listened on", options.listen))?;
    actix::System::new().block_on(async move {
        let child = options.child;
        let handle = serve(config(options)?, listener).await.context("the sandbox cannot start")?;
        if child {
            writeln!(std::io::stdout(), "{}", serde_json::json!({ "listening": handle.url() }))?;
            tokio::select! {
                _ = parent_gone() => {}
                told = shutdown::asked() => told?,
            }
            handle.stop(false).await;
        } else {
            tracing::info!(url = handle.url(), "sandbox carrier is listening");
            shutdown::asked().await?;
            handle.stop(true).await;
        }
        Ok(())
    })
}

fn log_format() -> settings::LogFormat {
    match std::env::var("LOG_FORMAT").as_deref() {
        Ok("json") => settings::LogFormat::Json,
        _ => settings::LogFormat::Text,
    }
}

fn log_level() -> String {
    std::env::var("RUST_LOG").unwrap_or_else(|_| "info".to_owned())
}

fn config(options: cli::Sandbox) -> Result<SandboxConfig> {
    let cast = match &options.personas {
        Some(folder) => read_cast(folder)?,
        None => Cast::embedded().context("the personas are not as they must be")?,
    };
    let mut config = SandboxConfig::new(options.account_sid, options.auth_token, Arc::new(cast));
    config.speed = options.speed;
    config.anchor =
        options.anchor.as_deref().map(str::parse).transpose().context("--anchor cannot be read")?;
    config.seed = options.seed;
    config.cps = options.cps;
    if let Some(faults) = &options.faults {
        config.faults = serde_json::from_str::<Faults>(faults).context("--faults cannot be read")?;
    }
    Ok(config)
}

fn read_cast(folder: &Path) -> Result<Cast> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            files.push((path.display().to_string(), text));
        }
    }
    if files.is_empty() {
        bail!("{} holds no persona files (*.toml)", folder.display());
    }
    Cast::from_sources(&files).context("the personas are not as they must be")
}

/// Standard input ends when the parent does, however it ends.
async fn parent_gone() {
    let (gone, wait) = oneshot::channel();
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        let ended = std::io::stdin().lock().read_to_end(&mut rest);
        drop(gone.send(ended));
    });
    drop(wait.await);
}

/// A sandbox that runs beside this program, and ends with it.
pub struct Child {
    /// Where it listens.
    pub url: String,
    process: process::Child,
}

impl Child {
    /// Starts one on a free port, for [`ACCOUNT`] and this token, with the same clock as ours, and logging as we do.
    pub fn start(auth_token: &str, clock: &settings::ClockSettings, log: &settings::Log) -> Result<Self> {
        let program = std::env::current_exe().context("this program cannot find itself")?;
        let mut command = process::Command::new(program);
        command
            .args(["sandbox", "--child", "--listen", "127.0.0.1:0"])
            .args(["--speed", &clock.rate.to_string()]);
        if !clock.anchor.is_empty() {
            command.args(["--anchor", &clock.anchor]);
        }
        // By the environment, where no other user of the machine sees them in a list of processes.
        command.env("TWILIO_ACCOUNT_SID", ACCOUNT).env("TWILIO_AUTH_TOKEN", auth_token);
        command.env("RUST_LOG", &log.level).env("LOG_FORMAT", log.format.as_str());
        if let Some(file) = logging::file(log)? {
            command.stderr(file);
        }
        // Ctrl-C in a terminal goes to the whole group, but calls that are drained still need their carrier.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the sandbox carrier cannot be started")?;
        let mut line = String::new();
        if let Some(out) = process.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let said: serde_json::Value =
            serde_json::from_str(&line).context("the sandbox carrier did not say where it listens")?;
        let url = said.get("listening").and_then(serde_json::Value::as_str);
        let url = url.ok_or_else(|| anyhow!("the sandbox carrier did not say where it listens"))?.to_owned();
        Ok(Self { url, process })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It ends by itself when its standard input does; this only makes sure that it has.
        drop(self.process.stdin.take());
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
