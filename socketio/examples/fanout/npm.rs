//! The reference server of npm, beside ours: the same clients, the same broadcasts.

use std::{
    error::Error,
    fs,
    io::{BufRead, BufReader, Lines, Write},
    net::SocketAddr,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

/// The server, until it is dropped.
pub struct Reference {
    process: Child,
    orders: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Reference {
    /// Starts it from a folder into which `npm ci` was run.
    pub fn start(folder: &str, clients: usize, length: usize) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new("node")
            .args(["server.mjs", &clients.to_string(), &length.to_string()])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = process.stdin.take().ok_or("no standard input")?;
        let mut said = BufReader::new(process.stdout.take().ok_or("no standard output")?).lines();
        let port: u16 = said.next().ok_or("it says nothing")??.parse()?;
        Ok(Self { process, orders, said, address: ([127, 0, 0, 1], port).into() })
    }

    /// Waits until all clients are there.
    pub fn until_all(&mut self) -> Result<(), Box<dyn Error>> {
        self.said.next().ok_or("it is gone")??;
        Ok(())
    }

    /// Sends a broadcast.
    pub fn broadcast(&mut self, number: usize) -> Result<(), Box<dyn Error>> {
        Ok(writeln!(self.orders, "{number}")?)
    }

    /// How long it has worked on a core.
    pub fn worked(&self) -> Result<Duration, Box<dyn Error>> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        super::time_of(&stat)
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
