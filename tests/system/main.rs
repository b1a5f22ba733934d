//! Whole-system tests: the real binary, the sandbox carrier as a process of its own, and clients as they are in the field.
//!
//! They run on the real clock of the machine; calls run on a clock that is faster by the time factor, which server and
//! sandbox share. Nothing sleeps for effect: a test waits for what it is about, with a limit.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect fails there and then"
)]

mod advice;
mod campaigns;
mod client;
mod clients;
mod contract;
mod crash;
mod crowd;
mod dashboard;
mod handover;
mod home;
#[cfg(feature = "mongodb")]
mod in_mongodb;
mod live;
mod operations;
mod outcomes;
mod port;
mod program;
mod recordings;
mod refusals;
mod rooms;
mod rush;
mod sandbox;
mod sdk;
mod server;
mod site;
mod speech;
mod steering;
mod strangers;
mod supervision;
mod users;
mod wait;
mod webhooks;
