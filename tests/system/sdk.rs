//! The official Python package judges the sandbox: every request it signs, every resource it serves.

use crate::{
    clients::{folder, prepared, says_ok},
    sandbox::{ACCOUNT, Sandbox, TOKEN},
};
use jiff::Timestamp;
use std::process::Command;

#[tokio::test]
async fn twilios_own_sdk_accepts_the_sandbox() {
    let Some(python) = prepared("TSUNAGU_TEST_PYTHON") else { return };
    let sandbox = Sandbox::start(20, Timestamp::now());
    let mut command = Command::new(python);
    command.args([&format!("{}/check.py", folder("twilio_sdk")), &sandbox.program.url, ACCOUNT, TOKEN]);
    says_ok(command).await;
}
