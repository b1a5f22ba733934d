//! REST, webhooks and sign-in: handlers that translate and forward.
//!
//! request → extractor (signature, token, body) → [`tsunagu_actors::Switchboard`] or the store → answer in its envelope or TwiML
//!
//! Nothing here decides about a call, and no state of a call is kept here. What a handler answers to a person goes through
//! one envelope, what it answers to the carrier is always TwiML that keeps or ends the leg politely.

mod agents;
mod app;
mod auth;
mod browser;
mod callbacks;
mod calls;
mod campaigns;
mod company;
mod customers;
mod dashboard;
mod demo;
mod envelope;
mod error;
mod health;
mod invitations;
mod language;
mod limits;
mod live;
mod metrics;
mod openapi;
mod panic;
mod people;
mod server;
mod sheet;
mod twilio;
mod users;
mod webhooks;

pub use app::App;
pub use auth::{
    PASSWORD_COST, PasswordError, Rate, Secrets, SignInLimits, hash_password, keep_tokens_tidy,
    password_fault,
};
pub use customers::Imports;
pub use demo::{Demo, DemoError};
pub use live::{Live, LiveConfig};
pub use metrics::install_metrics;
pub use server::{Bound, bind};
pub use twilio::{Voice, VoiceError, Voices};
pub use webhooks::{CourierError, HttpCourier, Targets};
