//! Supervisors on the line.

use crate::world::{
    CUSTOMER, ROOM, World, agent_who_is, dialled, joined, left, leg, refused, story, supervisor,
};
use SupervisionMode::{Barge, Listen, Whisper};
use tsunagu_call::{
    Command, Dismissal, Event, Input, Leg, LegStatus, Refusal, Reply, Role, RoomChange, Settlement, Status,
    SupervisionEnd, SupervisionMode, SupervisionStage, SupervisorReply, TakeoverEnd, UserId,
};
use tsunagu_conversation::Lang;

impl World {
    /// The human part has begun.
    fn is_served(&mut self) {
        self.agrees();
        self.accepts(1, 1);
        self.is_bridged(1);
    }

    fn wants_to(&mut self, by: UserId, mode: SupervisionMode) -> Result<Reply, Refusal> {
        self.try_tell(Input::Supervise { by, mode, phone: "+819055555555".into(), lang: Lang::JA })
    }

    /// The supervisor of this number is rung, picks up, and presses the key.
    fn supervisor_enters(&mut self, number: u32) -> SupervisorReply {
        self.supervisor_is_dialled(number);
        assert!(matches!(self.supervisor_asks(number), SupervisorReply::Brief { .. }));
        self.supervisor_presses(number, "1")
    }

    fn supervisor_is_dialled(&mut self, number: u32) {
        let dials = |command: &Command| matches!(command, Command::DialSupervisor { number: of, .. } if *of == number);
        self.settle(dials, dialled(&their_leg(number)));
    }

    fn supervisor_asks(&mut self, number: u32) -> SupervisorReply {
        supervisors(self.tell(Input::SupervisorAsks { number, call_sid: their_leg(number) }))
    }

    fn supervisor_presses(&mut self, number: u32, digits: &str) -> SupervisorReply {
        supervisors(self.tell(Input::SupervisorPresses { number, digits: digits.into() }))
    }

    /// A supervisor of this number is in the conference, and takes part so.
    fn has_supervisor(&mut self, number: u32, mode: SupervisionMode) {
        self.wants_to(supervisor(number as u8), mode).unwrap();
        let agent_sid = leg(1);
        assert_eq!(self.supervisor_enters(number), SupervisorReply::Join { mode, agent_sid });
        self.room(joined(&their_leg(number)));
        assert_eq!(self.call.supervision(number).unwrap().stage, SupervisionStage::OnTheLine);
    }

    fn role_of(&self, call_sid: &str) -> Option<Role> {
        let found = self.record.participants.iter().find(|party| party.call_sid.as_deref() == Some(call_sid));
        found.map(|party| party.role)
    }

    fn ended(&self) -> Vec<SupervisionEnd> {
        self.events()
            .filter_map(|event| match event {
                Event::SupervisionEnded { reason, .. } => Some(*reason),
                _ => None,
            })
            .collect()
    }

    fn hung_supervisor_up(&self, number: u32) -> bool {
        self.count(
            |command| matches!(command, Command::HangUp { leg: Leg::Supervisor(of), .. } if *of == number),
        ) > 0
    }
}

fn their_leg(number: u32) -> String {
    format!("CA-supervisor-{number}")
}

fn supervisors(reply: Reply) -> SupervisorReply {
    match reply {
        Reply::Supervisor(reply) => reply,
        other => panic!("no answer for a supervisor: {other:?}"),
    }
}

fn sets(command: &Command) -> bool {
    matches!(command, Command::SetSupervisor { .. })
}

