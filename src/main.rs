//! The `tsunagu` program.
fn main() {}
