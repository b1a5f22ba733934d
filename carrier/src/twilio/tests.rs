//! The client against a carrier that misbehaves: what it answers, and how often it was asked to act.

mod commands;
mod creates;
mod recordings;
mod sandbox;
mod stage;

use std::time::Duration;

use super::{TwilioClient, TwilioConfig};
use crate::NewCall;

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TO: &str = "+815010010000";
const FROM: &str = "+815030000000";

/// Settings under which nothing waits long.
fn settings(base_url: &str) -> TwilioConfig {
    TwilioConfig {
        backoff_first: Duration::from_millis(1),
        backoff_most: Duration::from_millis(5),
        lookup_first: Duration::from_millis(1),
        not_found_wait: Duration::from_millis(1),
        ..TwilioConfig::new(base_url, ACCOUNT, "secret")
    }
}

fn client(base_url: &str) -> TwilioClient {
    TwilioClient::new(settings(base_url)).unwrap()
}

fn new_call() -> NewCall {
    NewCall::new(TO, FROM, "https://a.example/voice", stage::NOW.parse().unwrap())
}
