//! Several servers share a store: a campaign's limits hold over all of them, and who rang and is gone is replaced.

use super::CAMPAIGN;
use crate::world::{World, defaults};
use serde_json::{Value, json};
use std::sync::Arc;
use tsunagu_actors::{CampaignDesk, CampaignLimits};
use tsunagu_call::campaign::{CampaignOrder, Hindrance};
use tsunagu_store::{Claim, SharedStore};

impl World {
    /// One at each of the first so many nodes.
    fn desks(&self, nodes: usize) -> Vec<CampaignDesk> {
        let boards = self.boards().into_iter().take(nodes).cloned();
        let open = |board| CampaignDesk::open(board, Arc::new(defaults()), CampaignLimits::default());
        boards.map(open).collect()
    }

    /// The campaign begins, and every desk knows.
    async fn begin_everywhere(&self, desks: &[CampaignDesk]) {
        self.order(CampaignOrder::Start).await.unwrap();
        desks.iter().for_each(CampaignDesk::look_again);
        self.rest().await;
    }
}

/// A campaign on three servers that share a store, for twelve seconds; how many were rung, and what each server says.
async fn on_three_servers(pace: Value) -> (usize, Vec<Option<Hindrance>>) {
    let world = World::shared(1, 3).await;
    world.draft(CAMPAIGN, 9, json!({ "pace": pace })).await;
    let desks = world.desks(3);
    world.begin_everywhere(&desks).await;
    world.pass(12).await;
    let rung = world.dialled().len();
    let waits = desks.iter().map(|desk| desk.waits_for(CAMPAIGN)).collect();
    for desk in desks {
        tokio::join!(desk.stop(), world.rest());
    }
    world.end().await;
    (rung, waits)
}

#[actix::test]
async fn no_more_calls_live_at_once_on_all_servers_than_are_allowed() {
    let (rung, waits) = on_three_servers(json!({ "agentsFactor": null, "callsAtOnce": 1 })).await;
    assert_eq!((rung, waits), (1, vec![Some(Hindrance::CallsAtOnce); 3]));
}

#[actix::test]
async fn no_more_are_rung_by_all_servers_than_the_free_agents_bear() {
    let (rung, waits) = on_three_servers(json!({ "agentsFactor": 2.0, "callsAtOnce": 9 })).await;
    assert_eq!((rung, waits), (2, vec![Some(Hindrance::FreeAgents); 3]));
}

#[actix::test]
async fn all_servers_together_keep_a_campaigns_pace() {
    let pace = json!({ "agentsFactor": null, "callsAtOnce": 9, "callsPerSecond": 0.25 });
    let (rung, waits) = on_three_servers(pace).await;
    assert!((2..=3).contains(&rung), "one in four seconds: {rung}");
    let waiting = waits.iter().filter(|waits| **waits == Some(Hindrance::Pace)).count();
    assert!(waiting >= 2, "also where another one rings, who may have rung just now: {waits:?}");
}

#[actix::test]
async fn another_server_rings_soon_after_the_one_that_did_is_gone() {
    let world = World::shared(1, 3).await;
    world.draft(CAMPAIGN, 9, json!({})).await;
    // The third one rings, and is killed.
    let now = world.clock.now();
    let killed = world.store_of(2).memory.claim_ringing(now, now.plus_secs(8)).await.unwrap();
    assert_eq!(killed, Claim::Taken);
    let desks = world.desks(2);
    world.begin_everywhere(&desks).await;
    world.pass(7).await;
    assert_eq!(world.dialled().len(), 0, "it may still ring");
    world.pass(4).await;
    let rung = world.dialled().len();
    assert!((1..=3).contains(&rung), "{rung}");
    // Whichever of the two it is that rings now: when one goes, the other goes on.
    tokio::join!(desks[0].stop(), world.rest());
    world.pass(4).await;
    assert!(world.dialled().len() > rung);
    tokio::join!(desks[1].stop(), world.rest());
    world.end().await;
}
