//! `tsunagu demo`: everything at once on one machine, to look at. A company rings its customers through a sandbox carrier,
//! where they answer by themselves, and so do the agents to whom they are handed over.
//!
//! settings → [`wiring::start`] → [`seed`] → the hub → [`watcher`] → [`view`] → [`frame`] → [`screen`], or line by line;
//! [`pace`] starts the calls

mod call_time;
mod columns;
mod frame;
mod happening;
mod pace;
mod people;
mod screen;
mod seed;
mod settings;
mod show;
mod view;
mod watcher;

use crate::{
    cli, logging, shutdown,
    wiring::{self, Running},
};
use anyhow::{Context, Error, Result};
use pace::Pace;
use screen::Screen;
use show::{Printing, Show};
use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    rc::Rc,
    time::Duration,
};
use tempfile::TempDir;
use tsunagu_actors::Clock;
use tsunagu_carrier::sandbox::persona::Cast;

/// Runs until Ctrl-C, or for as long as was asked.
pub fn run(options: cli::Demo) -> Result<()> {
    let folder = Folder::open(options.data.clone())?;
    let on_screen = !options.plain && io::stdout().is_terminal();
    let mut settings = settings::settings(&options, folder.path(), on_screen)?;
    logging::start(&settings.log, None)?;
    actix::System::new().block_on(async {
        if let Folder::Kept(folder) = &folder
            && let Some(reached) = call_time::reached(folder).await?
        {
            call_time::go_on(&mut settings.clock, Clock::real().now(), reached);
        }
        let cast = Cast::embedded().context("the personas are not as they must be")?;
        let running = wiring::start(&settings, Some(cast.clone()))
            .await
            .map_err(|error| suggest_port(error, options.port))?;
        let ports = running.board.ports();
        let team = seed::seed(&*ports.store, ports.clock.now()).await?;
        let head = introduction(&options, &running, &folder);
        introduce(&head)?;

        let show =
            Rc::new(Show::new(ports.clock, if on_screen { Printing::Nothing } else { Printing::Everything }));
        watcher::watch(show.clone(), ports, team.company).await?;
        let pace = Pace {
            board: running.board.clone(),
            defaults: running.defaults.clone(),
            team,
            cast,
            calls: options.calls,
        };
        let ringing = actix::spawn(pace.keep(show.clone()));
        let looked_on = look_on(&show, &head, on_screen, options.seconds).await;
        ringing.abort();
        looked_on?;

        show.leave_screen();
        tokio::select! {
            stopped = take_down(running, &show) => stopped,
            again = shutdown::asked() => Ok(again?),
        }
    })
}

/// Shows what happens until it is enough.
async fn look_on(show: &Show, head: &[String], on_screen: bool, seconds: Option<u64>) -> Result<()> {
    let screen = on_screen.then(Screen::enter).transpose().context("the screen cannot be taken over")?;
    let drawing = async {
        match &screen {
            Some(screen) => screen.draw(show, head).await,
            None => std::future::pending().await,
        }
    };
    let enough = async {
        match seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        drawn = drawing => drawn.context("the screen cannot be drawn"),
        asked = shutdown::asked() => asked.context("Ctrl-C cannot be waited for"),
        () = enough => Ok(()),
    }
}

/// Takes everything down, step by step, and says what came of the demo.
async fn take_down(running: Running, show: &Show) -> Result<()> {
    show.note("no more customers are rung; Ctrl-C ends at once");
    running.stop(|step| show.note(step)).await?;
    let counts = show.view().counts();
    let outcomes: Vec<String> =
        show.view().outcomes().map(|(outcome, count)| format!("{} {count}", outcome.machine())).collect();
    show.note(format!("{} calls ended: {}", counts.ended, outcomes.join(", ")));
    Ok(())
}

/// What a person needs in order to look on from elsewhere.
fn introduction(options: &cli::Demo, running: &Running, folder: &Folder) -> Vec<String> {
    let port = running.address.port();
    let carrier = running.sandbox.as_ref().map_or("", |sandbox| sandbox.url.as_str());
    vec![
        format!(
            "Tsunagu demo: {} rings {} customers, {} calls at once, time x{}",
            people::COMPANY,
            people::CUSTOMERS.len(),
            options.calls,
            options.speed
        ),
        format!("look     http://localhost:{port}/    API http://localhost:{port}/api"),
        format!("carrier  {carrier}/sandbox/v1/calls (every call as the sandbox carrier sees it)"),
        format!("sign-in  {} or {} / {}", people::SUPERVISOR, people::ADMIN, people::PASSWORD),
        format!("data     {folder}"),
    ]
}

fn introduce(head: &[String]) -> Result<()> {
    let mut out = io::stdout().lock();
    for line in head {
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

/// Where the data are kept.
enum Folder {
    /// As long as the demo runs.
    Temporary(TempDir),
    /// In a place that was given.
    Kept(PathBuf),
}

impl Folder {
    fn open(given: Option<PathBuf>) -> Result<Self> {
        Ok(match given {
            Some(path) => {
                std::fs::create_dir_all(&path)
                    .with_context(|| format!("{} cannot be made", path.display()))?;
                Self::Kept(path)
            }
            None => Self::Temporary(
                tempfile::Builder::new()
                    .prefix("tsunagu-demo-")
                    .tempdir()
                    .context("no temporary folder can be made")?,
            ),
        })
    }

    fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(path) => path,
        }
    }
}

impl std::fmt::Display for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let more = if matches!(self, Self::Temporary(_)) { " (removed at the end)" } else { "" };
        write!(f, "{}{more}", self.path().display())
    }
}

/// Says what to do about a port that somebody else has.
fn suggest_port(error: Error, port: u16) -> Error {
    let taken = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::AddrInUse);
    if taken {
        error.context(format!("port {port} is taken; choose another with --port, or 0 for any"))
    } else {
        error
    }
}
