//! What is measured. The handles are fetched once, when a server starts: install what gathers them before.

use super::reason::Reason;
use metrics::{Counter, Gauge};

/// The handles.
pub(super) struct Figures {
    polling: Gauge,
    websocket: Gauge,
    /// Messages that came.
    pub(super) received: Counter,
    /// Packets that were given to a transport.
    pub(super) sent: Counter,
    /// Sends that were refused because too much waited.
    pub(super) full: Counter,
}

impl Figures {
    pub(super) fn new() -> Self {
        Self {
            polling: metrics::gauge!("socketio_sessions", "transport" => "polling"),
            websocket: metrics::gauge!("socketio_sessions", "transport" => "websocket"),
            received: metrics::counter!("socketio_messages_received_total"),
            sent: metrics::counter!("socketio_packets_sent_total"),
            full: metrics::counter!("socketio_sends_refused_total"),
        }
    }

    /// A session began.
    pub(super) fn began(&self, linked: bool) {
        self.gauge(linked).increment(1.0);
    }

    /// A session changed over to a WebSocket.
    pub(super) fn upgraded(&self) {
        self.polling.decrement(1.0);
        self.websocket.increment(1.0);
        metrics::counter!("socketio_upgrades_total").increment(1);
    }

    /// A session ended.
    pub(super) fn ended(&self, linked: bool, reason: Reason) {
        self.gauge(linked).decrement(1.0);
        metrics::counter!("socketio_sessions_ended_total", "reason" => reason.as_str()).increment(1);
    }

    fn gauge(&self, linked: bool) -> &Gauge {
        if linked { &self.websocket } else { &self.polling }
    }
}
