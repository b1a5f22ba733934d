//! How many spans wait for the collector. One that finds no room is dropped and counted; whoever ended it goes on.

use opentelemetry::Context;
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// The room of the queue, as both its ends see it.
#[derive(Debug, Clone)]
pub struct Room {
    most: usize,
    waiting: Arc<AtomicUsize>,
}

impl Room {
    /// Room for so many.
    pub fn new(most: usize) -> Self {
        Self { most, waiting: Arc::default() }
    }

    /// Takes a place, if there is one.
    fn enter(&self) -> bool {
        let entered = self.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, |waiting| {
            (waiting < self.most).then_some(waiting + 1)
        });
        entered.is_ok()
    }

    /// Gives places back: so many do not wait any more.
    pub fn leave(&self, count: usize) {
        self.waiting.fetch_sub(count, Ordering::AcqRel);
    }
}

/// Lets spans into the queue behind it as long as that has room. The one behind would drop them as well, but tells nobody.
#[derive(Debug)]
pub struct Entrance<P> {
    queue: P,
    room: Room,
}

impl<P> Entrance<P> {
    /// The entrance of a queue that holds at least so many.
    pub const fn new(queue: P, room: Room) -> Self {
        Self { queue, room }
    }
}

impl<P: SpanProcessor> SpanProcessor for Entrance<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.queue.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if self.room.enter() {
            self.queue.on_end(span);
        } else {
            metrics::counter!("trace_spans_total", "outcome" => "dropped").increment(1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.queue.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.queue.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.queue.set_resource(resource);
    }
}
