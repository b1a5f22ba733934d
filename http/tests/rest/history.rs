//! The history of calls, its figures and its sheet.

use crate::world::{Answer, Client, World, id, now};
use serde_json::{Value, json};
use tsunagu_call::{CallId, CallRecord, CompanyId, CustomerId, Entry, Event, Status, Time, UserId};
use tsunagu_store::{
    CallStore, Commit, CompanyChange, CompanySettingsChange, CompanyStore, CustomerChange, CustomerStore,
    Opening,
};

/// A call that is over, as the store keeps it; `change` makes it what a test wants.
async fn over(world: &World, start: &str, change: impl FnOnce(&mut CallRecord)) -> CallId {
    kept(world, world.ours.company, world.ours.customer, start, change).await
}

async fn kept(
    world: &World,
    company: CompanyId,
    customer: CustomerId,
    start: &str,
    change: impl FnOnce(&mut CallRecord),
) -> CallId {
    let (call, start): (CallId, Time) = (id(), start.parse().unwrap());
    let opened: CallRecord = serde_json::from_value(json!({
        "_id": call, "companyId": company, "customerId": customer, "phoneNumber": "+81312345678",
        "status": "initiated", "startTime": start,
    }))
    .unwrap();
    let entry = Entry { seq: 1, at: start, event: Event::Noted { notes: "x".into(), outcome: None } };
    let opening = Opening { record: opened.clone(), entries: vec![entry], idempotency_key: None };
    world.store.open_call(opening).await.unwrap();
    let mut record = opened;
    record.status = Status::Completed;
    record.answered_time = Some(start.plus_secs(10));
    record.duration = 60;
    record.end_time = Some(start.plus_secs(70));
    record.call_result = Some("成功".into());
    change(&mut record);
    world.store.commit(Commit { call, entries: Vec::new(), record: Some(Box::new(record)) }).await.unwrap();
    call
}

fn ids(answer: &Answer) -> Vec<String> {
    let data = answer.data(200);
    data.as_array().unwrap().iter().map(|shown| shown["_id"].as_str().unwrap().to_owned()).collect()
}

fn names(calls: &[CallId]) -> Vec<String> {
    calls.iter().map(ToString::to_string).collect()
}

async fn listed(client: &Client, query: &str) -> Vec<String> {
    ids(&client.get(&format!("/api/calls/history?{query}")).await)
}

