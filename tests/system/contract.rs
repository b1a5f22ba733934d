//! The interface as others see it: against its own description, and as a client of the older server uses it.

use crate::{
    client::{Client, http},
    clients::{folder, prepared, says_ok},
    crowd::Crowd,
    site::{ADMIN, EMAIL, PASSWORD},
    wait::until,
};
use std::{fmt::Write as _, path::Path, process::Command, time::Duration};

const LIMIT: Duration = Duration::from_secs(60);
/// How many requests the description is tried with for each operation and role, beside those that its limits suggest.
const EXAMPLES: &str = "15";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_interface_is_as_it_describes_itself() {
    let Some(python) = prepared("TSUNAGU_TEST_PYTHON") else { return };
    let crowd = Crowd::gather(10, &["manual"], 3).await;
    let base = &crowd.server.program.url;
    let supervisor = crowd.server.client().await;
    let mut calls = Vec::new();
    for customer in &crowd.site.customers {
        calls.push(supervisor.start(customer.id, None).await);
    }
    let (over, live) = (&calls[0], &calls[1]);
    supervisor.post(&format!("/api/calls/{over}/end"), serde_json::json!({})).await;

    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("schemathesis.toml");
    let mut known = String::from("[parameters]\n");
    writeln!(known, "\"path.call\" = [\"{live}\", \"{over}\"]").unwrap();
    writeln!(known, "\"path.customer\" = \"{}\"", crowd.site.customers[2].id).unwrap();
    known.push_str(BEYOND_A_SCHEMA);
    std::fs::write(&config, known).unwrap();

    let (agent, _) = &crowd.site.agents[0];
    for email in [ADMIN.to_owned(), EMAIL.to_owned(), crowd.site.email(*agent)] {
        let client = Client::sign_in(base, &email, PASSWORD).await;
        says_ok(schemathesis(&python, &config, place.path(), base, &client.token)).await;
    }
    let ready = http().get(format!("{base}/health/ready")).send().await.unwrap();
    assert_eq!(ready.status(), 200);
}

/// What a schema cannot say: here 422 is right for what fits the schema.
const BEYOND_A_SCHEMA: &str = r#"
# A company's name or an invitation; a telephone number, a password that is not easily guessed.
[[operations]]
include-path-regex = '^/api/auth/(signup|register|password|reset-password)$'
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "429", "422", "5xx"]

# A period ends after its beginning.
[[operations]]
include-path-regex = '^/api/(calls/history|calls/statistics|calls/export.csv|agents/statistics)$'
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "429", "422", "5xx"]

# A phrase counts for something and stands there once, and so does a word with its reading; a script is as it must be.
[[operations]]
include-path-regex = '^/api/company/(phrases|readings|script)$'
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "429", "422", "5xx"]

# Something is to change; what is due is open; a call needs somebody in whose name it is made; a file has columns; the host
# of a receiver can be found; a campaign's agent works at the company, and its pace is one that the server allows.
[[operations]]
include-path-regex = '^/api/(calls/.call./participants/.leg.|callbacks|calls/start|campaigns|campaigns/.campaign.|customers/import|webhooks|webhooks/.webhook.)$'
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "422", "429", "5xx"]
"#;

fn schemathesis(python: &str, config: &Path, place: &Path, base: &str, token: &str) -> Command {
    let program = Path::new(python).with_file_name("schemathesis");
    let mut command = Command::new(program);
    command
        .args(["--config-file", config.to_str().unwrap(), "run", &format!("{base}/api/openapi.json")])
        .args(["--header", &format!("Authorization: Bearer {token}"), "--checks", "all", "--no-color"])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES])
        .args(["--generation-deterministic", "--warnings", "off", "--request-timeout", "30"])
        .env("SCHEMATHESIS_HOOKS", "formats")
        .env("PYTHONPATH", folder("schemathesis"))
        .env("NO_PROXY", "*")
        .current_dir(place);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_of_the_older_server_works_unchanged() {
    let Some(modules) = prepared("TSUNAGU_TEST_AXIOS") else { return };
    let crowd = Crowd::gather(10, &["manual"], 1).await;
    let script = Path::new(&modules).join("older-client.mjs");
    let mut command = Command::new("node");
    command
        .arg(script)
        .args([&crowd.server.program.url, EMAIL, PASSWORD, &crowd.site.customers[0].id.to_string()])
        .env("NO_PROXY", "*");
    says_ok(command).await;
    let client = crowd.server.client().await;
    let over = || {
        let client = client.clone();
        async move {
            let (_, active) = client.get("/api/calls/active").await;
            if active["count"] == 0 { Ok(()) } else { Err(active) }
        }
    };
    until("no call is left", LIMIT, over).await;
}
