//! What other tests show over SQLite: calls end as they should, and hand-overs go on after the server was killed.

use crate::{
    crowd::{Crowd, MIXED_TEAM},
    handover::killed::killed_in_any_stage,
    home::Home,
    outcomes,
};

const SPEED: u32 = 5;
/// One of each kind.
const CALLS: usize = 26;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_to_all_kinds_of_people_end_as_they_should() {
    let Some(home) = Home::mongodb() else { return };
    outcomes::check(Crowd::at(home, SPEED, &[], CALLS, MIXED_TEAM, &[]).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hand_overs_go_on_after_the_server_was_killed_in_any_stage() {
    let Some(home) = Home::mongodb() else { return };
    killed_in_any_stage(home).await;
}
