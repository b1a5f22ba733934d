//! Whoever signs out at one node, or may not look any more, is let go at every node.

use crate::{
    bus::{Bus, Road},
    screen::Seen,
    world::{COMPANY, SUPERVISOR, World, agent},
};
use tsunagu_actors::Parting;
use tsunagu_call::{DocumentId, UserId};
use tsunagu_store::{RefreshToken, TokenStore, UserChange, UserStore};

const HERE: DocumentId = DocumentId::from_bytes([1; 12]);
const THERE: DocumentId = DocumentId::from_bytes([2; 12]);
const ANNA: UserId = agent(2);
/// Within so many seconds it is seen everywhere: two, and the one in which they are over.
const LOOK: u64 = 3;

/// Two nodes, and at each a screen of the supervisor's by each of two sign-ins.
async fn of_two(bus: Option<&Bus>) -> (World, [Seen; 2], [Seen; 2]) {
    let world = World::telling(2, 2, bus).await;
    world.open_hubs();
    let token = |family: DocumentId| RefreshToken {
        hash: family.to_string(),
        user_id: SUPERVISOR,
        family,
        epoch: 0,
        expires_at: world.clock.now().plus_secs(3600),
        spent: false,
        spent_at: None,
        spent_for: None,
        revoked: false,
    };
    let mut screens = Vec::new();
    for family in [HERE, THERE] {
        world.store.memory.put_refresh_token(token(family)).await.unwrap();
        let by = |node| world.looks_by(SUPERVISOR, Some(family), 0, node);
        screens.push([by(0).await, by(1).await]);
    }
    world.wait(2 * LOOK).await;
    let [leaving, staying] = <[_; 2]>::try_from(screens).ok().unwrap();
    (world, leaving, staying)
}

fn parted(screens: &[Seen; 2]) -> [Option<Parting>; 2] {
    [screens[0].parted(), screens[1].parted()]
}

const OUT: Option<Parting> = Some(Parting::SignedOut);

/// At the first node.
async fn sign_out(world: &World) {
    world.store.memory.revoke_token_family(HERE).await.unwrap();
    world.boards()[0].ports().hub.dismiss(COMPANY, SUPERVISOR, Some(HERE));
    world.rest().await;
}

#[actix::test]
async fn nodes_that_are_told_let_go_at_once() {
    let bus = Bus::default();
    let (world, leaving, staying) = of_two(Some(&bus)).await;
    sign_out(&world).await;
    assert_eq!(parted(&leaving), [OUT, OUT], "no time has passed");
    world.wait(2 * LOOK).await;
    assert_eq!(parted(&staying), [None, None], "another sign-in goes on");
    world.end().await;
}

#[actix::test]
async fn nodes_that_are_not_told_look() {
    let (world, leaving, staying) = of_two(None).await;
    sign_out(&world).await;
    assert_eq!(parted(&leaving), [OUT, None]);
    world.wait(LOOK).await;
    assert_eq!(parted(&leaving), [OUT, OUT]);
    assert_eq!(parted(&staying), [None, None]);
    world.end().await;
}

#[actix::test]
async fn what_is_lost_on_the_way_or_was_never_told_is_seen() {
    let bus = Bus::default();
    let (mut world, leaving, staying) = of_two(Some(&bus)).await;
    bus.is(Road::Lost);
    sign_out(&world).await;
    assert_eq!(parted(&leaving), [OUT, None]);
    world.wait(LOOK).await;
    assert_eq!(parted(&leaving), [OUT, OUT]);
    // A node dies with what it was about to say.
    world.store.memory.revoke_token_family(THERE).await.unwrap();
    world.dies(0).await;
    world.wait(LOOK).await;
    assert_eq!(staying[1].parted(), OUT);
    world.end().await;
}

#[actix::test]
async fn who_is_disabled_has_no_screen_anywhere() {
    let (world, _, staying) = of_two(None).await;
    let screens = [world.looks(ANNA, 0).await, world.looks(ANNA, 1).await];
    let disable = UserChange { disabled: Some(true), ..UserChange::default() };
    world.store.memory.change_user(COMPANY, ANNA, disable).await.unwrap();
    world.boards()[0].ports().hub.dismiss(COMPANY, ANNA, None);
    world.wait(LOOK).await;
    assert_eq!((parted(&screens), parted(&staying)), ([OUT, OUT], [None, None]));
    world.end().await;
}

#[actix::test]
async fn who_came_back_with_another_password_stays() {
    let bus = Bus::default();
    let (world, leaving, staying) = of_two(Some(&bus)).await;
    world.store.memory.change_password(SUPERVISOR, "none", "new".into()).await.unwrap();
    let back = world.looks_by(SUPERVISOR, None, 1, 1).await;
    // They were quicker than the word of it.
    world.boards()[0].ports().hub.dismiss(COMPANY, SUPERVISOR, None);
    world.wait(2 * LOOK).await;
    assert_eq!((parted(&leaving), parted(&staying)), ([OUT, OUT], [OUT, OUT]));
    assert_eq!(back.parted(), None);
    world.end().await;
}
