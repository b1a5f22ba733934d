//! `tsunagu demo` as a child process.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

pub const ADMIN: &str = "admin@demo.example";
pub const PASSWORD: &str = "tsunagu-demo";

/// It is killed when dropped.
pub struct Demo {
    pub port: u16,
    process: Child,
}

impl Demo {
    /// Starts it with so many calls at once, and waits until it says where one can look.
    pub fn start(calls: usize) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_tsunagu"))
            .args(["demo", "--plain", "--port", "0", "--calls", &calls.to_string()])
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("look "));
        let address = address.expect("the demo says where one can look");
        let port = address.split_once("localhost:").and_then(|(_, rest)| rest.split_once('/'));
        let port = port.expect("an address with its port").0.parse().unwrap();
        // Whatever it says besides is read, so that it is never held up.
        std::thread::spawn(move || lines.for_each(drop));
        Self { port, process }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
