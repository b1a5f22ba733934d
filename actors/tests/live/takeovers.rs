//! A supervisor takes a call over from its agent: what the carrier is told, in which order, and what when that fails.

use crate::world::{COMPANY, World, agent, agent_phone};
use tsunagu_call::{
    CallId, Event, Input, Leg, LegStatus, Reply, RoomChange, SupervisorReply, TakeoverEnd, room_name,
};
use tsunagu_carrier::{
    ParticipantUpdate,
    script::{Command, Fault},
};
use tsunagu_store::{AgentStore, Availability};

/// Who takes over.
const TAKER: u8 = 2;

struct Line {
    world: World,
    call: CallId,
    conference: String,
}

impl Line {
    /// A human has the customer; a supervisor is busy with other things.
    async fn bridged() -> Self {
        let world = World::new(2).await;
        let busy = Availability::Busy;
        world.store.set_agent_status(COMPANY, agent(TAKER), busy, world.clock.now()).await.unwrap();
        let call = world.start(1).await;
        world.agrees(call, 1).await;
        world.accepts(call, 1, 1).await;
        world.picks_up(call, 1).await;
        world.both_join(call, 1, 1).await;
        let conference = world.carrier.conferences().last().unwrap().sid.clone();
        Self { world, call, conference }
    }

    /// And wants the call: they are promised to it.
    async fn claimed() -> Self {
        let line = Self::bridged().await;
        line.world.tell(line.call, Input::TakeOver { by: agent(TAKER) }).await;
        assert!(line.world.is_promised(TAKER).await, "whatever they are doing");
        line
    }

    /// The supervisor picks up, presses the key, and comes into the conference.
    async fn enters(&self) {
        let call_sid = self.world.leg(&agent_phone(TAKER));
        let asks = Input::SupervisorAsks { number: 1, call_sid: call_sid.clone() };
        self.world.tell(self.call, asks).await;
        let reply =
            self.world.tell(self.call, Input::SupervisorPresses { number: 1, digits: "1".into() }).await;
        assert!(matches!(reply, Reply::Supervisor(SupervisorReply::Join { .. })), "{reply:?}");
        self.world.carrier.join(&room_name(self.call), &call_sid);
        self.world.carrier.take_commands();
        let change = RoomChange::Joined { call_sid };
        let conference_sid = self.conference.clone();
        self.world.tell(self.call, Input::Room { conference_sid, sequence: 3, change }).await;
    }

    fn ends(&self, number: u8, ends: bool) -> Command {
        Command::UpdateParticipant {
            conference_sid: self.conference.clone(),
            call_sid: self.world.leg(&agent_phone(number)),
            update: ParticipantUpdate { end_conference_on_exit: Some(ends), ..Default::default() },
        }
    }

    /// The supervisor's place, with which the conference ends, and where they are heard.
    fn seated(&self) -> Command {
        match self.ends(TAKER, true) {
            Command::UpdateParticipant { conference_sid, call_sid, update } => {
                let update = ParticipantUpdate { hold: Some(false), ..update };
                Command::UpdateParticipant { conference_sid, call_sid, update }
            }
            other => other,
        }
    }

    fn removed(&self) -> Command {
        let call_sid = self.world.leg(&agent_phone(1));
        Command::RemoveParticipant { conference_sid: self.conference.clone(), call_sid }
    }

    async fn not_done(&self) -> bool {
        let reason = TakeoverEnd::NotDone;
        self.world.has(self.call, |event| *event == Event::TakeoverEnded { by: agent(TAKER), reason }).await
    }

    async fn end(self) {
        self.world.hangs_up(self.call, 1).await;
        self.world.end().await;
    }
}

#[actix::test]
async fn the_conference_ends_with_the_supervisor_before_the_agent_is_taken_out() {
    let line = Line::claimed().await;
    line.enters().await;
    assert_eq!(line.world.carrier.commands(), [line.seated(), line.ends(1, false), line.removed()]);
    assert_eq!(line.world.record(line.call).await.assigned_agent, Some(agent(TAKER)));
    line.world.leg_is(line.call, Leg::Agent(1), &agent_phone(1), LegStatus::Completed).await;
    assert_eq!(line.world.availability(1).await, Availability::Available, "the agent is free");
    assert_eq!(line.world.availability(TAKER).await, Availability::OnCall);
    line.world.wait(10).await;
    let phone = agent_phone(TAKER);
    line.world.leg_is(line.call, Leg::Supervisor(1), &phone, LegStatus::Completed).await;
    assert_eq!(line.world.availability(TAKER).await, Availability::Busy, "as they were before");
    line.end().await;
}