#[test]
fn a_supervisor_switches_between_the_three_without_being_rung_again() {
    story(|world| {
        world.is_served();
        world.has_supervisor(1, Listen);
        assert_eq!(world.role_of(&their_leg(1)), Some(Role::Supervisor));
        for mode in [Whisper, Barge, Listen] {
            world.wants_to(supervisor(1), mode).unwrap();
            let (id, command) = world.take(sets);
            let wanted = Command::SetSupervisor {
                number: 1,
                conference_sid: ROOM.into(),
                call_sid: their_leg(1),
                mode,
                agent_sid: leg(1),
            };
            assert_eq!(command, wanted);
            assert_ne!(world.record.supervision[0].mode, mode, "the carrier has not done it yet");
            world.now = world.now.plus_secs(5);
            world.tell(Input::Settled { id, settlement: Settlement::Done });
            assert_eq!(world.record.supervision[0].mode, mode);
        }
        assert_eq!(world.count(|command| matches!(command, Command::DialSupervisor { .. })), 1);
        world.room(left(&their_leg(1)));
        let kept = &world.record.supervision[0];
        let modes: Vec<_> = kept.modes.iter().map(|since| since.mode).collect();
        assert_eq!((modes, kept.left_at), (vec![Listen, Whisper, Barge, Listen], Some(world.now)));
        assert_eq!(kept.joined_at, Some(kept.modes[0].from));
        assert_eq!(world.ended(), [SupervisionEnd::Left]);
        assert_eq!(world.call.status, Status::HumanConnected, "the call goes on");
        world.rebuild();
    });
}

#[test]
fn the_last_wish_counts_and_the_carrier_is_told_one_thing_at_a_time() {
    let mut world = World::new(Default::default(), Default::default());
    world.is_served();
    world.has_supervisor(1, Listen);
    world.wants_to(supervisor(1), Whisper).unwrap();
    world.wants_to(supervisor(1), Barge).unwrap();
    assert_eq!(world.count(sets), 1);
    world.settle(sets, Settlement::Done);
    assert_eq!(world.call.supervision(1).unwrap().mode, Whisper);
    world.settle(sets, Settlement::Done);
    assert_eq!(world.call.supervision(1).unwrap().mode, Barge);
    world.wants_to(supervisor(1), Listen).unwrap();
    world.settle(sets, refused(Some(20404)));
    let one = world.call.supervision(1).unwrap();
    assert_eq!((one.mode, one.wanted), (Barge, Barge), "what was refused is not wanted any longer");
    assert!(!world.wants(sets));
}

#[test]
fn who_switches_before_they_are_in_comes_in_that_way() {
    let mut world = World::new(Default::default(), Default::default());
    world.is_served();
    world.wants_to(supervisor(1), Listen).unwrap();
    world.wants_to(supervisor(1), Whisper).unwrap();
    let reply = world.supervisor_enters(1);
    assert_eq!(reply, SupervisorReply::Join { mode: Whisper, agent_sid: leg(1) });
    // Too late for the document that is on its way: it is done once they are in.
    world.wants_to(supervisor(1), Barge).unwrap();
    assert!(!world.wants(sets));
    assert_eq!(world.supervisor_asks(1), reply);
    world.room(joined(&their_leg(1)));
    world.settle(sets, Settlement::Done);
    assert_eq!(world.call.supervision(1).unwrap().mode, Barge);
}

#[test]
fn nobody_supervises_a_call_that_is_with_the_ai_or_over() {
    let mut world = World::new(Default::default(), Default::default());
    assert_eq!(world.wants_to(supervisor(1), Listen), Err(Refusal::WithAi(Status::Initiated)));
    world.agrees();
    assert_eq!(world.wants_to(supervisor(1), Listen), Err(Refusal::WithAi(Status::Transferring)));
    world.accepts(1, 1);
    world.is_bridged(1);
    let agent = crate::world::agent(1).id;
    assert_eq!(world.wants_to(agent, Listen), Err(Refusal::AgentYourself));
    world.room(left(&leg(1)));
    assert_eq!(world.wants_to(supervisor(1), Listen), Err(Refusal::HumanPartOver));
    world.hangs_up();
    assert_eq!(world.wants_to(supervisor(1), Listen), Err(Refusal::Over));
}

