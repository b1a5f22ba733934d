//! A date as the carrier wrote it.

use jiff::Timestamp;

/// A moment in the carrier's answer: RFC 2822, whole seconds, the carrier's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierDate {
    /// As it was written, such as `Tue, 31 Aug 2010 20:36:28 +0000`.
    pub raw: String,
    /// The same moment, if it could be read.
    pub at: Option<Timestamp>,
}

impl CarrierDate {
    /// Reads a date; one that cannot be read keeps its text.
    pub fn new(raw: impl Into<String>) -> Self {
        let raw = raw.into();
        let at = jiff::fmt::rfc2822::parse(&raw).ok().map(|zoned| zoned.timestamp());
        Self { raw, at }
    }

    /// The date of a moment, written as Twilio does.
    pub fn of(at: Timestamp) -> Self {
        let raw = at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        Self { raw, at: Some(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_twilio_writes() {
        let date = CarrierDate::new("Tue, 31 Aug 2010 20:36:28 +0000");
        assert_eq!(date.at, Some("2010-08-31T20:36:28Z".parse().unwrap()));
        assert_eq!(CarrierDate::of(date.at.unwrap()), date);
    }

    #[test]
    fn keeps_the_text_of_what_it_cannot_read() {
        let date = CarrierDate::new("yesterday");
        assert_eq!((date.raw.as_str(), date.at), ("yesterday", None));
    }
}
