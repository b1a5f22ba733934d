//! The programs of others in `tests/clients`.

#![expect(clippy::print_stdout, reason = "what such a program says belongs to the test's output")]

use std::{path::Path, process::Command};

/// Where one of them lies.
pub fn folder(name: &str) -> String {
    format!("{}/tests/clients/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What one of them needs, as `tests/run` prepared it and told by this variable; `None` skips the test, which CI does not
/// allow.
pub fn prepared(variable: &str) -> Option<String> {
    let prepared = std::env::var(variable).ok();
    if prepared.is_none() {
        assert!(std::env::var("CI").is_err(), "CI must run this: tests/run sets {variable}");
        println!("skipped: {variable} is not set (tests/run prepares it)");
    }
    prepared
}

/// Whether there is a browser; without one the test is skipped, which CI does not allow.
pub fn chromium() -> bool {
    let chromium = std::env::var("TSUNAGU_TEST_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let there = Path::new(&chromium).exists();
    if !there {
        assert!(std::env::var("CI").is_err(), "{chromium} is missing: install it (apt-get install chromium)");
        println!("skipped: {chromium} is not installed");
    }
    there
}

/// Runs one to its end.
///
/// # Panics
/// When it does not say that all is well, with what it said.
pub async fn says_ok(mut command: Command) {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{out}\n{err}");
    assert!(output.status.success(), "{out}\n{err}");
}
