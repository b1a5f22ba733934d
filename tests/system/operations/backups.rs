//! A backup in the middle of live calls, and a server that goes on from it somewhere else.

use super::{run, text};
use crate::{crowd::Crowd, wait::until};
use std::{collections::HashMap, time::Duration};

const CALLS: usize = 20;
const SPEED: u32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_live_calls_goes_on_elsewhere() {
    let personas = ["interested-manager", "asks-company-first", "refuses", "silent"];
    let mut crowd = Crowd::gather(SPEED, &personas, CALLS).await;
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    let told = until("the calls are under way", Duration::from_secs(30), || async {
        let mut told = HashMap::new();
        for id in &ids {
            told.insert(id.clone(), client.events(id).await);
        }
        let heard =
            |events: &Vec<serde_json::Value>| events.iter().any(|event| event["event"]["type"] == "heard");
        let talking = told.values().filter(|events| heard(events)).count();
        if talking >= CALLS / 2 { Ok(told) } else { Err(format!("{talking} are talking")) }
    })
    .await;

    let (out, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let backup = out.path().join("calls.db");
    let file = backup.to_str().unwrap();
    let ours = crowd.site.home.dir.path().to_str().unwrap().to_owned();
    let made = run(&["backup", file], &[("DATA_DIR", &ours)]);
    assert!(made.status.success(), "{made:?}");
    assert!(text(&made.stdout).contains(&format!("{CALLS} calls")), "{}", text(&made.stdout));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&backup).unwrap().permissions().mode() & 0o077,
            0,
            "others may not read it"
        );
    }
    let again = run(&["backup", file], &[("DATA_DIR", &ours)]);
    assert!(!again.status.success() && text(&again.stderr).contains("--force"), "{again:?}");
    assert!(run(&["backup", file, "--force"], &[("DATA_DIR", &ours)]).status.success());
    let taken = run(&["restore", file], &[("DATA_DIR", &ours)]);
    assert!(!taken.status.success() && text(&taken.stderr).contains("in use"), "{taken:?}");

    // The machine is lost; its backup goes on on another one.
    crowd.server.program.kill();
    let theirs = elsewhere.path().to_str().unwrap().to_owned();
    let put_back = run(&["restore", file], &[("DATA_DIR", &theirs)]);
    assert!(put_back.status.success(), "{put_back:?}");
    crowd.server.restart_on(&theirs);
    let client = crowd.server.client().await;
    crowd.until_over(&client, Duration::from_secs(120)).await;
    for id in &ids {
        let events = client.events(id).await;
        assert!(events.starts_with(&told[id]), "{id}: what was told before the backup is in it, unchanged");
        for (event, seq) in events.iter().zip(1_u64..) {
            assert_eq!(event["seq"], seq, "{id}: without a gap");
        }
    }

    // Back over itself: what is there is kept.
    assert!(crowd.server.program.terminate().success());
    let put_back = run(&["restore", file], &[("DATA_DIR", &theirs)]);
    assert!(put_back.status.success() && text(&put_back.stdout).contains(".before-"), "{put_back:?}");
    let broken = out.path().join("broken.db");
    std::fs::write(&broken, &std::fs::read(&backup).unwrap()[..10_000]).unwrap();
    let refused = run(&["restore", broken.to_str().unwrap()], &[("DATA_DIR", &theirs)]);
    assert!(
        !refused.status.success() && text(&refused.stderr).contains("nothing was changed"),
        "{refused:?}"
    );
}
