//! The conference: who is in it by the carrier's reports, which come late, twice and in any order.

use super::Stepping;
use crate::{Command, Event, Reply, RoomChange};

impl Stepping<'_> {
    pub(super) fn room(&mut self, conference_sid: String, sequence: u32, change: RoomChange) -> Reply {
        if self.call.room.is_news(&conference_sid, sequence, &change) {
            let came = matches!(&change, RoomChange::Joined { call_sid } if self.is_customer(call_sid));
            self.emit(Event::Room { conference_sid, sequence, change });
            self.bridge_when_both_are_in();
            self.supervisors_come_and_go();
            if came {
                self.fetch_back();
            }
        }
        Reply::None
    }

    /// A customer who came in on an answer that was overtaken meanwhile would wait there for nobody.
    fn fetch_back(&mut self) {
        let call = &self.call;
        let asked = call.is_pending(|command| matches!(command, Command::Refresh { .. }));
        if let Some(call_sid) = call.customer.call_sid.as_deref().map(str::to_owned)
            && call.room.has(&call_sid)
            && !(call.is_awaited_in_room() || asked || call.status.is_over())
        {
            self.command(Command::Refresh { call_sid });
        }
    }

    fn is_customer(&self, call_sid: &str) -> bool {
        self.call.customer.call_sid.as_deref() == Some(call_sid)
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
        self.supervisors_come_and_go();
    }
}