#[test]
fn at_most_five_supervise_at_a_time() {
    let mut world = World::new(Default::default(), Default::default());
    world.is_served();
    for number in 1..=5 {
        world.wants_to(supervisor(number), Listen).unwrap();
    }
    assert_eq!(world.wants_to(supervisor(6), Listen), Err(Refusal::TooManySupervisors));
    world.try_tell(Input::StopSupervising { by: supervisor(2) }).unwrap();
    assert_eq!(world.try_tell(Input::StopSupervising { by: supervisor(2) }), Err(Refusal::NotSupervising));
    world.wants_to(supervisor(6), Listen).unwrap();
    // The leg that was dialled for whoever left is hung up when it is known.
    world.supervisor_is_dialled(2);
    assert!(world.hung_supervisor_up(2));
}

/// What happens, why supervision ends by that, and whether the leg is hung up.
type Tale = (fn(&mut World), SupervisionEnd, bool);

#[test]
fn a_supervisor_who_does_not_come_leaves_the_call_as_it_was() {
    let tales: [Tale; 7] = [
        (
            |world| world.settle(|command| matches!(command, Command::DialSupervisor { .. }), refused(None)),
            SupervisionEnd::NotConnected,
            false,
        ),
        (
            |world| {
                world.supervisor_is_dialled(1);
                let (leg, status) = (Leg::Supervisor(1), LegStatus::Busy);
                world.tell(Input::Progress { leg, call_sid: their_leg(1), status, sequence: Some(3) });
            },
            SupervisionEnd::NoAnswer,
            false,
        ),
        (
            |world| {
                world.supervisor_is_dialled(1);
                world.wait(60);
            },
            SupervisionEnd::NoAnswer,
            true,
        ),
        (
            |world| {
                world.supervisor_is_dialled(1);
                world.supervisor_asks(1);
                let declined = SupervisorReply::Dismiss { why: Dismissal::Declined };
                assert_eq!(world.supervisor_presses(1, ""), declined);
            },
            SupervisionEnd::Declined,
            false,
        ),
        (
            |world| {
                world.supervisor_is_dialled(1);
                world.supervisor_asks(1);
                let answered_by = "machine_start".to_owned();
                world.tell(Input::Detected { leg: Leg::Supervisor(1), answered_by });
            },
            SupervisionEnd::Declined,
            true,
        ),
        (
            |world| {
                world.supervisor_enters(1);
                world.wait(11);
                world.settle(
                    |command| *command == Command::CheckRoom,
                    Settlement::InRoom {
                        conference_sid: Some(ROOM.into()),
                        call_sids: vec![CUSTOMER.into(), leg(1)],
                    },
                );
            },
            SupervisionEnd::NotConnected,
            true,
        ),
        (
            |world| {
                world.supervisor_enters(1);
                let (leg, status) = (Leg::Supervisor(1), LegStatus::Completed);
                world.tell(Input::Progress { leg, call_sid: their_leg(1), status, sequence: Some(3) });
            },
            SupervisionEnd::Left,
            false,
        ),
    ];
    for (tale, reason, hung_up) in tales {
        story(|world| {
            world.is_served();
            world.wants_to(supervisor(1), Listen).unwrap();
            tale(world);
            assert_eq!((world.ended(), world.hung_supervisor_up(1)), (vec![reason], hung_up));
            assert_eq!((world.call.status, world.freed(1)), (Status::HumanConnected, 0));
            let kept = &world.record.supervision[0];
            assert!(kept.joined_at.is_none() && kept.left_at.is_some() && kept.modes.is_empty());
            world.wants_to(supervisor(1), Barge).unwrap();
            assert_eq!(world.call.supervision(2).unwrap().mode, Barge, "rung anew");
            world.rebuild();
        });
    }
}

#[test]
fn a_supervisor_whose_coming_was_not_told_is_found_in_the_conference() {
    let mut world = World::new(Default::default(), Default::default());
    world.is_served();
    world.wants_to(supervisor(1), Listen).unwrap();
    world.supervisor_enters(1);
    world.wait(11);
    let call_sids = vec![CUSTOMER.into(), leg(1), their_leg(1)];
    world.settle(
        |command| *command == Command::CheckRoom,
        Settlement::InRoom { conference_sid: Some(ROOM.into()), call_sids },
    );
    assert_eq!(world.call.supervision(1).unwrap().stage, SupervisionStage::OnTheLine);
}

