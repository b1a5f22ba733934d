//! Twilio's webhooks: checked, translated into inputs of a call, and the call's answer written as TwiML.
//!
//! Those that ask for TwiML always get TwiML: whatever goes wrong, nobody hears an error page read out.

mod advice;
mod agent_leg;
mod aloud;
mod conference_events;
mod customer_leg;
mod legs;
mod recording;
mod render;
mod rung_leg;
mod signed;
mod supervisor_leg;
mod transcription;
mod voice;

pub use voice::{Voice, VoiceError, Voices};

use crate::envelope::method_not_allowed;
use actix_web::web::{ServiceConfig, post, resource};

/// The routes under `/api/twilio`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let routes = [
        ("/voice/conference/agent/{room}", post().to(agent_leg::agent)),
        ("/voice/conference/supervisor/{call}", post().to(supervisor_leg::supervisor)),
        ("/voice/conference/status/{call}", post().to(customer_leg::out)),
        ("/voice/conference/{call}", post().to(customer_leg::asks)),
        ("/voice/gather/{call}", post().to(customer_leg::gather)),
        ("/voice/partial/{call}", post().to(customer_leg::partial)),
        ("/voice/handoff-message", post().to(customer_leg::handoff_message)),
        ("/voice/inbound", post().to(customer_leg::inbound)),
        ("/voice/wait/{call}", post().to(agent_leg::wait)),
        ("/voice/hold/{call}", post().to(customer_leg::hold)),
        ("/conference/events/{call}", post().to(conference_events::of_call)),
        ("/conference/agent-events", post().to(conference_events::of_room)),
        ("/call/status/{call}", post().to(legs::customer_status)),
        ("/call/agent-status/{call}", post().to(legs::agent_status)),
        ("/call/supervisor-status/{call}", post().to(legs::supervisor_status)),
        ("/call/amd/{call}", post().to(legs::detection)),
        ("/transcription/status/{call}", post().to(transcription::status)),
        ("/recording/status/{call}", post().to(recording::status)),
    ];
    for (path, route) in routes {
        service.service(resource(path).route(route).default_service(method_not_allowed("POST")));
    }
}
