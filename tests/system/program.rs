//! The real binary as a child process.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A child that says where it listens, and is killed when dropped.
pub struct Program {
    pub url: String,
    process: Child,
}

impl Program {
    /// Starts the binary with these arguments and exactly this environment.
    pub fn start(args: &[&str], env: &[(&str, String)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsunagu"));
        command.args(args).env_clear().env("RUST_LOG", log_level());
        for name in ["PATH", "HOME", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(env.iter().map(|(name, value)| (*name, value)));
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the binary starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).expect("the binary says where it listens");
        Self { url: said["listening"].as_str().unwrap().to_owned(), process }
    }

    /// Ends it as a power cut would: nothing is flushed, nobody is told.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Asks it to stop, and waits until it has.
    pub fn terminate(&mut self) -> std::process::ExitStatus {
        self.ask_to_stop();
        self.wait()
    }

    /// Waits until it has stopped.
    pub fn wait(&mut self) -> std::process::ExitStatus {
        self.process.wait().unwrap()
    }

    pub fn port(&self) -> u16 {
        self.url.rsplit(':').next().unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Whoever was killed before is gone already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn log_level() -> String {
    std::env::var("TSUNAGU_TEST_LOG").unwrap_or_else(|_| "error".to_owned())
}
