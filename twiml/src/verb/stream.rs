//! `<Stream>`.

use super::{Method, Parameter};
use crate::check::{absolute_url, filled, stream_url};
use crate::element::{Element, children, no_text};
use crate::error::Error;
use crate::response::take;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// The call's audio over WebSocket: one way in `<Start>`, both ways in `<Connect>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stream {
    /// `wss://`, without a query string.
    pub url: String,
    /// A name, unique in the call, by which it can be stopped.
    pub name: Option<String>,
    /// Which direction (default inbound; only inbound in `<Connect>`).
    pub track: Option<StreamTrack>,
    /// Where its state is posted; an absolute URL.
    pub status_callback: Option<String>,
    /// How that is requested (default POST).
    pub status_callback_method: Option<Method>,
    /// Values that come with the stream's first message.
    pub parameters: Vec<Parameter>,
}

keywords! {
    /// A direction of a call's audio, seen from Twilio.
    pub enum StreamTrack {
        /// What Twilio receives.
        Inbound = "inbound_track",
        /// What Twilio sends.
        Outbound = "outbound_track",
        /// Both.
        Both = "both_tracks",
    }
}

attributes!(Stream, "Stream" {
    "url" => url: 31922, stream_url;
    "name" => name: 12200, filled;
    "track" => track: 31941;
    "statusCallback" => status_callback: 11100, absolute_url;
    "statusCallbackMethod" => status_callback_method;
});

impl Element for Stream {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        self.parameters.iter().try_for_each(|parameter| writer.element(parameter))
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_text(node, warnings);
        children(node, warnings, |child, warnings| {
            take::<Parameter, _>(child, warnings, &mut self.parameters)
        });
    }
}
