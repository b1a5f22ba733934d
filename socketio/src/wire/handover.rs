//! How a connection changes hands: a request asks for it, the connection gives its stream away, and whoever serves the
//! connection takes both.

use super::conversation::Conversation;
use actix_web::rt::net::TcpStream;
use std::cell::RefCell;

/// The place of a connection where that happens; its requests find it in their connection's data.
#[derive(Default)]
pub(super) struct Handover(RefCell<Stage>);

#[derive(Default)]
enum Stage {
    #[default]
    Serving,
    Asked(Conversation),
    Given(Conversation, TcpStream),
}

impl Handover {
    /// Asks for the connection, for when all is written that is to be written before.
    pub fn ask(&self, conversation: Conversation) {
        *self.0.borrow_mut() = Stage::Asked(conversation);
    }

    /// All is written: the stream is given away if it was asked for.
    pub fn give(&self, stream: &mut Option<TcpStream>) {
        let mut stage = self.0.borrow_mut();
        *stage = match std::mem::take(&mut *stage) {
            Stage::Asked(conversation) => match stream.take() {
                Some(stream) => Stage::Given(conversation, stream),
                None => Stage::Serving,
            },
            other => other,
        };
    }

    /// The stream is there to be taken.
    pub fn is_given(&self) -> bool {
        matches!(*self.0.borrow(), Stage::Given(..))
    }

    /// Takes it, with what it is wanted for.
    pub fn take(&self) -> Option<(Conversation, TcpStream)> {
        match self.0.take() {
            Stage::Given(conversation, stream) => Some((conversation, stream)),
            Stage::Serving | Stage::Asked(_) => None,
        }
    }
}
