//! XML as TwiML needs it: escaping, a writer into one `String`, and a small bounded tree for reading.

mod escape;
mod node;
mod writer;

pub(crate) use escape::{Escape, escape};
pub(crate) use node::{Child, Node, parse};
pub(crate) use writer::Writer;
