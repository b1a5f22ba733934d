//! Hand-overs on which something goes wrong: what becomes of the agent, and what the customer hears meanwhile.

use crate::{
    client::Client,
    crowd::{Crowd, Ended, all_well, check_agents},
    site::Team,
    wait::until,
};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;

const SPEED: u32 = 10;
const LIMIT: Duration = Duration::from_secs(90);

/// The longest that a waiting customer may hear nothing, in seconds of call time: five, and what the road from one
/// document to the next takes on a clock that is ten times as fast.
const LONGEST_SILENCE: f64 = 7.5;

/// A clock on which people at the keys have the time to press them.
const KILLED_AT_SPEED: u32 = 4;

/// A clock on which a carrier that has to be asked several times does not use up the patience of everybody.
const TROUBLED_AT_SPEED: u32 = 4;
const LONG_LIMIT: Duration = Duration::from_secs(180);

/// How long a customer may be alone while the carrier does not do as it is told: `bridging_secs` (10), and three commands
/// at each of which the carrier is asked four times, on a clock that is four times as fast.
const ALONE_IN_TROUBLE: f64 = 10.0 + 3.0 * 2.1 * TROUBLED_AT_SPEED as f64;

/// What may keep an agent from coming, by the prefix of the numbers of those to whom it happens.
const OBSTACLES: [(&str, &str); 6] = [
    ("+81701003", "declines"),
    ("+81701004", "hangs up in the briefing"),
    ("+81701005", "does not answer"),
    ("+81701006", "is engaged"),
    ("+81701007", "has voicemail"),
    ("+81701009", "has a number that is not in use"),
];

const KEEPS_COMPANY: [&str; 3] = ["お呼びしております", "お待ちください", "おつなぎいたします"];
const NOBODY_COMES: &str = "あいにく担当の者がほかの電話に出ております";
const AGENT_IS_DONE: &str = "通話は終了しました";
const THANKS: &str = "本日はお時間をいただき、誠にありがとうございました";

impl Ended<'_> {
    /// The stages through which the hand-over went, in order.
    fn stages(&self) -> Vec<&str> {
        let moved = self.events.iter().map(|event| &event["event"]);
        let moved = moved.filter(|event| event["type"] == "handoverMoved");
        moved.map(|event| event["stage"]["at"].as_str().unwrap()).collect()
    }

    /// The agents who were rung, in order.
    fn rung(&self) -> Vec<&str> {
        let intended =
            self.events.iter().map(|event| &event["event"]).filter(|event| event["type"] == "intended");
        let dialled = intended.filter(|event| event["command"]["do"] == "dialAgent");
        dialled.map(|event| event["command"]["agent"]["phone"].as_str().unwrap()).collect()
    }

    /// From the word that somebody is being fetched until the customer was moved, or heard that nobody comes, they were
    /// never left in silence.
    fn check_company(&self, end: &str) -> Result<(), String> {
        let spoken: Vec<(Timestamp, &str)> = self.spoken_at().collect();
        let told = spoken.iter().position(|(_, text)| KEEPS_COMPANY.iter().any(|words| text.contains(words)));
        let Some(told) = told else {
            return Err(format!(
                "{}: was not told that somebody is fetched: {spoken:?}",
                self.customer.phone
            ));
        };
        let Some(over) = spoken.iter().position(|(_, text)| text.contains(end)) else {
            return Err(format!("{}: never heard {end:?}: {spoken:?}", self.customer.phone));
        };
        for pair in spoken[told..=over].windows(2) {
            let [(began, text), (next, _)] = pair else { unreachable!() };
            let silence = next.duration_since(*began).as_secs_f64() - text.chars().count() as f64 / 7.0;
            if silence > LONGEST_SILENCE {
                return Err(format!("{}: {silence:.1} s of silence after {text:?}", self.customer.phone));
            }
        }
        Ok(())
    }

    fn spoken_at(&self) -> impl Iterator<Item = (Timestamp, &str)> {
        let spoken =
            self.leg.log.iter().filter(|line| line.kind == "heard_by" && line.detail["source"] == "say");
        spoken.map(|line| (line.at, line.detail["text"].as_str().unwrap()))
    }

    /// Nobody but these two was ever in a conference of this call.
    fn check_conference(
        &self,
        conferences: &[crate::sandbox::Conference],
        parties: usize,
    ) -> Result<(), String> {
        let name = format!("call-{}", self.record["_id"].as_str().unwrap());
        let mut inside: Vec<&str> = conferences
            .iter()
            .filter(|conference| conference.name == name)
            .flat_map(|conference| conference.members.iter().map(|stay| stay.call_sid.as_str()))
            .collect();
        inside.sort_unstable();
        inside.dedup();
        if inside.len() == parties {
            Ok(())
        } else {
            Err(format!("{name}: {inside:?} were in the conference"))
        }
    }
}