#[test]
fn with_the_human_part_supervision_is_over() {
    let ends: [fn(&mut World); 3] = [
        |world| world.agent_is(1, LegStatus::Completed),
        World::hangs_up,
        |world| drop(world.tell(Input::RequestEnd { outcome: None, notes: None })),
    ];
    for end in ends {
        story(|world| {
            world.is_served();
            world.has_supervisor(1, Listen);
            world.wants_to(supervisor(2), Listen).unwrap();
            end(world);
            assert_eq!(world.ended(), [SupervisionEnd::HumanPartOver; 2]);
            assert!(world.hung_supervisor_up(1));
            world.supervisor_is_dialled(2);
            assert!(world.hung_supervisor_up(2), "a leg that comes too late is hung up");
            assert_eq!(world.supervisor_asks(2), SupervisorReply::Dismiss { why: Dismissal::Over });
        });
    }
}

#[test]
fn those_in_the_conference_are_muted_held_and_taken_out() {
    let mut world = World::new(Default::default(), Default::default());
    world.agrees();
    let by = supervisor(1);
    let set =
        |call_sid: &str, muted, held| Input::SetParticipant { by, call_sid: call_sid.into(), muted, held };
    let remove = |call_sid: &str| Input::RemoveParticipant { by, call_sid: call_sid.into() };
    assert_eq!(world.try_tell(set(CUSTOMER, None, Some(true))), Err(Refusal::WithAi(Status::Transferring)));
    world.accepts(1, 1);
    world.is_bridged(1);
    world.has_supervisor(1, Listen);

    let holds = |command: &Command| matches!(command, Command::SetParticipant { held: Some(true), .. });
    world.tell(set(CUSTOMER, None, Some(true)));
    world.tell(set(CUSTOMER, None, Some(true)));
    assert_eq!(world.count(holds), 1, "asked twice, it is done once");
    assert_eq!(world.try_tell(set(CUSTOMER, None, Some(false))), Err(Refusal::ParticipantBusy));
    world.settle(holds, Settlement::Done);
    world.room(RoomChange::Held { call_sid: CUSTOMER.into(), held: true });
    let customer = |world: &World| {
        world.record.participants.iter().find(|party| party.role == Role::Customer).cloned().unwrap()
    };
    assert!(customer(&world).on_hold && !customer(&world).muted);
    world.tell(set(CUSTOMER, Some(true), Some(false)));

    assert_eq!(world.try_tell(set("CA-nobody", Some(true), None)), Err(Refusal::NotInConference));
    assert_eq!(world.try_tell(set(&their_leg(1), Some(false), None)), Err(Refusal::SupervisorsLeg));
    assert_eq!(world.try_tell(remove(CUSTOMER)), Err(Refusal::CustomersLeg));
    assert_eq!(world.try_tell(remove("CA-nobody")), Err(Refusal::NotInConference));
    world.tell(remove(&their_leg(1)));
    assert_eq!(world.ended(), [SupervisionEnd::Released]);
    world.tell(remove(&leg(1)));
    world.tell(remove(&leg(1)));
    assert_eq!(world.count(|command| matches!(command, Command::RemoveParticipant { .. })), 1);
}

// ---------------------------------------------------------------------------------------------------- taking over

fn claims(command: &Command) -> bool {
    matches!(command, Command::ClaimAgent { .. })
}

fn takes_seat(command: &Command) -> bool {
    matches!(command, Command::TakeSeat { .. })
}

impl World {
    fn takes_over(&mut self, number: u8) -> Result<Reply, Refusal> {
        self.try_tell(Input::TakeOver { by: supervisor(number) })
    }

    /// The store promises the supervisor to the call.
    fn is_claimed(&mut self, number: u8) {
        let agent = agent_who_is(supervisor(number));
        self.settle(claims, Settlement::Picked { agent, considered: Vec::new() });
    }

    fn freed_supervisor(&self, number: u8) -> usize {
        let by = supervisor(number);
        self.count(|command| matches!(command, Command::FreeAgent { agent, .. } if *agent == by))
    }

