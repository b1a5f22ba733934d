//! Supervisors on the line, and those in the conference muted, held and taken out.

use crate::{
    client::Client,
    crowd::{Crowd, all_well, check_agents},
    handover::{agent_leg, stage_of, status},
    site::{SUPERVISORS_PHONE, Team},
    wait::until,
};
use serde_json::{Value, json};
use std::time::Duration;

const SPEED: u32 = 4;
/// How long, in seconds of call time, a customer may be alone: a moment of five, and what the machine is late.
const ALONE: f64 = 5.0 + 1.5 * SPEED as f64;
const LIMIT: Duration = Duration::from_secs(60);

/// A call whose every person is played by the test.
struct Line {
    crowd: Crowd,
    client: Client,
    call: String,
    customer: String,
}

impl Line {
    /// The customer is talking with the AI.
    async fn with_ai() -> Self {
        let crowd = Crowd::with_team(SPEED, &["manual"], 1, Team(&[("+81709000", 1, 50)])).await;
        let client = crowd.server.client().await;
        let call = client.start(crowd.site.customers[0].id, None).await;
        status(&client, &call, "ai-responding").await;
        let customer = client.call(&call).await["twilioCallSid"].as_str().unwrap().to_owned();
        Self { crowd, client, call, customer }
    }

    /// The customer wants a human, and has one; the agent's leg.
    async fn bridge(&self) -> String {
        self.crowd.sandbox.press(&self.customer, "0").await;
        stage_of(&self.client, &self.call, "briefing").await;
        let agent = agent_leg(&self.client, &self.call).await;
        self.accept(&agent).await;
        status(&self.client, &self.call, "human-connected").await;
        agent
    }

    /// Whoever is on the leg hears which key to press, and presses it.
    async fn accept(&self, leg: &str) {
        self.crowd.sandbox.heard(leg, "1を").await;
        self.crowd.sandbox.press(leg, "1").await;
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/calls/{}/{rest}", self.call)
    }

    async fn supervise(&self, mode: &str) -> Value {
        let (status, answer) = self.client.post(&self.path("supervise"), json!({ "mode": mode })).await;
        assert_eq!(status, 200, "{mode}: {answer}");
        answer["data"].clone()
    }

    /// Waits until this leg's place in the sandbox's conference is as wanted.
    async fn seat(&self, leg: &str, what: &str, wanted: impl Fn(&Value) -> bool) {
        until(what, LIMIT, || async {
            let conference = self.crowd.sandbox.get(&format!("conferences/call-{}", self.call)).await;
            let present = conference["present"].as_array().cloned().unwrap_or_default();
            let seat = present.into_iter().find(|seat| seat["call"] == leg).unwrap_or_default();
            if wanted(&seat) { Ok(()) } else { Err(seat) }
        })
        .await;
    }

    /// Waits until the leg is in the conference no longer.
    async fn gone(&self, leg: &str) {
        self.seat(leg, "the leg is gone", Value::is_null).await;
    }

    /// Waits until this is true of the call as it is shown.
    async fn record(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        until(what, LIMIT, || async {
            let record = self.client.call(&self.call).await;
            if wanted(&record) { Ok(record) } else { Err(record) }
        })
        .await
    }

    /// How often the supervisor was rung.
    async fn rung(&self) -> usize {
        self.crowd.sandbox.legs().await.iter().filter(|leg| leg.to == SUPERVISORS_PHONE).count()
    }

    /// The call ends for all; nobody is left on the line, promised, or was alone.
    async fn check_released(mut self) {
        self.crowd.until_over(&self.client, LIMIT).await;
        let conferences = self.crowd.sandbox.conferences().await;
        for conference in &conferences {
            assert_eq!(conference.status, "completed", "{}", conference.name);
            let alone =
                conference.alone.iter().find(|alone| alone.call_sid == self.customer && alone.secs > ALONE);
            assert!(alone.is_none(), "the customer was alone: {alone:?}");
        }
        all_well([check_agents(&self.crowd.sandbox.legs().await, &self.crowd.site.agents)]);
        assert!(self.crowd.server.program.terminate().success());
        all_well([self.crowd.site.check_released().await]);
    }
}

