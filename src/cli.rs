//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::{net::SocketAddr, path::PathBuf};
use tsunagu_conversation::Lang;
use tsunagu_store::UserRole;

/// An AI rings, a human takes over, nobody is left on the line.
#[derive(Parser)]
#[command(name = "tsunagu", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the server; settings come from the environment, `.env` and TSUNAGU_CONFIG.
    Serve(Serve),
    /// Run everything with a company, agents and customers who answer by themselves, and watch the calls live.
    Demo(Demo),
    /// Run the sandbox carrier alone: a service that behaves as Twilio does towards a program.
    Sandbox(Sandbox),
    /// Play a call in the terminal: you are the customer.
    Chat(Chat),
    /// Draw the state chart of the conversation, or check a script before it is used.
    Script(Script),
    /// Measure the engine on labelled utterances.
    Eval(Eval),
    /// Ask the server on this machine whether it is ready; ends with an error when it is not.
    Health,
    /// Print the annotated settings with their defaults; or those in force, or whether a file is understood.
    Config(Config),
    /// Copy all data into one file, while the server runs or not.
    Backup(Backup),
    /// Put a backup in the place of the data; the server must not run.
    Restore(Restore),
    /// Copy all data from the SQLite file to MongoDB or back; no server may run on either.
    #[cfg(feature = "mongodb")]
    Migrate(Migrate),
    /// Add, list, disable and enable users in the SQLite file, also while the server runs.
    User(User),
    /// Measure turns a second, latency and memory of the real server under load.
    Bench(Bench),
}

#[derive(Args, Default)]
pub struct Serve {
    /// Say where the server listens on standard output, as one line of JSON, once it does.
    #[arg(long)]
    pub announce: bool,
}

#[derive(Args)]
pub struct Demo {
    /// Where the data are kept; without it, in a temporary folder that is removed at the end.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// The port of the server.
    #[arg(long, default_value_t = 5000)]
    pub port: u16,
    /// How many times as fast as real time passes on the calls.
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
    /// How many calls are live at once.
    #[arg(long, default_value_t = 8)]
    pub calls: usize,
    /// End after so many seconds; without it, at Ctrl-C.
    #[arg(long)]
    pub seconds: Option<u64>,
    /// Print a line for each thing that happens instead of a screen.
    #[arg(long)]
    pub plain: bool,
}

#[derive(Args, Clone)]
pub struct Sandbox {
    /// Where it listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:5100")]
    pub listen: SocketAddr,
    /// The account: AC and 32 hexadecimal digits.
    #[arg(long, env = "TWILIO_ACCOUNT_SID", default_value = sandbox_account())]
    pub account_sid: String,
    /// The account's auth token.
    #[arg(long, env = "TWILIO_AUTH_TOKEN", default_value = "sandbox-auth-token", hide_env_values = true)]
    pub auth_token: String,
    /// How many times as fast as real time passes on the calls, 1 to 10,000.
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
    /// Since when it has passed faster (RFC 3339), so that another program can keep the same time.
    #[arg(long)]
    pub anchor: Option<String>,
    /// Decides what personas choose and what goes wrong, so that a run can be repeated.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Calls dialled a second; the rest waits in a queue.
    #[arg(long)]
    pub cps: Option<f64>,
    /// A folder of persona files instead of those of the program.
    #[arg(long)]
    pub personas: Option<PathBuf>,
    /// What goes wrong, as JSON; see the sandbox's page in docs.
    #[arg(long)]
    pub faults: Option<String>,
    /// Say where it listens on standard output, as one line of JSON, and end when standard input does.
    #[arg(long)]
    pub child: bool,
}

const fn sandbox_account() -> &'static str {
    crate::sandbox::ACCOUNT
}

#[derive(Args)]
pub struct Chat {
    /// The language of the call: ja or en.
    #[arg(long, default_value = "ja")]
    pub lang: Lang,
    /// Tell why each utterance was understood as it was.
    #[arg(long)]
    pub explain: bool,
    /// Nobody is free when a human is wanted.
    #[arg(long)]
    pub nobody: bool,
    /// A script instead of the program's own: a file such as config/conversation/ja/script.toml.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// What the company says of itself: a file of short sentences, from which a language model may answer (LANGUAGE_MODEL_URL).
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
}

#[derive(Args)]
pub struct Script {
    /// The language of the script: ja or en.
    #[arg(long, default_value = "ja")]
    pub lang: Lang,
    /// The script of this file instead of the program's own. With nothing else, only tells whether it is as it must be.
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
    /// Draw it for Graphviz.
    #[arg(long, conflicts_with = "mermaid")]
    pub dot: bool,
    /// Draw it for Mermaid.
    #[arg(long)]
    pub mermaid: bool,
}

