//! A lane: the notifications of one call or conference, sent one after the other.
//!
//! Twilio sends them in order but does not promise that they arrive so. Here they arrive in order unless a fault says
//! otherwise: one that is held back goes out behind its successor, or alone when no successor comes.

use super::{CookieJar, Hook, Messenger};
use crate::sandbox::fault::HookFate;
use crate::sandbox::log::{Event, Journal};
use crate::sandbox::sid;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// At most this many notifications wait in one lane; what comes then is lost, and counted.
const MAX_WAITING: usize = 1_024;
/// How long a held notification waits for its successor, in real time.
const PATIENCE: Duration = Duration::from_millis(500);

/// A webhook whose answer does not matter.
#[derive(Debug, Clone)]
pub struct Notification {
    /// What is sent.
    pub hook: Hook,
    /// What it is about, for the log (`call status`, `conference join`, …).
    pub about: String,
}

/// The notifications of one call or conference, in order.
pub struct Lane {
    messenger: Arc<Messenger>,
    jar: Arc<CookieJar>,
    journal: Arc<Journal>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Parcel>,
    driven: bool,
}

struct Parcel {
    notification: Notification,
    fate: HookFate,
    due: Instant,
}

impl Lane {
    /// An empty lane that logs to `journal`.
    pub fn new(messenger: Arc<Messenger>, jar: Arc<CookieJar>, journal: Arc<Journal>) -> Arc<Self> {
        Arc::new(Self { messenger, jar, journal, queue: Mutex::default() })
    }

    /// Puts a notification at the end of the lane.
    pub fn push(self: &Arc<Self>, runtime: &tokio::runtime::Handle, notification: Notification) {
        let counters = &self.messenger.counters;
        let fate = self.messenger.weather.hook(notification.hook.kind);
        if fate.dropped {
            counters.dropped();
            self.journal.add(Event::Lost { about: notification.about, url: notification.hook.url });
            return;
        }
        if !fate.delay.is_zero() {
            counters.delayed();
        }
        if fate.held {
            counters.reordered();
        }
        let parcel = Parcel { notification, fate, due: Instant::now() + fate.delay };
        let idle = {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            if queue.waiting.len() >= MAX_WAITING {
                counters.overflowed();
                return;
            }
            queue.waiting.push_back(parcel);
            !std::mem::replace(&mut queue.driven, true)
        };
        if idle {
            runtime.spawn(self.clone().drive());
        }
    }

    async fn drive(self: Arc<Self>) {
        let mut held: Option<Parcel> = None;
        loop {
            let next = self.next(held.is_none());
            match (next, held.take()) {
                (Some(parcel), None) if parcel.fate.held => held = Some(parcel),
                (Some(parcel), before) => {
                    self.deliver(parcel).await;
                    if let Some(before) = before {
                        self.deliver(before).await;
                    }
                }
                (None, Some(mut waiting)) => {
                    // Waits once; after that it goes out alone.
                    tokio::time::sleep(PATIENCE).await;
                    waiting.fate.held = false;
                    match self.next(false) {
                        Some(successor) => {
                            self.deliver(successor).await;
                            self.deliver(waiting).await;
                        }
                        None => self.deliver(waiting).await,
                    }
                }
                (None, None) => return,
            }
        }
    }

    /// The next parcel; with `last` the lane is left when there is none.
    fn next(&self, last: bool) -> Option<Parcel> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let parcel = queue.waiting.pop_front();
        if parcel.is_none() && last {
            queue.driven = false;
        }
        parcel
    }

    async fn deliver(&self, parcel: Parcel) {
        tokio::time::sleep_until(parcel.due).await;
        let Notification { hook, about } = parcel.notification;
        let token = sid::token();
        let times = if parcel.fate.doubled { 2 } else { 1 };
        for time in 0..times {
            self.messenger.counters.sent(hook.kind);
            if time > 0 {
                self.messenger.counters.doubled();
            }
            let outcome = self.messenger.attempts(&hook, &self.jar, &token).await;
            // Whatever is answered is ignored, but a refusal is noted as Twilio's debugger would.
            self.journal.add(Event::webhook(about.clone(), &hook, &outcome));
            if !outcome.is_ok_and(|answer| answer.status < 400) {
                self.messenger.counters.failed();
            }
        }
    }
}