fn party<'a>(record: &'a Value, leg: &str) -> &'a Value {
    record["participants"]
        .as_array()
        .unwrap()
        .iter()
        .find(|party| party["callSid"] == leg)
        .unwrap_or(&Value::Null)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_listens_whispers_and_speaks_on_one_leg() {
    let line = Line::with_ai().await;
    let (status, answer) = line.client.post(&line.path("supervise"), json!({ "mode": "listen" })).await;
    assert_eq!((status, answer["code"].as_str()), (409, Some("with_ai")), "{answer}");
    let agent = line.bridge().await;

    let answer = line.supervise("listen").await;
    assert_eq!((answer["status"].as_str(), answer["mode"].as_str()), (Some("ringing"), Some("listen")));
    let leg = answer["callSid"].as_str().unwrap().to_owned();
    line.accept(&leg).await;
    line.seat(&leg, "listens", |seat| seat["muted"] == true && seat["coaching"].is_null()).await;
    line.record("the supervisor is on the line", |record| record["supervision"][0]["joinedAt"].is_string())
        .await;

    let answer = line.supervise("whisper").await;
    assert_eq!(
        (answer["status"].as_str(), answer["callSid"].as_str()),
        (Some("on-the-line"), Some(leg.as_str()))
    );
    line.seat(&leg, "whispers", |seat| seat["muted"] == false && seat["coaching"] == agent.as_str()).await;
    line.supervise("barge").await;
    line.seat(&leg, "speaks", |seat| seat["muted"] == false && seat["coaching"].is_null()).await;
    line.seat(&leg, "ends nothing", |seat| seat["end_on_exit"] == false).await;
    assert_eq!(line.rung().await, 1, "the telephone has rung once");

    let (status, answer) = line.client.delete(&line.path("supervise")).await;
    assert_eq!((status, answer["data"]["status"].as_str()), (200, Some("left")), "{answer}");
    line.gone(&leg).await;
    let record =
        line.record("the supervisor has left", |record| !party(record, &leg)["leftAt"].is_null()).await;
    assert_eq!(
        (party(&record, &leg)["role"].as_str(), record["status"].as_str()),
        (Some("supervisor"), Some("human-connected"))
    );
    let supervision = &record["supervision"][0];
    let modes: Vec<_> = supervision["modes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|since| since["mode"].as_str().unwrap())
        .collect();
    assert_eq!(modes, ["listen", "whisper", "barge"]);
    assert_eq!(supervision["userId"], line.crowd.site.supervisor.to_string());
    let (status, answer) = line.client.delete(&line.path("supervise")).await;
    assert_eq!((status, answer["code"].as_str()), (409, Some("not_supervising")), "{answer}");

    // Once more; and when the agent hangs up, nobody hangs around.
    let leg = line.supervise("whisper").await["callSid"].as_str().unwrap().to_owned();
    line.accept(&leg).await;
    line.seat(&leg, "whispers", |seat| seat["coaching"] == agent.as_str()).await;
    line.crowd.sandbox.hang_up(&agent).await;
    line.check_released().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_in_the_conference_are_held_muted_and_taken_out() {
    let line = Line::with_ai().await;
    let agent = line.bridge().await;
    let customer = line.path(&format!("participants/{}", line.customer));
    for (change, seen) in [
        (json!({ "onHold": true }), [true, false]),
        (json!({ "onHold": false, "muted": true }), [false, true]),
        (json!({ "muted": false }), [false, false]),
    ] {
        let (status, answer) = line.client.patch(&customer, change.clone()).await;
        assert_eq!(status, 200, "{change}: {answer}");
        let [hold, muted] = seen;
        line.seat(&line.customer, "is as wanted", |seat| seat["hold"] == hold && seat["muted"] == muted)
            .await;
        let told = |record: &Value| {
            let party = party(record, &line.customer);
            party["onHold"] == hold && party["muted"] == muted
        };
        line.record("stands in the record", told).await;
    }
    let heard = line.crowd.sandbox.leg(&line.customer).await.heard().concat();
    assert!(heard.contains("そのまま少々お待ちください"), "on hold nothing was said: {heard}");

    let (status, answer) = line.client.delete(&customer).await;
    assert_eq!((status, answer["code"].as_str()), (409, Some("customers_leg")), "{answer}");
    let (status, answer) = line.client.delete(&line.path("participants/CA00")).await;
    assert_eq!((status, answer["code"].as_str()), (404, Some("not_found")), "{answer}");

    let leg = line.supervise("listen").await["callSid"].as_str().unwrap().to_owned();
    line.accept(&leg).await;
    line.seat(&leg, "listens", |seat| seat["muted"] == true).await;
    line.record("the supervisor is on the line", |record| record["supervision"][0]["joinedAt"].is_string())
        .await;
    let (status, answer) =
        line.client.patch(&line.path(&format!("participants/{leg}")), json!({ "muted": false })).await;
    assert_eq!((status, answer["code"].as_str()), (409, Some("supervisors_leg")), "{answer}");
    let (status, answer) = line.client.delete(&line.path(&format!("participants/{leg}"))).await;
    assert_eq!(status, 200, "{answer}");
    line.gone(&leg).await;

    // Without the agent the human part is over: the customer hears goodbye.
    let (status, answer) = line.client.delete(&line.path(&format!("participants/{agent}"))).await;
    assert_eq!(status, 200, "{answer}");
    line.crowd.sandbox.heard(&line.customer, "本日はお時間をいただき").await;
    line.check_released().await;
}

// ---------------------------------------------------------------------------------------------------- taking over

impl Line {
    async fn take_over(&self) -> Value {
        let (status, answer) = self.client.post(&self.path("takeover"), json!({})).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"].clone()
    }

    /// Waits until the supervisor is the call's agent.
    async fn is_theirs(&self) -> Value {
        let supervisor = self.crowd.site.supervisor.to_string();
        self.record("the supervisor is the agent", |record| {
            record["assignedAgent"]["_id"] == supervisor.as_str() && record["status"] == "human-connected"
        })
        .await
    }

    async fn is_over(&self, leg: &str) {
        until("the leg has ended", LIMIT, || async {
            let leg = self.crowd.sandbox.leg(leg).await;
            if leg.status == "completed" { Ok(()) } else { Err(leg.status) }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_takes_a_call_over_from_its_agent_though_the_server_dies_meanwhile() {
    let mut line = Line::with_ai().await;
    let agent = line.bridge().await;
    let answer = line.take_over().await;
    assert_eq!(answer["status"], "human-connected", "{answer}");
    let leg = answer["callSid"].as_str().unwrap().to_owned();
    line.crowd.server.program.kill();
    line.crowd.server.restart();
    line.client = line.crowd.server.client().await;
    line.accept(&leg).await;

    let record = line.is_theirs().await;
    assert_eq!(party(&record, &leg)["role"], "agent");
    line.gone(&agent).await;
    line.is_over(&agent).await;
    line.seat(&leg, "ends with the supervisor", |seat| seat["end_on_exit"] == true && seat["muted"] == false)
        .await;
    line.seat(&line.customer, "the customer is there", Value::is_object).await;
    assert_eq!(line.rung().await, 1, "the telephone has rung once");
    let (status, answer) = line.client.post(&line.path("takeover"), json!({})).await;
    assert_eq!((status, answer["code"].as_str()), (409, Some("agent_yourself")), "{answer}");

    line.crowd.sandbox.hang_up(&leg).await;
    line.crowd.sandbox.heard(&line.customer, "本日はお時間をいただき").await;
    line.check_released().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_who_listens_takes_over_without_being_rung_again() {
    let line = Line::with_ai().await;
    let agent = line.bridge().await;
    let leg = line.supervise("listen").await["callSid"].as_str().unwrap().to_owned();
    line.accept(&leg).await;
    line.record("the supervisor is on the line", |record| record["supervision"][0]["joinedAt"].is_string())
        .await;
    let answer = line.take_over().await;
    assert_eq!(answer["callSid"], leg.as_str());
    let record = line.is_theirs().await;
    assert_eq!(record["supervision"][0]["modes"][1]["mode"], "barge");
    assert!(record["supervision"][0]["leftAt"].is_string(), "from now on they are the agent");
    line.is_over(&agent).await;
    assert_eq!(line.rung().await, 1, "the telephone has rung once");
    let (status, answer) = line.client.post(&line.path("end"), json!({})).await;
    assert_eq!((status, answer["data"]["result"].as_str()), (200, Some("成功")), "{answer}");
    line.check_released().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_who_does_not_come_leaves_the_customer_with_the_agent() {
    let line = Line::with_ai().await;
    let agent = line.bridge().await;
    let before = line.client.call(&line.call).await["assignedAgent"].clone();
    let leg = line.take_over().await["callSid"].as_str().unwrap().to_owned();
    line.crowd.sandbox.heard(&leg, "1を").await;
    line.crowd.sandbox.press(&leg, "2").await;
    let over = |record: &Value| record["supervision"][0]["leftAt"].is_string();
    let record = line.record("the supervisor has declined", over).await;
    assert_eq!((&record["assignedAgent"], record["status"].as_str()), (&before, Some("human-connected")));
    line.seat(&agent, "the agent is there", |seat| seat["end_on_exit"] == true).await;
    line.seat(&line.customer, "the customer is there", Value::is_object).await;
    // They may want it again.
    let leg = line.take_over().await["callSid"].as_str().unwrap().to_owned();
    line.accept(&leg).await;
    line.is_theirs().await;
    line.crowd.sandbox.hang_up(&line.customer).await;
    line.check_released().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_takes_a_call_over_from_the_ai() {
    let line = Line::with_ai().await;
    let answer = line.take_over().await;
    assert_eq!(answer["status"], "transferring", "{answer}");
    let leg = answer["callSid"].as_str().unwrap().to_owned();
    assert_eq!(line.crowd.sandbox.leg(&leg).await.to, SUPERVISORS_PHONE);
    line.accept(&leg).await;
    let record = line.is_theirs().await;
    assert_eq!(record["handoffReason"], "takeover");
    line.seat(&leg, "ends with the supervisor", |seat| seat["end_on_exit"] == true).await;
    line.crowd.sandbox.hang_up(&line.customer).await;
    line.check_released().await;
}
