//! What is told is heard, and a server that comes back is found.

use crate::server::Server;
use std::{path::PathBuf, time::Duration};
use tokio::time::timeout;
use tsunagu_call::{CallId, CompanyId, Entry, Event, NodeId, Time, UserId};
use tsunagu_exchange::{Exchange, Nats, NatsConfig, News};

pub const OURS: CompanyId = CompanyId::from_bytes([1; 12]);
const THEIRS: CompanyId = CompanyId::from_bytes([2; 12]);
const LIMIT: Duration = Duration::from_secs(30);

pub fn node(url: &str, number: u8) -> Nats {
    node_with(url, None, number)
}

pub fn node_with(url: &str, creds: Option<PathBuf>, number: u8) -> Nats {
    let node = NodeId::from_bytes([number; 12]);
    let config = NatsConfig { url: url.to_owned(), creds, subject: "tsunagu.test".to_owned(), node };
    let (nats, work) = Nats::new(&config).unwrap();
    tokio::spawn(work);
    nats
}

pub async fn until_open(nats: &Nats, open: bool) {
    let mut link = nats.link();
    timeout(LIMIT, link.wait_for(|link| link.open == open)).await.unwrap().unwrap();
}

/// Tells it again and again until the other hears it: a subscription takes a moment.
pub async fn until_heard(teller: &Nats, listener: &Nats, company: CompanyId, news: &News) {
    let heard = async {
        loop {
            teller.publish(company, news.clone());
            if let Ok(heard) = timeout(Duration::from_millis(50), listener.next()).await {
                return heard;
            }
        }
    };
    assert_eq!(timeout(LIMIT, heard).await.unwrap(), (company, news.clone()));
}

pub fn agent(number: u8) -> News {
    News::Agent { agent: UserId::from_bytes([number; 12]) }
}

fn facts(notes: String) -> News {
    let entry = Entry { seq: 5, at: Time::from_millis(1), event: Event::Noted { notes, outcome: None } };
    News::Facts { call: CallId::from_bytes([7; 12]), entries: vec![entry] }
}

#[tokio::test]
async fn what_is_told_is_heard_and_a_server_that_comes_back_is_found() {
    let Some(mut server) = Server::start().await else { return };
    let (anna, ben) = (node(&server.url, 1), node(&server.url, 2));
    assert!(!anna.is_open(), "nobody waits for the server");
    until_open(&anna, true).await;
    until_open(&ben, true).await;
    ben.listen_to([OURS].into());
    anna.listen_to([OURS, THEIRS].into());
    until_heard(&anna, &ben, OURS, &agent(1)).await;

    // In order, but nothing of other companies; what is too long is told in short.
    let long = facts("長".repeat(300_000));
    anna.publish(THEIRS, agent(2));
    for news in [facts("折り返し".to_owned()), long, agent(3)] {
        anna.publish(OURS, news);
    }
    let mut heard = Vec::new();
    while heard.last() != Some(&(OURS, agent(3))) {
        heard.push(timeout(LIMIT, ben.next()).await.unwrap());
    }
    heard.retain(|heard| *heard != (OURS, agent(1)));
    let short = News::Further { call: CallId::from_bytes([7; 12]), next: 6 };
    let told = [facts("折り返し".to_owned()), short, agent(3)];
    assert_eq!(heard, told.map(|news| (OURS, news)));
    // One hears nothing of what one tells.
    let own = timeout(Duration::from_millis(200), anna.next()).await;
    assert!(own.is_err(), "{own:?}");

    let breaks = ben.link().borrow().breaks;
    server.kill();
    until_open(&anna, false).await;
    until_open(&ben, false).await;
    anna.publish(OURS, agent(4));
    server.restart().await;
    until_open(&anna, true).await;
    until_open(&ben, true).await;
    assert!(ben.link().borrow().breaks >= breaks + 2);
    until_heard(&anna, &ben, OURS, &agent(5)).await;

    // Nobody is listened to whom nobody wants any more.
    ben.listen_to([THEIRS].into());
    until_heard(&anna, &ben, THEIRS, &agent(6)).await;
    anna.publish(OURS, agent(7));
    until_heard(&anna, &ben, THEIRS, &agent(6)).await;
}

#[tokio::test]
async fn nobody_waits_for_a_server_that_is_not_there() {
    let nats = node("nats://127.0.0.1:1", 1);
    nats.listen_to([OURS].into());
    for _ in 0..10_000 {
        nats.publish(OURS, agent(1));
    }
    assert!(!nats.is_open());
    assert!(timeout(Duration::from_millis(50), nats.next()).await.is_err());
}
