//! A server that asks for credentials takes those of its office, and nobody else's.

use crate::{
    office::Office,
    server::Server,
    telling::{OURS, agent, node, node_with, until_heard, until_open},
};
use tsunagu_exchange::Exchange;

#[tokio::test]
async fn who_has_credentials_goes_in_and_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let office = Office::new(directory.path());
    let Some(mut server) = Server::start_by(Some(&office.settings())).await else { return };
    let creds = office.creds("tsunagu.creds", "tsunagu.>");
    let forged = Office::new(directory.path()).creds("forged.creds", "tsunagu.>");
    let with = |creds, number| node_with(&server.url, Some(creds), number);
    let (anna, ben, mallory, nobody) =
        (with(creds.clone(), 1), with(creds, 2), with(forged, 3), node(&server.url, 4));
    until_open(&anna, true).await;
    until_open(&ben, true).await;
    ben.listen_to([OURS].into());
    until_heard(&anna, &ben, OURS, &agent(1)).await;

    // Each connection signs anew.
    server.kill();
    until_open(&anna, false).await;
    until_open(&ben, false).await;
    server.restart().await;
    until_open(&anna, true).await;
    until_open(&ben, true).await;
    until_heard(&anna, &ben, OURS, &agent(2)).await;
    assert!(!mallory.is_open() && !nobody.is_open());
}
