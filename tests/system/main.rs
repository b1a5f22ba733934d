//! Whole-system tests: the real binary, the sandbox carrier, real clients.
fn main() {}
