//! Engine.IO payloads: whatever comes is read, and the messages that were read are read again as they were.
#![no_main]

use bytestring::ByteString;
use libfuzzer_sys::fuzz_target;
use tsunagu_socketio::engine::{Frame, Packet, payload};

fuzz_target!(|text: String| {
    let messages: Vec<_> = payload::read(&text.into())
        .filter_map(|packet| match packet {
            Ok(Packet::Message(message)) => Some(message),
            _ => None,
        })
        .collect();
    if messages.is_empty() {
        return;
    }
    let frames: Vec<_> = messages.iter().cloned().map(Frame::message).collect();
    let written = ByteString::from(payload::write(&frames));
    let again: Vec<_> = payload::read(&written).collect();
    let expected: Vec<_> = messages.into_iter().map(|message| Ok(Packet::Message(message))).collect();
    assert_eq!(again, expected);
});
