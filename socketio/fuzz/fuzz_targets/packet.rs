//! Socket.IO packets and what belongs to them: whatever comes is taken or refused, and what was taken keeps to the limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tsunagu_socketio::{
    engine::Message,
    socket::{Assembler, Limits},
};

const LIMITS: Limits = Limits { attachments: 3, bytes: 64 };

fuzz_target!(|messages: Vec<Result<String, Vec<u8>>>| {
    let mut assembler = Assembler::default();
    for message in messages {
        let message = match message {
            Ok(text) => Message::Text(text.into()),
            Err(bytes) => Message::Binary(bytes.into()),
        };
        if let Ok(Some(whole)) = assembler.take(message, LIMITS) {
            assert_eq!(whole.attachments.len(), whole.packet.attachments);
            assert!(whole.attachments.len() <= LIMITS.attachments);
            assert!(whole.attachments.iter().map(|bytes| bytes.len()).sum::<usize>() <= LIMITS.bytes);
            assert!(whole.packet.namespace.starts_with('/'));
        }
    }
});
