//! Supervising a call and steering those in its conference: what is asked of the carrier, and who may.

use crate::world::{Client, World};
use actix_web::http::Method;
use serde_json::json;
use tsunagu_call::{CallId, Input, RoomChange, room_name};
use tsunagu_carrier::script::{Command, Fault};
use tsunagu_store::{AgentSettings, AgentStore, Freed};

/// A call that a human has, with the names of the legs and of the conference.
struct Line {
    world: World,
    call: CallId,
    customer: String,
    agent: String,
    conference: String,
}

impl Line {
    async fn new() -> Self {
        let world = World::new().await;
        let (call, customer) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
        world.answer(call, &customer).await;
        let client = world.client(&world.ours.supervisor).await;
        let data = client.post(&format!("/api/calls/{call}/handoff"), &json!({})).await.data(200);
        let agent = data["agentCallSid"].as_str().unwrap().to_owned();
        let board = &world.app.board;
        board.tell(call, Input::AgentAsks { attempt: 1, call_sid: agent.clone() }).await.unwrap();
        board.tell(call, Input::AgentPresses { attempt: 1, digits: "1".into() }).await.unwrap();
        let mut conference = String::new();
        for (sequence, leg) in [(1, &agent), (2, &customer)] {
            conference = world.carrier.join(&room_name(call), leg);
            let change = RoomChange::Joined { call_sid: leg.clone() };
            let input = Input::Room { conference_sid: conference.clone(), sequence, change };
            board.tell(call, input).await.unwrap();
        }
        let shown = client.get(&format!("/api/calls/{call}")).await.data(200);
        assert_eq!(shown["status"], "human-connected");
        world.carrier.take_commands();
        Self { world, call, customer, agent, conference }
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/calls/{}/{rest}", self.call)
    }

    async fn supervisor(&self) -> Client {
        self.world.client(&self.world.ours.supervisor).await
    }

    /// What this leg was changed to, in order.
    fn updates(&self, leg: &str) -> Vec<[Option<bool>; 3]> {
        self.world
            .carrier
            .commands()
            .into_iter()
            .filter_map(|command| match command {
                Command::UpdateParticipant { conference_sid, call_sid, update } if call_sid == leg => {
                    assert_eq!(conference_sid, self.conference);
                    Some([update.muted, update.hold, update.coaching])
                }
                _ => None,
            })
            .collect()
    }
}

async fn patch(client: &Client, path: &str, body: serde_json::Value) -> crate::world::Answer {
    client.send(Method::PATCH, path, |request| request.set_json(&body)).await
}

async fn delete(client: &Client, path: &str) -> crate::world::Answer {
    client.send(Method::DELETE, path, |request| request).await
}

