//! Live, ready, metrics.

use crate::world::World;
use tsunagu_actors::Switchboard;
use tsunagu_carrier::script::Fault;
use tsunagu_store::Store;

#[actix_web::test]
async fn all_is_well() {
    let world = World::new().await;
    assert_eq!(world.nobody().get("/health/live").await.data(200)["status"], "live");
    let ready = world.nobody().get("/health/ready").await.data(200);
    assert_eq!(
        (ready["status"].as_str(), ready["store"].as_str(), ready["carrier"].as_str()),
        (Some("ready"), Some("ok"), Some("ok"))
    );
}

#[actix_web::test]
async fn what_does_not_work_is_named_and_nothing_inner() {
    let world = World::new().await;
    world.carrier.fail_next(1, Fault::Unavailable);
    world.store.close().await.unwrap();
    let answer = world.nobody().get("/health/ready").await;
    assert_eq!(answer.failure(503), "not_ready");
    assert_eq!(answer.blamed(), ["store", "carrier"]);
    assert!(answer.header("Retry-After").is_some());
    assert!(!answer.text.contains("wished") && !answer.text.contains("closed"), "{}", answer.text);
    world.nobody().get("/health/live").await.data(200);
}

#[actix_web::test]
async fn it_is_not_ready_before_it_is_known_which_calls_live() {
    let mut world = World::new().await;
    let ports = world.app.board.ports().clone();
    world.app.board = Switchboard::start(ports, Vec::new());
    let answer = world.nobody().get("/health/ready").await;
    assert_eq!(answer.failure(503), "not_ready");
    assert_eq!(answer.blamed(), ["calls"]);
    world.app.board.recover().await.unwrap();
    world.nobody().get("/health/ready").await.data(200);
}

#[actix_web::test]
async fn metrics_are_shown_where_they_are_gathered() {
    let mut world = World::new().await;
    assert_eq!(world.nobody().get("/metrics").await.failure(404), "not_found");
    world.app.metrics = tsunagu_http::install_metrics();
    let answer = world.nobody().get("/metrics").await;
    if world.app.metrics.is_some() {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("Content-Type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    }
}

#[actix_web::test]
async fn the_interface_describes_itself_and_shows_it() {
    let world = World::new().await;
    let document = world.nobody().get("/api/openapi.json").await;
    assert_eq!(document.status, 200);
    assert_eq!(document.json()["openapi"], "3.1.0");
    let page = world.nobody().get("/docs/").await;
    assert!(page.status == 200 && page.text.contains("swagger-ui"), "{}", page.text);
    assert!(!page.text.contains("://"), "nothing is fetched from elsewhere: {}", page.text);
    let script = world.nobody().get("/docs/swagger-initializer.js").await;
    assert!(script.text.contains("/api/openapi.json"), "{}", script.text);
    assert_eq!(world.nobody().get("/docs").await.header("Location"), Some("/docs/"));
}
