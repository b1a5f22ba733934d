//! What whoever runs the server relies on: figures, the log, traces, settings, backups, health.

mod backups;
#[cfg(feature = "otel")]
mod collector;
mod health;
mod log;
mod metrics;
mod settings;
#[cfg(feature = "otel")]
mod traces;

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs the binary to its end with these arguments and exactly this environment.
fn run(args: &[&str], env: &[(&str, &str)]) -> Output {
    // Its own folder: there is no `.env` in it.
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), args, env)
}

fn run_in(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsunagu"));
    command.args(args).env_clear().envs(env.iter().copied()).current_dir(folder);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
