//! A crowd of calls at once: started together, waited for together, and checked against what the sandbox saw.

use crate::{
    client::Client,
    home::Home,
    sandbox::{Leg, Sandbox},
    server::Server,
    site::{Site, SiteCustomer, Team},
    wait::until,
};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use serde_json::Value;
use std::{collections::HashMap, time::Duration};

/// Agents for many hand-overs: most accept, some are as people are. The better ones are not asked first.
pub const MIXED_TEAM: Team<'static> = Team(&[
    ("+81701001", 36, 50), // accept
    ("+81701002", 4, 50),  // accept slowly
    ("+81701003", 4, 50),  // decline
    ("+81701004", 2, 50),  // ring off in the briefing
    ("+81701005", 2, 50),  // do not answer
    ("+81701006", 2, 50),  // are engaged
    ("+81701007", 2, 50),  // have an answering machine
]);

pub struct Crowd {
    pub site: Site,
    pub sandbox: Sandbox,
    pub server: Server,
}

/// A call that is over, as both sides tell it.
pub struct Ended<'a> {
    pub customer: &'a SiteCustomer,
    pub record: Value,
    pub events: Vec<Value>,
    pub leg: Leg,
}

impl Crowd {
    pub async fn gather(speed: u32, personas: &[&str], customers: usize) -> Self {
        Self::with_team(speed, personas, customers, MIXED_TEAM).await
    }

    pub async fn with_team(speed: u32, personas: &[&str], customers: usize, team: Team<'_>) -> Self {
        Self::with(speed, personas, customers, team, &[]).await
    }

