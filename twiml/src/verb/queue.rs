//! `<Queue>`, the noun of `<Dial>`.

use super::Method;
use crate::check::{self, filled, url};
use crate::element::{Element, name_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// The longest name of a queue, in characters.
pub(super) const MAX_QUEUE_NAME: usize = 64;

/// Connects with the caller who has waited longest in a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// The queue's name, at most 64 characters.
    pub name: String,
    /// A document that the waiting caller hears before both are connected.
    pub url: Option<String>,
    /// How `url` is requested (default POST).
    pub method: Option<Method>,
    /// Sid of a TaskRouter reservation.
    pub reservation_sid: Option<String>,
    /// Sid of the TaskRouter activity that follows.
    pub post_work_activity_sid: Option<String>,
}

attributes!(Queue, "Queue" {
    "url" => url: 14211, url;
    "method" => method: 14210;
    "reservationSid" => reservation_sid: 14215, filled;
    "postWorkActivitySid" => post_work_activity_sid: 14216, filled;
});

impl Element for Queue {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.name)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.name = name_text(node, warnings);
    }

    fn check(&self) -> Result<(), Error> {
        check::name(&self.name).map_err(|reason| Self::refuse(14212, reason))?;
        check::at_most(MAX_QUEUE_NAME)(&self.name).map_err(|reason| Self::refuse(14213, reason))
    }
}
