//! Why a document could not be written or read.

/// Why TwiML could not be written or read. [`code`](Self::code) is what Twilio itself would report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The document is empty or blank.
    #[error("the TwiML document is empty")]
    Empty,
    /// The document is longer than [`MAX_BODY`](crate::MAX_BODY) bytes.
    #[error("the TwiML document has {bytes} bytes; Twilio takes at most {max}", max = crate::MAX_BODY)]
    TooLong {
        /// Length of the document in bytes.
        bytes: usize,
    },
    /// The document is not well-formed XML, or uses what TwiML must not (a DOCTYPE, an entity of its own).
    #[error("the TwiML document is not well-formed near byte {offset}: {reason}")]
    Malformed {
        /// Where reading stopped, in bytes from the start.
        offset: u64,
        /// What is wrong there.
        reason: String,
    },
    /// The XML declaration names a version other than 1.0.
    #[error("the TwiML document is XML {version}; Twilio reads XML 1.0")]
    Version {
        /// The version found.
        version: String,
    },
    /// The root element is not `<Response>`.
    #[error("the root element is <{found}>; it must be <Response>")]
    Root {
        /// The name of the root element found.
        found: String,
    },
    /// A value that Twilio would refuse or ignore.
    #[error("<{element}>{}: {reason}", attribute.map(|name| format!(" {name}")).unwrap_or_default())]
    Invalid {
        /// The element.
        element: &'static str,
        /// The attribute, or none when it is about the content or the element as a whole.
        attribute: Option<&'static str>,
        /// Twilio's error code.
        code: u32,
        /// What is wrong, in a phrase.
        reason: String,
    },
}

impl Error {
    /// Twilio's error code for this: 11750, 11770, 12100, 12101, 12102, or the attribute's own (13xxx, 12200 …).
    pub const fn code(&self) -> u32 {
        match self {
            Self::Empty => 11770,
            Self::TooLong { .. } => 11750,
            Self::Malformed { .. } => 12100,
            Self::Version { .. } => 12101,
            Self::Root { .. } => 12102,
            Self::Invalid { code, .. } => *code,
        }
    }
}
