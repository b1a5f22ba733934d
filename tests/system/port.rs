//! Ports that stay a server's own while it is down.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU32, Ordering},
};

/// Below those of which the system gives one to whoever asks for any, and to every connection that goes out.
const FIRST: u16 = 20_000;
const MANY: u16 = 10_000;
/// From one of a process to its next: the numbers of processes that run at once are close to one another.
const STEP: u32 = 97;

/// One that nobody listens at. Other processes begin to look for theirs elsewhere.
pub fn free() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let begin = std::process::id().wrapping_add(STEP.wrapping_mul(GIVEN.fetch_add(1, Ordering::Relaxed)));
    let begin = u16::try_from(begin % u32::from(MANY)).unwrap();
    let mut ports = (0..MANY).map(|further| FIRST + (begin + further) % MANY);
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}
