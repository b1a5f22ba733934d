//! `<Refer>`.

use super::Method;
use crate::check::{self, url};
use crate::element::{Element, children, no_text, trimmed_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Hands a SIP call over to another SIP address; other calls cannot be referred (13801).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refer {
    /// The address, `sip:` or `sips:`.
    pub sip: String,
    /// Where control goes then (default: the next verb).
    pub action: Option<String>,
    /// How `action` is requested (default POST).
    pub method: Option<Method>,
}

attributes!(Refer, "Refer" {
    "action" => action: 11100, url;
    "method" => method;
});

impl Element for Refer {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.bare::<Self>("Sip", &self.sip)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_text(node, warnings);
        children(node, warnings, |child, _| {
            let takes = child.name == "Sip" && self.sip.is_empty();
            if takes {
                self.sip = trimmed_text(child);
            }
            takes
        });
    }

    fn check(&self) -> Result<(), Error> {
        check::sip_uri(&self.sip).map_err(|reason| Self::refuse(13243, reason))
    }
}
