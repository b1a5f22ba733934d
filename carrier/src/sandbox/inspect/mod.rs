//! The inspection and control API under `/sandbox/v1/`: what a person or a test may know and do that Twilio's
//! clients may not.

mod calls;
mod conferences;
mod control;
mod counters;

pub use counters::Counters;

use actix_web::web::{self, ServiceConfig};

/// Adds the API's routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        web::scope("/sandbox/v1")
            .route("/health", web::get().to(control::health))
            .route("/counters", web::get().to(control::counters))
            .route("/faults", web::get().to(control::faults))
            .route("/faults", web::put().to(control::set_faults))
            .route("/faults", web::post().to(control::set_faults))
            .route("/faults", web::delete().to(control::reset_faults))
            .route("/personas", web::get().to(control::personas))
            .route("/personas", web::post().to(control::set_persona))
            .route("/inbound", web::post().to(control::inbound))
            .route("/calls", web::get().to(calls::list))
            .route("/calls/{sid}", web::get().to(calls::one))
            .route("/calls/{sid}/say", web::post().to(calls::say))
            .route("/calls/{sid}/press", web::post().to(calls::press))
            .route("/calls/{sid}/hangup", web::post().to(calls::hangup))
            .route("/conferences", web::get().to(conferences::list))
            .route("/conferences/{sid}", web::get().to(conferences::one)),
    );
}
