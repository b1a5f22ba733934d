//! Nobody is rung twice, and nobody is forgotten.

use std::time::Duration;

use actix_web::http::Method;

use super::stage::{Act, Stage};
use super::{FROM, TO, client, new_call, settings};
use crate::twilio::TwilioClient;
use crate::{CallStatus, Carrier, CarrierError, NewParticipant, ParticipantStatus};

/// A create under these answers succeeds, with these numbers of effects and of requests to create.
async fn creates(acts: Vec<Act>, effects: usize, posts: usize) {
    let stage = Stage::open().await;
    stage.commands(acts);
    let mut settings = settings(&stage.url);
    settings.request_timeout = Duration::from_millis(500);
    let made = TwilioClient::new(settings).unwrap().create_call(&new_call()).await.unwrap();
    assert!(made.sid.starts_with("CA"));
    assert_eq!((made.status, made.to.as_str()), (CallStatus::Queued, TO));
    assert_eq!((stage.effects(), stage.count(Method::POST)), (effects, posts));
}

#[actix_web::test]
async fn a_call_is_made_once() {
    creates(vec![], 1, 1).await;
}

#[actix_web::test]
async fn asked_to_slow_down_it_tries_again() {
    creates(vec![Act::Limit(0), Act::Limit(0)], 1, 3).await;
}

#[actix_web::test]
async fn a_failure_after_the_effect_is_looked_up_and_not_repeated() {
    for status in [500, 502, 503, 504, 408] {
        creates(vec![Act::DoneThen(status)], 1, 1).await;
    }
}

#[actix_web::test]
async fn a_connection_cut_after_the_effect_is_looked_up_and_not_repeated() {
    creates(vec![Act::DoneThenCut], 1, 1).await;
}

#[actix_web::test]
async fn an_answer_too_late_is_looked_up_and_not_repeated() {
    creates(vec![Act::DoneThenSilence], 1, 1).await;
}

#[actix_web::test]
async fn an_answer_that_cannot_be_read_is_looked_up_and_not_repeated() {
    creates(vec![Act::DoneThenGarbage], 1, 1).await;
}

#[actix_web::test]
async fn a_failure_without_effect_is_looked_up_and_then_repeated() {
    creates(vec![Act::Refuse(503, 20503)], 1, 2).await;
}

#[actix_web::test]
async fn it_gives_up_when_creating_fails_again_and_again() {
    let stage = Stage::open().await;
    stage.commands(vec![Act::Refuse(500, 20500); 9]);
    let error = client(&stage.url).create_call(&new_call()).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert_eq!((stage.effects(), stage.count(Method::POST), stage.count(Method::GET)), (0, 2, 8));
}

#[actix_web::test]
async fn nobody_knows_when_looking_it_up_fails_too() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500)]);
    stage.reads(vec![Act::Refuse(500, 20500); 9]);
    let error = client(&stage.url).create_call(&new_call()).await.unwrap_err();
    assert!(error.is_ambiguous(), "{error}");
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 1));
}

#[actix_web::test]
async fn asked_to_slow_down_for_ever_it_says_so_and_for_how_long() {
    let stage = Stage::open().await;
    stage.commands(vec![Act::Limit(3600); 9]);
    let error = client(&stage.url).create_call(&new_call()).await.unwrap_err();
    let CarrierError::RateLimited { retry_after } = error else { panic!("{error}") };
    assert_eq!(retry_after, Some(Duration::from_secs(3600)));
    assert_eq!((stage.effects(), stage.count(Method::POST)), (0, 4));
}

#[actix_web::test]
async fn a_call_that_is_accounted_for_is_not_taken_for_the_lost_one() {
    let stage = Stage::open().await;
    let client = client(&stage.url);
    let first = client.create_call(&new_call()).await.unwrap();
    stage.commands([Act::Refuse(500, 20500)]);
    let second = client.create_call(&new_call()).await.unwrap();
    assert_ne!(first.sid, second.sid);
    assert_eq!((stage.effects(), stage.count(Method::POST)), (2, 3));
}

