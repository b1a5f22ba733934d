//! An event in the forms of both protocols, written once for everybody.

use bytestring::ByteString;
use serde_json::json;
use tsunagu_actors::{Parting, Published};
use tsunagu_socketio::socket::{Encoded, encode};

/// The name of what is said last, before a connection is ended.
pub(super) const ENDED: &str = "session-ended";

/// The forms.
pub(super) struct Frames {
    /// For Socket.IO.
    pub packet: Encoded,
    /// For plain WebSockets: `{"event":…,"at":…,"data":…}`.
    pub line: ByteString,
}

impl Frames {
    pub fn of(event: &Published) -> Self {
        let Published { name, data, .. } = event;
        let line = format!(r#"{{"event":"{name}","at":"{}","data":{data}}}"#, event.place());
        Self { packet: encode::event_json("/", name, data), line: line.into() }
    }
}

/// Why a connection is ended, for Socket.IO.
pub(super) fn ended_packet(why: Parting) -> Encoded {
    encode::event("/", ENDED, &[json!({ "reason": why.word() })])
}

/// The same for plain WebSockets.
pub(super) fn ended_line(why: Parting) -> String {
    json!({ "event": ENDED, "data": { "reason": why.word() } }).to_string()
}
