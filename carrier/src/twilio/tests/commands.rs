//! Commands to what is there already, and reads.

use actix_web::http::Method;
use serde_json::json;

use super::stage::{Act, Stage};
use super::{ACCOUNT, TO, client, new_call, settings};
use crate::twilio::TwilioClient;
use crate::{CallQuery, CallStatus, Carrier, CarrierError, ParticipantUpdate};

const CALL: &str = "CA00000000000000000000000000000009";

#[actix_web::test]
async fn signs_in_and_says_what_it_wants() {
    let stage = Stage::open().await;
    let client = client(&stage.url);
    client.redirect_call(CALL, "https://a.example/x?y=1").await.unwrap();
    let seen = stage.seen().remove(0);
    assert_eq!((seen.method, seen.path), (Method::POST, format!("Calls/{CALL}.json")));
    assert_eq!(seen.body, "Url=https%3A%2F%2Fa.example%2Fx%3Fy%3D1&Method=POST");
    use base64::Engine;
    let expected = base64::engine::general_purpose::STANDARD.encode(format!("{ACCOUNT}:secret"));
    assert_eq!(seen.authorization, format!("Basic {expected}"));
}

#[actix_web::test]
async fn an_api_key_signs_in_for_the_account() {
    let stage = Stage::open().await;
    let mut settings = settings(&format!("{}/", stage.url));
    settings.auth_user = Some("SK1".into());
    TwilioClient::new(settings).unwrap().check().await.unwrap();
    let seen = stage.seen().remove(0);
    assert_eq!((seen.path.as_str(), seen.query.as_str()), ("Calls.json", "PageSize=1"));
    use base64::Engine;
    let expected = base64::engine::general_purpose::STANDARD.encode("SK1:secret");
    assert_eq!(seen.authorization, format!("Basic {expected}"));
}

#[actix_web::test]
async fn each_refusal_has_its_meaning_and_is_not_repeated() {
    type Check = fn(&CarrierError) -> bool;
    let cases: [(u16, u32, Check); 8] = [
        (400, 21220, |error| matches!(error, CarrierError::NotInProgress)),
        (400, 21211, |error| matches!(error, CarrierError::Rejected { status: 400, code: Some(21211), .. })),
        (401, 20003, |error| matches!(error, CarrierError::Unauthorized)),
        (401, 0, |error| matches!(error, CarrierError::Unauthorized)),
        (403, 20003, |error| matches!(error, CarrierError::Unauthorized)),
        (403, 0, |error| matches!(error, CarrierError::Rejected { status: 403, code: None, .. })),
        (302, 0, |error| matches!(error, CarrierError::Rejected { status: 302, .. })),
        (422, 0, |error| matches!(error, CarrierError::Rejected { status: 422, .. })),
    ];
    for (status, code, check) in cases {
        let stage = Stage::open().await;
        stage.commands([Act::Refuse(status, code)]);
        let error = client(&stage.url).hang_up(CALL).await.unwrap_err();
        assert!(check(&error), "{status} {code}: {error:?}");
        assert!(!error.is_retryable() && !error.is_ambiguous());
        assert_eq!((stage.effects(), stage.seen().len()), (0, 1), "{status} {code}");
    }
}

#[actix_web::test]
async fn a_new_call_that_is_not_found_yet_is_asked_for_again() {
    let stage = Stage::open().await;
    stage.reads([Act::Refuse(404, 20404), Act::Refuse(404, 20404)]);
    assert_eq!(client(&stage.url).fetch_call(CALL).await.unwrap().sid, CALL);
    assert_eq!(stage.seen().len(), 3);
    stage.reads(vec![Act::Refuse(404, 20404); 3]);
    let error = client(&stage.url).fetch_call(CALL).await.unwrap_err();
    assert!(matches!(&error, CarrierError::NotFound { what } if what == "call"), "{error}");
    assert_eq!(stage.seen().len(), 6);
}

