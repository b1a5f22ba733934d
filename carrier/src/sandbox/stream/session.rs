//! One stream from its connection to its end.

use super::feed::Feed;
use super::message::{self, Command, Names};
use super::playback::{Playback, Reached};
use super::report::Reporter;
use super::{Stream, StreamPlan};
use crate::sandbox::call::Call;
use crate::sandbox::clock::Clock;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::websocket::{self, Full, Incoming, Socket};
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

/// Sound goes out at most this often, in real time.
const TICK: Duration = Duration::from_millis(20);

/// Runs a stream until one of its sides ends it.
pub async fn run(
    exchange: &Arc<Exchange>,
    call: &Arc<Call>,
    stream: &Arc<Stream>,
    plan: &StreamPlan,
    keys: mpsc::Receiver<char>,
) {
    let reporter = Reporter::new(exchange, call, stream, plan);
    let mut stopping = stream.stopping.subscribe();
    let socket = tokio::select! {
        _ = stopping.wait_for(|stopping| *stopping) => return,
        opened = websocket::open(exchange, &plan.url, plan.document.as_ref()) => match opened {
            Ok(socket) => socket,
            Err(error) => return reporter.not_opened(error),
        },
    };
    let names = Names {
        stream: stream.sid.clone(),
        account: exchange.config.account_sid.clone(),
        call: call.sid().to_owned(),
    };
    let session = Session {
        clock: exchange.clock.clone(),
        began: exchange.clock.now(),
        socket,
        names,
        sequence: 0,
        feed: Feed::default(),
        playback: Playback::default(),
        stream,
        plan,
        reporter,
    };
    session.run(keys).await;
}

struct Session<'a> {
    clock: Clock,
    began: Timestamp,
    socket: Socket,
    names: Names,
    sequence: u64,
    feed: Feed,
    playback: Playback,
    stream: &'a Stream,
    plan: &'a StreamPlan,
    reporter: Reporter<'a>,
}

impl Session<'_> {
    async fn run(mut self, mut keys: mpsc::Receiver<char>) {
        self.reporter.started();
        let tracks = self.plan.tracks();
        let greeting = self
            .send(|_, _| message::connected())
            .and_then(|()| self.send(|names, number| names.start(number, tracks, &self.plan.parameters)));
        let mut stopping = self.stream.stopping.subscribe();
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut healthy = greeting.is_ok();
        while healthy {
            let due = self.playback.next_due().map(|at| self.instant(at));
            let done = tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => break,
                incoming = self.socket.next() => match incoming {
                    Incoming::Text(text) => self.obey(&text),
                    Incoming::Binary => {
                        self.reporter.warn(31950, "a binary message".into());
                        Ok(())
                    }
                    Incoming::Closed(closed) => {
                        self.reporter.closed(&closed);
                        return self.over();
                    }
                },
                Some(key) = keys.recv() => self.pressed(key),
                () = sleep_until(due) => {
                    let now = self.now();
                    let reached = self.playback.reach(now);
                    self.tell(reached, false)
                }
                _ = ticks.tick() => {
                    self.sound();
                    Ok(())
                }
            };
            healthy = done.is_ok();
        }
        if healthy {
            // Whether the program still reads it is no concern of a call that has ended.
            let _ = self.send(|names, number| names.stop(number));
        } else {
            self.reporter.failed(31930, "the program does not read its messages".into());
        }
        self.over();
    }

    /// What was being played ends with the stream.
    fn over(mut self) {
        let now = self.now();
        if let Some(secs) = self.playback.clear(now).played {
            self.reporter.heard(secs, true);
        }
        self.reporter.stopped();
    }

    fn obey(&mut self, text: &str) -> Result<(), Full> {
        let now = self.now();
        let command = match message::read(text, &self.names.stream) {
            Ok(command) if self.plan.both_ways => command,
            Ok(_) => {
                let message = "a stream that <Start> or REST has started takes no messages";
                self.reporter.warn(31951, message.into());
                return Ok(());
            }
            Err(reason) => {
                self.reporter.warn(31951, reason);
                return Ok(());
            }
        };
        let taken = match command {
            Command::Media(bytes) => self.playback.sound(now, bytes),
            Command::Mark(name) => self.playback.mark(now, name),
            Command::Clear => {
                let cleared = self.playback.clear(now);
                return self.tell(cleared, true);
            }
        };
        if taken.is_err() {
            self.reporter.warn(31931, "more than can wait to be played: it is dropped".into());
        }
        Ok(())
    }

    /// Tells of marks that were reached and of sound that is over.
    fn tell(&mut self, reached: Reached, cleared: bool) -> Result<(), Full> {
        if let Some(secs) = reached.played {
            self.reporter.heard(secs, cleared);
            self.stream.played.send_modify(|times| *times += 1);
        }
        reached.marks.iter().try_for_each(|name| self.send(|names, number| names.mark(number, name)))
    }

    fn pressed(&mut self, key: char) -> Result<(), Full> {
        if !self.plan.both_ways {
            return Ok(());
        }
        self.send(|names, number| names.dtmf(number, key))
    }

    /// Sends what is due of the sound. Unlike all else it is dropped when there is no room for it.
    fn sound(&mut self) {
        let Some(chunk) = self.feed.due(self.now()) else { return };
        for track in self.plan.tracks() {
            let sent = self
                .send(|names, number| names.silence(number, track, chunk.number, chunk.millis, chunk.bytes));
            if sent.is_err() {
                self.reporter.warn(31931, "the program reads too slowly: sound is dropped".into());
            }
        }
    }

    /// Sends a message with the next number; the first of all has none, and counts as none.
    fn send(&mut self, message: impl FnOnce(&Names, u64) -> Value) -> Result<(), Full> {
        let message = message(&self.names, self.sequence);
        self.socket.send(message.to_string())?;
        self.sequence += 1;
        Ok(())
    }

    fn now(&self) -> f64 {
        Clock::between(self.began, self.clock.now())
    }

    fn instant(&self, at: f64) -> Instant {
        self.clock.ahead((at - self.now()).max(0.0))
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