#[actix_web::test]
async fn a_supervisor_is_rung_once_and_is_one_of_those_on_the_call() {
    let line = Line::new().await;
    let client = line.supervisor().await;
    let path = line.path("supervise");
    let body = json!({ "mode": "listen", "phoneNumber": "090-5555-6666" });
    let data = client.post(&path, &body).await.data(200);
    let leg = data["callSid"].as_str().unwrap().to_owned();
    assert_eq!(
        (data["callId"].as_str(), data["mode"].as_str(), data["status"].as_str()),
        (Some(line.call.to_string().as_str()), Some("listen"), Some("ringing"))
    );
    let again =
        client.post(&path, &json!({ "mode": "barge", "phoneNumber": "090-5555-6666" })).await.data(200);
    assert_eq!((again["mode"].as_str(), again["callSid"].as_str()), (Some("barge"), Some(leg.as_str())));
    let rung: Vec<_> = line
        .world
        .carrier
        .commands()
        .into_iter()
        .filter_map(|command| match command {
            Command::CreateCall { call, call_sid } => Some((call.to, call_sid)),
            _ => None,
        })
        .collect();
    assert_eq!(rung, [("+819055556666".to_owned(), leg.clone())]);

    let board = &line.world.app.board;
    board.tell(line.call, Input::SupervisorAsks { number: 1, call_sid: leg.clone() }).await.unwrap();
    board.tell(line.call, Input::SupervisorPresses { number: 1, digits: "1".into() }).await.unwrap();
    line.world.carrier.join(&room_name(line.call), &leg);
    let change = RoomChange::Joined { call_sid: leg.clone() };
    let input = Input::Room { conference_sid: line.conference.clone(), sequence: 3, change };
    board.tell(line.call, input).await.unwrap();
    let data =
        client.post(&path, &json!({ "mode": "whisper", "phoneNumber": "090-5555-6666" })).await.data(200);
    assert_eq!((data["mode"].as_str(), data["status"].as_str()), (Some("whisper"), Some("on-the-line")));
    assert_eq!(line.updates(&leg), [[Some(false), None, Some(true)]]);

    line.world.carrier.fail_next(1, Fault::Rejected(13240));
    let refused = client.post(&path, &json!({ "mode": "listen", "phoneNumber": "090-5555-6666" })).await;
    assert_eq!(refused.failure(502), "carrier_failed");
    let shown = client.get(&format!("/api/calls/{}", line.call)).await.data(200);
    assert_eq!(shown["supervision"][0]["mode"], "whisper", "what the carrier refused is not so");

    assert_eq!(delete(&client, &path).await.data(200)["status"], "left");
    assert!(line.world.carrier.commands().contains(&Command::HangUp { call_sid: leg }));
    assert_eq!(delete(&client, &path).await.failure(409), "not_supervising");
}

#[actix_web::test]
async fn supervising_needs_a_telephone_a_mode_and_a_human_on_the_call() {
    let line = Line::new().await;
    let client = line.supervisor().await;
    let path = line.path("supervise");
    assert_eq!(client.post(&path, &json!({ "mode": "listen" })).await.failure(422), "no_number");
    let wrong = client.post(&path, &json!({ "mode": "spy", "phoneNumber": "110" })).await;
    assert_eq!(
        (wrong.failure(422).as_str(), wrong.blamed()),
        ("invalid", vec!["mode".into(), "phoneNumber".into()])
    );
    assert_eq!(client.post(&path, &json!({})).await.blamed(), ["mode"]);
    let body = json!({ "mode": "listen", "phoneNumber": "090-5555-6666" });
    let customer = line.world.customer(line.world.ours.company, "+81312345679").await;
    let (other, call_sid) = line.world.call_by(&line.world.ours.supervisor, customer).await;
    line.world.answer(other, &call_sid).await;
    let refused = client.post(&format!("/api/calls/{other}/supervise"), &body).await;
    assert_eq!(refused.failure(409), "with_ai");
    assert!(refused.text.contains("live transcript"), "{}", refused.text);
    line.world.carrier.fail_next(1, Fault::Rejected(21211));
    assert_eq!(client.post(&path, &body).await.failure(502), "carrier_failed");
}

#[actix_web::test]
async fn agents_do_not_supervise_and_touch_the_customer_alone() {
    let line = Line::new().await;
    let customer = line.path(&format!("participants/{}", line.customer));
    let agent_leg = line.path(&format!("participants/{}", line.agent));
    let agent = line.world.client(&line.world.ours.agent).await;
    let colleague = line.world.client(&line.world.ours.colleague).await;
    let body = json!({ "mode": "listen", "phoneNumber": "090-5555-6666" });
    assert_eq!(agent.post(&line.path("supervise"), &body).await.failure(403), "forbidden");
    assert_eq!(delete(&agent, &line.path("supervise")).await.failure(403), "forbidden");
    assert_eq!(delete(&agent, &customer).await.failure(403), "forbidden");
    assert_eq!(patch(&agent, &agent_leg, json!({ "muted": true })).await.failure(403), "forbidden");
    assert_eq!(patch(&colleague, &customer, json!({ "onHold": true })).await.failure(403), "forbidden");
    assert_eq!(line.updates(&line.customer).len(), 0);

    let held = patch(&agent, &customer, json!({ "onHold": true })).await.data(200);
    assert_eq!((held["onHold"].as_bool(), held["muted"].as_bool()), (Some(true), Some(false)));
    patch(&agent, &customer, json!({ "onHold": false, "muted": true })).await.data(200);
    assert_eq!(line.updates(&line.customer), [[None, Some(true), None], [Some(true), Some(false), None]]);
    let supervisor = line.supervisor().await;
    patch(&supervisor, &agent_leg, json!({ "muted": true })).await.data(200);
    assert_eq!(patch(&supervisor, &agent_leg, json!({})).await.failure(422), "invalid");
    assert_eq!(patch(&supervisor, &agent_leg, json!({ "onHold": "yes" })).await.blamed(), ["onHold"]);
    let nobody = line.path("participants/CA00");
    assert_eq!(patch(&supervisor, &nobody, json!({ "muted": true })).await.failure(404), "not_found");
}