#[actix_web::test]
async fn the_history_is_paged_newest_first_and_filtered() {
    let world = World::new().await;
    let agent: UserId = world.ours.agent.id;
    let other = world.customer(world.ours.company, "+819012345678").await;
    let change = CustomerChange { name: Some("ヤマダ 次郎".into()), ..CustomerChange::default() };
    world.store.change_customer(world.ours.company, other, change).await.unwrap();
    // 23:59 and 0:00 in Tokyo.
    let first = over(&world, "2026-11-25T14:59:59.999Z", |call| {
        call.call_result = Some("不在".into());
        call.notes = Some("折り返し　お願いします".into());
        call.transcript = serde_json::from_value(json!([
            {"timestamp": now(), "speaker": "ai", "message": "ご担当者様はいらっしゃいますか"},
            {"timestamp": now(), "speaker": "customer", "message": "あいにく、席を外しております"},
        ]))
        .unwrap();
    })
    .await;
    let second = over(&world, "2026-11-25T15:00:00Z", |call| call.assigned_agent = Some(agent)).await;
    let third = kept(&world, world.ours.company, other, "2026-11-26T14:59:00Z", |call| {
        call.status = Status::Failed;
        call.call_result = Some("完了".into());
    })
    .await;
    kept(&world, world.theirs.company, world.theirs.customer, "2026-11-26T01:00:00Z", |_| {}).await;
    let client = world.client(&world.ours.colleague).await;

    let all = client.get("/api/calls/history").await;
    assert_eq!(ids(&all), names(&[third, second, first]));
    let json = all.json();
    assert_eq!((json["count"].as_u64(), json["total"].as_u64()), (Some(3), Some(3)));
    let page = client.get("/api/calls/history?page=2&limit=2").await;
    assert_eq!(ids(&page), names(&[first]));
    assert_eq!(
        page.json()["pagination"],
        json!({ "current": 2, "total": 2, "hasNext": false, "hasPrev": true })
    );
    assert_eq!(listed(&client, "page=4294967295").await, names(&[]));

    for (query, expected) in [
        ("startDate=2026-11-26&endDate=2026-11-26".to_owned(), vec![third, second]),
        ("endDate=2026-11-25".to_owned(), vec![first]),
        ("startDate=2026-11-25T15:00:00Z&endDate=2026-11-25T15:00:00Z".to_owned(), vec![second]),
        ("status=failed".to_owned(), vec![third]),
        ("status=completed".to_owned(), vec![second, first]),
        ("status=ai-responding".to_owned(), vec![]),
        ("result=%E6%88%90%E5%8A%9F".to_owned(), vec![second]),
        ("result=absent".to_owned(), vec![first]),
        ("result=%E5%AE%8C%E4%BA%86".to_owned(), vec![third]),
        (
            "status=&result=&agentId=&customerId=&startDate=&endDate=&page=&limit=".to_owned(),
            vec![third, second, first],
        ),
        ("status=completed&result=&agentId=".to_owned(), vec![second, first]),
        (format!("agentId={agent}"), vec![second]),
        (format!("agentId={}", world.theirs.agent.id), vec![]),
        (format!("customerId={other}"), vec![third]),
        (format!("customerId={}", world.theirs.customer), vec![]),
        ("search=%EF%BE%94%EF%BE%8F%EF%BE%80%EF%BE%9E".to_owned(), vec![third]),
        ("search=090-1234".to_owned(), vec![third]),
        ("search=%E3%81%8A%E9%A1%98%E3%81%84".to_owned(), vec![first]),
        ("search=%00".to_owned(), vec![]),
        ("said=%E3%81%8F%E5%B8%AD".to_owned(), vec![first]),
        ("said=%E3%81%8F%E5%B8%AD&search=%EF%BE%94%EF%BE%8F%EF%BE%80%EF%BE%9E".to_owned(), vec![]),
        ("said=%E6%8B%85%E5%BD%93".to_owned(), vec![]),
    ] {
        assert_eq!(listed(&client, &query).await, names(&expected), "{query}");
    }
}

#[actix_web::test]
async fn a_call_that_lives_is_in_the_history_whole() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.agent).await;
    let data = client.get("/api/calls/history?status=ai-responding").await.data(200);
    assert_eq!(data[0]["_id"], call.to_string());
    assert_eq!(data[0]["customerId"]["name"], "鈴木 一郎");
    assert_eq!(data[0]["transcript"][0]["speaker"], "ai", "with what was said");
    let confidence = data[0]["transcript"][0].get("confidence");
    assert_eq!(confidence, Some(&Value::Null), "nobody had to recognise it");
    let shown = client.get(&format!("/api/calls/{call}")).await.data(200);
    assert_eq!(data[0], shown);
}

#[actix_web::test]
async fn a_call_that_an_older_server_never_ended_is_shown_as_it_was_left() {
    let world = World::new().await;
    let call: CallId = id();
    let left = json!({
        "_id": call, "companyId": world.ours.company, "customerId": world.ours.customer,
        "phoneNumber": "+81312345678", "status": "ai-responding", "startTime": "2025-03-01T01:00:00Z",
    });
    world.store.leave_call(serde_json::from_value(left).unwrap()).unwrap();
    let client = world.client(&world.ours.agent).await;
    let shown = client.get(&format!("/api/calls/{call}")).await.data(200);
    assert_eq!((shown["status"].as_str(), &shown["transcript"]), (Some("ai-responding"), &json!([])));
    assert_eq!(client.get("/api/calls/history").await.data(200), json!([shown]));
}

