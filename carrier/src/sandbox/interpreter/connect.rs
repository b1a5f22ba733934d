//! `<Connect>`: refused, since the sandbox does not carry audio and has no WebSocket of its own.

use super::document::Document;
use super::{Next, error, go_to, note};
use crate::sandbox::leg::Leg;
use tsunagu_twiml::{Connect, ConnectTarget};

const MESSAGE: &str =
    "the sandbox carrier does not run <Connect>; the call goes on as after a failed connection";

/// Fails as Twilio does when nobody answers at the WebSocket's other end.
pub async fn run(leg: &mut Leg, document: &Document, connect: &Connect) -> Next {
    let (noun, code) = match &connect.target {
        ConnectTarget::ConversationRelay(_) => ("ConversationRelay", 64102),
        ConnectTarget::Stream(_) => ("Stream", 31920),
    };
    note(leg, "Connect", noun);
    error(leg, code, MESSAGE.into());
    let Some(action) = &connect.action else { return Next::Verb };
    let params = vec![
        ("SessionStatus".into(), "failed".into()),
        ("SessionDuration".into(), "0".into()),
        ("ErrorCode".into(), code.to_string()),
        ("ErrorMessage".into(), MESSAGE.into()),
    ];
    go_to(leg, document, Some(action), connect.method, params).await
}
