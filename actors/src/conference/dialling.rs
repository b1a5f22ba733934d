//! Legs: placed, found again where it is not known whether they were, and hung up.

use super::effects::{Errand, FOUND_AT_MOST, Life, done, not_wanted, refused};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tsunagu_call::{AgentRef, Leg, Settlement, Time};
use tsunagu_carrier::{
    CallEvent, CallInfo, CallQuery, CallRecording, CarrierError, Channels, DetectionMode, MachineDetection,
    NewCall,
};

/// The first wait before a carrier in trouble is asked again; each is twice the last, up to the longest. Real time.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// What the last look is given at least, when the time is over. Real time.
const SHORTEST_LOOK: Duration = Duration::from_secs(1);

/// After so many looks that did not show it, a leg was never placed: a carrier's lists lag a little behind.
const ABSENCES: u32 = 4;

/// The carrier's clock may be so far behind ours: what was wanted at a moment of ours may have been placed before it by that clock.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(5);

/// For how long a leg is told to hang up that does not. Real time.
const HANG_UP_PATIENCE: Duration = Duration::from_secs(60);

impl Errand {
    pub(super) async fn dial_customer(&self, life: Life) -> Settlement {
        let (rules, webhooks) = (&self.created.rules, &self.ports.webhooks);
        let since = self.created_at.timestamp();
        let url = webhooks.customer(self.call, self.created.profile.lang);
        let mut call = NewCall::new(&self.created.customer.phone, &self.created.from, url, since);
        // What could not be answered is asked once more: the customer hears the present prompt again.
        call.fallback_url = Some(webhooks.customer(self.call, self.created.profile.lang));
        call.record = rules.record.then(|| CallRecording {
            channels: Channels::Dual,
            status_callback: Some(webhooks.recording(self.call)),
        });
        call.status_callback = Some(webhooks.call_status(self.call));
        call.status_events = CallEvent::ALL.to_vec();
        call.timeout_secs = Some(rules.ring_secs);
        // The carrier ends what we could not: a little after we would have.
        call.time_limit_secs = Some(rules.longest_secs.saturating_add(60));
        call.machine_detection = self.detection(webhooks.detection(self.call));
        self.dial(Leg::Customer, call, life).await
    }

    pub(super) async fn dial_agent(
        &self,
        attempt: u32,
        agent: &AgentRef,
        asked_at: Time,
        life: Life,
    ) -> Settlement {
        let (rules, webhooks) = (&self.created.rules, &self.ports.webhooks);
        let url = webhooks.agent(self.call, attempt, agent.lang);
        // An agent may have been rung for another call a moment ago: only a call placed since then can be this one.
        let mut call = NewCall::new(&agent.phone, &self.created.from, url, asked_at.timestamp());
        call.fallback_url = Some(webhooks.agent(self.call, attempt, agent.lang));
        call.status_callback = Some(webhooks.agent_status(self.call, attempt));
        call.status_events = vec![CallEvent::Initiated, CallEvent::Answered, CallEvent::Completed];
        call.timeout_secs = Some(rules.agent_ring_secs);
        call.time_limit_secs = Some(rules.longest_secs.saturating_add(60));
        // The key keeps voicemail from ever getting a customer; detection finds it sooner, and the next agent is rung.
        call.machine_detection = self.detection(webhooks.agent_detection(self.call, attempt));
        self.dial(Leg::Agent(attempt), call, life).await
    }

    /// The carrier tells on the side who picked up, where that is wanted.
    pub(super) fn detection(&self, callback: String) -> Option<MachineDetection> {
        let wanted = self.created.rules.detect_machines;
        wanted.then_some(MachineDetection { mode: DetectionMode::Enable, async_callback: Some(callback) })
    }