#[actix::test]
async fn who_took_over_is_given_back_when_their_leg_has_been_hung_up() {
    let line = Line::claimed().await;
    line.enters().await;
    line.world.leg_is(line.call, Leg::Agent(1), &agent_phone(1), LegStatus::Completed).await;
    line.world.carrier.fail_next(2, Fault::Unavailable);
    line.world.hangs_up(line.call, 1).await;
    assert!(!line.world.was_hung_up(&agent_phone(TAKER)));
    assert_eq!(line.world.availability(TAKER).await, Availability::OnCall, "they hold the receiver");
    line.world.wait(3).await;
    assert!(line.world.was_hung_up(&agent_phone(TAKER)));
    assert_eq!(line.world.availability(TAKER).await, Availability::Busy);
    line.world.end().await;
}

#[actix::test]
async fn what_the_carrier_does_in_part_is_undone() {
    let line = Line::claimed().await;
    line.world.carrier.spare_next(2);
    line.world.carrier.fail_next(1, Fault::Unavailable);
    line.enters().await;
    let undone = [line.seated(), line.ends(1, false), line.ends(1, true), line.ends(TAKER, false)];
    assert_eq!(line.world.carrier.commands(), undone);
    assert!(line.not_done().await && !line.world.is_promised(TAKER).await);
    assert_eq!(line.world.record(line.call).await.assigned_agent, Some(agent(1)));
    line.end().await;
}

#[actix::test]
async fn an_agent_who_was_taken_out_unheard_is_out() {
    let line = Line::claimed().await;
    line.world.carrier.spare_next(2);
    line.world.carrier.fail_next(1, Fault::LostAfter);
    line.enters().await;
    assert_eq!(line.world.carrier.commands(), [line.seated(), line.ends(1, false), line.removed()]);
    assert_eq!(line.world.record(line.call).await.assigned_agent, Some(agent(TAKER)));
    line.end().await;
}

#[actix::test]
async fn a_supervisor_who_cannot_be_seated_leaves_the_agent_where_they_were() {
    let line = Line::claimed().await;
    line.world.carrier.fail_next(1, Fault::NotFound);
    line.enters().await;
    assert_eq!(line.world.carrier.commands(), [line.ends(1, true)]);
    assert!(line.not_done().await);
    line.end().await;
}

#[actix::test]
async fn who_is_on_another_call_does_not_take_over() {
    let world = World::new(2).await;
    let (first, second) = (world.start(1).await, world.start(2).await);
    for (call, number) in [(first, 1), (second, 2)] {
        world.agrees(call, number).await;
        world.accepts(call, number, 1).await;
        world.picks_up(call, number).await;
        world.both_join(call, number, number).await;
    }
    world.tell(first, Input::TakeOver { by: agent(2) }).await;
    let reason = TakeoverEnd::Taken;
    assert!(world.has(first, |event| *event == Event::TakeoverEnded { by: agent(2), reason }).await);
    assert_eq!(world.record(first).await.assigned_agent, Some(agent(1)));
    world.hangs_up(first, 1).await;
    world.hangs_up(second, 2).await;
    world.end().await;
}

/// The server goes down at whatever moment of the claim and of the dialling.
#[actix::test]
async fn a_take_over_goes_on_after_a_restart_with_one_promise_and_one_ring() {
    for moments in 0..40 {
        let mut line = Line::bridged().await;
        let asked = line.world.ask(line.call, Input::TakeOver { by: agent(TAKER) });
        for _ in 0..moments {
            tokio::task::yield_now().await;
        }
        line.world.restart().await;
        drop(asked.await);
        line.world.board.recover().await.unwrap();
        line.world.rest().await;
        if !line.world.has(line.call, |event| *event == Event::TakeoverRequested { by: agent(TAKER) }).await {
            // It was not in the journal yet: whoever asked was told so.
            line.world.tell(line.call, Input::TakeOver { by: agent(TAKER) }).await;
        }
        assert_eq!(line.world.times_dialled(&agent_phone(TAKER)), 1, "after {moments} moments");
        assert!(line.world.is_promised(TAKER).await, "after {moments} moments");
        line.enters().await;
        assert_eq!(line.world.record(line.call).await.assigned_agent, Some(agent(TAKER)));
        line.end().await;
        // The next world stops it for itself.
        tokio::time::resume();
    }
}
