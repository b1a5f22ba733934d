//! Twilio's webhooks: checked, translated into inputs of a call, and the call's answer written as TwiML.
//!
//! Those that ask for TwiML always get TwiML: whatever goes wrong, nobody hears an error page read out.

mod agent_leg;
mod conference_events;
mod customer_leg;
mod legs;
mod recording;
mod render;
mod signed;
mod voice;

pub use voice::{Voice, VoiceError, Voices};

use actix_web::web::{self, ServiceConfig};

/// The routes under `/api/twilio`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/voice/conference/agent/{room}", web::post().to(agent_leg::agent))
        .route("/voice/conference/status/{call}", web::post().to(customer_leg::out))
        .route("/voice/conference/{call}", web::post().to(customer_leg::asks))
        .route("/voice/gather/{call}", web::post().to(customer_leg::gather))
        .route("/voice/partial/{call}", web::post().to(customer_leg::partial))
        .route("/voice/handoff-message", web::post().to(customer_leg::handoff_message))
        .route("/voice/inbound", web::post().to(customer_leg::inbound))
        .route("/voice/wait/{call}", web::post().to(agent_leg::wait))
        .route("/conference/events/{call}", web::post().to(conference_events::of_call))
        .route("/conference/agent-events", web::post().to(conference_events::of_room))
        .route("/call/status/{call}", web::post().to(legs::customer_status))
        .route("/call/agent-status/{call}", web::post().to(legs::agent_status))
        .route("/call/amd/{call}", web::post().to(legs::detection))
        .route("/recording/status/{call}", web::post().to(recording::status));
}
