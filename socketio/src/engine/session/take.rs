//! What transports take from a session, and what is put in for them.

use super::{Carrier, Link, Output, Phase, Probe, Rules, Session};
use crate::engine::packet::Frame;

/// What a waiting poll finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polls {
    /// Nothing yet.
    Wait,
    /// Its answer.
    Answer(Vec<Frame>),
    /// Its client has changed over to a WebSocket, and should not have polled.
    Refuse,
}

/// What a WebSocket finds, once it has written what it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// More may come.
    Wait,
    /// Nothing comes any more.
    End,
}

impl Session {
    /// Puts in what is to be sent together, or nothing when it does not fit.
    pub fn push(&mut self, first: &Frame, others: &[Frame], rules: &Rules) -> bool {
        self.outbox.push(first, others, rules.bounds)
    }

    /// A poll that waits looks.
    pub fn take_poll(&mut self, out: &mut Vec<Output>) -> Polls {
        let frames = match &self.phase {
            Phase::Open | Phase::Leaving { .. } if !self.is_polled() => {
                self.polling = false;
                return Polls::Refuse;
            }
            Phase::Open if !self.outbox.is_empty() => self.drained(),
            Phase::Open if !self.may_change() => return Polls::Wait,
            Phase::Open => vec![Frame::noop()],
            // Clients act on a farewell before they act on what stands in front of it.
            Phase::Leaving { .. } if !self.outbox.is_empty() => self.drained(),
            Phase::Leaving { .. } if self.is_changing() => vec![Frame::noop()],
            Phase::Leaving { farewell, .. } => {
                let frames = vec![farewell.clone()];
                self.close(out);
                frames
            }
            Phase::Closed { farewell } => vec![farewell.clone()],
        };
        self.polling = false;
        Polls::Answer(frames)
    }

    /// A WebSocket looks, and gets each frame that is for it.
    pub fn take_link(&mut self, link: Link, out: &mut Vec<Output>, write: impl FnMut(Frame)) -> Links {
        let carries = self.carrier == Carrier::Link(link);
        match self.phase {
            Phase::Open if carries => {
                self.outbox.drain(write);
                Links::Wait
            }
            Phase::Open | Phase::Leaving { .. } if self.trial.is_some_and(|trial| trial.link == link) => {
                Links::Wait
            }
            Phase::Leaving { .. } if carries => {
                self.outbox.drain(write);
                self.close(out);
                Links::End
            }
            _ => Links::End,
        }
    }

    /// A client has found its WebSocket working.
    fn is_changing(&self) -> bool {
        self.trial.is_some_and(|trial| trial.probe != Probe::None)
    }

    /// And its poll is in the way of changing over.
    fn may_change(&self) -> bool {
        self.trial.is_some_and(|trial| trial.probe == Probe::Over)
    }

    fn drained(&mut self) -> Vec<Frame> {
        let mut frames = Vec::with_capacity(self.outbox.len());
        self.outbox.drain(|frame| frames.push(frame));
        frames
    }
}
