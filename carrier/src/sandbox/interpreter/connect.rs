//! `<Connect>`: the call is connected to the program by a WebSocket, until that is over.

use super::document::Document;
use super::{Next, relay, stream};
use crate::sandbox::leg::Leg;
use tsunagu_twiml::{Connect, ConnectTarget};

/// Runs a Connect.
pub async fn run(leg: &mut Leg, document: &Document, connect: &Connect) -> Next {
    match &connect.target {
        ConnectTarget::ConversationRelay(noun) => relay::run(leg, document, connect, noun).await,
        ConnectTarget::Stream(noun) => stream::run(leg, document, connect, noun).await,
    }
}
