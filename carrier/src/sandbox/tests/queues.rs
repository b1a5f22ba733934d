use super::world::*;
use serde_json::json;

/// Customers ring `/voice` and wait; agents ring `/agent` and take who has waited longest.
fn queues(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/voice" => twiml(r#"<Enqueue waitUrl="/wait" action="/left">line</Enqueue>"#),
        "/wait" => twiml("<Say>お待ちください</Say><Pause length=\"5\"/>"),
        "/left" => twiml("<Pause length=\"30\"/>"),
        "/agent" => {
            twiml(r#"<Dial action="/dialled" timeout="600"><Queue url="/whisper">line</Queue></Dial>"#)
        }
        "/patient" => twiml(r#"<Dial action="/dialled" timeout="5"><Queue>line</Queue></Dial>"#),
        "/whisper" => twiml("<Say>担当者におつなぎします</Say>"),
        "/away" => twiml("<Pause length=\"600\"/>"),
        _ => twiml("<Hangup/>"),
    }
}

async fn agent(world: &World, number: &str, path: &str) -> String {
    let url = world.url(path);
    world.ring(number, &[("Url", &url)]).await
}

async fn until_at(world: &World, path: &str, times: usize) {
    world.until(|seen| seen.iter().filter(|seen| seen.path == path).count() >= times).await;
}

fn of(world: &World, path: &str, call: &str) -> Seen {
    world.at(path).into_iter().find(|seen| seen.get("CallSid") == call).unwrap()
}

#[tokio::test]
async fn the_longest_wait_ends_first_and_both_sides_are_told() {
    let world = world(queues).await;
    let first = world.ring(MANUAL, &[]).await;
    until_at(&world, "/wait", 1).await;
    let second = world.ring(SILENT, &[]).await;
    world.until(|seen| seen.iter().any(|s| s.path == "/wait" && s.get("QueuePosition") == "2")).await;
    let waiting = of(&world, "/wait", &second);
    assert_eq!((waiting.get("CurrentQueueSize"), waiting.get("MaxQueueSize")), ("2", "1000"));
    let queue = waiting.get("QueueSid").to_owned();
    assert!(queue.starts_with("QU"));
    assert_eq!(of(&world, "/wait", &first).get("QueueSid"), queue);
    let agent = agent(&world, MANUAL, "/agent").await;
    until_at(&world, "/whisper", 1).await;
    let whisper = of(&world, "/whisper", &first);
    assert_eq!((whisper.get("DequeingCallSid"), whisper.get("QueueSid")), (agent.as_str(), queue.as_str()));
    // The one behind moves up.
    world
        .until(|seen| {
            let moved = |s: &Seen| s.get("QueuePosition") == "1" && s.get("CurrentQueueSize") == "1";
            seen.iter().any(|s| s.path == "/wait" && s.get("CallSid") == second && moved(s))
        })
        .await;
    world.control(&format!("calls/{first}/say"), json!({ "text": "もしもし" })).await;
    loop {
        if world.log(&agent, "heard_by").await.iter().any(|heard| heard["text"] == "もしもし") {
            break;
        }
        tokio::task::yield_now().await;
    }
    world.control(&format!("calls/{agent}/hangup"), json!({})).await;
    until_at(&world, "/left", 1).await;
    let left = of(&world, "/left", &first);
    assert_eq!((left.get("QueueResult"), left.get("QueueSid")), ("bridged", queue.as_str()));
    assert_eq!(left.get("CallStatus"), "in-progress");
    assert!(left.get("QueueTime").parse::<u32>().unwrap() >= 1);
    until_at(&world, "/dialled", 1).await;
    let dialled = of(&world, "/dialled", &agent);
    assert_eq!((dialled.get("DialCallStatus"), dialled.get("DialCallSid")), ("completed", first.as_str()));
    assert_eq!((dialled.get("DialBridged"), dialled.get("QueueSid")), ("true", queue.as_str()));
    assert_eq!(dialled.get("DequeueResult"), "bridged");
    assert_eq!(dialled.get("DequeuedCallQueueTime"), left.get("QueueTime"));
    let told = world.log(&first, "heard_by").await;
    assert!(
        told.iter().any(|heard| heard["text"] == "担当者におつなぎします" && heard["source"] == "whisper")
    );
    world.end().await;
}

#[tokio::test]
async fn who_dials_an_empty_queue_waits_for_somebody() {
    let world = world(queues).await;
    let early = world.ring(SILENT, &[]).await;
    until_at(&world, "/wait", 1).await;
    world.post(&format!("Calls/{early}.json"), &[("Status", "completed")]).await;
    until_at(&world, "/left", 1).await;
    let left = of(&world, "/left", &early);
    assert_eq!((left.get("QueueResult"), left.get("CallStatus")), ("hangup", "completed"));
    assert!(!left.get("QueueTime").is_empty());
    let agent = agent(&world, SILENT, "/agent").await;
    until_at(&world, "/agent", 1).await;
    // Leaves the talk, and the call, after five seconds.
    let customer = world.ring(BRIEF, &[]).await;
    until_at(&world, "/dialled", 1).await;
    let dialled = of(&world, "/dialled", &agent);
    assert_eq!((dialled.get("DialCallStatus"), dialled.get("DialCallSid")), ("completed", customer.as_str()));
    assert_eq!(dialled.get("CallStatus"), "in-progress");
    let lasted: u32 = dialled.get("DialCallDuration").parse().unwrap();
    assert!(lasted >= 5 && dialled.get("DequeuedCallDuration") == dialled.get("DialCallDuration"));
    until_at(&world, "/left", 2).await;
    assert_eq!(of(&world, "/left", &customer).get("QueueResult"), "bridged");
    world.end().await;
}

#[tokio::test]
async fn nobody_comes_and_no_such_queue() {
    let world = world(queues).await;
    let agent_before = agent(&world, SILENT, "/patient").await;
    until_at(&world, "/dialled", 1).await;
    assert_eq!(of(&world, "/dialled", &agent_before).get("DialCallStatus"), "failed");
    assert_eq!(world.log(&agent_before, "error").await[0]["code"], 14212);
    let customer = world.ring(SILENT, &[]).await;
    until_at(&world, "/wait", 1).await;
    world.post(&format!("Calls/{customer}.json"), &[("Status", "completed")]).await;
    until_at(&world, "/left", 1).await;
    let agent = agent(&world, SILENT, "/patient").await;
    until_at(&world, "/dialled", 2).await;
    let dialled = of(&world, "/dialled", &agent);
    assert_eq!((dialled.get("DialCallStatus"), dialled.get("DialCallSid")), ("no-answer", ""));
    world.end().await;
}

#[tokio::test]
async fn a_redirect_out_of_a_queue_and_out_of_the_talk() {
    let world = world(queues).await;
    let customer = world.ring(SILENT, &[]).await;
    until_at(&world, "/wait", 1).await;
    let (away, voice) = (world.url("/away"), world.url("/voice"));
    world.post(&format!("Calls/{customer}.json"), &[("Url", &away)]).await;
    until_at(&world, "/left", 1).await;
    assert_eq!(world.at("/left")[0].get("QueueResult"), "redirected");
    world.post(&format!("Calls/{customer}.json"), &[("Url", &voice)]).await;
    until_at(&world, "/wait", 2).await;
    let agent = agent(&world, MANUAL, "/agent").await;
    until_at(&world, "/whisper", 1).await;
    world.control(&format!("calls/{agent}/say"), json!({ "text": "お待たせしました" })).await;
    loop {
        if world.log(&customer, "heard_by").await.iter().any(|heard| heard["source"] == "bridge") {
            break;
        }
        tokio::task::yield_now().await;
    }
    world.post(&format!("Calls/{customer}.json"), &[("Url", &away)]).await;
    until_at(&world, "/left", 2).await;
    assert_eq!(world.at("/left")[1].get("QueueResult"), "redirected-from-bridged");
    until_at(&world, "/dialled", 1).await;
    assert_eq!(of(&world, "/dialled", &agent).get("DialCallStatus"), "completed");
    // What the action answers after a redirect is not run: the call is where it was sent.
    let (_, call) = world.get(&format!("Calls/{customer}.json")).await;
    assert_eq!(call["status"], "in-progress");
    world.end().await;
}

#[tokio::test]
async fn who_was_taken_in_vain_is_first_again() {
    let world = world(|seen| match seen.path.as_str() {
        "/whisper" => twiml("<Pause length=\"600\"/>"),
        _ => queues(seen),
    })
    .await;
    let customer = world.ring(SILENT, &[]).await;
    until_at(&world, "/wait", 1).await;
    let gone = agent(&world, SILENT, "/agent").await;
    until_at(&world, "/whisper", 1).await;
    let waited = world.at("/wait").len();
    world.post(&format!("Calls/{gone}.json"), &[("Status", "completed")]).await;
    until_at(&world, "/wait", waited + 1).await;
    assert_eq!(world.at("/wait").last().unwrap().get("QueuePosition"), "1");
    until_at(&world, "/dialled", 1).await;
    assert_eq!(of(&world, "/dialled", &gone).get("DialCallStatus"), "canceled");
    // The next agent has them, talks, and leaves.
    let brief = agent(&world, BRIEF, "/patient").await;
    until_at(&world, "/left", 1).await;
    assert_eq!(of(&world, "/left", &customer).get("QueueResult"), "bridged");
    until_at(&world, "/dialled", 2).await;
    assert_eq!(of(&world, "/dialled", &brief).get("DialCallSid"), customer);
    world.end().await;
}

#[tokio::test]
async fn there_is_no_task_router() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(
            r#"<Enqueue workflowSid="WW00000000000000000000000000000001" action="/left"><Task>{"a":1}</Task></Enqueue>"#,
        ),
        _ => twiml("<Hangup/>"),
    })
    .await;
    world.ring(SILENT, &[]).await;
    world.until_status("completed").await;
    let left = &world.at("/left")[0];
    assert_eq!((left.get("QueueResult"), left.get("QueueSid")), ("error", ""));
    world.end().await;
}