/// A crowd of customers who agree at once, and a call to each of them, for which the agents are tried first in turn.
async fn hand_over(crowd: &Crowd, first: usize) -> Vec<String> {
    let client = crowd.server.client().await;
    let mut ids = Vec::new();
    for (index, customer) in crowd.site.customers.iter().enumerate() {
        let (agent, _) = &crowd.site.agents[index % first];
        ids.push(client.start(customer.id, Some(agent.to_string())).await);
    }
    crowd.until_over(&client, LIMIT).await;
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_keeps_an_agent_the_next_one_comes_and_the_customer_is_kept_company() {
    let mut team: Vec<_> = OBSTACLES.iter().map(|(prefix, _)| (*prefix, 1, 0)).collect();
    team.push(("+81701001", OBSTACLES.len(), 90));
    let mut crowd = Crowd::with_team(SPEED, &["interested-at-once"], OBSTACLES.len(), Team(&team)).await;
    let ids = hand_over(&crowd, OBSTACLES.len()).await;
    let client = crowd.server.client().await;
    let ended = crowd.accounts(&client, &ids).await;
    let conferences = crowd.sandbox.conferences().await;
    all_well(ended.iter().zip(OBSTACLES).map(|(call, (prefix, what))| {
        let (rung, stages) = (call.rung(), call.stages());
        let first = rung.first().is_some_and(|phone| phone.starts_with(prefix));
        let second = rung.get(1).is_some_and(|phone| phone.starts_with("+81701001"));
        match first && second && stages.ends_with(&["briefing", "bridging", "bridged"]) {
            true => Ok(()),
            false => Err(format!("an agent who {what}: {rung:?} were rung, {stages:?}")),
        }
    }));
    all_well(ended.iter().map(Ended::check_outcome));
    all_well(ended.iter().map(Ended::check_journal));
    all_well(ended.iter().map(|call| call.check_company("担当の者におつなぎいたします")));
    all_well(ended.iter().map(|call| call.check_conference(&conferences, 2)));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_nobody_who_comes_the_customer_hears_so_and_is_promised_a_call() {
    let team: Vec<_> = OBSTACLES.iter().map(|(prefix, _)| (*prefix, 1, 0)).collect();
    let mut crowd = Crowd::with_team(SPEED, &["interested-at-once"], 3, Team(&team)).await;
    let ids = hand_over(&crowd, OBSTACLES.len()).await;
    let client = crowd.server.client().await;
    let ended = crowd.accounts(&client, &ids).await;
    let conferences = crowd.sandbox.conferences().await;
    all_well(ended.iter().map(|call| {
        let kept = call.events.iter().any(|event| event["event"]["command"]["do"] == "keepCallback");
        match (call.record["outcome"].as_str(), kept, call.stages().last()) {
            (Some("follow_up"), true, Some(&"failed")) => Ok(()),
            other => Err(format!("{other:?}: {}", call.record)),
        }
    }));
    all_well(ended.iter().map(|call| call.check_company(NOBODY_COMES)));
    all_well(ended.iter().map(|call| call.check_conference(&conferences, 0)));
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_who_is_gone_before_the_customer_comes_leaves_nobody_alone() {
    let crowd = Crowd::with_team(SPEED, &["interested-at-once"], 1, Team(&[("+81701008", 1, 50)])).await;
    let ids = hand_over(&crowd, 1).await;
    let client = crowd.server.client().await;
    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(|call| call.check_company(NOBODY_COMES)));
    assert_eq!(ended[0].record["outcome"], "follow_up", "{}", ended[0].record);
    check_alone(&crowd, &ended[0].leg.sid).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_who_leaves_right_after_joining_leaves_the_customer_with_a_goodbye() {
    let crowd = Crowd::with_team(SPEED, &["interested-at-once"], 1, Team(&[("+81709000", 1, 50)])).await;
    let client = crowd.server.client().await;
    let id = client.start(crowd.site.customers[0].id, None).await;
    let agent = accepted(&crowd, &client, &id).await;
    crowd.sandbox.hang_up(&agent).await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &[id]).await;
    let last = ended[0].leg.spoken_to().last().copied().unwrap_or_default();
    assert!(last.contains(THANKS), "the last that the customer heard was {last:?}");
    assert_eq!(ended[0].record["outcome"], "success", "{}", ended[0].record);
    check_alone(&crowd, &ended[0].leg.sid).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conference_that_ends_by_itself_leaves_nobody_in_silence() {
    let mut crowd = Crowd::with_team(SPEED, &["interested-at-once"], 1, Team(&[("+81709000", 1, 50)])).await;
    let client = crowd.server.client().await;
    let id = client.start(crowd.site.customers[0].id, None).await;
    let agent = accepted(&crowd, &client, &id).await;
    let live: Vec<_> = crowd.sandbox.conferences().await;
    assert_eq!(live.iter().map(|conference| conference.status.as_str()).collect::<Vec<_>>(), ["in-progress"]);
    crowd.sandbox.end_conference(&live[0].sid).await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &[id]).await;
    let last = ended[0].leg.spoken_to().last().copied().unwrap_or_default();
    assert!(last.contains(THANKS), "the last that the customer heard was {last:?}");
    let agent = crowd.sandbox.leg(&agent).await;
    let word = agent.spoken_to().last().copied().unwrap_or_default();
    assert!(word.contains(AGENT_IS_DONE), "the last that the agent heard was {word:?}");
    assert_eq!(agent.status, "completed");
    assert_eq!(
        (ended[0].record["outcome"].as_str(), ended[0].record["endReason"].as_str()),
        (Some("success"), Some("human_done")),
        "{}",
        ended[0].record
    );
    assert_eq!(crowd.sandbox.conferences().await.len(), 1, "nobody was put into another one");
    check_alone(&crowd, &ended[0].leg.sid).await;
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

/// An agent played by the test hears the briefing, presses the key, and has the customer; the agent's leg.
async fn accepted(crowd: &Crowd, client: &Client, call: &str) -> String {
    stage_of(client, call, "briefing").await;
    let agent = agent_leg(client, call).await;
    // A key counts once the briefing is being said.
    crowd.sandbox.heard(&agent, "1を").await;
    crowd.sandbox.press(&agent, "1").await;
    stage_of(client, call, "bridged").await;
    agent
}

/// The customer was not alone in a conference for longer than a moment.
async fn check_alone(crowd: &Crowd, customer: &str) {
    check_alone_for(crowd, customer, 5.0).await;
}

async fn check_alone_for(crowd: &Crowd, customer: &str, most: f64) {
    for conference in crowd.sandbox.conferences().await {
        for alone in conference.alone.iter().filter(|alone| alone.call_sid == customer) {
            assert!(alone.secs < most, "the customer was alone in {} for {} s", conference.name, alone.secs);
        }
    }
}

/// A customer played by the test talks with the AI; the call and the customer's leg.
async fn with_ai(crowd: &Crowd, client: &Client, customer: usize) -> (String, String) {
    let call = client.start(crowd.site.customers[customer].id, None).await;
    status(client, &call, "ai-responding").await;
    let leg = client.call(&call).await["twilioCallSid"].as_str().unwrap().to_owned();
    (call, leg)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_wants_nobody_any_more_is_let_go_and_so_is_the_agent() {
    let team = Team(&[("+81701005", 1, 50)]);
    let mut crowd = Crowd::with_team(KILLED_AT_SPEED, &["manual"], 1, team).await;
    let client = crowd.server.client().await;
    let (call, leg) = with_ai(&crowd, &client, 0).await;
    crowd.sandbox.press(&leg, "0").await;
    stage_of(&client, &call, "ringing").await;
    crowd.sandbox.say(&leg, "やっぱり結構です").await;
    crowd.until_over(&client, LIMIT).await;
    let record = client.call(&call).await;
    assert_eq!(record["outcome"], "rejected", "{record}");
    let agents = crowd.sandbox.legs().await.into_iter().filter(|leg| leg.to.starts_with("+81701005"));
    let agents: Vec<String> = agents.map(|leg| leg.status).collect();
    assert_eq!(agents, ["canceled"]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_names_another_agent_or_takes_the_request_back() {
    let team = Team(&[("+81701005", 2, 50), ("+81701001", 1, 0)]);
    let mut crowd = Crowd::with_team(KILLED_AT_SPEED, &["manual"], 2, team).await;
    let client = crowd.server.client().await;
    let (named, _) = with_ai(&crowd, &client, 0).await;
    let ask = async |call: &str, agent: usize| {
        let wish = serde_json::json!({ "agentId": crowd.site.agents[agent].0.to_string() });
        let (status, answer) = client.post(&format!("/api/calls/{call}/handoff"), wish).await;
        assert_eq!(status, 200, "{answer}");
    };
    ask(&named, 0).await;
    stage_of(&client, &named, "ringing").await;
    ask(&named, 2).await;
    status(&client, &named, "human-connected").await;
    client.post(&format!("/api/calls/{named}/end"), serde_json::json!({})).await;

    let (taken_back, leg) = with_ai(&crowd, &client, 1).await;
    ask(&taken_back, 1).await;
    stage_of(&client, &taken_back, "ringing").await;
    let (status, answer) = client.delete(&format!("/api/calls/{taken_back}/handoff")).await;
    assert_eq!((status, answer["data"]["status"].as_str()), (200, Some("ai-responding")), "{answer}");
    crowd.sandbox.heard(&leg, NOBODY_COMES).await;
    crowd.sandbox.hang_up(&leg).await;
    crowd.until_over(&client, LIMIT).await;
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

/// `kill -9` with one hand-over in each stage; each goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hand_overs_go_on_after_the_server_was_killed_in_any_stage() {
    // Each is brought to its stage by the agent's doing, and stays there for as long as the agent likes.
    const STAGES: [&str; 4] = ["ringing", "briefing", "bridging", "bridged"];
    let team = Team(&[("+81701002", 1, 0), ("+81709000", 3, 0)]);
    // Nobody is hurried while the others are brought to their stages.
    let patience = [("TSUNAGU_CALLS__BRIDGING_SECS", "120"), ("TSUNAGU_CALLS__BRIEFING_SECS", "300")];
    let mut crowd = Crowd::with(KILLED_AT_SPEED, &["manual"], STAGES.len(), team, &patience).await;
    let client = crowd.server.client().await;
    let sandbox = &crowd.sandbox;
    let mut ids = Vec::new();
    // The last stage first, so that the telephone that rings has only just begun to.
    for (index, stage) in STAGES.iter().enumerate().rev() {
        let (agent, _) = &crowd.site.agents[index];
        let id = client.start(crowd.site.customers[index].id, Some(agent.to_string())).await;
        status(&client, &id, "ai-responding").await;
        let customer = client.call(&id).await["twilioCallSid"].as_str().unwrap().to_owned();
        if *stage == "bridging" {
            let late = serde_json::json!({ "conference": { "delay_min_ms": 4000, "delay_max_ms": 4000 } });
            sandbox.set_faults(late).await;
        }
        sandbox.press(&customer, "0").await;
        if *stage != "ringing" {
            stage_of(&client, &id, "briefing").await;
        }
        if matches!(*stage, "bridging" | "bridged") {
            let agent = agent_leg(&client, &id).await;
            // A key counts once the briefing is being said.
            sandbox.heard(&agent, "1を").await;
            sandbox.press(&agent, "1").await;
        }
        stage_of(&client, &id, stage).await;
        ids.push(id);
    }
    crowd.server.program.kill();
    crowd.sandbox.set_faults(serde_json::json!({})).await;
    crowd.server.restart();

    let client = crowd.server.client().await;
    for (stage, id) in STAGES.iter().rev().zip(&ids) {
        if *stage == "briefing" {
            let agent = agent_leg(&client, id).await;
            crowd.sandbox.press(&agent, "1").await;
        }
        status(&client, id, "human-connected").await;
        let (status, answer) = client.post(&format!("/api/calls/{id}/end"), serde_json::json!({})).await;
        assert_eq!((status, answer["data"]["result"].as_str()), (200, Some("成功")), "{stage}: {answer}");
    }
    crowd.until_over(&client, LIMIT).await;
    assert!(crowd.sandbox.conferences().await.iter().all(|conference| conference.status == "completed"));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

/// `kill -9` while customers wait in line for the only agent: one is served when the agent comes free, one has hung up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_who_wait_in_line_are_served_or_let_go_after_the_server_was_killed() {
    let team = Team(&[("+81709000", 1, 50)]);
    let mut crowd = Crowd::with_team(KILLED_AT_SPEED, &["manual"], 3, team).await;
    let client = crowd.server.client().await;
    let (engaged, leg) = with_ai(&crowd, &client, 0).await;
    crowd.sandbox.press(&leg, "0").await;
    accepted(&crowd, &client, &engaged).await;
    let (patient, leg) = with_ai(&crowd, &client, 1).await;
    crowd.sandbox.press(&leg, "0").await;
    let (impatient, impatient_leg) = with_ai(&crowd, &client, 2).await;
    crowd.sandbox.press(&impatient_leg, "0").await;
    for call in [&patient, &impatient] {
        stage_of(&client, call, "reserving").await;
    }
    crowd.server.program.kill();
    crowd.sandbox.hang_up(&impatient_leg).await;
    crowd.server.restart();

    let client = crowd.server.client().await;
    status(&client, &impatient, "completed").await;
    let record = client.call(&impatient).await;
    assert_eq!(
        (record["outcome"].as_str(), record["endReason"].as_str()),
        (Some("follow_up"), Some("customer_hung_up_waiting")),
        "{record}"
    );
    assert_eq!(stage(&client, &patient).await, "reserving", "the agent has somebody still");
    assert_eq!(client.call(&engaged).await["status"], "human-connected");
    for call in [&engaged, &patient] {
        if call == &patient {
            accepted(&crowd, &client, &patient).await;
        }
        let (status, answer) = client.post(&format!("/api/calls/{call}/end"), serde_json::json!({})).await;
        assert_eq!((status, answer["data"]["result"].as_str()), (200, Some("成功")), "{answer}");
    }
    crowd.until_over(&client, LIMIT).await;
    let agents = crowd.sandbox.legs().await.into_iter().filter(|leg| leg.to.starts_with("+81709000"));
    assert_eq!(agents.count(), 2, "one leg for each who was served");
    assert!(crowd.sandbox.conferences().await.iter().all(|conference| conference.status == "completed"));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

/// The carrier refuses for a while, fails, or does as it was told and does not say so: hand-overs take longer for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_in_trouble_delays_hand_overs_and_leaves_nobody_alone() {
    const CUSTOMERS: usize = 12;
    let team = Team(&[("+81701001", CUSTOMERS, 50)]);
    let mut crowd = Crowd::with_team(TROUBLED_AT_SPEED, &["interested-at-once"], CUSTOMERS, team).await;
    let client = crowd.server.client().await;
    let trouble = serde_json::json!({
        "rest": { "too_many": 0.15, "too_many_burst": 2, "unavailable": 0.1, "answer_lost": 0.15 }
    });
    crowd.sandbox.set_faults(trouble).await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, LONG_LIMIT).await;
    let mut ended = Vec::new();
    for id in &ids {
        ended.push((client.call(id).await, done_about(&client, id).await));
    }
    let met = ended.iter().filter(|(record, _)| record["outcome"] == "success").count();
    assert!(met * 4 >= CUSTOMERS * 3, "{met} of {CUSTOMERS} met a human: {ended:#?}");
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    for (record, _) in ended.iter().filter(|(record, _)| record["twilioCallSid"].is_string()) {
        check_alone_for(&crowd, record["twilioCallSid"].as_str().unwrap(), ALONE_IN_TROUBLE).await;
    }
    assert!(crowd.sandbox.conferences().await.iter().all(|conference| conference.status == "completed"));
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

/// What a call wanted done is done: the results, once there are no more to come.
async fn done_about(client: &Client, id: &str) -> Vec<Value> {
    until("all that was wanted is done", LIMIT, || async {
        let events: Vec<Value> =
            client.events(id).await.into_iter().map(|entry| entry["event"].clone()).collect();
        let ids = |kind: &str| -> Vec<u64> {
            let of_kind = events.iter().filter(|event| event["type"] == kind);
            of_kind.map(|event| event["id"].as_u64().unwrap()).collect()
        };
        let settled = ids("settled");
        let pending: Vec<u64> = ids("intended").into_iter().filter(|id| !settled.contains(id)).collect();
        if pending.is_empty() { Ok(events) } else { Err(pending) }
    })
    .await
}

pub async fn status(client: &Client, id: &str, wanted: &str) {
    until(wanted, LIMIT, || async {
        let record = client.call(id).await;
        if record["status"] == wanted { Ok(()) } else { Err(record["status"].clone()) }
    })
    .await;
}

/// Waits until the hand-over is in this stage.
pub async fn stage_of(client: &Client, id: &str, wanted: &str) {
    until(wanted, LIMIT, || async {
        let stage = stage(client, id).await;
        if stage == wanted { Ok(()) } else { Err(stage) }
    })
    .await;
}

/// The stage of the hand-over, which begins with an agent being looked for; null without one.
async fn stage(client: &Client, id: &str) -> Value {
    let events = client.events(id).await;
    let mut events = events.iter().rev().map(|event| &event["event"]);
    events
        .find_map(|event| match event["type"].as_str() {
            Some("handoverMoved") => Some(event["stage"]["at"].clone()),
            Some("handoverRequested") => Some("reserving".into()),
            _ => None,
        })
        .unwrap_or_default()
}

/// The carrier's name of the leg of the agent who is being fetched.
pub async fn agent_leg(client: &Client, id: &str) -> String {
    let events = client.events(id).await;
    let legs = events
        .iter()
        .rev()
        .map(|event| &event["event"])
        .filter(|event| event["type"] == "progressed" && event["leg"].get("agent").is_some());
    let sid = legs.filter_map(|event| event["callSid"].as_str()).next();
    sid.expect("the agent has a leg").to_owned()
}
