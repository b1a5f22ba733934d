//! Calls, as people see and steer them.
//!
//! A live call is read from its conference's memory, one that is over from the store. What steers a call goes to the
//! conference; whether it may be done at all the call itself decides.

mod active;
mod end;
mod events;
mod export;
pub(crate) mod filled;
pub(crate) mod find;
pub(crate) mod handoff;
mod history;
mod notes;
mod outcome;
mod participants;
mod pause;
mod recording;
mod settled;
mod show;
mod start;
mod statistics;
mod supervise;
mod takeover;
mod telephone;
mod transcript;
mod wanted;

use crate::envelope::method_not_allowed;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(
    start::start,
    active::active,
    history::history,
    statistics::statistics,
    export::export,
    show::show,
    events::events,
    recording::fetch,
    pause::pause,
    pause::resume,
    handoff::handoff,
    handoff::take_back,
    supervise::supervise,
    supervise::leave,
    takeover::take_over,
    participants::change,
    participants::remove,
    end::end,
    transcript::add,
    notes::write,
))]
pub(crate) struct Docs;

/// The routes under `/api/calls`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let on = |path: &str, route: actix_web::Route, method: &'static str| {
        web::resource(path).route(route).default_service(method_not_allowed(method))
    };
    service
        .service(on("/start", web::post().to(start::start), "POST"))
        .service(on("/active", web::get().to(active::active), "GET"))
        .service(on("/history", web::get().to(history::history), "GET"))
        .service(on("/statistics", web::get().to(statistics::statistics), "GET"))
        .service(on("/export.csv", web::get().to(export::export), "GET"))
        .service(on("/{call}", web::get().to(show::show), "GET"))
        .service(on("/{call}/events", web::get().to(events::events), "GET"))
        .service(
            web::resource("/{call}/recording")
                .route(web::get().to(recording::fetch))
                .route(web::head().to(recording::fetch))
                .default_service(method_not_allowed("GET, HEAD")),
        )
        .service(on("/{call}/recording/pause", web::post().to(pause::pause), "POST"))
        .service(on("/{call}/recording/resume", web::post().to(pause::resume), "POST"))
        .service(
            web::resource("/{call}/handoff")
                .route(web::post().to(handoff::handoff))
                .route(web::delete().to(handoff::take_back))
                .default_service(method_not_allowed("POST, DELETE")),
        )
        .service(
            web::resource("/{call}/supervise")
                .route(web::post().to(supervise::supervise))
                .route(web::delete().to(supervise::leave))
                .default_service(method_not_allowed("POST, DELETE")),
        )
        .service(on("/{call}/takeover", web::post().to(takeover::take_over), "POST"))
        .service(
            web::resource("/{call}/participants/{leg}")
                .route(web::patch().to(participants::change))
                .route(web::delete().to(participants::remove))
                .default_service(method_not_allowed("PATCH, DELETE")),
        )
        .service(on("/{call}/end", web::post().to(end::end), "POST"))
        .service(on("/{call}/transcript", web::put().to(transcript::add), "PUT"))
        .service(on("/{call}/notes", web::put().to(notes::write), "PUT"));
}