#[actix_web::test]
async fn a_filter_that_makes_no_sense_is_named() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let wrong = "page=0&limit=101&status=busy&result=ok&agentId=me&customerId=7&startDate=today&endDate=1&colour=blue";
    let answer = client.get(&format!("/api/calls/history?{wrong}")).await;
    assert_eq!(answer.failure(422), "invalid");
    let mut blamed = answer.blamed();
    blamed.sort();
    let mut expected =
        ["page", "limit", "status", "result", "agentId", "customerId", "startDate", "endDate", "colour"];
    expected.sort_unstable();
    assert_eq!(blamed, expected);
    let turned = "startDate=2026-11-26&endDate=2026-11-25";
    for path in ["history", "statistics", "export.csv"] {
        let answer = client.get(&format!("/api/calls/{path}?{turned}")).await;
        assert_eq!((answer.failure(422).as_str(), answer.blamed()), ("invalid", vec!["endDate".to_owned()]));
    }
    let long = "x".repeat(201);
    assert_eq!(client.get(&format!("/api/calls/history?search={long}")).await.blamed(), ["search"]);
    assert_eq!(client.get(&format!("/api/calls/history?said={long}")).await.blamed(), ["said"]);
    assert_eq!(client.get("/api/calls/export.csv?lang=fr").await.blamed(), ["lang"]);
    for query in ["groupBy=week", "groupBy=hour", "groupBy=hour&startDate=2026-01-01&endDate=2027-01-02"] {
        assert_eq!(
            client.get(&format!("/api/calls/statistics?{query}")).await.blamed(),
            ["groupBy"],
            "{query}"
        );
    }
}

