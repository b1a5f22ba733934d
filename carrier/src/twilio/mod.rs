//! Twilio over its REST API (version 2010-04-01), or anything else that speaks it, such as the sandbox.
//!
//! `command → form → exchange (one attempt) → retry → adopt (a create whose answer was lost) → answer`
//!
//! Twilio's REST API has no idempotency key. So each command says whether it may be repeated, and a create that may
//! or may not have been carried out is looked up before anybody is rung a second time.

mod adopt;
mod answer;
mod client;
mod config;
mod exchange;
mod form;
mod media;
mod operations;
mod retry;

#[cfg(test)]
mod tests;

pub use client::TwilioClient;
pub use config::TwilioConfig;