    /// Places a call. One that was intended in an earlier life is looked for first: it may be ringing already, and the carrier may
    /// have told of it.
    pub(super) async fn dial(&self, leg: Leg, call: NewCall, life: Life) -> Settlement {
        if life != Life::Fresh {
            if let Some((_, call_sid)) = self.legs.iter().find(|(known, _)| *known == leg) {
                return Settlement::Dialled { call_sid: call_sid.to_string() };
            }
            match self.find(&call.to, call.created_after).await {
                Ok(Some(found)) => return Settlement::Dialled { call_sid: found.sid },
                Ok(None) if life == Life::Unwanted => return not_wanted(),
                Ok(None) => {}
                // It may have been placed: the one who asks decides whether to go on looking.
                Err(error) => return in_doubt(&error),
            }
        }
        match self.ports.carrier.create_call(&call).await {
            Ok(placed) => Settlement::Dialled { call_sid: placed.sid },
            Err(error) => {
                tracing::warn!(callId = %self.call, %error, "carrier did not place the call");
                if error.is_ambiguous() { in_doubt(&error) } else { refused(&error) }
            }
        }
    }

    /// The newest call to a number that was placed since then and is no leg that the call knows.
    pub(super) async fn find(&self, to: &str, since: Timestamp) -> Result<Option<CallInfo>, CarrierError> {
        let query = CallQuery {
            to: Some(to.to_owned()),
            from: Some(self.created.from.clone()),
            created_after: Some(since.checked_sub(CLOCK_SKEW).unwrap_or(Timestamp::MIN)),
            limit: FOUND_AT_MOST,
            ..CallQuery::default()
        };
        let found = self.ports.carrier.find_calls(&query).await?;
        let known = |call_sid: &str| self.legs.iter().any(|(_, known)| **known == *call_sid);
        Ok(found.into_iter().find(|call| !known(&call.sid) && may_be_since(call, since)))
    }

    /// Looks for a leg of which it is not known whether it was placed, until that is known or it cannot ring any more.
    pub(super) async fn find_leg(&self, phone: &str, since: Time, until: Time) -> Settlement {
        let (mut pause, mut absences) = (FIRST_PAUSE, 0);
        loop {
            tokio::time::sleep(pause.min(self.ports.clock.until(until))).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            let left = self.ports.clock.until(until).max(SHORTEST_LOOK);
            match tokio::time::timeout(left, self.find(phone, since.timestamp())).await {
                Ok(Ok(Some(found))) => return Settlement::Dialled { call_sid: found.sid },
                Ok(Ok(None)) => absences += 1,
                Ok(Err(error)) => {
                    tracing::warn!(callId = %self.call, %error, "a leg in doubt cannot be looked up");
                }
                Err(_) => tracing::warn!(callId = %self.call, "looking a leg in doubt up takes too long"),
            }
            let message = if absences >= ABSENCES {
                "it was never placed"
            } else if self.ports.clock.now() >= until {
                "nothing was heard of it for as long as it could have rung"
            } else {
                continue;
            };
            return Settlement::Refused { code: None, message: message.to_owned() };
        }
    }

    /// Hangs a leg up, again and again while the carrier is in trouble: nobody may be left on the line, and an agent whose
    /// telephone still rings must not be given back. One that is gone is hung up.
    pub(super) async fn hang_up(&self, call_sid: &str) -> Settlement {
        let mut last = Settlement::Refused { code: None, message: "the carrier did not answer".to_owned() };
        let done = async {
            let mut pause = FIRST_PAUSE;
            loop {
                last = self.hang_up_once(call_sid).await;
                if last == Settlement::Done {
                    return;
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        // Refused or not in time: what was seen last tells why.
        drop(tokio::time::timeout(HANG_UP_PATIENCE, done).await);
        last
    }

    async fn hang_up_once(&self, call_sid: &str) -> Settlement {
        match self.ports.carrier.hang_up(call_sid).await {
            Err(CarrierError::NotInProgress | CarrierError::NotFound { .. }) => Settlement::Done,
            result => done(result),
        }
    }
}

/// The call may have been placed since then. One that bears an earlier moment, and is over, is more likely the last one to the same
/// number: nobody is rung for two calls at a time. The carrier writes whole seconds.
fn may_be_since(call: &CallInfo, since: Timestamp) -> bool {
    let placed = call.date_created.as_ref().and_then(|date| date.at);
    placed.is_none_or(|at| at.as_second() >= since.as_second()) || !call.status.is_final()
}

fn in_doubt(error: &CarrierError) -> Settlement {
    Settlement::InDoubt { message: error.to_string() }
}