#[actix_web::test]
async fn the_figures_are_those_of_the_calls() {
    let world = World::new().await;
    let agent = world.ours.agent.id;
    over(&world, "2026-11-25T14:59:59Z", |call| {
        (call.call_result, call.answered_time, call.duration) = (Some("不在".into()), None, 0);
        call.status = Status::Failed;
    })
    .await;
    over(&world, "2026-11-25T15:00:00Z", |call| {
        call.assigned_agent = Some(agent);
        call.handoff_time = Some(call.start_time.plus_secs(20));
        let left = call.start_time.plus_secs(32);
        let ai = json!([{ "role": "ai", "joinedAt": call.start_time, "leftAt": left }]);
        call.participants = serde_json::from_value(ai).unwrap();
    })
    .await;
    over(&world, "2026-11-26T01:30:00Z", |call| {
        (call.call_result, call.duration) = (Some("拒否".into()), 30);
        call.handoff_time = Some(call.start_time.plus_secs(20));
    })
    .await;
    kept(&world, world.theirs.company, world.theirs.customer, "2026-11-26T01:00:00Z", |_| {}).await;
    let client = world.client(&world.ours.colleague).await;
    let told = async |query: &str| client.get(&format!("/api/calls/statistics?{query}")).await.data(200);

    let handoffs = json!({ "requested": 2, "connected": 1, "missed": 1, "averageWait": 12 });
    let all = told("").await;
    assert_eq!(
        all,
        json!({
            "totalCalls": 3, "successfulCalls": 1, "successRate": "33.33", "averageDuration": 45, "handoffs": handoffs,
            "resultBreakdown": [
                { "_id": "不在", "count": 1, "avgDuration": 0 },
                { "_id": "成功", "count": 1, "avgDuration": 60 },
                { "_id": "拒否", "count": 1, "avgDuration": 30 },
            ],
            "series": [],
        })
    );
    let parts = |told: &Value, keys: &[&str]| -> Vec<Value> {
        let series = told["series"].as_array().unwrap();
        series.iter().map(|part| keys.iter().map(|key| part[key].clone()).collect()).collect()
    };
    let days = told("groupBy=day").await;
    assert_eq!(parts(&days, &["_id", "totalCalls"]), [json!(["2026-11-25", 1]), json!(["2026-11-26", 2])]);
    let hours = told("groupBy=hour&startDate=2026-11-26&endDate=2026-11-26").await;
    assert_eq!(
        parts(&hours, &["_id", "totalCalls", "successRate"]),
        [json!(["2026-11-26T00:00:00+09:00", 1, "100.00"]), json!(["2026-11-26T10:00:00+09:00", 1, "0.00"])]
    );
    let agents = told("groupBy=agent").await;
    assert_eq!(parts(&agents, &["_id", "totalCalls"]), [json!([agent, 1]), json!([null, 2])]);
    assert_eq!(agents["series"][0]["agent"]["lastName"], "山田");
    assert_eq!(told(&format!("agentId={agent}")).await["totalCalls"], 1);
    assert_eq!(told("startDate=2027-01-01").await["successRate"], "0.00");

    let (live, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let with_live = told("").await;
    assert_eq!((&with_live["totalCalls"], &with_live["averageDuration"]), (&json!(4), &json!(45)), "{live}");
    assert_eq!(with_live["handoffs"], all["handoffs"]);
}

#[actix_web::test]
async fn the_sheet_is_for_excel_and_without_formulas() {
    let world = World::new().await;
    over(&world, "2026-11-26T00:00:00Z", |call| {
        call.notes = Some("=HYPERLINK(\"http://x\"),\n二行目".into());
        call.assigned_agent = Some(world.ours.agent.id);
    })
    .await;
    let client = world.client(&world.ours.colleague).await;
    let today = || now().plus_secs(9 * 3600).to_string()[..10].to_owned();
    let before = today();
    let sheet = client.get("/api/calls/export.csv").await;
    assert_eq!(sheet.status, 200);
    assert_eq!(sheet.header("Content-Type"), Some("text/csv; charset=utf-8"));
    // The day may have ended meanwhile.
    let files = [before, today()].map(|day| format!("attachment; filename=\"calls-{day}.csv\""));
    let file = sheet.header("Content-Disposition").unwrap();
    assert!(files.iter().any(|expected| expected == file), "{file}, not {files:?}");
    let text = sheet.text.strip_prefix('\u{feff}').unwrap();
    let (heading, rows) = text.split_once("\r\n").unwrap();
    assert!(heading.starts_with("開始日時,"), "{heading}");
    assert!(
        rows.starts_with("2026-11-26 09:00:00,2026-11-26 09:00:10,2026-11-26 09:01:10,60,鈴木 一郎,海山工業,+81312345678,終了,成功,山田 agent,"),
        "{rows}"
    );
    assert!(rows.contains("\"'=HYPERLINK(\"\"http://x\"\"),\n二行目\""), "{rows}");
    let english = client.get("/api/calls/export.csv?lang=en").await.text;
    assert!(english.contains("Started,") && english.contains(",completed,success,agent 山田,"), "{english}");
    let none = client.get("/api/calls/export.csv?result=rejected").await.text;
    assert_eq!(none.matches("\r\n").count(), 1, "the heading alone");
}

#[actix_web::test]
async fn a_sheet_of_many_batches_has_every_call_once() {
    const CALLS: usize = 1_203;
    let world = World::new().await;
    for number in 0..CALLS {
        let at = Time::from_millis(1_790_000_000_000 + (number as i64 / 3) * 1000).to_string();
        over(&world, &at, |_| {}).await;
    }
    let client = world.client(&world.ours.agent).await;
    let sheet = client.get("/api/calls/export.csv?lang=en").await.text;
    let mut calls: Vec<&str> = sheet.lines().skip(1).filter_map(|row| row.rsplit(',').next()).collect();
    assert_eq!(calls.len(), CALLS);
    calls.sort_unstable();
    calls.dedup();
    assert_eq!(calls.len(), CALLS);
    world.store.delete_customer(world.ours.company, world.ours.customer).await.unwrap();
    assert_eq!(client.get("/api/calls/export.csv").await.text.lines().count(), CALLS + 1);
}

#[actix_web::test]
async fn a_place_that_is_not_known_keeps_time_by_utc() {
    let world = World::new().await;
    let settings =
        CompanySettingsChange { timezone: Some("Mars/Olympus".into()), ..CompanySettingsChange::default() };
    let change = CompanyChange { settings, ..CompanyChange::default() };
    world.store.change_company(world.ours.company, change).await.unwrap();
    let call = over(&world, "2026-11-25T23:30:00Z", |_| {}).await;
    let client = world.client(&world.ours.agent).await;
    assert_eq!(listed(&client, "startDate=2026-11-25&endDate=2026-11-25").await, names(&[call]));
}