#[actix_web::test]
async fn hanging_up_is_repeated_and_over_already_then_means_done() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(502), Act::Refuse(400, 21220)]);
    let info = client(&stage.url).hang_up(CALL).await.unwrap();
    assert_eq!(info.status, CallStatus::Completed);
    assert_eq!((stage.effects(), stage.count(Method::POST), stage.count(Method::GET)), (1, 2, 1));
}

#[actix_web::test]
async fn removing_is_repeated_and_not_there_then_means_done() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500), Act::Refuse(404, 20404)]);
    client(&stage.url).remove_participant("CF1", "agent/1").await.unwrap();
    assert_eq!((stage.effects(), stage.count(Method::DELETE)), (1, 2));
    assert_eq!(stage.seen()[0].path, "Conferences/CF1/Participants/agent%2F1.json");
    stage.commands([Act::Refuse(404, 20404)]);
    let error = client(&stage.url).remove_participant("CF1", "agent").await.unwrap_err();
    assert!(matches!(error, CarrierError::NotFound { .. }));
}

#[actix_web::test]
async fn ending_a_conference_is_repeated_and_gone_then_means_done() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500), Act::Refuse(404, 20404)]);
    let info = client(&stage.url).end_conference("CF1").await.unwrap();
    assert_eq!(info.reason_ended.as_deref(), Some("conference-ended-via-api"));
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 2));
}

#[actix_web::test]
async fn what_would_be_heard_twice_is_not_repeated() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500), Act::DoneThenCut]);
    let client = client(&stage.url);
    let error = client.announce("CF1", "https://a.example/a").await.unwrap_err();
    assert!(error.is_ambiguous());
    let update = ParticipantUpdate { announce_url: Some("https://a.example/a".into()), ..Default::default() };
    let error = client.update_participant("CF1", CALL, &update).await.unwrap_err();
    assert!(error.is_ambiguous());
    assert_eq!((stage.effects(), stage.seen().len()), (2, 2));
}

#[actix_web::test]
async fn what_may_be_said_twice_is_said_until_it_is_heard() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThenCut, Act::Limit(0), Act::Refuse(503, 20503)]);
    let hold = ParticipantUpdate { hold: Some(true), ..Default::default() };
    let info = client(&stage.url).update_participant("CF1", CALL, &hold).await.unwrap();
    assert!(info.hold && !info.muted);
    assert_eq!(stage.seen().len(), 4);
}

#[actix_web::test]
async fn a_command_that_may_have_been_done_stays_so_whatever_came_after() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThen(500), Act::Limit(0), Act::Limit(0), Act::Limit(0)]);
    let error = client(&stage.url).redirect_call(CALL, "https://a.example/x").await.unwrap_err();
    assert!(error.is_ambiguous(), "{error}");
    assert_eq!((stage.effects(), stage.seen().len()), (1, 4));
}

#[actix_web::test]
async fn a_read_is_repeated_and_then_the_carrier_is_down() {
    let stage = Stage::open().await;
    stage.reads([Act::Refuse(500, 20500), Act::DoneThenCut, Act::Limit(0)]);
    assert!(client(&stage.url).fetch_call(CALL).await.is_ok());
    assert_eq!(stage.seen().len(), 4);
    stage.reads(vec![Act::Refuse(500, 20500); 4]);
    let error = client(&stage.url).find_calls(&CallQuery::default()).await.unwrap_err();
    assert!(matches!(error, CarrierError::Unavailable { .. }), "{error}");
}

#[actix_web::test]
async fn an_answer_of_nonsense_says_where_it_came_from() {
    let stage = Stage::open().await;
    stage.reads([Act::DoneThenGarbage]);
    let error = client(&stage.url).fetch_call(CALL).await.unwrap_err();
    assert!(matches!(error, CarrierError::BadAnswer { operation: "call.fetch", .. }), "{error}");
}

