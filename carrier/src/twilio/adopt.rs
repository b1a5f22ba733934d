//! A create whose answer was lost: looked up, not repeated.

use actix_web::web::Bytes;
use jiff::Timestamp;
use metrics::counter;

use super::TwilioClient;
use super::exchange::Request;
use super::retry::{Repeat, Tried};
use crate::{
    CallInfo, CallQuery, CallStatus, CarrierError, ConferenceQuery, ConferenceStatus, NewParticipant,
    ParticipantInfo, ParticipantStatus,
};

/// Twilio's code for a label that is taken: the first create was carried out after all.
const LABEL_IN_USE: u32 = 16025;
/// How many of the latest calls between two numbers are looked at.
const CANDIDATES: usize = 50;

impl TwilioClient {
    /// Creates something exactly once, as far as the carrier lets that be known.
    ///
    /// A lost answer is followed by several looks with growing pauses. Found: adopted. Absent every time: not done,
    /// and created again, up to the limit. If looking fails as well, nobody knows: [`CarrierError::Ambiguous`].
    pub(super) async fn create_once<T, F>(
        &self,
        request: &Request,
        read: impl Fn(&Bytes) -> Result<T, CarrierError>,
        look: impl Fn() -> F,
    ) -> Result<T, CarrierError>
    where
        F: Future<Output = Result<Option<T>, CarrierError>>,
    {
        let config = &self.inner.config;
        let mut reason = String::new();
        for round in 0..config.creates {
            let Tried { result, .. } = self.request(request, Repeat::OnlyIfNotDone).await;
            let lost = match result.and_then(|body| read(&body)) {
                Ok(created) => return Ok(created),
                Err(error) if error.is_ambiguous() => error,
                Err(error) if round > 0 && error.code() == Some(LABEL_IN_USE) => error,
                Err(error) => return Err(error),
            };
            reason = lost.to_string();
            let mut wait = config.lookup_first;
            for _ in 0..config.lookups {
                tokio::time::sleep(wait).await;
                wait = wait.saturating_mul(2);
                match look().await {
                    Ok(Some(found)) => {
                        counter!("carrier_adopted_total", "operation" => request.operation).increment(1);
                        tracing::info!(
                            operation = request.operation,
                            reason,
                            "adopted what was created unheard"
                        );
                        return Ok(found);
                    }
                    Ok(None) => {}
                    Err(error) => {
                        let detail = format!("{reason}; looking it up failed: {error}");
                        return Err(CarrierError::Ambiguous { detail });
                    }
                }
            }
        }
        Err(CarrierError::Unavailable { detail: format!("{reason}; looked up, and not there") })
    }

    /// The newest call between two numbers since a moment that is not accounted for.
    pub(super) async fn unheard_call(
        &self,
        to: &str,
        from: &str,
        since: Timestamp,
    ) -> Result<Option<CallInfo>, CarrierError> {
        // Twilio writes whole seconds of its own clock.
        let skew = jiff::SignedDuration::try_from(self.inner.config.clock_skew).unwrap_or_default();
        let since = since.checked_sub(skew).unwrap_or(Timestamp::MIN);
        let query = CallQuery {
            to: Some(to.to_owned()),
            from: Some(from.to_owned()),
            created_after: Some(since),
            limit: CANDIDATES,
            ..CallQuery::default()
        };
        let calls = self.call_list(&query).await?;
        Ok(calls.into_iter().find(|call| self.claim(&call.sid)))
    }

    /// A participant by its label, or else the leg that was rung for it.
    pub(super) async fn unheard_participant(
        &self,
        conference: &str,
        new: &NewParticipant,
    ) -> Result<Option<ParticipantInfo>, CarrierError> {
        let conference_sid = self.live_conference(conference).await?;
        if let (Some(sid), Some(label)) = (&conference_sid, &new.label) {
            let present = self.participant_list(sid).await?;
            if let Some(found) = present.into_iter().find(|one| one.label.as_ref() == Some(label)) {
                self.remember(&found.call_sid);
                return Ok(Some(found));
            }
        }
        let leg = self.unheard_call(&new.to, &new.from, new.created_after).await?;
        Ok(leg.map(|leg| ParticipantInfo {
            call_sid: leg.sid,
            conference_sid: conference_sid.unwrap_or_default(),
            label: new.label.clone(),
            status: status_of_leg(leg.status),
            muted: new.muted,
            coaching: new.coach.is_some(),
            call_sid_to_coach: new.coach.clone(),
            start_conference_on_enter: new.start_conference_on_enter,
            end_conference_on_exit: new.end_conference_on_exit,
            date_created: leg.date_created,
            hold: false,
        }))
    }

    /// The sid of a conference given by sid or by room; `None` if the room has no live one.
    async fn live_conference(&self, conference: &str) -> Result<Option<String>, CarrierError> {
        if conference.len() == 34 && conference.starts_with("CF") {
            return Ok(Some(conference.to_owned()));
        }
        let query =
            ConferenceQuery { friendly_name: Some(conference.to_owned()), status: None, limit: CANDIDATES };
        let found = self.conference_list(&query).await?;
        Ok(found.into_iter().find(|one| one.status != ConferenceStatus::Completed).map(|one| one.sid))
    }
}

/// Where a leg stands as a participant, told by its call.
fn status_of_leg(status: CallStatus) -> ParticipantStatus {
    match status {
        CallStatus::Queued => ParticipantStatus::Queued,
        CallStatus::Initiated => ParticipantStatus::Connecting,
        CallStatus::Ringing => ParticipantStatus::Ringing,
        CallStatus::InProgress => ParticipantStatus::Connected,
        CallStatus::Completed => ParticipantStatus::Complete,
        CallStatus::Busy | CallStatus::Failed | CallStatus::NoAnswer | CallStatus::Canceled => {
            ParticipantStatus::Failed
        }
        CallStatus::Unknown => ParticipantStatus::Unknown,
    }
}