    fn takeover_ends(&self) -> Vec<TakeoverEnd> {
        self.events()
            .filter_map(|event| match event {
                Event::TakeoverEnded { reason, .. } => Some(*reason),
                _ => None,
            })
            .collect()
    }

    fn agent_of_the_call(&self) -> Option<UserId> {
        self.call.handover.as_ref()?.agent.as_ref().map(|leg| leg.agent.id)
    }
}

#[test]
fn a_supervisor_who_was_not_on_the_line_is_rung_and_takes_the_agents_place() {
    story(|world| {
        world.is_served();
        world.takes_over(1).unwrap();
        world.takes_over(1).unwrap();
        assert_eq!(world.takes_over(2), Err(Refusal::TakeoverBusy));
        world.is_claimed(1);
        assert_eq!(world.supervisor_enters(1), SupervisorReply::Join { mode: Barge, agent_sid: leg(1) });
        assert!(!world.wants(takes_seat), "not before they are in the conference");
        world.room(joined(&their_leg(1)));
        world.now = world.now.plus_secs(7);
        // The agent's leg is told of before the carrier has answered.
        world.room(left(&leg(1)));
        world.agent_is(1, LegStatus::Completed);
        assert_eq!((world.freed(1), world.call.human_is_gone()), (0, false));
        world.settle(takes_seat, Settlement::Done);

        assert_eq!(world.agent_of_the_call(), Some(supervisor(1)));
        assert_eq!(world.record.assigned_agent, Some(supervisor(1)));
        assert_eq!((world.call.status, world.call.supervisions.len()), (Status::HumanConnected, 0));
        assert_eq!((world.freed(1), world.freed_supervisor(1)), (1, 0));
        assert_eq!(world.count(|command| matches!(command, Command::SeatAgent { agent, response_secs: 7 } if *agent == supervisor(1))), 1);
        assert_eq!(world.role_of(&their_leg(1)), Some(Role::Agent));
        assert_eq!(world.takes_over(1), Err(Refusal::AgentYourself));
        world.rebuild();

        // And when they hang up, it is as with any agent.
        let (leg, status) = (Leg::Supervisor(1), LegStatus::Completed);
        world.tell(Input::Progress { leg, call_sid: their_leg(1), status, sequence: Some(4) });
        assert_eq!(world.freed_supervisor(1), 1);
        world.tell(Input::CustomerOut);
        assert_eq!(world.hears(), ["thanks_after_talk"]);
        world.hangs_up();
        assert!(world.call.status.is_over());
        world.rebuild();
    });
}

#[test]
fn a_supervisor_on_the_line_takes_over_without_being_rung_again_and_whispers_are_moved() {
    let mut world = World::new(Default::default(), Default::default());
    world.is_served();
    world.has_supervisor(1, Listen);
    world.has_supervisor(2, Whisper);
    world.takes_over(1).unwrap();
    world.is_claimed(1);
    assert!(!world.wants(takes_seat), "not before they are heard");
    world.settle(sets, Settlement::Done);
    assert_eq!(world.wants_to(supervisor(1), Listen), Err(Refusal::TakeoverBusy));
    let set = Input::SetParticipant { by: supervisor(2), call_sid: leg(1), muted: Some(true), held: None };
    assert_eq!(world.try_tell(set), Err(Refusal::ParticipantBusy));
    assert_eq!(world.try_tell(Input::StopSupervising { by: supervisor(1) }), Err(Refusal::TakeoverBusy));
    world.settle(takes_seat, Settlement::Done);
    let (_, command) = world.take(sets);
    assert!(
        matches!(command, Command::SetSupervisor { number: 2, mode: Whisper, agent_sid, .. } if agent_sid == their_leg(1))
    );
    assert_eq!(world.count(|command| matches!(command, Command::DialSupervisor { .. })), 2);
    world.takes_over(2).unwrap();
    world.hangs_up();
    assert!(world.hung_supervisor_up(2));
    assert_eq!(world.takeover_ends(), [TakeoverEnd::HumanPartOver]);
    world.is_claimed(2);
    assert_eq!(
        (world.freed_supervisor(1), world.freed_supervisor(2)),
        (1, 1),
        "claimed for nothing, and given back"
    );
}

