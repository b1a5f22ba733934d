//! `<Connect>`.

use super::{ConversationRelay, Method, Stream, StreamTrack};
use crate::attribute::SCHEMA;
use crate::check::url;
use crate::element::{Element, children, no_text, read};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Connects the call to an application over WebSocket, and waits until that is over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Connect {
    /// How.
    pub target: ConnectTarget,
    /// Where control goes when it is over (default: the next verb).
    pub action: Option<String>,
    /// How `action` is requested (default POST).
    pub method: Option<Method>,
}

/// How an application is connected; exactly one way.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectTarget {
    /// As text: Twilio recognises and speaks.
    ConversationRelay(Box<ConversationRelay>),
    /// As audio, both ways.
    Stream(Stream),
}

impl Connect {
    /// Connects to a target.
    pub fn new(target: impl Into<ConnectTarget>) -> Self {
        Self { target: target.into(), ..Self::default() }
    }
}

/// A relay without a URL, which has to be set.
impl Default for ConnectTarget {
    fn default() -> Self {
        Self::ConversationRelay(Box::default())
    }
}

impl From<ConversationRelay> for ConnectTarget {
    fn from(relay: ConversationRelay) -> Self {
        Self::ConversationRelay(Box::new(relay))
    }
}

impl From<Stream> for ConnectTarget {
    fn from(stream: Stream) -> Self {
        Self::Stream(stream)
    }
}

attributes!(Connect, "Connect" {
    "action" => action: 11100, url;
    "method" => method;
});

impl Element for Connect {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        match &self.target {
            ConnectTarget::ConversationRelay(relay) => writer.element(&**relay),
            ConnectTarget::Stream(stream) => writer.element(stream),
        }
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_text(node, warnings);
        let mut target = None;
        children(node, warnings, |child, warnings| {
            let first = target.is_none();
            match child.name.as_str() {
                "ConversationRelay" if first => {
                    target = read::<ConversationRelay>(child, warnings).map(ConnectTarget::from);
                }
                "Stream" if first => target = read::<Stream>(child, warnings).map(ConnectTarget::from),
                _ => return false,
            }
            true
        });
        if let Some(target) = target {
            self.target = target;
        }
    }

    fn check(&self) -> Result<(), Error> {
        match &self.target {
            ConnectTarget::ConversationRelay(relay) if relay.url.is_empty() => {
                Err(Self::refuse(SCHEMA, "needs something to connect with"))
            }
            ConnectTarget::Stream(Stream {
                track: Some(StreamTrack::Outbound | StreamTrack::Both), ..
            }) => Err(Self::refuse(31941, "a <Stream> in <Connect> has the inbound track only")),
            _ => Ok(()),
        }
    }
}