    pub async fn with(
        speed: u32,
        personas: &[&str],
        customers: usize,
        team: Team<'_>,
        settings: &[(&'static str, &str)],
    ) -> Self {
        Self::at(Home::folder(), speed, personas, customers, team, settings).await
    }

    /// The same with the site's data somewhere else.
    pub async fn at(
        home: Home,
        speed: u32,
        personas: &[&str],
        customers: usize,
        team: Team<'_>,
        settings: &[(&'static str, &str)],
    ) -> Self {
        let anchor = Timestamp::now();
        let sandbox = Sandbox::start(speed, anchor);
        let site = Site::seed_in(home, personas, customers, team).await;
        let server = Server::with(&site, &sandbox, speed, anchor, settings);
        Self { site, sandbox, server }
    }

    /// Starts a call to every customer, all at once. Gives the ids in the customers' order.
    pub async fn ring_all(&self, client: &Client) -> Vec<String> {
        stream::iter(&self.site.customers)
            .map(|customer| {
                let english = customer.english.then(|| self.site.english.to_string());
                client.start(customer.id, english)
            })
            .buffered(25)
            .collect()
            .await
    }

    /// Waits until every call is over and the carrier has no live leg.
    pub async fn until_over(&self, client: &Client, limit: Duration) {
        until("all calls are over", limit, || async {
            // Asked first: a list of live calls is read from their journals where several servers have them.
            let live = self.sandbox.live_legs().await;
            if live > 0 {
                return Err(format!("{live} live legs"));
            }
            let (status, active) = client.get("/api/calls/active").await;
            match active["count"].as_u64() {
                Some(0) if status == 200 => Ok(()),
                count => Err(format!("{count:?} active calls, no live leg")),
            }
        })
        .await;
    }

    /// Both sides' accounts of every call.
    pub async fn accounts(&self, client: &Client, ids: &[String]) -> Vec<Ended<'_>> {
        let mut ended = Vec::new();
        for (customer, id) in self.site.customers.iter().zip(ids) {
            let record = client.call(id).await;
            let sid = record["twilioCallSid"].as_str().unwrap_or_else(|| panic!("no leg: {record}"));
            let leg = self.sandbox.leg(sid).await;
            ended.push(Ended { customer, record: record.clone(), events: client.events(id).await, leg });
        }
        if let Ok(folder) = std::env::var("TSUNAGU_TEST_DUMP") {
            dump(&folder, &ended, &self.sandbox).await;
        }
        ended
    }
}

impl Ended<'_> {
    fn lines(&self, of: impl Fn(&Value) -> bool) -> Vec<&str> {
        let transcript = self.record["transcript"].as_array().unwrap().iter();
        transcript.filter(|line| of(line)).map(|line| line["message"].as_str().unwrap()).collect()
    }

    /// What the AI heard, and the prompts that it answered, by the journal.
    fn heard(&self) -> Vec<(u64, &str)> {
        let events = self.events.iter().map(|event| &event["event"]).filter(|event| event["type"] == "heard");
        events.map(|event| (event["turn"].as_u64().unwrap(), event["text"].as_str().unwrap())).collect()
    }

    /// The outcome is one that fits the person who was called.
    pub fn check_outcome(&self) -> Result<(), String> {
        let outcome = self.record["outcome"].as_str().unwrap_or("none");
        if self.customer.expected.iter().any(|expected| expected == outcome) {
            return Ok(());
        }
        Err(format!(
            "{} ended {outcome} ({}), expected {:?}\n  transcript: {:#?}\n  complaints: {:?}",
            self.customer.persona,
            self.record["endReason"],
            self.customer.expected,
            self.record["transcript"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| format!("{}: {}", line["speaker"], line["message"]))
                .collect::<Vec<_>>(),
            self.leg.complaints(),
        ))
    }

    /// What the customer said stands there once and in order; what they heard was written down before.
    pub fn check_transcript(&self) -> Result<(), String> {
        // What they say to the AI has a meaning; what they say to a human is only written down.
        let to_the_ai = |line: &Value| line["speaker"] == "customer" && line["intent"].is_string();
        let written = self.heard();
        let mut recognised = self.leg.recognised();
        recognised.retain(|turn, told| told.answered || written.iter().any(|(heard, _)| heard == turn));
        let told: Vec<_> = recognised.iter().map(|(turn, told)| (*turn, told.text.as_str())).collect();
        let lines: Vec<_> = written.iter().map(|(_, text)| *text).collect();
        if written != told || lines != self.lines(to_the_ai) {
            return Err(format!("{}: said {told:#?}, written {written:#?}", self.customer.persona));
        }
        // A prompt may be spoken again after a redirect, or be overtaken by the next before it is spoken; but nothing is
        // spoken that is not written, and it is spoken in the order in which it is written.
        let (ai, spoken) = (
            in_order_of_first(self.lines(|line| line["speaker"] == "ai")),
            in_order_of_first(self.leg.spoken_to()),
        );
        let told: Vec<&str> = ai.into_iter().filter(|line| spoken.contains(line)).collect();
        if told != spoken || (spoken.is_empty() && self.record["answeredTime"].is_string()) {
            return Err(format!("{}: heard {spoken:#?}, of it written {told:#?}", self.customer.persona));
        }
        Ok(())
    }

    /// What the humans said to one another is written down, each sentence once and by whom it was said. The carrier may
    /// lose some of it.
    pub fn check_human_part(&self) -> Result<(), String> {
        let written = self.lines(|line| line["speaker"] == "agent");
        let mut heard = self.leg.heard_in_conference();
        for line in &written {
            match heard.iter().position(|heard| heard == line) {
                Some(place) => drop(heard.remove(place)),
                None => return Err(format!("{}: nobody said {line:?} so often", self.customer.phone)),
            }
        }
        match (written.len(), heard.len()) {
            (0, 2..) => Err(format!("{}: nothing was written down of {heard:?}", self.customer.phone)),
            _ => Ok(()),
        }
    }

    /// The journal has no gap, and no prompt was answered twice.
    pub fn check_journal(&self) -> Result<(), String> {
        let seqs: Vec<u64> = self.events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
        if seqs != (1..=seqs.len() as u64).collect::<Vec<_>>() {
            return Err(format!("sequence numbers {seqs:?}"));
        }
        let mut answers: HashMap<u64, u32> = HashMap::new();
        for event in self.events.iter().map(|event| &event["event"]) {
            if matches!(event["type"].as_str(), Some("heard" | "silent" | "pressed")) {
                *answers.entry(event["turn"].as_u64().unwrap()).or_default() += 1;
            }
        }
        match answers.iter().find(|(_, count)| **count > 1) {
            Some((turn, count)) => Err(format!("prompt {turn} was answered {count} times")),
            None => Ok(()),
        }
    }
}

/// Everything that both sides know, for whoever looks into a failure.
async fn dump(folder: &str, ended: &[Ended<'_>], sandbox: &Sandbox) {
    std::fs::create_dir_all(folder).unwrap();
    for call in ended {
        let (persona, id) = (&call.customer.persona, call.record["_id"].as_str().unwrap());
        let leg = sandbox.get(&format!("calls/{}", call.leg.sid)).await;
        let all = serde_json::json!({ "record": call.record, "events": call.events, "leg": leg });
        std::fs::write(format!("{folder}/{persona}-{id}.json"), serde_json::to_string_pretty(&all).unwrap())
            .unwrap();
    }
    let rest = serde_json::json!({ "calls": sandbox.get("calls?limit=1000").await, "conferences": sandbox.get("conferences?limit=1000").await, "counters": sandbox.get("counters").await });
    std::fs::write(format!("{folder}/sandbox.json"), serde_json::to_string_pretty(&rest).unwrap()).unwrap();
}

/// No agent was on two legs at once, and no leg of any agent outlived its call.
pub fn check_agents(legs: &[Leg], agents: &[(tsunagu_call::UserId, String)]) -> Result<(), String> {
    for (_, phone) in agents {
        let mut theirs: Vec<&Leg> = legs.iter().filter(|leg| &leg.to == phone).collect();
        theirs.sort_by_key(|leg| leg.created_at);
        for pair in theirs.windows(2) {
            let ended = pair[0].ended_at.ok_or_else(|| format!("{phone} is still on a call"))?;
            if pair[1].created_at < ended {
                return Err(format!(
                    "{phone} was rung at {} while on a call until {ended}",
                    pair[1].created_at
                ));
            }
        }
    }
    Ok(())
}

/// Everybody who was in a conference was there for somebody: a customer never alone for longer than `most` seconds.
pub async fn check_conferences(sandbox: &Sandbox, ended: &[Ended<'_>], most: f64) -> Result<(), String> {
    let conferences = sandbox.conferences().await;
    for conference in &conferences {
        if conference.status != "completed" {
            return Err(format!("{} is {}", conference.name, conference.status));
        }
        let of = ended
            .iter()
            .find(|ended| conference.name == format!("call-{}", ended.record["_id"].as_str().unwrap()));
        let Some(of) = of else { return Err(format!("{} belongs to no call", conference.name)) };
        let customer = of.record["twilioCallSid"].as_str().unwrap();
        if let Some(alone) =
            conference.alone.iter().find(|alone| alone.call_sid == customer && alone.secs > most)
        {
            return Err(format!("the customer of {} was alone for {} s", conference.name, alone.secs));
        }
        let inside: Vec<&str> = conference.members.iter().map(|stay| stay.call_sid.as_str()).collect();
        let known: Vec<&str> = of.record["participants"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|party| party["callSid"].as_str())
            .collect();
        if of.record["outcome"] == "success" && !inside.iter().all(|sid| known.contains(sid)) {
            return Err(format!("{}: inside {inside:?}, written {known:?}", conference.name));
        }
    }
    // Whoever is said to have spoken with a human was in a conference with one.
    for call in ended.iter().filter(|call| call.record["outcome"] == "success") {
        let name = format!("call-{}", call.record["_id"].as_str().unwrap());
        if !conferences.iter().any(|conference| conference.name == name && conference.members.len() >= 2) {
            return Err(format!("{name}: success, but no conference of two"));
        }
    }
    Ok(())
}

fn in_order_of_first(lines: Vec<&str>) -> Vec<&str> {
    let mut seen = std::collections::HashSet::new();
    lines.into_iter().filter(|line| seen.insert(*line)).collect()
}

/// All complaints together: one failure of many tells less than their pattern.
pub fn all_well(checks: impl IntoIterator<Item = Result<(), String>>) {
    let wrong: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}
