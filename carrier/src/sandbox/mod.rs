//! The sandbox carrier: an HTTP service that speaks Twilio's REST API, and the people it rings.
//!
//! `REST → Exchange → Leg (one task a call) → TwiML → webhooks, signed → your program`
//!
//! As far as a program can tell this is Twilio: calls are queued, ring, are answered by personas, fetch TwiML and run
//! it, meet in conferences and queues, are connected to WebSockets, and report all of it, in Twilio's order, with
//! Twilio's parameters, signatures and errors. Call time can run faster than the wall, and faults can be ordered. What it
//! does not do: it has no voices (the sound that it streams is silence), bills nobody, and forgets everything when it stops.

mod background;
mod call;
mod callback;
mod casting;
mod clock;
mod conference;
mod config;
mod detection;
mod error;
mod exchange;
mod farewell;
mod fault;
mod inspect;
mod interpreter;
mod leg;
mod log;
mod person;
pub mod persona;
mod queue;
mod queues;
mod recording;
mod relay;
mod rest;
mod room;
mod server;
mod sid;
mod stream;
mod transcription;
mod wav;
mod webhook;
mod websocket;

pub use config::{Pace, SandboxConfig};
pub use error::SandboxError;
pub use fault::{Faults, HookFaults, RestFaults};
pub use server::{SandboxHandle, serve};

#[cfg(test)]
mod tests;
