//! `tsunagu health`.

use super::{run, text};
use crate::crowd::Crowd;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_says_what_is_wrong() {
    let mut crowd = Crowd::gather(1, &["manual"], 1).await;
    let port = crowd.server.program.port().to_string();
    let asked = run(&["health"], &[("PORT", &port)]);
    assert!(asked.status.success(), "{asked:?}");

    crowd.sandbox.program.kill();
    let asked = crate::wait::until("the carrier is missed", std::time::Duration::from_secs(20), || async {
        let asked = run(&["health"], &[("PORT", &port)]);
        if asked.status.success() { Err("still ready") } else { Ok(asked) }
    })
    .await;
    let told = text(&asked.stderr);
    assert!(told.contains("carrier") && !told.contains("store"), "{told}");

    crowd.server.program.kill();
    let asked = run(&["health"], &[("PORT", &port)]);
    assert!(!asked.status.success() && text(&asked.stderr).contains("does not answer"), "{asked:?}");
}
