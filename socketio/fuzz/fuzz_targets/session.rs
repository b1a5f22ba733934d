//! Whatever happens to a session, in any order: it ends once, is forgotten once and afterwards, and is due for as long as it
//! is not forgotten.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::time::Duration;
use tsunagu_socketio::engine::{
    Bounds, Frame, Packet, Reason, Rhythm, Session,
    session::{Beginning, Input, Output, Rules},
};

const RULES: Rules = Rules {
    rhythm: Rhythm { interval: Duration::from_millis(300), timeout: Duration::from_millis(200) },
    upgrade_timeout: Duration::from_millis(150),
    bounds: Bounds { packets: 4, bytes: 100 },
};

#[derive(Debug, Arbitrary)]
enum Happening {
    Poll,
    PollGone,
    Post,
    Posted(String),
    PostDone,
    PostBroken,
    Attach,
    Says(u8, String),
    Broken(u8),
    Gone(u8),
    Close,
    Abandon,
    Dismiss(String),
    Push(String),
    TakePoll,
    TakeLink(u8),
    Wait(u16),
}

fuzz_target!(|all: (bool, Option<u16>, Vec<Happening>)| {
    let (polling, alarm, all) = all;
    let beginning = if polling { Beginning::Polling } else { Beginning::WebSocket };
    let alarm = alarm.map(|millis| Duration::from_millis(millis.into()));
    let mut session = Session::open(beginning, Frame::open("{}"), Duration::ZERO, &RULES, alarm);
    let (mut now, mut links) = (Duration::ZERO, vec![Session::first_link()]);
    let (mut ended, mut forgotten) = (0, 0);
    for one in all {
        let mut out = Vec::new();
        let link = |number: u8| links[usize::from(number) % links.len()];
        let input = match one {
            Happening::Poll => Some(Input::Poll),
            Happening::PollGone => Some(Input::PollGone),
            Happening::Post => Some(Input::Post),
            Happening::Posted(text) => Packet::read(&text.into()).ok().map(Input::Posted),
            Happening::PostDone => Some(Input::PostDone),
            Happening::PostBroken => Some(Input::PostBroken(Reason::TransportError)),
            Happening::Says(number, text) => Some(match Packet::read(&text.into()) {
                Ok(packet) => Input::Packet(link(number), packet),
                Err(_) => Input::Broken(link(number), Reason::ParseError),
            }),
            Happening::Broken(number) => Some(Input::Broken(link(number), Reason::TransportError)),
            Happening::Gone(number) => Some(Input::Gone(link(number))),
            Happening::Close => Some(Input::Close(Reason::Forced)),
            Happening::Abandon => Some(Input::Abandon(Reason::Overrun)),
            Happening::Dismiss(word) => {
                Some(Input::Dismiss(Reason::Overrun, vec![Frame::Text(word.into())]))
            }
            Happening::Attach => {
                links.push(session.attach(now, &RULES));
                None
            }
            Happening::Push(text) => {
                session.push(&Frame::Text(text.into()), &[], &RULES);
                None
            }
            Happening::TakePoll => {
                session.take_poll(&mut out);
                None
            }
            Happening::TakeLink(number) => {
                session.take_link(link(number), &mut out, drop);
                None
            }
            Happening::Wait(millis) => {
                now += Duration::from_millis(millis.into());
                Some(Input::Tick)
            }
        };
        if let Some(input) = input {
            let _ = session.step(input, now, &RULES, &mut out);
        }
        for output in out {
            match output {
                Output::Ended(_) => ended += 1,
                Output::Forget => {
                    assert_eq!(ended, 1);
                    forgotten += 1;
                }
                Output::Message(_) | Output::Alarm => assert_eq!(ended, 0),
                Output::Write(..) => {}
            }
        }
        assert!(ended <= 1 && forgotten <= 1);
        assert_eq!(session.is_open(), ended == 0);
        assert_eq!(session.due().is_none(), forgotten == 1);
    }
});
