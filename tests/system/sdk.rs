//! The official Python package judges the sandbox: every request it signs, every resource it serves.

use crate::sandbox::{ACCOUNT, Sandbox, TOKEN};
use jiff::Timestamp;
use std::process::Command;

#[test]
fn twilios_own_sdk_accepts_the_sandbox() {
    let Ok(python) = std::env::var("TSUNAGU_TEST_PYTHON") else {
        assert!(std::env::var("CI").is_err(), "CI must run this: tests/run prepares the interpreter");
        println!(
            "skipped: TSUNAGU_TEST_PYTHON names no interpreter with the twilio package (tests/run prepares one)"
        );
        return;
    };
    let sandbox = Sandbox::start(20, Timestamp::now());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/twilio_sdk/check.py");
    let checked = Command::new(python).args([script, &sandbox.program.url, ACCOUNT, TOKEN]).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stdout);
    println!("{said}");
    assert!(checked.status.success(), "{said}\n{}", String::from_utf8_lossy(&checked.stderr));
}
