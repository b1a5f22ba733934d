//! `<Connect>`: a stream of the call's sound. ConversationRelay is refused, since the sandbox has none.

use super::document::Document;
use super::{Next, error, go_to, note, stream};
use crate::sandbox::leg::Leg;
use tsunagu_twiml::{Connect, ConnectTarget};

const MESSAGE: &str =
    "the sandbox carrier has no ConversationRelay; the call goes on as after a failed connection";
const CODE: u32 = 64102;

/// Runs a Connect. A relay fails as with Twilio when nobody answers at the WebSocket's other end.
pub async fn run(leg: &mut Leg, document: &Document, connect: &Connect) -> Next {
    if let ConnectTarget::Stream(noun) = &connect.target {
        return stream::run(leg, document, connect, noun).await;
    }
    note(leg, "Connect", "ConversationRelay");
    error(leg, CODE, MESSAGE.into());
    let Some(action) = &connect.action else { return Next::Verb };
    let params = vec![
        ("SessionStatus".into(), "failed".into()),
        ("SessionDuration".into(), "0".into()),
        ("ErrorCode".into(), CODE.to_string()),
        ("ErrorMessage".into(), MESSAGE.into()),
    ];
    go_to(leg, document, Some(action), connect.method, params).await
}
