//! `<Reject>`.

use crate::element::Element;

/// Declines an inbound call; it is effective, and free, only as the first verb.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reject {
    /// What the caller hears (default rejected).
    pub reason: Option<RejectReason>,
}

keywords! {
    /// What a caller hears whose call is rejected.
    pub enum RejectReason {
        /// "Not in service".
        Rejected = "rejected",
        /// The busy tone.
        Busy = "busy",
    }
}

attributes!(Reject, "Reject" {
    "reason" => reason;
});

impl Element for Reject {}