#[actix_web::test]
async fn a_list_is_followed_page_by_page() {
    let stage = Stage::open().await;
    let page = |sid: &str, next: Option<String>| {
        Act::Say(json!({"calls": [{"sid": sid, "status": "busy", "duration": "7"}], "next_page_uri": next}))
    };
    let next = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json?Page=1&PageToken=x");
    stage.reads([page("CA1", Some(next)), page("CA2", None)]);
    let query = CallQuery {
        to: Some(TO.into()),
        status: Some(CallStatus::Busy),
        started_after: Some("2026-11-22T09:00:00Z".parse().unwrap()),
        ..CallQuery::default()
    };
    let calls = client(&stage.url).find_calls(&query).await.unwrap();
    assert_eq!(calls.iter().map(|call| call.sid.as_str()).collect::<Vec<_>>(), ["CA1", "CA2"]);
    assert_eq!((calls[0].status, calls[0].duration_secs), (CallStatus::Busy, Some(7)));
    let seen = stage.seen();
    assert_eq!(
        seen[0].query,
        "To=%2B815010010000&Status=busy&StartTime%3E=2026-11-22T09%3A00%3A00Z&PageSize=50"
    );
    assert_eq!(seen[1].query, "Page=1&PageToken=x");
}

#[actix_web::test]
async fn the_credentials_go_nowhere_else() {
    let stage = Stage::open().await;
    for next in ["https://evil.example/2010-04-01/x", "//evil.example/", "@evil.example/2010-04-01/"] {
        stage.reads([Act::Say(json!({"calls": [], "next_page_uri": next}))]);
        let error = client(&stage.url).find_calls(&CallQuery::default()).await.unwrap_err();
        assert!(matches!(error, CarrierError::BadAnswer { .. }), "{error}");
    }
}

#[actix_web::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let stage = Stage::open().await;
    let mut settings = settings(&stage.url);
    settings.max_in_flight = 2;
    let client = TwilioClient::new(settings).unwrap();
    let wanted = (0..12).map(|_| client.fetch_call(CALL));
    for fetched in futures_util::future::join_all(wanted).await {
        fetched.unwrap();
    }
    assert_eq!((stage.busiest(), stage.seen().len()), (2, 12));
}

#[actix_web::test]
async fn no_place_in_time_is_not_done() {
    let stage = Stage::open().await;
    stage.commands([Act::DoneThenSilence]);
    let mut settings = settings(&stage.url);
    settings.max_in_flight = 1;
    settings.place_timeout = std::time::Duration::from_millis(5);
    settings.creates = 1;
    let client = TwilioClient::new(settings).unwrap();
    let (first, second) = (new_call(), new_call());
    let blocking = actix_web::rt::spawn({
        let client = client.clone();
        async move { client.create_call(&first).await }
    });
    while stage.effects() == 0 {
        tokio::task::yield_now().await;
    }
    let error = client.create_call(&second).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert_eq!((stage.effects(), stage.count(Method::POST)), (1, 1));
    blocking.abort();
}

#[actix_web::test]
async fn the_check_is_one_request() {
    let stage = Stage::open().await;
    let client = client(&stage.url);
    stage.reads([Act::Refuse(401, 20003), Act::Refuse(500, 20500)]);
    assert!(matches!(client.check().await, Err(CarrierError::Unauthorized)));
    assert!(matches!(client.check().await, Err(CarrierError::Unavailable { .. })));
    assert!(client.check().await.is_ok());
    assert_eq!(stage.seen().len(), 3);
}

#[test]
fn settings_that_cannot_work_are_refused_and_say_why() {
    let refused = |change: fn(&mut crate::twilio::TwilioConfig)| {
        let mut settings = settings("https://api.twilio.com");
        change(&mut settings);
        TwilioClient::new(settings).unwrap_err().to_string()
    };
    assert!(refused(|settings| settings.base_url = "api.twilio.com".into()).contains("api.twilio.com"));
    assert!(refused(|settings| settings.base_url = "ftp://x".into()).contains("neither http nor https"));
    assert!(refused(|settings| settings.account_sid.clear()).contains("account sid"));
    assert!(refused(|settings| settings.max_in_flight = 0).contains("max_in_flight"));
}

#[test]
fn nothing_that_is_printed_holds_the_secret() {
    let client = TwilioClient::new(settings("http://127.0.0.1:1")).unwrap();
    assert!(!format!("{client:?}").contains("secret\""), "{client:?}");
}
