use super::*;
use proptest::{collection::vec, prelude::*};

const RULES: Rules = Rules {
    rhythm: Rhythm { interval: at(300), timeout: at(200) },
    upgrade_timeout: at(150),
    bounds: Bounds { packets: 4, bytes: 100 },
};

const fn at(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn hello() -> Frame {
    Frame::Text("4hello".into())
}

fn said(text: &str) -> Packet {
    Packet::Message(Message::Text(text.to_owned().into()))
}

/// A session with a clock, and all that followed so far.
struct World {
    session: Session,
    now: Duration,
}

impl World {
    fn open(beginning: Beginning) -> Self {
        let session = Session::open(beginning, Frame::open("{}"), at(0), &RULES, None);
        Self { session, now: at(0) }
    }

    fn polled() -> Self {
        let mut world = Self::open(Beginning::Polling);
        world.follows(Input::Poll);
        assert_eq!(world.answer(), [Frame::open("{}")]);
        world
    }

    fn step(&mut self, input: Input) -> (Result<(), Refusal>, Vec<Output>) {
        let mut out = Vec::new();
        (self.session.step(input, self.now, &RULES, &mut out), out)
    }

    fn follows(&mut self, input: Input) -> Vec<Output> {
        let (result, out) = self.step(input);
        assert_eq!(result, Ok(()));
        out
    }

    fn push(&mut self) -> bool {
        self.session.push(&hello(), &[], &RULES)
    }

    fn polls(&mut self) -> Polls {
        self.session.take_poll(&mut Vec::new())
    }

    fn answer(&mut self) -> Vec<Frame> {
        match self.polls() {
            Polls::Answer(frames) => frames,
            other => panic!("no answer: {other:?}"),
        }
    }

    fn link(&mut self, link: Link) -> (Links, Vec<Frame>) {
        let mut frames = Vec::new();
        let links = self.session.take_link(link, &mut Vec::new(), |frame| frames.push(frame));
        (links, frames)
    }

    fn later(&mut self, now: u64) -> Vec<Output> {
        self.now = at(now);
        self.follows(Input::Tick)
    }
}

fn ended(reason: Reason) -> Vec<Output> {
    vec![Output::Ended(reason), Output::Forget]
}

#[test]
fn a_poll_waits_until_there_is_something() {
    let mut world = World::polled();
    world.follows(Input::Poll);
    assert_eq!(world.polls(), Polls::Wait);
    assert!(world.push() && world.push());
    assert_eq!(world.answer(), [hello(), hello()]);
}

#[test]
fn a_second_poll_ends_the_session_and_answers_the_first() {
    let mut world = World::polled();
    world.follows(Input::Poll);
    assert_eq!(world.step(Input::Poll), (Err(Refusal::BadRequest), ended(Reason::TransportError)));
    assert_eq!(world.answer(), [Frame::close()]);
    assert_eq!(world.step(Input::Poll), (Err(Refusal::UnknownSession), vec![]));
}

#[test]
fn a_poll_whose_client_went_away_ends_the_session() {
    let mut world = World::polled();
    assert_eq!(world.follows(Input::PollGone), [], "its poll had been answered");
    world.follows(Input::Poll);
    assert_eq!(world.follows(Input::PollGone), ended(Reason::TransportError));
}

#[test]
fn a_second_post_ends_the_session() {
    let mut world = World::polled();
    world.follows(Input::Post);
    assert_eq!(world.follows(Input::Posted(said("a"))), [Output::Message(Message::Text("a".into()))]);
    assert_eq!(world.step(Input::Post), (Err(Refusal::BadRequest), ended(Reason::TransportError)));
}

#[test]
fn silence_ends_the_session_and_an_answer_keeps_it() {
    let mut world = World::open(Beginning::WebSocket);
    let link = Session::first_link();
    world.link(link);
    assert_eq!(world.later(300), []);
    assert_eq!(world.link(link), (Links::Wait, vec![Frame::ping()]));
    world.follows(Input::Packet(link, Packet::Pong("".into())));
    assert_eq!(world.later(600), []);
    assert_eq!(world.session.due(), Some(at(800)));
    assert_eq!(world.later(800), ended(Reason::PingTimeout));
    assert_eq!(world.link(link), (Links::End, vec![]));
    assert_eq!(world.session.due(), None);
}

#[test]
fn a_client_changes_over_between_two_polls() {
    let mut world = World::polled();
    world.follows(Input::Poll);
    let link = world.session.attach(world.now, &RULES);
    assert_eq!(world.link(link), (Links::Wait, vec![]));
    let probe = Input::Packet(link, Packet::Ping("probe".into()));
    assert_eq!(world.follows(probe), [Output::Write(link, Frame::probed())]);
    assert_eq!(world.polls(), Polls::Wait);
    assert_eq!(world.session.due(), Some(at(20)));
    world.later(20);
    assert_eq!(world.answer(), [Frame::noop()]);
    assert!(world.push());
    assert_eq!(world.link(link), (Links::Wait, vec![]), "polling carries it still");
    world.follows(Input::Packet(link, Packet::Upgrade));
    assert_eq!(world.link(link), (Links::Wait, vec![hello()]));
    assert_eq!(world.step(Input::Poll), (Err(Refusal::BadRequest), vec![]));
    assert_eq!(world.step(Input::Post), (Err(Refusal::BadRequest), vec![]));
    let second = world.session.attach(world.now, &RULES);
    assert_eq!(world.link(second), (Links::End, vec![]));
    assert_eq!(world.follows(Input::Gone(second)), []);
    assert_eq!(world.follows(Input::Gone(link)), ended(Reason::TransportClose));
}

#[test]
fn a_client_that_changes_over_at_once_must_not_poll_any_more() {
    let mut world = World::polled();
    let link = world.session.attach(world.now, &RULES);
    world.follows(Input::Poll);
    world.follows(Input::Packet(link, Packet::Ping("probe".into())));
    world.follows(Input::Packet(link, Packet::Upgrade));
    assert_eq!(world.polls(), Polls::Refuse);
    assert!(world.session.is_open());
    assert_eq!(world.follows(Input::PollGone), []);
}

#[test]
fn a_websocket_is_on_trial_for_a_while_only() {
    let mut world = World::polled();
    let link = world.session.attach(world.now, &RULES);
    assert_eq!(world.session.due(), Some(at(150)));
    world.later(150);
    assert_eq!(world.link(link), (Links::End, vec![]));
    assert!(world.session.is_open());
    let again = world.session.attach(world.now, &RULES);
    world.follows(Input::Packet(again, said("not a probe")));
    assert_eq!(world.link(again), (Links::End, vec![]));
}

#[test]
fn whoever_is_sent_away_gets_what_waits_and_then_the_farewell() {
    let mut world = World::polled();
    assert!(world.push());
    assert_eq!(world.follows(Input::Close(Reason::Forced)), [Output::Ended(Reason::Forced)]);
    world.follows(Input::Poll);
    assert_eq!(world.answer(), [hello()]);
    world.follows(Input::Poll);
    assert_eq!(world.answer(), [Frame::close()]);
    assert_eq!(world.step(Input::Poll).0, Err(Refusal::UnknownSession));
}

#[test]
fn whoever_is_sent_away_may_change_over_first() {
    let mut world = World::polled();
    let link = world.session.attach(world.now, &RULES);
    world.follows(Input::Packet(link, Packet::Ping("probe".into())));
    world.follows(Input::Close(Reason::Forced));
    world.follows(Input::Poll);
    assert_eq!(world.answer(), [Frame::noop()]);
    assert_eq!(world.link(link), (Links::Wait, vec![]));
    world.follows(Input::Packet(link, Packet::Upgrade));
    assert_eq!(world.link(link), (Links::End, vec![]));
}

#[test]
fn whoever_does_not_take_the_farewell_is_forgotten() {
    let mut world = World::open(Beginning::WebSocket);
    world.follows(Input::Close(Reason::Forced));
    assert_eq!(world.session.due(), Some(at(200)));
    assert_eq!(world.later(200), [Output::Forget]);
}

#[test]
fn whoever_is_given_up_gets_nothing_more() {
    let mut world = World::open(Beginning::WebSocket);
    assert!(world.push());
    assert_eq!(world.follows(Input::Abandon(Reason::Overrun)), ended(Reason::Overrun));
    assert_eq!(world.link(Session::first_link()), (Links::End, vec![]));
}

#[test]
fn whoever_is_dismissed_finds_the_last_words_instead_of_what_waited() {
    let mut world = World::open(Beginning::WebSocket);
    assert!(world.push());
    let words = vec![Frame::noop(), hello()];
    assert_eq!(
        world.follows(Input::Dismiss(Reason::Overrun, words.clone())),
        [Output::Ended(Reason::Overrun)]
    );
    assert_eq!(world.link(Session::first_link()), (Links::End, words));
    let mut world = World::open(Beginning::WebSocket);
    world.follows(Input::Dismiss(Reason::Overrun, vec![hello()]));
    assert_eq!(world.later(200), [Output::Forget], "or has had the time");
}

#[test]
fn whoever_does_not_read_is_found_out() {
    let mut world = World::open(Beginning::WebSocket);
    let pushed = (0..10).filter(|_| world.push()).count();
    assert_eq!(pushed, 3, "the handshake waits, too");
}

#[test]
fn the_alarm_is_rung_once() {
    let mut world = World::open(Beginning::WebSocket);
    world.session = Session::open(Beginning::WebSocket, Frame::open("{}"), at(0), &RULES, Some(at(100)));
    assert_eq!(world.later(99), []);
    assert_eq!(world.later(100), [Output::Alarm]);
    assert_eq!(world.later(101), []);
}

/// What may happen to a session, in any order. Links are named by their number.
#[derive(Debug, Clone)]
enum Happening {
    Input(Input),
    Attach,
    Push,
    TakePoll,
    TakeLink(Link),
    Wait(u64),
}

fn happening() -> impl Strategy<Value = Happening> {
    let link = || (0..3_u32).prop_map(Link);
    let packet = || {
        prop_oneof![
            Just(said("a")),
            Just(Packet::Ping("probe".into())),
            Just(Packet::Ping("".into())),
            Just(Packet::Pong("".into())),
            Just(Packet::Upgrade),
            Just(Packet::Close),
            Just(Packet::Noop),
        ]
    };
    prop_oneof![
        Just(Happening::Attach),
        Just(Happening::Push),
        Just(Happening::TakePoll),
        link().prop_map(Happening::TakeLink),
        (0..400_u64).prop_map(Happening::Wait),
        (link(), packet()).prop_map(|(link, packet)| Happening::Input(Input::Packet(link, packet))),
        packet().prop_map(|packet| Happening::Input(Input::Posted(packet))),
        link().prop_map(|link| Happening::Input(Input::Gone(link))),
        prop_oneof![
            Just(Input::Poll),
            Just(Input::PollGone),
            Just(Input::Post),
            Just(Input::PostDone),
            Just(Input::Close(Reason::Forced)),
            Just(Input::Abandon(Reason::Overrun)),
            Just(Input::Dismiss(Reason::Overrun, vec![hello()])),
        ]
        .prop_map(Happening::Input),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// A session ends once, is forgotten once and afterwards, says nothing after its end, and is due for as long as it is
    /// not forgotten: so none is left lying about.
    #[test]
    fn whatever_happens_a_session_ends_once(polling in any::<bool>(), all in vec(happening(), 0..60)) {
        let beginning = if polling { Beginning::Polling } else { Beginning::WebSocket };
        let mut world = World::open(beginning);
        let (mut ended, mut forgotten) = (0, 0);
        for one in all {
            let mut out = Vec::new();
            match one {
                Happening::Input(input) => out = world.step(input).1,
                Happening::Attach => drop(world.session.attach(world.now, &RULES)),
                Happening::Push => drop(world.push()),
                Happening::TakePoll => drop(world.session.take_poll(&mut out)),
                Happening::TakeLink(link) => drop(world.session.take_link(link, &mut out, drop)),
                Happening::Wait(millis) => {
                    world.now += at(millis);
                    out = world.follows(Input::Tick);
                }
            }
            for output in out {
                match output {
                    Output::Ended(_) => ended += 1,
                    Output::Forget => {
                        prop_assert_eq!(ended, 1);
                        forgotten += 1;
                    }
                    Output::Message(_) | Output::Alarm => prop_assert_eq!(ended, 0),
                    Output::Write(..) => {}
                }
            }
            prop_assert!(ended <= 1 && forgotten <= 1);
            prop_assert_eq!(world.session.is_open(), ended == 0);
            prop_assert_eq!(world.session.due().is_none(), forgotten == 1);
        }
    }
}
