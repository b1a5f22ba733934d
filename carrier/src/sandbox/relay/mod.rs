//! ConversationRelay, as far as it needs neither time nor a person: its messages, and what is spoken when.
//!
//! The session itself is `interpreter/relay/session.rs`, since it is a verb that a leg runs.

mod message;
mod talk;

pub use message::{Command, dtmf, error, interrupt, prompt, read, setup};
pub use talk::{Cause, Content, Piece, Step, Talk, Tokens, allows};
