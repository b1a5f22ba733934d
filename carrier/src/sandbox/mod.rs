//! The sandbox carrier: an HTTP service that speaks Twilio's REST API, and the people it rings.

pub mod persona;
