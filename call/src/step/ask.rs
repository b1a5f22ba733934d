//! What an agent's leg is told, from the stage that the hand-over is in: asked twice, it answers the same.

use super::Stepping;
use crate::{AgentReply, Briefing, Dismissal, Leg, Reply, Stage};
use tsunagu_conversation::Lang;

impl Stepping<'_> {
    /// The agent picked up and the carrier asks for the first document.
    pub(super) fn agent_asks(&mut self, attempt: u32, call_sid: String) -> Reply {
        // A leg that was dialled by mistake beside the first one is let go.
        let known = self.agent_leg(attempt).and_then(|leg| leg.call_sid.as_deref());
        if known.is_some_and(|known| known != call_sid) {
            return self.dismiss(attempt, Dismissal::Withdrawn);
        }
        self.leaver_asks(Leg::Agent(attempt), &call_sid);
        self.agent_answers(attempt, call_sid);
        self.agent_reply(attempt)
    }

    /// The agent pressed keys, or none in time.
    pub(super) fn agent_presses(&mut self, attempt: u32, digits: &str) -> Reply {
        self.agent_decides(attempt, digits);
        self.agent_reply(attempt)
    }

    /// The agent's leg came out of the conference; it ends by itself, and that end is what counts.
    pub(super) fn agent_out(&mut self, attempt: u32) -> Reply {
        self.dismiss(attempt, Dismissal::Over)
    }

    fn agent_reply(&self, attempt: u32) -> Reply {
        let call = &self.call;
        let lang = self.agent_lang(attempt);
        match (call.stage(), self.agent_leg(attempt)) {
            (Some(Stage::Briefing { attempt: current }), Some(_)) if *current == attempt => {
                let customer = &call.created.customer;
                let handover = call.handover.as_ref();
                Reply::Agent(AgentReply::Brief {
                    attempt,
                    briefing: Briefing {
                        lang,
                        customer_name: customer.name.clone(),
                        customer_company: customer.company.clone(),
                        reason: handover.map(|handover| handover.reason.clone()).unwrap_or_default(),
                        last_words: call.last_words.as_deref().map(str::to_owned),
                    },
                })
            }
            (Some(Stage::Bridging { attempt: current } | Stage::Bridged { attempt: current }), Some(_))
                if *current == attempt =>
            {
                Reply::Agent(AgentReply::Join { attempt, lang })
            }
            (Some(Stage::Cancelled { .. }), _) => self.dismiss(attempt, Dismissal::Withdrawn),
            _ if call.status.is_over() => self.dismiss(attempt, Dismissal::Withdrawn),
            _ => self.dismiss(attempt, Dismissal::Declined),
        }
    }

    fn dismiss(&self, attempt: u32, why: Dismissal) -> Reply {
        Reply::Agent(AgentReply::Dismiss { why, lang: self.agent_lang(attempt) })
    }

    /// The language of the agent of that attempt, also when they are the call's no longer.
    fn agent_lang(&self, attempt: u32) -> Lang {
        let index = usize::try_from(attempt).ok().and_then(|attempt| attempt.checked_sub(1));
        index.and_then(|index| self.call.agent_langs.get(index)).copied().unwrap_or(self.call.talk.lang)
    }
}
