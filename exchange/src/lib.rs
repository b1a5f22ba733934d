//! The exchange: what nodes that share a store tell each other at once, beside what each finds in the store.
//!
//! fact in the journal → [`Exchange::publish`] → the other nodes' [`Exchange::next`] → their hubs. Nothing depends on it: news may be
//! lost, come twice, late and out of order, since the journals have all of it, numbered, and every node looks there as well.

mod exchange;
#[cfg(feature = "nats")]
mod nats;
mod news;

pub use exchange::{Exchange, Link};
#[cfg(feature = "nats")]
pub use nats::{Nats, NatsConfig, NatsError};
pub use news::{News, NotANote, Note};
