//! The recording of a call: how far it is by the carrier's reports, which come late, twice and in any order, and what
//! people wanted of it.

use crate::Recorded;

/// How the recording of a call stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recording {
    /// The carrier's last news that counts.
    pub news: Option<Recorded>,
    /// It waits: a person wanted that, and the carrier does it.
    pub paused: bool,
    /// It was deleted, and does not come back.
    pub deleted: bool,
}

/// How far a recording is; what comes from an earlier stage is older news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordingStage {
    /// It is being made, or waits.
    Made,
    /// It has ended and is being written.
    Ended,
    /// There is one, or it is certain that there will be none.
    Settled,
}

impl RecordingStage {
    /// The stage that the carrier's word for a state belongs to.
    pub fn of(status: &str) -> Self {
        match status {
            "completed" | "absent" | "failed" => Self::Settled,
            "stopped" | "processing" => Self::Ended,
            _ => Self::Made,
        }
    }
}

impl Recorded {
    /// It came to nothing: too short, silent, or failed.
    pub fn is_nothing(&self) -> bool {
        matches!(self.status.as_str(), "absent" | "failed")
    }
}

impl Recording {
    /// Whether a report says something new about the recording of the customer's leg, whose name at the carrier is `leg`.
    /// A second recording counts only when the first came to nothing.
    pub fn is_news(&self, report: &Recorded, leg: Option<&str>) -> bool {
        let another_leg = report.call_sid.as_deref().zip(leg).is_some_and(|(of, leg)| of != leg);
        let Some(known) = &self.news else { return !another_leg };
        if another_leg || self.deleted {
            return false;
        }
        if known.sid != report.sid {
            return known.is_nothing() && !report.is_nothing();
        }
        let (stage, before) = (RecordingStage::of(&report.status), RecordingStage::of(&known.status));
        let adds = (report.url.is_some() && known.url.is_none())
            || (report.duration.is_some() && known.duration.is_none());
        stage > before || (stage == before && report.status == known.status && adds)
    }

    /// It can still be told to wait or to go on.
    pub fn is_being_made(&self) -> bool {
        let made = |news: &Recorded| RecordingStage::of(&news.status) == RecordingStage::Made;
        !self.deleted && self.news.as_ref().is_none_or(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(sid: &str, status: &str) -> Recorded {
        Recorded {
            sid: sid.into(),
            url: None,
            status: status.into(),
            duration: None,
            call_sid: Some("CA1".into()),
        }
    }

    fn after(known: &Recorded) -> Recording {
        Recording { news: Some(known.clone()), ..Recording::default() }
    }

    #[test]
    fn a_recording_never_goes_backwards() {
        let order = ["in-progress", "stopped", "completed"];
        for (place, known) in order.iter().enumerate() {
            for (other, status) in order.iter().enumerate() {
                let news = after(&report("RE1", known)).is_news(&report("RE1", status), Some("CA1"));
                assert_eq!(news, other > place, "{status} after {known}");
            }
        }
        assert!(!after(&report("RE1", "completed")).is_news(&report("RE1", "absent"), Some("CA1")));
        assert!(!after(&report("RE1", "in-progress")).is_news(&report("RE1", "resumed"), Some("CA1")));
    }

    #[test]
    fn what_was_missing_is_taken() {
        let whole =
            Recorded { url: Some("https://x/RE1".into()), duration: Some(9), ..report("RE1", "completed") };
        assert!(after(&report("RE1", "completed")).is_news(&whole, Some("CA1")));
        assert!(!after(&whole).is_news(&report("RE1", "completed"), Some("CA1")));
    }

    #[test]
    fn another_legs_recording_and_a_second_one_do_not_count() {
        let none = Recording::default();
        assert!(none.is_news(&report("RE1", "completed"), Some("CA1")));
        assert!(none.is_news(&report("RE1", "completed"), None));
        assert!(!none.is_news(&report("RE1", "completed"), Some("CA2")));
        let unknown_leg = Recorded { call_sid: None, ..report("RE1", "completed") };
        assert!(none.is_news(&unknown_leg, Some("CA2")));
        let first = after(&report("RE1", "in-progress"));
        assert!(!first.is_news(&report("RE2", "completed"), Some("CA1")));
        let nothing = after(&report("RE1", "absent"));
        assert!(nothing.is_news(&report("RE2", "in-progress"), Some("CA1")));
        assert!(!nothing.is_news(&report("RE2", "failed"), Some("CA1")));
    }

    #[test]
    fn what_is_deleted_does_not_come_back() {
        let gone = Recording { deleted: true, ..after(&report("RE1", "in-progress")) };
        assert!(!gone.is_news(&report("RE1", "completed"), Some("CA1")) && !gone.is_being_made());
    }
}
