//! The sandbox carrier as a process, and what it tells of the calls it carried.

use crate::program::Program;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "token-of-the-tests";
pub const OUR_NUMBER: &str = "+815000000000";

pub struct Sandbox {
    pub program: Program,
    http: reqwest::Client,
}

/// A leg as the sandbox saw it.
#[derive(Debug, Clone, Deserialize)]
pub struct Leg {
    pub sid: String,
    pub to: String,
    pub status: String,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    #[serde(default)]
    pub log: Vec<LogLine>,
}

/// One thing that happened on a leg.
#[derive(Debug, Clone, Deserialize)]
pub struct LogLine {
    pub at: Timestamp,
    pub kind: String,
    #[serde(flatten)]
    pub detail: Value,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Conference {
    pub sid: String,
    pub name: String,
    pub status: String,
    pub members: Vec<Stay>,
    pub alone: Vec<Alone>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Stay {
    pub call_sid: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Alone {
    pub call_sid: String,
    pub secs: f64,
}

impl Sandbox {
    /// Starts one whose calls run `speed` times as fast as real time since `anchor`.
    pub fn start(speed: u32, anchor: Timestamp) -> Self {
        Self::with(speed, anchor, &[])
    }

    /// The same with further arguments.
    pub fn with(speed: u32, anchor: Timestamp, further: &[&str]) -> Self {
        let (speed, anchor) = (speed.to_string(), anchor.to_string());
        let mut args = vec!["sandbox", "--child", "--listen", "127.0.0.1:0"];
        args.extend(["--speed", &speed, "--anchor", &anchor, "--seed", "7"]);
        args.extend(further);
        let program = Program::start(
            &args,
            &[("TWILIO_ACCOUNT_SID", ACCOUNT.into()), ("TWILIO_AUTH_TOKEN", TOKEN.into())],
        );
        Self { program, http: crate::client::http() }
    }

    pub async fn set_faults(&self, faults: Value) {
        let url = format!("{}/sandbox/v1/faults", self.program.url);
        let answer = self.http.put(url).json(&faults).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// The person on a leg presses keys.
    pub async fn press(&self, sid: &str, digits: &str) {
        let url = format!("{}/sandbox/v1/calls/{sid}/press", self.program.url);
        let answer = self.http.post(url).json(&serde_json::json!({ "digits": digits })).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// The person on a leg speaks.
    pub async fn say(&self, sid: &str, text: &str) {
        let url = format!("{}/sandbox/v1/calls/{sid}/say", self.program.url);
        let answer = self.http.post(url).json(&serde_json::json!({ "text": text })).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// The person on a leg hangs up.
    pub async fn hang_up(&self, sid: &str) {
        let url = format!("{}/sandbox/v1/calls/{sid}/hangup", self.program.url);
        let answer = self.http.post(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// Waits until a leg is listened to after having been told `words`.
    pub async fn heard(&self, sid: &str, words: &str) {
        let limit = std::time::Duration::from_secs(30);
        crate::wait::until(words, limit, || async {
            let heard = self.leg(sid).await.heard();
            if heard.iter().any(|text| text.contains(words)) { Ok(()) } else { Err(heard) }
        })
        .await;
    }

    pub async fn get(&self, path: &str) -> Value {
        let url = format!("{}/sandbox/v1/{path}", self.program.url);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Every leg, with its log.
    pub async fn legs(&self) -> Vec<Leg> {
        let list = self.get("calls?limit=1000").await;
        let mut legs = Vec::new();
        for leg in list["calls"].as_array().unwrap() {
            legs.push(self.leg(leg["sid"].as_str().unwrap()).await);
        }
        legs
    }

    pub async fn leg(&self, sid: &str) -> Leg {
        serde_json::from_value(self.get(&format!("calls/{sid}")).await).unwrap()
    }

    pub async fn live_legs(&self) -> usize {
        self.get("calls?live=true&limit=1000").await["calls"].as_array().unwrap().len()
    }

    /// Ends a conference as the carrier's own people might, in the middle of whatever is said there.
    pub async fn end_conference(&self, sid: &str) {
        let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Conferences/{sid}.json", self.program.url);
        let form = [("Status", "completed")];
        let answer = self.http.post(url).basic_auth(ACCOUNT, Some(TOKEN)).form(&form).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    pub async fn conferences(&self) -> Vec<Conference> {
        let list = self.get("conferences?limit=1000").await;
        serde_json::from_value(list["conferences"].clone()).unwrap()
    }
}

/// What the recogniser made of an answer.
#[derive(Debug)]
pub struct Recognised {
    pub text: String,
    /// The other side is known to have got it. It may or may not have where the leg was taken elsewhere meanwhile.
    pub answered: bool,
}

impl Leg {
    /// What the other side's recogniser was given of this leg, by the prompt that it answers: each answer once.
    pub fn recognised(&self) -> BTreeMap<u64, Recognised> {
        let mut turns = BTreeMap::new();
        for line in self.log.iter().filter(|line| line.kind == "webhook") {
            let url = line.detail["url"].as_str().unwrap_or_default();
            // Silence is told as an empty result.
            let text = line.detail["params"]["SpeechResult"].as_str().filter(|text| !text.is_empty());
            if let Some(text) = text
                && let Some(turn) = url.split("turn=").nth(1)
            {
                let turn: u64 = turn.split(['#', '&']).next().unwrap().parse().unwrap();
                let told = turns
                    .entry(turn)
                    .or_insert_with(|| Recognised { text: text.to_owned(), answered: false });
                told.answered |= line.detail["status"].is_number();
            }
        }
        turns
    }

    /// What was spoken to this leg, in order.
    pub fn heard(&self) -> Vec<String> {
        let heard = self.log.iter().filter(|line| line.kind == "heard_by");
        heard.map(|line| line.detail["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// What our documents said to this leg, in order; not what was heard in the conference.
    pub fn spoken_to(&self) -> Vec<&str> {
        let spoken = self.log.iter().filter(|line| line.kind == "heard_by" && line.detail["source"] == "say");
        spoken.map(|line| line.detail["text"].as_str().unwrap_or_default()).collect()
    }

    /// What others in the conference said to this leg, in order.
    pub fn heard_in_conference(&self) -> Vec<&str> {
        let heard =
            self.log.iter().filter(|line| line.kind == "heard_by" && line.detail["source"] == "conference");
        heard.map(|line| line.detail["text"].as_str().unwrap_or_default()).collect()
    }

    /// What the sandbox found wrong with how the leg was served.
    pub fn complaints(&self) -> Vec<String> {
        let bad = self.log.iter().filter(|line| matches!(line.kind.as_str(), "error" | "warning"));
        bad.map(|line| line.detail.to_string()).collect()
    }
}
