//! What a call wants of supervisors and of those in its conference, done at the carrier.

use super::effects::{Errand, Life, done};
use tsunagu_call::{Settlement, SupervisionMode, Time};
use tsunagu_carrier::{CallEvent, NewCall, ParticipantUpdate};
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
        self.dial(call, life).await
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