#[actix_web::test]
async fn a_leg_is_taken_out_of_the_conference_but_not_the_customers() {
    let line = Line::new().await;
    let client = line.supervisor().await;
    let customer = line.path(&format!("participants/{}", line.customer));
    assert_eq!(delete(&client, &customer).await.failure(409), "customers_leg");
    assert_eq!(delete(&client, &line.path("participants/CA00")).await.failure(404), "not_found");
    delete(&client, &line.path(&format!("participants/{}", line.agent))).await.data(200);
    let removed =
        Command::RemoveParticipant { conference_sid: line.conference.clone(), call_sid: line.agent.clone() };
    assert!(line.world.carrier.commands().contains(&removed));
}

#[actix_web::test]
async fn taking_over_needs_a_telephone_and_nobody_elses_call() {
    let line = Line::new().await;
    let path = line.path("takeover");
    let agent = line.world.client(&line.world.ours.agent).await;
    assert_eq!(agent.post(&path, &json!({})).await.failure(403), "forbidden");
    let client = line.supervisor().await;
    assert_eq!(client.post(&path, &json!({})).await.failure(422), "no_number");

    let team = &line.world.ours;
    let mut settings = AgentSettings::new(team.supervisor.id, team.company);
    settings.phone_number = Some("+819055556666".into());
    line.world.store.put_agent_settings(settings).await.unwrap();
    let (other, now) = (crate::world::id(), crate::world::now());
    assert!(line.world.store.claim_agent(team.supervisor.id, other, now.plus_secs(60), now).await.unwrap());
    assert_eq!(client.post(&path, &json!({})).await.failure(409), "supervisor_busy");
    let freed = Freed { talk_secs: 0, wrap_up_secs: 0, handled: false, now };
    assert!(line.world.store.free_agent(team.supervisor.id, other, freed).await.unwrap());

    let data = client.post(&path, &json!({})).await.data(200);
    assert_eq!((data["status"].as_str(), data["callSid"].is_string()), (Some("human-connected"), true));
    let again = client.post(&path, &json!({})).await.data(200);
    assert_eq!(again["callSid"], data["callSid"], "asked twice, they are rung once");
    let mode = client.post(&line.path("supervise"), &json!({ "mode": "listen" })).await;
    assert_eq!(mode.failure(409), "takeover_busy");
    assert_eq!(delete(&client, &line.path("supervise")).await.data(200)["status"], "left");

    let customer = line.world.customer(team.company, "+81312345679").await;
    let (with_ai, call_sid) = line.world.call_by(&team.supervisor, customer).await;
    let path = format!("/api/calls/{with_ai}/takeover");
    assert_eq!(
        client.post(&path, &json!({})).await.failure(409),
        "not_ai_responding",
        "nobody has picked up"
    );
    line.world.answer(with_ai, &call_sid).await;
    let data = client.post(&path, &json!({})).await.data(200);
    assert_eq!((data["status"].as_str(), data["callSid"].is_string()), (Some("transferring"), true));
    let rung = line.world.carrier.commands().into_iter().rev().find_map(|command| match command {
        Command::CreateCall { call, .. } => Some(call.to),
        _ => None,
    });
    assert_eq!(rung.as_deref(), Some("+819055556666"), "though they were never available");
}
