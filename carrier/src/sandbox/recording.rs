//! Recordings: what is known of each. Their sound is made when it is asked for (`wav.rs`).

use super::clock::{Clock, rfc2822};
use super::webhook::Params;
use super::{call::RecordPlan, sid};
use jiff::Timestamp;
use serde_json::{Value, json};

/// One recording.
#[derive(Debug, Clone)]
pub struct Recording {
    /// `RE…`.
    pub sid: String,
    /// The call it belongs to.
    pub call: Option<String>,
    /// The conference it belongs to.
    pub conference: Option<String>,
    /// `in-progress`, `paused`, `stopped`, `completed`, `absent`.
    pub status: &'static str,
    /// How it is made and reported.
    pub plan: RecordPlan,
    /// When it began.
    pub started: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// Whole seconds, once it has ended.
    pub secs: Option<u64>,
    paused_at: Option<Timestamp>,
    skipped: f64,
}

impl Recording {
    /// A recording that begins now.
    pub fn new(call: Option<&str>, conference: Option<&str>, plan: RecordPlan, now: Timestamp) -> Self {
        Self {
            sid: sid::new("RE"),
            call: call.map(str::to_owned),
            conference: conference.map(str::to_owned),
            status: "in-progress",
            plan,
            started: now,
            updated: now,
            secs: None,
            paused_at: None,
            skipped: 0.0,
        }
    }

    /// Whether it is still being made.
    pub fn is_live(&self) -> bool {
        matches!(self.status, "in-progress" | "paused")
    }

    /// Pauses; with `skip` the pause is left out of the sound.
    pub fn pause(&mut self, skip: bool, now: Timestamp) {
        self.status = "paused";
        self.updated = now;
        self.paused_at = skip.then_some(now);
    }

    /// Goes on.
    pub fn resume(&mut self, now: Timestamp) {
        self.status = "in-progress";
        self.updated = now;
        self.skipped += self.paused_at.take().map_or(0.0, |since| Clock::between(since, now));
    }

    /// Ends it. Nothing recorded is `absent`.
    pub fn finish(&mut self, now: Timestamp) {
        self.resume(now);
        let secs = (Clock::between(self.started, now) - self.skipped).max(0.0);
        self.status = if secs > 0.0 { "completed" } else { "absent" };
        self.secs = Some(secs.round() as u64);
    }

    /// The parameters of its callback.
    pub fn params(&self, account: &str, public_url: &str) -> Params {
        let mut params: Params = vec![("AccountSid".into(), account.to_owned())];
        let mut add = |key: &str, value: String| params.push((key.to_owned(), value));
        if let Some(call) = &self.call {
            add("CallSid", call.clone());
        }
        if let Some(conference) = &self.conference {
            add("ConferenceSid", conference.clone());
        }
        add("RecordingSid", self.sid.clone());
        add("RecordingUrl", self.url(account, public_url));
        add("RecordingStatus", self.status.to_owned());
        if let Some(secs) = self.secs {
            add("RecordingDuration", secs.to_string());
        }
        add("RecordingChannels", self.plan.channels.to_string());
        add("RecordingStartTime", rfc2822(self.started));
        add("RecordingSource", self.plan.source.to_owned());
        add("RecordingTrack", self.plan.track.clone());
        params
    }

    /// Where its sound is, without extension.
    pub fn url(&self, account: &str, public_url: &str) -> String {
        format!("{public_url}/2010-04-01/Accounts/{account}/Recordings/{}", self.sid)
    }

    /// The resource as REST shows it.
    pub fn resource(&self, account: &str, public_url: &str) -> Value {
        let uri = format!("/2010-04-01/Accounts/{account}/Recordings/{}", self.sid);
        json!({
            "sid": self.sid,
            "account_sid": account,
            "api_version": "2010-04-01",
            "call_sid": self.call,
            "conference_sid": self.conference,
            "date_created": rfc2822(self.started),
            "date_updated": rfc2822(self.updated),
            "start_time": rfc2822(self.started),
            "duration": self.secs.map(|secs| secs.to_string()),
            "status": self.status,
            "channels": self.plan.channels,
            "source": self.plan.source,
            "track": self.plan.track,
            "price": null,
            "price_unit": "USD",
            "error_code": null,
            "encryption_details": null,
            "uri": format!("{uri}.json"),
            "media_url": self.url(account, public_url),
            "subresource_uris": {
                "add_on_results": format!("{uri}/AddOnResults.json"),
                "transcriptions": format!("{uri}/Transcriptions.json"),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_pause_shortens_it() {
        let plan = RecordPlan { channels: 1, track: "both".into(), source: "OutboundAPI", callback: None };
        let at = |secs: i64| Timestamp::from_second(1_700_000_000 + secs).unwrap();
        let mut recording = Recording::new(Some("CA1"), None, plan, at(0));
        recording.pause(true, at(10));
        recording.resume(at(40));
        recording.finish(at(60));
        assert_eq!((recording.status, recording.secs), ("completed", Some(30)));
    }
}
