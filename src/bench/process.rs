//! What a process takes of processor and memory, as Linux tells it.

use anyhow::{Context, Result, anyhow};
use std::{collections::BTreeMap, fs, time::Duration};

/// Units of time a second in `stat`: fixed for programs, whatever the kernel's own clock does.
const TICKS: u64 = 100;

/// What a process has in memory, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// At the most so far.
    pub peak: u64,
}

impl Memory {
    /// Of a process.
    pub fn of(pid: u32) -> Result<Self> {
        let path = format!("/proc/{pid}/status");
        let status = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        Self::read(&status).ok_or_else(|| anyhow!("{path} does not tell its memory"))
    }

    fn read(status: &str) -> Option<Self> {
        let bytes = |key: &str| {
            let kib = status.lines().find_map(|line| line.strip_prefix(key))?.trim().strip_suffix("kB")?;
            kib.trim().parse::<u64>().ok().map(|kib| kib * 1024)
        };
        Some(Self { resident: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
    }
}

/// How long a process has kept a processor busy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Busy {
    /// All its threads, those that are gone as well.
    pub total: Duration,
    /// Its threads by name; those of one name are told apart by the order in which they were started.
    pub threads: BTreeMap<String, Duration>,
}

impl Busy {
    /// Of a process, so far.
    pub fn of(pid: u32) -> Result<Self> {
        let path = format!("/proc/{pid}/stat");
        let stat = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        let (_, total) = read_stat(&stat).ok_or_else(|| anyhow!("{path} does not tell its time"))?;
        let tasks = format!("/proc/{pid}/task");
        let ids = fs::read_dir(&tasks)?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        let mut ids: Vec<u32> = ids.collect();
        ids.sort_unstable();
        let mut threads = BTreeMap::new();
        for id in ids {
            // A thread may end while we look.
            let stat = fs::read_to_string(format!("{tasks}/{id}/stat")).unwrap_or_default();
            if let Some((name, time)) = read_stat(&stat) {
                threads.insert(unused(&threads, name), time);
            }
        }
        Ok(Self { total, threads })
    }

    /// Of several together.
    pub fn of_all(pids: &[u32]) -> Result<Self> {
        let mut all = Self::default();
        for pid in pids {
            let one = Self::of(*pid)?;
            all.total += one.total;
            for (name, time) in one.threads {
                *all.threads.entry(name).or_default() += time;
            }
        }
        Ok(all)
    }

    /// What was added since.
    pub fn since(&self, before: &Self) -> Self {
        let earlier = |name: &str| before.threads.get(name).copied().unwrap_or_default();
        Self {
            total: self.total.saturating_sub(before.total),
            threads: self
                .threads
                .iter()
                .map(|(name, time)| (name.clone(), time.saturating_sub(earlier(name))))
                .collect(),
        }
    }
}

/// The name, with a number behind it if there is such a thread already.
fn unused(threads: &BTreeMap<String, Duration>, name: &str) -> String {
    let numbered = (2_u32..).map(|number| format!("{name} #{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !threads.contains_key(name)).unwrap_or_default()
}

/// The name and the time (user and system) of a line of `stat`. The name may hold anything, also brackets.
fn read_stat(stat: &str) -> Option<(&str, Duration)> {
    /// Where `utime` stands after the name.
    const USER: usize = 11;
    let (head, rest) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let mut fields = rest.split_whitespace().skip(USER).map(str::parse::<u64>);
    let ticks = fields.next()?.ok()? + fields.next()?.ok()?;
    Some((name, Duration::from_millis(ticks * 1000 / TICKS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_stat_is_read_whatever_the_name() {
        let line = "42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0";
        assert_eq!(read_stat(line), Some(("a (b) c", Duration::from_secs(3))));
        assert_eq!(read_stat("42 (short) S 1"), None);
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\tx\nVmHWM:\t  20 kB\nVmRSS:\t  10 kB\n";
        assert_eq!(Memory::read(status), Some(Memory { resident: 10_240, peak: 20_480 }));
        assert_eq!(Memory::read("Name:\tx\n"), None);
    }

    #[test]
    fn this_process_is_there() {
        assert!(Memory::of(std::process::id()).unwrap().resident > 0);
        assert!(!Busy::of(std::process::id()).unwrap().threads.is_empty());
    }

    #[test]
    fn threads_of_one_name_are_told_apart() {
        let mut threads = BTreeMap::new();
        for _ in 0..3 {
            threads.insert(unused(&threads, "worker"), Duration::ZERO);
        }
        assert_eq!(threads.into_keys().collect::<Vec<_>>(), ["worker", "worker #2", "worker #3"]);
    }

    #[test]
    fn only_what_was_added_counts() {
        let busy = |secs| Busy {
            total: Duration::from_secs(secs),
            threads: BTreeMap::from([("store-writer".to_owned(), Duration::from_secs(secs))]),
        };
        assert_eq!(busy(5).since(&busy(3)), busy(2));
    }
}
