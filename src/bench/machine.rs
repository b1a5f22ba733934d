//! The machine that was measured on, so that a figure can be compared with another.

use serde::Serialize;
use std::{fs, io::Write, path::Path, process::Command, time::Duration};
use tokio::time::Instant;

/// What figures depend on.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// The processor, by its own name.
    pub cpu: String,
    /// How many cores there are for us.
    pub cores: usize,
    /// The kernel's version.
    pub kernel: String,
    /// How many threads wanted to run before, over 1, 5 and 15 minutes: what else goes on here disturbs the figures.
    pub load_average: Option<String>,
    /// How long writing 4 KiB durably takes in the data folder, in microseconds (median).
    pub durable_write_us: Option<f64>,
    /// The commit that was built, and whether files were changed since; where git can tell.
    pub commit: Option<String>,
    /// Whether the program was built with optimisation.
    pub optimised: bool,
}

impl Machine {
    /// This one; `data` is a folder of the file system that the journal is written to.
    pub fn of(data: &Path) -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let cpus = read("/proc/cpuinfo");
        let named = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        Self {
            cpu: named.map_or("unknown processor", |(_, name)| name.trim()).to_owned(),
            cores: cpus.lines().filter(|line| line.starts_with("processor")).count().max(1),
            kernel: Some(read("/proc/sys/kernel/osrelease").trim().to_owned())
                .filter(|release| !release.is_empty())
                .unwrap_or_else(|| "unknown kernel".to_owned()),
            load_average: read("/proc/loadavg")
                .rsplitn(3, ' ')
                .last()
                .map(str::to_owned)
                .filter(|load| !load.is_empty()),
            durable_write_us: durable_write(data).ok().map(|time| time.as_secs_f64() * 1e6),
            commit: commit(),
            optimised: !cfg!(debug_assertions),
        }
    }
}

/// The median of some appended writes, each flushed to the disk as a commit of the journal is.
fn durable_write(folder: &Path) -> std::io::Result<Duration> {
    const WRITES: usize = 51;
    let path = folder.join("durable-write");
    let mut file = fs::File::create(&path)?;
    let mut times = [Duration::ZERO; WRITES];
    for time in &mut times {
        let begun = Instant::now();
        file.write_all(&[1; 4096])?;
        file.sync_data()?;
        *time = begun.elapsed();
    }
    drop(file);
    fs::remove_file(path)?;
    times.sort_unstable();
    Ok(times.get(WRITES / 2).copied().unwrap_or_default())
}

/// The commit of the working tree that we are run in, if it is this program's.
fn commit() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output =
            Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    git(&["ls-files", "--error-unmatch", "src/bench/machine.rs"])?;
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|list| !list.is_empty());
    Some(if changed { format!("{commit}, with changes") } else { commit })
}
