//! Which core does what: the server has one to itself, the load has the others.

use std::{
    fs,
    path::Path,
    process::{self, Command, Stdio},
};

/// How server and load share the machine.
pub struct Cores {
    /// The server's core; none where the two could not be kept apart.
    server: Option<usize>,
    /// In words, for the report.
    pub told: String,
}

impl Cores {
    /// Gives `server` to the server and moves this process to the other cores. Call it before any thread is started.
    pub fn split(server: usize) -> Self {
        let apart = others(server).and_then(|others| {
            let load = others.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
            let id = process::id().to_string();
            run(Command::new("taskset").args(["-a", "-p", "-c", &load, &id]))?;
            Ok(format!("server on core {server}, load on {load}"))
        });
        match apart {
            Ok(told) => Self { server: Some(server), told },
            Err(why) => Self { server: None, told: format!("server and load share all cores: {why}") },
        }
    }

    /// The command that runs a program on the server's core.
    pub fn command(&self, program: &Path) -> Command {
        match self.server {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.arg("-c").arg(core.to_string()).arg(program);
                command
            }
            None => Command::new(program),
        }
    }
}

/// The cores that we may use, without the server's.
fn others(server: usize) -> Result<Vec<usize>, String> {
    let status =
        fs::read_to_string("/proc/self/status").map_err(|error| format!("/proc/self/status: {error}"))?;
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let mut cores = list.and_then(|list| read_list(list.trim())).ok_or("the cores are not listed")?;
    if !cores.contains(&server) {
        return Err(format!("there is no core {server}"));
    }
    cores.retain(|core| *core != server);
    if cores.is_empty() { Err("there is one only".to_owned()) } else { Ok(cores) }
}

/// A list as the kernel writes it, such as `0-3,8`.
fn read_list(text: &str) -> Option<Vec<usize>> {
    const MOST: usize = 4096;
    let mut cores = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        cores.extend((first..=last).take(MOST));
    }
    Some(cores)
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.stdout(Stdio::null()).stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("taskset ended with {status}")),
        Err(error) => Err(format!("taskset cannot be run: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_lists_are_read() {
        assert_eq!(read_list("0-2,5"), Some(vec![0, 1, 2, 5]));
        assert_eq!(read_list("7"), Some(vec![7]));
        assert_eq!(read_list("a-b"), None);
    }
}
