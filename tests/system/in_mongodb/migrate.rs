//! `tsunagu migrate`: with what is left of real calls, killed in the middle, and back again.

use crate::{
    crowd::{Crowd, MIXED_TEAM},
    home::Home,
};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tsunagu_store::{
    MongoStore, SharedStore, Sign, SqliteConfig, SqliteStore,
    archive::{Archive, Kind, compare},
};

const SPEED: u32 = 20;
const CALLS: usize = 30;
const PERSONAS: [&str; 4] = ["interested-manager", "refuses", "absent", "never-call-again"];

/// The command, between a folder and a database.
fn migrate(to: &str, folder: &Path, uri: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsunagu"));
    command.args(["migrate", "--to", to]).env_clear().current_dir(folder);
    command.env("DATA_DIR", folder).env("MONGODB_URI", uri).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What it says, and whether it came to its end.
fn said(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// Kills it when it has said this.
fn kill_behind(mut child: Child, words: &str) {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let seen = lines.into_iter().take_while(|line| !line.contains(words)).count();
    assert!(seen > 0, "it ended before");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_go_to_mongodb_and_back_though_it_is_killed() {
    let Some(home) = Home::mongodb() else { return };
    let mut crowd = Crowd::with(SPEED, &PERSONAS, CALLS, MIXED_TEAM, &[]).await;
    let client = crowd.server.client().await;
    crowd.ring_all(&client).await;
    let folder = crowd.site.home.dir.path().to_owned();
    let (done, text) = said(&mut migrate("mongodb", &folder, home.uri()));
    assert!(!done && text.contains("in use"), "a server has the file: {text}");
    // In the middle of calls: they are moved as they are.
    crowd.server.program.kill();

    kill_behind(migrate("mongodb", &folder, home.uri()).spawn().unwrap(), "customers:");
    let half = MongoStore::connect(home.uri()).await.unwrap_err().to_string();
    assert!(half.contains("tsunagu migrate"), "no server begins on half of the data: {half}");
    let (done, text) = said(&mut migrate("mongodb", &folder, home.uri()));
    assert!(done, "{text}");
    assert!(text.contains(&format!("customers: 0 copied, {CALLS} were there")), "{text}");
    assert!(text.contains(&format!("calls: {CALLS} on both sides, all the same")), "{text}");
    let (done, text) = said(&mut migrate("mongodb", &folder, home.uri()));
    assert!(!done && text.contains("holds data already"), "{text}");

    // A server that uses MongoDB is seen there, until it says goodbye.
    let elsewhere = tempfile::tempdir().unwrap();
    let server = MongoStore::connect(home.uri()).await.unwrap();
    let telling = tokio::spawn(tell_signs(server.clone()));
    let (done, text) = said(&mut migrate("sqlite", elsewhere.path(), home.uri()));
    assert!(!done && text.contains("use this MongoDB, one of them at calls-1:5000"), "{text}");
    telling.abort();
    server.say_goodbye().await.unwrap();

    // Back into another folder, twice: what was there is kept.
    kill_behind(migrate("sqlite", elsewhere.path(), home.uri()).spawn().unwrap(), "calls:");
    assert!(!elsewhere.path().join("tsunagu.db").exists(), "only the whole is put in place");
    for before in [false, true] {
        let (done, text) = said(&mut migrate("sqlite", elsewhere.path(), home.uri()));
        assert!(done && text.contains("what was there before") == before, "{text}");
    }
    let (ours, theirs) = (open(&folder), open(elsewhere.path()));
    for kind in Kind::ALL {
        compare(&ours, &theirs, kind).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
    }
    assert_eq!(ours.items(Kind::Calls, None, 999).await.unwrap().len(), CALLS);
    drop(theirs);

    // And the calls go on there.
    crowd.server.restart_on(elsewhere.path().to_str().unwrap());
    let client = crowd.server.client().await;
    crowd.until_over(&client, Duration::from_secs(120)).await;
}

/// As a server does.
async fn tell_signs(store: MongoStore) {
    for beat in 1.. {
        let (present, awaited) = Default::default();
        let place = "calls-1:5000".to_owned();
        let sign = Sign { node: store.node(), place, beat, present, awaited, tells: false, left: false };
        store.tell_sign(sign).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(&SqliteConfig::new(folder)).unwrap()
}
