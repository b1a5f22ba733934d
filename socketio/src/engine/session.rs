//! One session as a machine: what comes in, and what follows, with time passed in and nothing waited for.
//!
//! State: which transport carries the session, whether a poll waits, whether a WebSocket is on trial, where the heartbeat
//! is, and what waits to be sent. Transports come and take what is theirs; the session never calls them.

mod leave;
mod take;

pub use take::{Links, Polls};

use super::{
    heartbeat::{Beat, Heartbeat, Rhythm},
    outbox::{Bounds, Outbox},
    packet::{Frame, Message, Packet},
    reason::Reason,
    refusal::Refusal,
};
use std::time::Duration;

/// What every session of a server goes by.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The heartbeat.
    pub rhythm: Rhythm,
    /// How long a WebSocket may be on trial.
    pub upgrade_timeout: Duration,
    /// How much may wait for a client.
    pub bounds: Bounds,
}

/// A WebSocket of a session; each has its own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link(u32);

/// How a session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// By a GET.
    Polling,
    /// By a WebSocket, which is the session's first.
    WebSocket,
}

/// What happens to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A GET asks for what waits.
    Poll,
    /// The client of the waiting GET went away.
    PollGone,
    /// A POST begins.
    Post,
    /// A packet of the POST's body.
    Posted(Packet),
    /// The POST is over.
    PostDone,
    /// The POST's body cannot be read; the session cannot go on.
    PostBroken(Reason),
    /// A packet came over a WebSocket.
    Packet(Link, Packet),
    /// What came over a WebSocket cannot be read.
    Broken(Link, Reason),
    /// A WebSocket is gone.
    Gone(Link),
    /// Time has passed.
    Tick,
    /// The layer above ends the session, after what waits is sent.
    Close(Reason),
    /// The layer above gives the session up: nothing more is sent.
    Abandon(Reason),
    /// The layer above gives up a client that does not read: what waits is dropped, and these last words wait in its place, for
    /// a moment.
    Dismiss(Reason, Vec<Frame>),
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// The layer above is told something.
    Message(Message),
    /// To be written to this WebSocket at once; only what belongs to a trial.
    Write(Link, Frame),
    /// The moment that the layer above asked for has come.
    Alarm,
    /// The session has ended for the layer above. Said once.
    Ended(Reason),
    /// Nothing of the session is left to be asked for.
    Forget,
}

/// The machine.
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    carrier: Carrier,
    polling: bool,
    posting: bool,
    trial: Option<Trial>,
    links: u32,
    beat: Heartbeat,
    alarm: Option<Duration>,
    outbox: Outbox,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Open,
    /// Ended for the layer above; a transport may still take what waits, and then the farewell.
    Leaving {
        until: Duration,
        farewell: Frame,
    },
    /// Ended. A poll that still waits is answered with the farewell.
    Closed {
        farewell: Frame,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Polling,
    Link(Link),
}

/// From a client's probe to the answer that ends its poll. A client that changes over at once, with its next packet, is then
/// not told that it may poll again.
const PAUSE: Duration = Duration::from_millis(20);

/// How long a client that did not read may take to read its last words.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A WebSocket that may become the carrier.
#[derive(Debug, Clone, Copy)]
struct Trial {
    link: Link,
    probe: Probe,
    until: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probe {
    /// Not seen yet.
    None,
    /// Seen and answered; polls go on waiting until then.
    Answered(Duration),
    /// Polls are answered, so that the client can change over.
    Over,
}

impl Session {
    /// A session opens; its first packet waits to be sent. `alarm`: when the layer above wants to be called.
    pub fn open(
        beginning: Beginning,
        handshake: Frame,
        now: Duration,
        rules: &Rules,
        alarm: Option<Duration>,
    ) -> Self {
        let (carrier, links) = match beginning {
            Beginning::Polling => (Carrier::Polling, 0),
            Beginning::WebSocket => (Carrier::Link(Link(0)), 1),
        };
        let mut outbox = Outbox::default();
        outbox.insist(handshake);
        let beat = Heartbeat::new(now, rules.rhythm);
        Self {
            phase: Phase::Open,
            carrier,
            polling: false,
            posting: false,
            trial: None,
            links,
            beat,
            alarm,
            outbox,
        }
    }

    /// The WebSocket that a session begun by one has.
    pub const fn first_link() -> Link {
        Link(0)
    }

    /// Something can still be sent.
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// A WebSocket carries it.
    pub fn is_linked(&self) -> bool {
        matches!(self.carrier, Carrier::Link(_))
    }

    /// A WebSocket asks to take the session over. One that is not put on trial finds that nothing is there for it.
    pub fn attach(&mut self, now: Duration, rules: &Rules) -> Link {
        let link = Link(self.links);
        self.links = self.links.wrapping_add(1);
        if self.is_open() && self.carrier == Carrier::Polling && self.trial.is_none() {
            self.trial = Some(Trial { link, probe: Probe::None, until: now + rules.upgrade_timeout });
        }
        link
    }

    /// When time must pass next, while there is anything to wait for.
    pub fn due(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Open => {
                let trial = self.trial.map(|trial| match trial.probe {
                    Probe::Answered(over) => over.min(trial.until),
                    Probe::None | Probe::Over => trial.until,
                });
                [Some(self.beat.due()), trial, self.alarm].into_iter().flatten().min()
            }
            Phase::Leaving { until, .. } => Some(*until),
            Phase::Closed { .. } => None,
        }
    }

