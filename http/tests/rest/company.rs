//! The company, and how its calls are made.

use crate::world::World;
use serde_json::json;

#[actix_web::test]
async fn an_admin_changes_what_is_named_and_nothing_else() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let before = admin.get("/api/company").await.data(200);
    assert_eq!(before["name"], "青空商事");
    let change = json!({ "name": "青空", "settings": {
        "timezone": "America/New_York",
        "callingHours": { "start": "22:00", "end": "06:00", "days": ["sat", "sun"] },
        "handover": { "attempts": 5, "skills": ["保険"] },
        "numbers": ["03-1234-5678"], "record": true, "recordingRetentionDays": 30,
        "facts": "月額980円です。\n初期費用は無料です。",
    } });
    let after = admin.patch("/api/company", &change).await.data(200);
    let mut expected = before.clone();
    expected["name"] = "青空".into();
    let settings = &mut expected["settings"];
    settings["timezone"] = "America/New_York".into();
    settings["callingHours"] = change["settings"]["callingHours"].clone();
    settings["handover"]["attempts"] = 5.into();
    settings["handover"]["skills"] = json!(["保険"]);
    settings["numbers"] = json!(["+81312345678"]);
    settings["record"] = true.into();
    settings["recordingRetentionDays"] = 30.into();
    settings["facts"] = change["settings"]["facts"].clone();
    assert_eq!(after, expected);
    assert_eq!(admin.get("/api/company").await.data(200), expected);

    let back = json!({ "settings": { "callingHours": null, "record": null, "recordingRetentionDays": null, "facts": null } });
    let settings = admin.patch("/api/company", &back).await.data(200)["settings"].clone();
    assert!(settings["callingHours"].is_null() && settings["record"].is_null(), "{settings}");
    assert!(settings["facts"].is_null(), "{settings}");
    let theirs = world.client(&world.theirs.admin).await.get("/api/company").await.data(200);
    assert_eq!(theirs["settings"]["timezone"], "Asia/Tokyo");
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_with_the_way_to_it() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let wrong = json!({ "name": null, "settings": {
        "timezone": "Mars/Base", "language": "fr",
        "callingHours": { "start": "25:00", "days": ["someday"] },
        "handover": { "attempts": 0, "totalSecs": 9.5, "wrapUpSecs": "x", "skills": [""], "matchLanguage": 1 },
        "numbers": ["nobody"], "record": "yes", "recordingRetentionDays": -1,
        "facts": "あ".repeat(4001),
    } });
    let answer = admin.patch("/api/company", &wrong).await;
    answer.failure(422);
    let inside = |field: &str| format!("settings.{field}");
    let mut expected = vec!["name".to_owned()];
    expected.extend(
        [
            "timezone",
            "language",
            "callingHours.start",
            "callingHours.days",
            "numbers",
            "handover.attempts",
            "handover.totalSecs",
            "handover.wrapUpSecs",
            "handover.skills",
            "handover.matchLanguage",
            "record",
            "recordingRetentionDays",
            "facts",
        ]
        .map(inside),
    );
    assert_eq!(answer.blamed(), expected);
    assert_eq!(admin.get("/api/company").await.data(200)["name"], "青空商事");
}

#[actix_web::test]
async fn calls_show_the_companys_number_and_a_customer_always_the_same() {
    let world = World::new().await;
    let change = json!({ "settings": { "numbers": ["+815011112222", "+815033334444"] } });
    world.client(&world.ours.admin).await.patch("/api/company", &change).await.data(200);
    world.call_by(&world.ours.agent, world.ours.customer).await;
    let calls = world.carrier.calls();
    assert_eq!(calls.len(), 1);
    assert!(["+815011112222", "+815033334444"].contains(&calls[0].from.as_str()), "{}", calls[0].from);
}
