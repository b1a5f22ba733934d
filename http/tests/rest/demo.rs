//! The demo: whom one can ring, and being the customer.

use crate::world::World;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
};
use tsunagu_carrier::sandbox::persona::Cast;
use tsunagu_http::Demo;

/// What the sandbox carrier was told: where, and what.
type Told = Arc<Mutex<Vec<(String, Value)>>>;

/// A sandbox carrier on which the customer is there, or not (`status`).
fn sandbox(status: u16) -> (String, Told) {
    async fn act(
        path: web::Path<(String, String)>,
        what: web::Json<Value>,
        state: web::Data<(u16, Told)>,
    ) -> HttpResponse {
        let (sid, act) = path.into_inner();
        state.1.lock().unwrap().push((format!("{sid}/{act}"), what.into_inner()));
        HttpResponse::build(state.0.try_into().unwrap()).finish()
    }
    let told = Told::default();
    let state = web::Data::new((status, told.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = HttpServer::new(move || {
        App::new().app_data(state.clone()).route("/sandbox/v1/calls/{sid}/{act}", web::post().to(act))
    });
    actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    (url, told)
}

async fn world(sandbox: &str) -> World {
    let mut world = World::new().await;
    world.app.demo = Some(Demo::new(Cast::embedded().unwrap(), sandbox).unwrap());
    world
}

#[actix_web::test]
async fn where_no_demo_runs_there_is_nothing() {
    let mut world = World::new().await;
    world.app.demo = None;
    let client = world.client(&world.ours.admin).await;
    assert_eq!(client.get("/api/demo").await.failure(404), "not_found");
    let ring = client.post("/api/demo/calls", &json!({ "persona": "visitor" })).await;
    assert_eq!(ring.failure(404), "not_found");
    assert_eq!(client.get("/api/auth/me").await.data(200)["demo"], false);
    let document = client.get("/api/openapi.json").await.json();
    assert!(document["paths"].as_object().unwrap().keys().all(|path| !path.contains("demo")));
}

#[actix_web::test]
async fn the_personas_are_told_in_both_languages() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    assert_eq!(client.get("/api/auth/me").await.data(200)["demo"], true);
    let personas = client.get("/api/demo").await.data(200)["personas"].clone();
    let personas = personas.as_array().unwrap();
    let named = |name: &str| personas.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(named("refuses")["about"], json!({ "ja": "丁寧に断る。", "en": "Declines politely." }));
    assert_eq!(named("refuses-en")["about"], named("refuses")["about"]);
    assert_eq!((&named("visitor")["visitor"], &named("refuses")["visitor"]), (&json!(true), &json!(false)));
    for one in personas {
        let about = &one["about"];
        assert!(!one["name"].as_str().unwrap().starts_with("agent") && one["name"] != "manual", "{one}");
        assert_ne!(about["ja"], about["en"], "{one}");
    }
}

#[actix_web::test]
async fn a_persona_is_rung_by_the_ordinary_command_and_again_at_another_number() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let ring = async |persona: &str| client.post("/api/demo/calls", &json!({ "persona": persona })).await;
    let one = ring("refuses").await.data(201);
    let other = ring("refuses").await.data(201);
    assert_eq!(one["visitor"], false);
    assert_ne!((&one["callId"], &one["customerId"]), (&other["callId"], &other["customerId"]));
    let phone = async |rung: &Value| {
        let path = format!("/api/customers/{}", rung["customerId"].as_str().unwrap());
        client.get(&path).await.data(200)["phone"].as_str().unwrap().to_owned()
    };
    let cast = Cast::embedded().unwrap();
    for rung in [&one, &other] {
        assert_eq!(cast.for_number(&phone(rung).await).unwrap().name(), "refuses");
        let call = client.get(&format!("/api/calls/{}", rung["callId"].as_str().unwrap())).await.data(200);
        assert_eq!(call["customerId"]["_id"], rung["customerId"]);
    }
    for nobody in ["agent-accepts", "manual", "nobody"] {
        assert_eq!(ring(nobody).await.failure(404), "not_found", "{nobody}");
    }
    let empty = ring(" ").await;
    assert_eq!((empty.failure(422).as_str(), empty.blamed()), ("invalid", vec!["persona".to_owned()]));
}

#[actix_web::test]
async fn the_visitor_speaks_and_hangs_up_on_their_leg_alone() {
    let (url, told) = sandbox(202);
    let world = world(&url).await;
    let client = world.client(&world.ours.agent).await;
    let rung = client.post("/api/demo/calls", &json!({ "persona": "visitor" })).await.data(201);
    let call = rung["callId"].as_str().unwrap();
    let say = format!("/api/demo/calls/{call}/say");
    // The carrier names the leg a moment later.
    while client.get(&format!("/api/calls/{call}")).await.data(200)["twilioCallSid"].is_null() {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.post(&say, &json!({ "text": " はい、担当です " })).await.data(202)["callId"], call);
    client.post(&format!("/api/demo/calls/{call}/hangup"), &json!({})).await.data(202);
    let sid = client.get(&format!("/api/calls/{call}")).await.data(200)["twilioCallSid"].clone();
    let sid = sid.as_str().unwrap();
    let expected =
        [(format!("{sid}/say"), json!({ "text": "はい、担当です" })), (format!("{sid}/hangup"), Value::Null)];
    assert_eq!(*told.lock().unwrap(), expected);

    assert_eq!(client.post(&say, &json!({ "text": "" })).await.blamed(), ["text"]);
    assert_eq!(client.post(&say, &json!({ "text": "あ".repeat(501) })).await.blamed(), ["text"]);
    let colleague = world.client(&world.ours.colleague).await;
    assert_eq!(colleague.post(&say, &json!({ "text": "はい" })).await.failure(403), "forbidden");
    let refuses = client.post("/api/demo/calls", &json!({ "persona": "refuses" })).await.data(201);
    let other = format!("/api/demo/calls/{}/say", refuses["callId"].as_str().unwrap());
    assert_eq!(client.post(&other, &json!({ "text": "はい" })).await.failure(409), "not_a_visitor");
    assert_eq!(told.lock().unwrap().len(), 2);
}

#[actix_web::test]
async fn nobody_hears_what_is_said_to_a_line_that_is_gone() {
    let (url, _) = sandbox(400);
    let world = world(&url).await;
    let client = world.client(&world.ours.agent).await;
    let rung = client.post("/api/demo/calls", &json!({ "persona": "visitor-en" })).await.data(201);
    let say = format!("/api/demo/calls/{}/say", rung["callId"].as_str().unwrap());
    assert_eq!(client.post(&say, &json!({ "text": "hello" })).await.failure(409), "customer_not_there");
}