    /// Something happens.
    ///
    /// # Errors
    /// A request does not fit what the session is doing.
    pub fn step(
        &mut self,
        input: Input,
        now: Duration,
        rules: &Rules,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        match input {
            Input::Poll => return self.poll(out),
            Input::PollGone => {
                if std::mem::take(&mut self.polling) && self.carrier == Carrier::Polling {
                    self.end(Reason::TransportError, out);
                }
            }
            Input::Post => return self.post(out),
            Input::Posted(packet) => self.packet(packet, now, rules, out),
            Input::PostDone => self.posting = false,
            Input::PostBroken(reason) => {
                self.posting = false;
                self.end(reason, out);
            }
            Input::Packet(link, packet) if self.carrier == Carrier::Link(link) => {
                self.packet(packet, now, rules, out);
            }
            Input::Packet(link, packet) => self.try_out(link, packet, now, out),
            Input::Broken(link, reason) => self.lose(link, reason, out),
            Input::Gone(link) => self.lose(link, Reason::TransportClose, out),
            Input::Tick => self.tick(now, rules, out),
            Input::Close(reason) => self.leave(reason, Frame::close(), now + rules.rhythm.timeout, out),
            Input::Abandon(reason) => {
                self.outbox.clear();
                self.end(reason, out);
            }
            Input::Dismiss(reason, words) => {
                if self.is_open() {
                    self.outbox.clear();
                    words.into_iter().for_each(|word| self.outbox.insist(word));
                }
                let patience = rules.rhythm.timeout.min(LAST_WORDS);
                self.leave(reason, Frame::close(), now + patience, out);
            }
        }
        Ok(())
    }

    /// Only one GET waits at a time: a second one ends the session, as the first one's client cannot be told from it.
    fn poll(&mut self, out: &mut Vec<Output>) -> Result<(), Refusal> {
        match &self.phase {
            Phase::Closed { .. } => Err(Refusal::UnknownSession),
            _ if self.carrier != Carrier::Polling => Err(Refusal::BadRequest),
            _ if self.polling => {
                self.end(Reason::TransportError, out);
                Err(Refusal::BadRequest)
            }
            _ => {
                self.polling = true;
                Ok(())
            }
        }
    }

    fn post(&mut self, out: &mut Vec<Output>) -> Result<(), Refusal> {
        match &self.phase {
            Phase::Closed { .. } => Err(Refusal::UnknownSession),
            _ if self.carrier != Carrier::Polling => Err(Refusal::BadRequest),
            _ if self.posting => {
                self.end(Reason::TransportError, out);
                Err(Refusal::BadRequest)
            }
            _ => {
                self.posting = true;
                Ok(())
            }
        }
    }

    /// A packet of the carrier.
    fn packet(&mut self, packet: Packet, now: Duration, rules: &Rules, out: &mut Vec<Output>) {
        if !self.is_open() {
            if packet == Packet::Close {
                self.end(Reason::TransportClose, out);
            }
            return;
        }
        self.beat.hear(now);
        match packet {
            Packet::Message(message) => out.push(Output::Message(message)),
            Packet::Pong(_) => self.beat.answer(now, rules.rhythm),
            Packet::Close => {
                self.leave(Reason::TransportClose, Frame::noop(), now + rules.rhythm.timeout, out);
            }
            // Only the server asks.
            Packet::Ping(_) => self.end(Reason::TransportError, out),
            Packet::Open(_) | Packet::Upgrade | Packet::Noop => {}
        }
    }

    /// A packet of a WebSocket on trial. A poll that waits must be answered before the client can change over.
    fn try_out(&mut self, link: Link, packet: Packet, now: Duration, out: &mut Vec<Output>) {
        let Some(trial) = self.trial.as_mut().filter(|trial| trial.link == link) else { return };
        match packet {
            Packet::Ping(probe) if probe == "probe" => {
                trial.probe = Probe::Answered(now + PAUSE);
                out.push(Output::Write(link, Frame::probed()));
            }
            Packet::Upgrade => {
                self.trial = None;
                self.carrier = Carrier::Link(link);
            }
            _ => self.trial = None,
        }
    }

    /// A WebSocket is of no use any more.
    fn lose(&mut self, link: Link, reason: Reason, out: &mut Vec<Output>) {
        if self.carrier == Carrier::Link(link) {
            self.end(reason, out);
        } else if self.trial.is_some_and(|trial| trial.link == link) {
            self.trial = None;
        }
    }

    fn tick_trial(&mut self, now: Duration) {
        let Some(trial) = &mut self.trial else { return };
        if now >= trial.until {
            self.trial = None;
        } else if matches!(trial.probe, Probe::Answered(over) if now >= over) {
            trial.probe = Probe::Over;
        }
    }

    fn tick(&mut self, now: Duration, rules: &Rules, out: &mut Vec<Output>) {
        match &self.phase {
            Phase::Leaving { until, .. } if now >= *until => self.close(out),
            Phase::Leaving { .. } | Phase::Closed { .. } => {}
            Phase::Open => {
                self.tick_trial(now);
                if self.alarm.is_some_and(|at| now >= at) {
                    self.alarm = None;
                    out.push(Output::Alarm);
                }
                match self.beat.tick(now, rules.rhythm) {
                    Beat::Rest => {}
                    Beat::Ask => self.outbox.insist(Frame::ping()),
                    Beat::End => self.end(Reason::PingTimeout, out),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