#[derive(Args)]
pub struct Eval {
    /// Lines of JSON: {"id", "lang", "phase", "text", "intent"}.
    pub file: PathBuf,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Config {
    /// The values in force here, and where each came from. Secrets are not shown.
    #[arg(long, conflicts_with = "check")]
    pub effective: bool,
    /// Whether this file of settings would be understood, in this environment.
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
}

#[derive(Args)]
pub struct Backup {
    /// The file to be made.
    pub file: PathBuf,
    /// Replace the file when it is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
}

#[cfg(feature = "mongodb")]
#[derive(Args)]
pub struct Migrate {
    /// Where the data shall be. Both the folder (DATA_DIR) and the database (MONGODB_URI) are set as for the server.
    #[arg(long, value_enum)]
    pub to: MigrateTo,
}

/// Where data are moved.
#[cfg(feature = "mongodb")]
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MigrateTo {
    Mongodb,
    Sqlite,
}

#[derive(Args)]
pub struct User {
    #[command(subcommand)]
    pub command: UserCommand,
}

#[derive(Subcommand)]
pub enum UserCommand {
    /// Add somebody, and print their password once unless it was given.
    Add(UserAdd),
    /// List the users: role, state, e-mail address, name and company, parted by tabs.
    List(UserList),
    /// Let somebody in no more: their tokens are void at once, and they get no new call.
    Disable(UserNamed),
    /// Let somebody in again.
    Enable(UserNamed),
    /// Give somebody a new password, and print it once unless it was given. They are signed out everywhere.
    Password(UserPassword),
}

#[derive(Args)]
pub struct UserAdd {
    /// The e-mail address with which they sign in.
    #[arg(long)]
    pub email: String,
    /// What they may do.
    #[arg(long, value_enum)]
    pub role: Role,
    /// The company, by its name or id; not needed where there is only one.
    #[arg(long)]
    pub company: Option<String>,
    /// Make the company if there is none with this name; its first user must be an admin.
    #[arg(long, requires = "company")]
    pub create_company: bool,
    /// Given name.
    #[arg(long, default_value = "")]
    pub first_name: String,
    /// Family name.
    #[arg(long, default_value = "")]
    pub last_name: String,
    /// Read the password from the first line of standard input instead of making one up.
    #[arg(long)]
    pub password_stdin: bool,
}

#[derive(Args)]
pub struct UserList {
    /// Only those of this company, by its name or id.
    #[arg(long)]
    pub company: Option<String>,
    /// Print each as a line of JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct UserNamed {
    /// The e-mail address with which they sign in.
    #[arg(long)]
    pub email: String,
}

#[derive(Args)]
pub struct UserPassword {
    /// The e-mail address with which they sign in.
    #[arg(long)]
    pub email: String,
    /// Read the password from the first line of standard input instead of making one up.
    #[arg(long)]
    pub password_stdin: bool,
}

/// What a user may do.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    Agent,
    Supervisor,
    Admin,
}

impl From<Role> for UserRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Agent => Self::Agent,
            Role::Supervisor => Self::Supervisor,
            Role::Admin => Self::Admin,
        }
    }
}

#[derive(Args)]
pub struct Bench {
    /// How long each measurement takes, in seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub seconds: u64,
    /// Turns a second of the latency measurement.
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub rate: u64,
    /// Connections that the carrier keeps open to the server.
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub connections: u16,
    /// Live calls of the throughput and latency measurements, and those that a start takes up.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub calls: u32,
    /// Live calls of the memory measurement.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub live: u32,
    /// Starts that are measured, without and with live calls.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub starts: u8,
    /// Calls of the history measurement.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1000..=10_000_000))]
    pub history_calls: u32,
    /// How often the history measurement asks each question.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub questions: u64,
    /// The core the server runs on, where the system can say so; the load runs on the others.
    #[arg(long, default_value_t = 0)]
    pub core: usize,
    /// In which folder the server's data lie while it is measured; without it, where the system keeps temporary files.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// An empty MongoDB database for the measurement of several servers; what they write stays there.
    #[cfg(feature = "mongodb")]
    #[arg(long)]
    pub mongodb: Option<String>,
    /// How many servers share it at the most.
    #[cfg(feature = "mongodb")]
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub nodes: u8,
    /// Measure only these.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<Measurement>,
    /// Print the figures as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What `tsunagu bench` measures.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Measurement {
    /// As many turns a second as the server can do.
    Throughput,
    /// How long a turn takes at a given rate.
    Latency,
    /// What live calls take of memory.
    Memory,
    /// How long a start takes.
    Start,
    /// How long the engine takes for an utterance.
    Engine,
    /// How fast what happens is on screens, and what they take of memory.
    Screens,
    /// What servers that share a MongoDB take for a turn; only when asked for.
    #[cfg(feature = "mongodb")]
    Nodes,
    /// How long the history of very many calls takes to be looked at; only when asked for.
    History,
}

/// Tells a person why the program ends, cause after cause.
#[expect(clippy::print_stderr, reason = "the last words of a program go to the person who started it")]
pub fn complain(error: &anyhow::Error) {
    eprintln!("tsunagu: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}
