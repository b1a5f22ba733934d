//! `<Client>`.

use super::{CallProgressEvent, Method, Parameter};
use crate::attribute::SCHEMA;
use crate::check::{self, url};
use crate::element::{Element, children, trimmed_text};
use crate::error::Error;
use crate::response::take;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// The longest identity, in characters.
const MAX_IDENTITY: usize = 256;

/// An application with Twilio's Voice SDK to ring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// Who: at most 256 characters, without `client:`.
    pub identity: String,
    /// Values passed to the application.
    pub parameters: Vec<Parameter>,
    /// A document that the called party hears before both are connected (no `<Dial>` in it).
    pub url: Option<String>,
    /// How `url` is requested (default POST).
    pub method: Option<Method>,
    /// Where the progress of this leg is posted.
    pub status_callback: Option<String>,
    /// How that is requested (default POST).
    pub status_callback_method: Option<Method>,
    /// What it is requested for (default completed).
    pub status_callback_event: Vec<CallProgressEvent>,
    /// Where events of the application's notification are posted.
    pub client_notification_url: Option<String>,
}

impl Client {
    /// An application to ring.
    pub fn new(identity: impl Into<String>) -> Self {
        Self { identity: identity.into(), ..Self::default() }
    }
}

attributes!(Client, "Client" {
    "url" => url: 11100, url;
    "method" => method;
    "statusCallback" => status_callback: 11100, url;
    "statusCallbackMethod" => status_callback_method;
    "statusCallbackEvent" => status_callback_event;
    "clientNotificationUrl" => client_notification_url: 11100, url;
});

impl Element for Client {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        if self.parameters.is_empty() {
            return writer.text::<Self>(&self.identity);
        }
        writer.bare::<Self>("Identity", &self.identity)?;
        self.parameters.iter().try_for_each(|parameter| writer.element(parameter))
    }

    /// The identity is the text, or stands in a child `<Identity>`.
    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.identity = trimmed_text(node);
        children(node, warnings, |child, warnings| match child.name.as_str() {
            "Identity" if self.identity.is_empty() => {
                self.identity = trimmed_text(child);
                true
            }
            _ => take::<Parameter, _>(child, warnings, &mut self.parameters),
        });
    }

    fn check(&self) -> Result<(), Error> {
        check::name(&self.identity)
            .and_then(|()| check::at_most(MAX_IDENTITY)(&self.identity))
            .map_err(|reason| Self::refuse(SCHEMA, reason))
    }
}
