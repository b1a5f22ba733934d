//! A hundred people, each with their own way of speaking, whom nobody of those had in mind who taught the engine
//! (`tests/personas`).

use crate::{
    crowd::{Crowd, Ended, all_well},
    home::Home,
    sandbox::Sandbox,
    server::Server,
    site::{Site, Team},
};
use jiff::Timestamp;
use std::{path::Path, time::Duration};
use tsunagu_carrier::sandbox::persona::Cast;

const SPEED: u32 = 20;
const LIMIT: Duration = Duration::from_secs(120);
/// All of them accept: what is judged is what becomes of the customers.
const AGENT: &str = "agent_accepts.toml";
const TEAM: Team<'static> = Team(&[("+81701001", 60, 50)]);
/// How many of a hundred calls must end as they should.
const RIGHT: usize = 97;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_strangers_are_understood() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut people: Vec<(String, String)> = Vec::new();
    for language in ["ja", "en"] {
        for file in std::fs::read_dir(root.join("tests/personas").join(language)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            people.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    people.sort();
    assert_eq!(people.len(), 100);
    let cast = Cast::from_sources(&people).unwrap();

    let folder = tempfile::tempdir().unwrap();
    people.push((AGENT.into(), std::fs::read_to_string(root.join("config/personas").join(AGENT)).unwrap()));
    for (name, text) in &people {
        std::fs::write(folder.path().join(name), text).unwrap();
    }

    let anchor = Timestamp::now();
    let sandbox = Sandbox::with(SPEED, anchor, &["--personas", folder.path().to_str().unwrap()]);
    let cast: Vec<_> = cast.iter().collect();
    let site = Site::seed_cast(Home::folder(), &cast, cast.len(), TEAM).await;
    let server = Server::with(&site, &sandbox, SPEED, anchor, &[]);
    let crowd = Crowd { site, sandbox, server };
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(Ended::check_journal));
    let wrong: Vec<_> = ended.iter().filter_map(|call| call.check_outcome().err()).collect();
    assert!(ended.len() - wrong.len() >= RIGHT, "{} of {}:\n{}", wrong.len(), ended.len(), wrong.join("\n"));
}
