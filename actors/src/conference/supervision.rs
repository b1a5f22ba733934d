//! What a call wants of supervisors and of those in its conference, done at the carrier.

use super::effects::{Errand, Life, done, refused};
use crate::dispatcher::claim;
use tsunagu_call::{Leg, Settlement, SupervisionMode, Time, UserId, routing::Needs};
use tsunagu_carrier::{CallEvent, CarrierError, NewCall, ParticipantUpdate};
use tsunagu_conversation::Lang;

impl Errand {
    /// Rings a supervisor, as an agent is rung.
    pub(super) async fn dial_supervisor(
        &self,
        number: u32,
        phone: &str,
        lang: Lang,
        asked_at: Time,
        life: Life,
    ) -> Settlement {
        let (rules, webhooks) = (&self.created.rules, &self.ports.webhooks);
        let url = webhooks.supervisor(self.call, number, lang);
        // They may have been rung for another call a moment ago: only a call placed since then can be this one.
        let mut call = NewCall::new(phone, &self.created.from, url, asked_at.timestamp());
        call.fallback_url = Some(webhooks.supervisor(self.call, number, lang));
        call.status_callback = Some(webhooks.supervisor_status(self.call, number));
        call.status_events = vec![CallEvent::Initiated, CallEvent::Answered, CallEvent::Completed];
        call.timeout_secs = Some(rules.agent_ring_secs);
        call.time_limit_secs = Some(rules.longest_secs.saturating_add(60));
        call.machine_detection = self.detection(webhooks.supervisor_detection(self.call, number));
        self.dial(Leg::Supervisor(number), call, life).await
    }

    /// Lets a supervisor in the conference be heard by nobody, by the agent alone, or by all.
    pub(super) async fn set_supervisor(
        &self,
        conference_sid: &str,
        call_sid: &str,
        mode: SupervisionMode,
        agent_sid: String,
    ) -> Settlement {
        let whispers = mode == SupervisionMode::Whisper;
        let update = ParticipantUpdate {
            muted: Some(mode == SupervisionMode::Listen),
            coaching: Some(whispers),
            coach: whispers.then_some(agent_sid),
            ..ParticipantUpdate::default()
        };
        done(self.ports.carrier.update_participant(conference_sid, call_sid, &update).await)
    }

    /// Reserves somebody who wants the call themselves.
    pub(super) async fn claim(&self, agent: UserId) -> Settlement {
        let pick = self.search(Some(agent), Vec::new(), Needs::default(), true);
        match claim(&*self.ports.store, self.ports.clock, &pick, agent).await {
            Ok(claimed) => claimed.unwrap_or(Settlement::NobodyFree { considered: Vec::new() }),
            Err(error) => {
                tracing::error!(callId = %self.call, %error, "a supervisor could not be reserved");
                Settlement::Refused { code: None, message: error.to_string() }
            }
        }
    }

    /// Gives the agent's place to the supervisor. At no moment could both leave and the conference go on: first it ends with
    /// either of them, then with the supervisor, and then the agent is taken out. What cannot be done is undone.
    pub(super) async fn take_seat(&self, conference_sid: &str, supervisor: &str, agent: &str) -> Settlement {
        let carrier = &self.ports.carrier;
        let ends = |ends| ParticipantUpdate { end_conference_on_exit: Some(ends), ..Default::default() };
        let seated = ParticipantUpdate { hold: Some(false), ..ends(true) };
        if let Err(error) = carrier.update_participant(conference_sid, supervisor, &seated).await {
            // An earlier life of the call may have come further than this.
            self.set_back(conference_sid, agent, &ends(true)).await;
            return refused(&error);
        }
        let removed = async {
            carrier.update_participant(conference_sid, agent, &ends(false)).await?;
            carrier.remove_participant(conference_sid, agent).await
        };
        let error = match removed.await {
            Ok(()) | Err(CarrierError::NotFound { .. }) => return Settlement::Done,
            Err(error) => error,
        };
        match self.set_back(conference_sid, agent, &ends(true)).await {
            // They were taken out after all, or have gone by themselves.
            Some(CarrierError::NotFound { .. }) => Settlement::Done,
            // Until it is known better, the conference ends with either.
            Some(_) => refused(&error),
            None => {
                self.set_back(conference_sid, supervisor, &ends(false)).await;
                refused(&error)
            }
        }
    }

    /// Undoes a part of a take-over; what is told is why that failed.
    async fn set_back(
        &self,
        conference_sid: &str,
        leg: &str,
        before: &ParticipantUpdate,
    ) -> Option<CarrierError> {
        let error = self.ports.carrier.update_participant(conference_sid, leg, before).await.err()?;
        tracing::warn!(callId = %self.call, %error, "a leg could not be set back after a take-over that failed");
        Some(error)
    }

    /// Mutes a leg or puts it on hold, or the contrary.
    pub(super) async fn set_participant(
        &self,
        conference_sid: &str,
        call_sid: &str,
        muted: Option<bool>,
        held: Option<bool>,
    ) -> Settlement {
        let hold_url = || self.ports.webhooks.hold(self.call, self.created.profile.lang);
        let update = ParticipantUpdate {
            muted,
            hold: held,
            hold_url: (held == Some(true)).then(hold_url),
            ..ParticipantUpdate::default()
        };
        done(self.ports.carrier.update_participant(conference_sid, call_sid, &update).await)
    }

    /// Takes a leg out of the conference; its own document tells what it hears next.
    pub(super) async fn remove_participant(&self, conference_sid: &str, call_sid: &str) -> Settlement {
        done(self.ports.carrier.remove_participant(conference_sid, call_sid).await)
    }
}
