//! Whoever watches sees their own company's calls, and nobody is held up by one who does not look.

use crate::world::{COMPANY, SUPERVISOR, World, agent};
use actix::{Actor, Context, Handler, Recipient, dev::channel};
use std::sync::{Arc, Mutex};
use tsunagu_actors::{Happened, Watch};
use tsunagu_call::{CompanyId, Event, Input};
use tsunagu_store::{AgentStore, Availability};

/// Writes down what it is told.
struct Watcher(Arc<Mutex<Vec<Happened>>>);

impl Actor for Watcher {
    type Context = Context<Self>;
}

impl Handler<Happened> for Watcher {
    type Result = ();

    fn handle(&mut self, happened: Happened, _: &mut Context<Self>) {
        self.0.lock().unwrap().push(happened);
    }
}

fn watcher() -> (Recipient<Happened>, Arc<Mutex<Vec<Happened>>>) {
    let seen = Arc::<Mutex<Vec<Happened>>>::default();
    (Watcher(seen.clone()).start().recipient(), seen)
}

#[actix::test]
async fn nobody_sees_across_the_border_of_a_company() {
    let world = World::new(1).await;
    let (ours, seen) = watcher();
    let (theirs, hidden) = watcher();
    let (everybody, all) = watcher();
    for (company, watcher) in
        [(Some(COMPANY), ours), (Some(CompanyId::from_bytes([99; 12])), theirs), (None, everybody)]
    {
        world.hub.watch(Watch { company, watcher }).await.unwrap();
    }
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    let seen = seen.lock().unwrap().clone();
    let entries: Vec<_> = seen.iter().flat_map(|happened| happened.0.entries.clone()).collect();
    assert_eq!(entries, world.journal(call).await, "all of it, in order");
    assert!(matches!(entries[0].event, Event::Created(_)));
    assert_eq!((hidden.lock().unwrap().len(), all.lock().unwrap().len()), (0, seen.len()));
    world.end().await;
}

#[actix::test]
async fn a_watcher_who_does_not_look_is_let_go_and_holds_nobody_up() {
    let world = World::new(1).await;
    let (reader, seen) = watcher();
    // An actor that was never started takes no mail out of its box.
    let (address, unread) = channel::channel::<Watcher>(2);
    let asleep = actix::Addr::new(address).recipient();
    for watcher in [asleep, reader] {
        world.hub.watch(Watch { company: Some(COMPANY), watcher }).await.unwrap();
    }
    let call = world.start(1).await;
    for number in 0..20 {
        world.tell(call, Input::Note { notes: number.to_string(), outcome: None }).await;
    }
    assert_eq!(seen.lock().unwrap().len(), 22, "the opening, the dialling and the notes");
    assert!(!unread.connected(), "nobody holds the sleeper's address any more");
    drop(unread);
    world.end().await;
}

#[actix::test]
async fn what_an_agent_does_is_told_also_when_it_cannot_be_read_at_once() {
    let world = World::new(2).await;
    world.open_hubs();
    let screen = world.looks(SUPERVISOR, 0).await;
    let now = world.clock.now();
    world.store.set_agent_status(COMPANY, agent(2), Availability::Busy, now).await.unwrap();
    world.store.fail_profiles(2);
    world.hub.agent_changed(COMPANY, agent(2));
    world.wait(3).await;
    assert_eq!(screen.statuses(agent(2)), ["busy"]);
    world.end().await;
}
