//! The `tsunagu` program.

mod backup;
mod bench;
mod chat;
mod cli;
mod configuration;
mod demo;
mod dotenv;
mod eval;
mod health;
mod logging;
mod machine;
#[cfg(feature = "mongodb")]
mod migrate;
mod sandbox;
mod script;
mod serve;
mod settings;
mod shutdown;
mod telemetry;
mod user;
mod wiring;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    machine::prepare();
    // Options may come from it.
    let set = dotenv::load();
    // Two TLS libraries could be linked in one day; the choice is made here, once.
    drop(rustls::crypto::ring::default_provider().install_default());
    let command = Cli::parse().command;
    let done = set.and_then(|()| run(command));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has read enough.
        Err(error) if error.root_cause().downcast_ref::<std::io::Error>().is_some_and(is_broken_pipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            cli::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(options) => serve::run(options),
        Command::Demo(options) => demo::run(options),
        Command::Sandbox(options) => sandbox::run(options),
        Command::Chat(options) => chat::run(&options),
        Command::Script(options) => script::run(&options),
        Command::Eval(options) => eval::run(&options),
        Command::Health => health::run(),
        Command::Config(options) => configuration::run(&options),
        Command::Backup(options) => backup::run(&options),
        Command::Restore(options) => backup::put_back(&options),
        #[cfg(feature = "mongodb")]
        Command::Migrate(options) => migrate::run(&options),
        Command::User(options) => user::run(options),
        Command::Bench(options) => bench::run(options),
    }
}

fn is_broken_pipe(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::BrokenPipe
}
