//! The conference: who is in it by the carrier's reports, which come late, twice and in any order.

use super::Stepping;
use crate::{Event, Reply, RoomChange};

impl Stepping<'_> {
    pub(super) fn room(&mut self, conference_sid: String, sequence: u32, change: RoomChange) -> Reply {
        if self.call.room.is_news(&conference_sid, sequence, &change) {
            self.emit(Event::Room { conference_sid, sequence, change });
            self.bridge_when_both_are_in();
        }
        Reply::None
    }

    /// What the carrier answered to who is in the conference.
    pub(super) fn seen_in_room(&mut self, conference_sid: &str, call_sids: &[String]) {
        for call_sid in call_sids {
            // An asked-for answer has no count of its own; it stands until the next report about the same leg.
            if let Some(sequence) = self.call.room.missed_at(conference_sid, call_sid) {
                let change = RoomChange::Joined { call_sid: call_sid.clone() };
                self.emit(Event::Room { conference_sid: conference_sid.to_owned(), sequence, change });
            }
        }
        self.bridge_when_both_are_in();
    }
}
