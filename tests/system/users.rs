//! `tsunagu user` beside a server that runs, and a server that is not fit for production.

use crate::{
    client::http,
    sandbox::Sandbox,
    server::Server,
    site::{ADMIN, Site, Team},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

const PASSWORD: &str = "kT8 vQ2-zR5 wY1";

/// Runs the binary on a data folder, with a line for its standard input.
fn tsunagu(dir: &Path, args: &[&str], line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsunagu"));
    command.args(args).env_clear().env("DATA_DIR", dir);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not ask has gone before it hears.
    drop(writeln!(child.stdin.take().unwrap(), "{line}"));
    child.wait_with_output().unwrap()
}

#[track_caller]
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr.clone()).unwrap()
}

async fn login(url: &str, email: &str, password: &str) -> (u16, Value) {
    let body = json!({ "email": email, "password": password });
    let answer = http().post(format!("{url}/api/auth/login")).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn users_are_managed_while_the_server_runs() {
    let anchor = Timestamp::now();
    let sandbox = Sandbox::start(1, anchor);
    let site = Site::seed(&[], 1, Team(&[])).await;
    let server = Server::with(&site, &sandbox, 1, anchor, &[]);
    let (dir, url) = (site.home.dir.path(), server.program.url.as_str());

    let add = ["user", "add", "--email", "Hanako@new.example.jp", "--role", "admin", "--password-stdin"];
    let told = said(&tsunagu(dir, &add, PASSWORD));
    assert!(told.starts_with("admin hanako@new.example.jp") && !told.contains(PASSWORD), "{told}");
    assert!(refused(&tsunagu(dir, &add, PASSWORD)).contains("already"), "twice");
    let weak = ["user", "add", "--email", "taro@new.example.jp", "--role", "agent", "--password-stdin"];
    assert!(refused(&tsunagu(dir, &weak, "password1")).contains("easy to guess"));
    let (status, session) = login(url, "hanako@new.example.jp", PASSWORD).await;
    assert_eq!((status, session["data"]["role"].as_str()), (200, Some("admin")));

    let told = said(&tsunagu(dir, &["user", "add", "--email", "taro@new.example.jp", "--role", "agent"], ""));
    let made_up = told.lines().find_map(|line| line.strip_prefix("password ")).unwrap();
    assert_eq!(login(url, "taro@new.example.jp", made_up).await.0, 200);

    let token = session["token"].as_str().unwrap();
    let me = http().get(format!("{url}/api/auth/me")).bearer_auth(token);
    assert_eq!(me.try_clone().unwrap().send().await.unwrap().status(), 200);
    said(&tsunagu(dir, &["user", "disable", "--email", ADMIN], ""));
    // With taro an agent, and the site's own admin gone, she is the only one.
    let disable = ["user", "disable", "--email", "hanako@new.example.jp"];
    assert!(refused(&tsunagu(dir, &disable, "")).contains("only admin"));
    said(&tsunagu(dir, &["user", "add", "--email", "jiro@new.example.jp", "--role", "admin"], ""));
    said(&tsunagu(dir, &disable, ""));
    assert_eq!(me.send().await.unwrap().status(), 401, "at once");
    assert_eq!(login(url, "hanako@new.example.jp", PASSWORD).await.0, 403);

    let listed = said(&tsunagu(dir, &["user", "list"], ""));
    let hanako = listed.lines().find(|line| line.contains("hanako@new")).unwrap();
    assert!(hanako.starts_with("admin\tdisabled\t"), "{hanako}");
    assert!(!listed.contains("$2"), "{listed}");
    let json = said(&tsunagu(dir, &["user", "list", "--json"], ""));
    assert!(
        json.lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok_and(|user| user["email"].is_string()))
    );
    said(&tsunagu(dir, &["user", "enable", "--email", "hanako@new.example.jp"], ""));
    assert_eq!(login(url, "hanako@new.example.jp", PASSWORD).await.0, 200);
    let told = said(&tsunagu(dir, &["user", "password", "--email", "hanako@new.example.jp"], ""));
    let made_up = told.lines().find_map(|line| line.strip_prefix("password ")).unwrap();
    assert_eq!(login(url, "hanako@new.example.jp", PASSWORD).await.0, 401);
    assert_eq!(login(url, "hanako@new.example.jp", made_up).await.0, 200);
}

#[test]
fn the_first_admin_is_made_before_the_first_start() {
    let dir = tempfile::tempdir().unwrap();
    let add = ["user", "add", "--email", "a@new.example.jp", "--role", "admin", "--company", "青空商事"];
    assert!(refused(&tsunagu(dir.path(), &add, "")).contains("--create-company"));
    let agent = ["user", "add", "--email", "a@new.example.jp", "--role", "agent", "--company", "青空商事"];
    let agent: Vec<_> = agent.into_iter().chain(["--create-company"]).collect();
    assert!(refused(&tsunagu(dir.path(), &agent, "")).contains("must be an admin"));
    let made: Vec<_> = add.into_iter().chain(["--create-company"]).collect();
    said(&tsunagu(dir.path(), &made, ""));
    assert!(said(&tsunagu(dir.path(), &["user", "list"], "")).contains("青空商事"));
}

#[test]
fn a_server_that_is_not_fit_for_production_does_not_start() {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tsunagu"))
        .args(["serve"])
        .env_clear()
        .envs([("TSUNAGU_MODE", "production"), ("JWT_SECRET", "your-256-bit-secret-your-256-bit-secret")])
        .env("DATA_DIR", dir.path())
        .output()
        .unwrap();
    let told = refused(&output);
    for word in
        ["mode is production", "JWT_SECRET looks as if it was copied", "TWILIO_ACCOUNT_SID", "BASE_URL"]
    {
        assert!(told.contains(word), "{word} in {told}");
    }
    assert!(!told.contains("your-256"), "{told}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was begun");
}