#[test]
fn nobody_takes_over_who_is_just_being_muted() {
    let mut world = World::new(Default::default(), Default::default());
    world.is_served();
    world.has_supervisor(1, Barge);
    world.wants_to(supervisor(1), Listen).unwrap();
    world.takes_over(1).unwrap();
    world.is_claimed(1);
    assert!(!world.wants(takes_seat), "the carrier may be muting them");
    world.settle(sets, Settlement::Done);
    assert!(!world.wants(takes_seat));
    world.settle(sets, Settlement::Done);
    assert!(world.wants(takes_seat));
}

#[test]
fn a_take_over_that_comes_to_nothing_leaves_the_customer_with_the_agent() {
    type Tale = (fn(&mut World), TakeoverEnd, usize);
    let tales: [Tale; 4] = [
        (
            |world| world.settle(claims, Settlement::NobodyFree { considered: Vec::new() }),
            TakeoverEnd::Taken,
            0,
        ),
        (
            |world| {
                world.is_claimed(1);
                world.supervisor_is_dialled(1);
                world.wait(60);
            },
            TakeoverEnd::NotCome,
            1,
        ),
        (
            |world| {
                world.is_claimed(1);
                world.supervisor_enters(1);
                world.room(joined(&their_leg(1)));
                world.settle(takes_seat, refused(None));
            },
            TakeoverEnd::NotDone,
            1,
        ),
        (
            |world| {
                world.is_claimed(1);
                world.supervisor_enters(1);
                world.try_tell(Input::StopSupervising { by: supervisor(1) }).unwrap();
            },
            TakeoverEnd::NotCome,
            1,
        ),
    ];
    for (tale, reason, given_back) in tales {
        story(|world| {
            world.is_served();
            world.takes_over(1).unwrap();
            tale(world);
            assert_eq!((world.takeover_ends(), world.freed_supervisor(1)), (vec![reason], given_back));
            assert_eq!(world.agent_of_the_call(), Some(crate::world::agent(1).id));
            assert_eq!((world.call.status, world.freed(1)), (Status::HumanConnected, 0));
            world.rebuild();
        });
    }
}

#[test]
fn an_agent_who_was_gone_when_the_take_over_failed_is_given_back() {
    let mut world = World::new(Default::default(), Default::default());
    world.is_served();
    world.takes_over(1).unwrap();
    world.is_claimed(1);
    world.supervisor_enters(1);
    world.room(joined(&their_leg(1)));
    world.agent_is(1, LegStatus::Completed);
    assert_eq!(world.freed(1), 0);
    world.settle(takes_seat, refused(Some(20404)));
    assert_eq!((world.freed(1), world.freed_supervisor(1)), (1, 1));
    assert!(world.hung_supervisor_up(1));
}

#[test]
fn from_the_ai_a_supervisor_takes_over_as_the_agent_who_is_named_whatever_they_do() {
    story(|world| {
        world.picks_up();
        world.takes_over(1).unwrap();
        let (id, command) = world.take(|command| matches!(command, Command::PickAgent { .. }));
        assert!(
            matches!(command, Command::PickAgent { wish, claim: true, .. } if wish == Some(supervisor(1)))
        );
        let agent = agent_who_is(supervisor(1));
        world.tell(Input::Settled { id, settlement: Settlement::Picked { agent, considered: Vec::new() } });
        world.agent_rings(1);
        // Another supervisor is faster to want them, and is fetched in their place.
        world.takes_over(2).unwrap();
        assert!(world.hung_up(1) && world.freed_supervisor(1) == 1);
        let (_, command) = world.take(|command| matches!(command, Command::PickAgent { .. }));
        assert!(
            matches!(command, Command::PickAgent { wish, claim: true, .. } if wish == Some(supervisor(2)))
        );
        world.rebuild();
    });
}
