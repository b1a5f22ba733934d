//! The person on a leg: what they have heard, what they are about to do, and their hands on the keys.

use super::call::{ByHand, Call, Order};
use super::casting::Role;
use super::clock::Clock;
use super::persona::{Mode, Performance, Reply};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How sure recognition is of words given by hand.
const BY_HAND_CONFIDENCE: f64 = 0.95;
/// Longest text of what was heard that is kept between two replies, in bytes.
const MAX_HEARD: usize = 64 * 1024;

/// What somebody does on the telephone.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Speaks.
    Speech { text: String, confidence: f64 },
    /// Presses keys.
    Keys(String),
}

/// The person on a leg.
pub struct Person {
    performance: Option<Performance>,
    greeted: bool,
    heard: String,
    free: bool,
    pending: Option<(Instant, Input)>,
    by_hand: mpsc::Receiver<ByHand>,
    unhurried: Duration,
    clock: Clock,
}

impl Person {
    /// Somebody who plays this role; without one, or in a manual one, everything comes by hand.
    pub fn new(role: Option<&Role>, by_hand: mpsc::Receiver<ByHand>, clock: Clock) -> Self {
        let performance = role.filter(|r| !r.persona.is_manual()).map(|r| r.persona.perform(r.seed));
        let unhurried = role.map_or(Duration::ZERO, |r| r.persona.unhurried());
        let (greeted, free) = (false, true);
        Self { performance, greeted, heard: String::new(), free, pending: None, by_hand, unhurried, clock }
    }

    /// How long somebody who listens for so long waits for this person.
    pub fn awaited(&self, listening: Duration) -> Duration {
        listening.max(self.unhurried)
    }

    /// Hears something that needs no answer yet.
    pub fn hears(&mut self, text: &str) {
        if self.heard.len() + text.len() < MAX_HEARD {
            if !self.heard.is_empty() {
                self.heard.push('\n');
            }
            self.heard.push_str(text);
        }
    }

    /// Is being listened to from now on, and makes up their mind. `prompt` is said meanwhile and takes `prompt_secs`.
    /// True when the prompt has been taken in; false when a greeting comes into it first, and what was said of it
    /// until then is still to be [heard](Self::hears).
    pub fn consider(&mut self, call: &Arc<Call>, prompt: &str, prompt_secs: f64, mode: Mode) -> bool {
        if self.performance.is_none() || self.pending.is_some() {
            self.hears(prompt);
            return true;
        }
        if self.greet(call) {
            return false;
        }
        self.hears(prompt);
        let heard = std::mem::take(&mut self.heard);
        if let Some(performance) = &mut self.performance {
            let reply = performance.hear(&heard, mode);
            self.prepare(call, reply, prompt_secs);
        }
        true
    }

    /// Has just picked up, and greets, if they have a greeting and have not given it yet. True when they do.
    pub fn greet(&mut self, call: &Arc<Call>) -> bool {
        let greeting = match (std::mem::replace(&mut self.greeted, true), &mut self.performance) {
            (false, Some(performance)) => performance.greet(),
            _ => Reply::Silent,
        };
        let greets = greeting != Reply::Silent;
        self.prepare(call, greeting, 0.0);
        greets
    }

    /// Whether they are about to say or press something.
    pub fn is_about_to(&self) -> bool {
        self.pending.is_some()
    }

    /// Will do this, after what is being said, unless it is meant to come into it.
    fn prepare(&mut self, call: &Arc<Call>, reply: Reply, prompt_secs: f64) {
        let from_start = |early: bool| if early { 0.0 } else { prompt_secs };
        match reply {
            Reply::Say { text, after_secs, confidence, interrupts } => {
                let due = self.clock.ahead(from_start(interrupts) + after_secs);
                self.pending = Some((due, Input::Speech { text, confidence }));
            }
            Reply::Press { digits, after_secs } => {
                self.pending = Some((self.clock.ahead(from_start(false) + after_secs), Input::Keys(digits)));
            }
            Reply::HangUp { after_secs, during_speech } => {
                self.leave_at(call, self.clock.ahead(from_start(during_speech) + after_secs));
            }
            Reply::Silent => {}
        }
    }

    /// Thinks of the next thing to say in company, unless there is something already.
    pub fn converse(&mut self) {
        if self.pending.is_some() {
            return;
        }
        let Some(performance) = &mut self.performance else { return };
        if let Reply::Say { text, after_secs, confidence, .. } = performance.hear("", Mode::Conference) {
            self.pending = Some((self.clock.ahead(after_secs), Input::Speech { text, confidence }));
        }
    }

    /// How long this person stays in company and alone, in seconds; `None` is for ever.
    pub fn patience(&mut self) -> (Option<f64>, Option<f64>) {
        match &mut self.performance {
            Some(performance) => {
                let conversation = performance.in_conference();
                (conversation.leave_after_secs, conversation.leaves_if_alone_secs)
            }
            None => (None, None),
        }
    }

    /// Waits for the next thing that this person does. Dropping the future loses nothing.
    pub async fn next_input(&mut self) -> Input {
        let due = self.pending.as_ref().filter(|_| self.free).map(|(due, _)| *due);
        let ready = async {
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(by_hand) = self.by_hand.recv() => match by_hand {
                ByHand::Say(text) => Input::Speech { text, confidence: BY_HAND_CONFIDENCE },
                ByHand::Press(digits) => Input::Keys(digits),
            },
            () = ready => match self.pending.take() {
                Some((_, input)) => input,
                None => std::future::pending().await,
            },
        }
    }

    /// Says nothing of their own accord until it is free again; what is done by hand is done at any time.
    pub fn set_free(&mut self, free: bool) {
        self.free = free;
    }

    /// Whatever was about to be said comes at least `by` later, since something else is being said.
    pub fn postpone(&mut self, by: Duration) {
        if let Some((due, _)) = &mut self.pending {
            *due = (*due).max(Instant::now() + by);
        }
    }

    /// Whether what they are about to do is to press keys.
    pub fn is_about_to_press(&self) -> bool {
        matches!(self.pending, Some((_, Input::Keys(_))))
    }

    /// Will hang up then.
    pub fn leave_at(&self, call: &Arc<Call>, at: Instant) {
        // A full mailbox means that the call is being ended many times over already.
        let _ = call.orders.try_send(Order::LeaveAt(at));
    }
}