#[actix_web::test]
async fn only_a_call_between_the_same_numbers_since_then_is_taken_for_the_lost_one() {
    let stage = Stage::open().await;
    stage.had_call("CAold", TO, FROM, "Sun, 22 Nov 2026 09:59:00 +0000");
    stage.commands([Act::Refuse(500, 20500)]);
    let made = client(&stage.url).create_call(&new_call()).await.unwrap();
    assert_ne!(made.sid, "CAold");
    assert_eq!(stage.effects(), 1);
    let looked = stage.seen().into_iter().find(|seen| seen.method == Method::GET).unwrap();
    assert_eq!(looked.query, "To=%2B815010010000&From=%2B815030000000&PageSize=50");
}

#[actix_web::test]
async fn a_clock_that_is_a_little_behind_does_not_hide_the_call() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500)]);
    let mut call = new_call();
    call.created_after = "2026-11-22T10:00:03Z".parse().unwrap();
    client(&stage.url).create_call(&call).await.unwrap();
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 1));
}

#[actix_web::test]
async fn a_call_that_has_no_date_yet_is_new() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500)]);
    let undated = serde_json::json!({"calls": [
        {"sid": "CAnew", "status": "queued", "to": TO, "from": FROM, "date_created": null}
    ], "next_page_uri": null});
    stage.reads([Act::Say(undated)]);
    assert_eq!(client(&stage.url).create_call(&new_call()).await.unwrap().sid, "CAnew");
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 1));
}

#[actix_web::test]
async fn a_carrier_out_of_reach_has_done_nothing() {
    let stage = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", stage.local_addr().unwrap());
    drop(stage);
    let error = client(&url).create_call(&new_call()).await.unwrap_err();
    assert!(matches!(error, CarrierError::Unavailable { .. }), "{error}");
    assert!(error.is_retryable());
}

#[actix_web::test]
async fn a_lost_participant_is_known_by_its_label() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThenCut]);
    let mut agent = NewParticipant::new("+81701001000", FROM, new_call().created_after);
    agent.label = Some("agent-1".into());
    let made = client(&stage.url).create_participant("room", &agent).await.unwrap();
    assert_eq!((made.label.as_deref(), made.conference_sid.as_str()), (Some("agent-1"), "CF1"));
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 1));
}

#[actix_web::test]
async fn a_lost_participant_that_is_not_listed_is_known_by_its_call() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(503)]);
    let no_one = serde_json::json!({"participants": [], "next_page_uri": null});
    let rooms = serde_json::json!({"conferences": [{"sid": "CF1", "status": "init"}], "next_page_uri": null});
    stage.reads([Act::Say(rooms), Act::Say(no_one)]);
    let mut agent = NewParticipant::new("+81701001000", FROM, new_call().created_after);
    agent.label = Some("agent-1".into());
    let made = client(&stage.url).create_participant("room", &agent).await.unwrap();
    assert_eq!((made.label.as_deref(), made.status), (Some("agent-1"), ParticipantStatus::Queued));
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 1));
}

#[actix_web::test]
async fn a_label_in_use_after_a_lost_create_means_that_it_was_done() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500), Act::Refuse(400, 16025)]);
    let nothing = || {
        let rooms = serde_json::json!({"conferences": [], "next_page_uri": null});
        let calls = serde_json::json!({"calls": [], "next_page_uri": null});
        [Act::Say(rooms), Act::Say(calls)]
    };
    stage.reads((0..4).flat_map(|_| nothing()));
    let mut agent = NewParticipant::new("+81701001000", FROM, new_call().created_after);
    agent.label = Some("agent-1".into());
    let made = client(&stage.url).create_participant("room", &agent).await.unwrap();
    assert_eq!(made.label.as_deref(), Some("agent-1"));
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 2));
}
