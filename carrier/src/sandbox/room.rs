//! The rules of one conference, as a state machine without time or network.
//!
//! Every change returns notices in the order in which they happened; the shell (`conference.rs`) turns them into
//! webhooks, ejected legs and recordings.

use serde::Serialize;

/// Where a conference is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomStatus {
    /// It exists, but nobody talks yet.
    Init,
    /// At least two participants, one of whom may start it, have met.
    InProgress,
    /// It is over. The name is free again.
    Completed,
}

impl RoomStatus {
    /// The name in REST answers.
    pub fn name(self) -> &'static str {
        match self {
            RoomStatus::Init => "init",
            RoomStatus::InProgress => "in-progress",
            RoomStatus::Completed => "completed",
        }
    }
}

/// How somebody takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seat {
    /// The participant's call.
    pub call: String,
    /// `participantLabel`, unique in the conference.
    pub label: Option<String>,
    /// Not heard by the others.
    pub muted: bool,
    /// Hears the hold document instead of the others.
    pub hold: bool,
    /// The call that this participant coaches (heard by it alone).
    pub coaching: Option<String>,
    /// The conference may start when this participant is there.
    pub start_on_enter: bool,
    /// The conference ends when this participant leaves.
    pub end_on_exit: bool,
    /// Really there; `false` while the participant is being rung.
    pub joined: bool,
}

impl Seat {
    /// A participant with Twilio's defaults.
    pub fn new(call: impl Into<String>) -> Self {
        Self {
            call: call.into(),
            label: None,
            muted: false,
            hold: false,
            coaching: None,
            start_on_enter: true,
            end_on_exit: false,
            joined: true,
        }
    }
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The conference is over.
    Over,
    /// As many as allowed are in it.
    Full,
    /// The label is empty, longer than 128 characters, has a slash or looks like a call sid.
    LabelInvalid,
    /// Another participant has the label.
    LabelInUse,
    /// The call to be coached is not in the conference.
    CoachUnknown,
}

impl Refusal {
    /// Twilio's error code.
    pub fn code(self) -> u32 {
        match self {
            Refusal::Over => 16022,
            Refusal::Full => 16020,
            Refusal::LabelInvalid => 16023,
            Refusal::LabelInUse => 16025,
            Refusal::CoachUnknown => 13240,
        }
    }

    /// The reason in a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Over => "The conference does not exist or has completed",
            Refusal::Full => "The conference has reached its maximum number of participants",
            Refusal::LabelInvalid => "The participant label is invalid",
            Refusal::LabelInUse => "The participant label is already in use in this conference",
            Refusal::CoachUnknown => "The call to coach is not in this conference",
        }
    }
}

/// How somebody leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// Hung up, or was hung up.
    HungUp,
    /// The call was given other TwiML.
    Redirected,
    /// Removed over REST.
    Kicked,
    /// Rung over REST, and never came.
    AddFailed,
    /// The conference was ended over REST.
    EndedByApi,
    /// Somebody with `endConferenceOnExit` left.
    ModeratorLeft,
}

impl Departure {
    /// `ReasonParticipantLeft`.
    pub fn name(self) -> &'static str {
        match self {
            Departure::HungUp => "participant_hung_up",
            Departure::Redirected | Departure::Kicked => "participant_updated_via_api",
            Departure::AddFailed => "participant_add_failed",
            Departure::EndedByApi => "conference_ended_via_api",
            Departure::ModeratorLeft => "moderator_ended_conference",
        }
    }
}

/// What a conference event tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// `conference-start`.
    Start,
    /// `conference-end`: the reason, and the participant who ended it.
    End { reason: &'static str, by: Option<(String, Option<String>)> },
    /// `participant-join`.
    Join,
    /// `participant-leave`: why, and in which state the call is.
    Leave { why: Departure, call_status: &'static str },
    /// `participant-mute` or `participant-unmute`.
    Mute(bool),
    /// `participant-hold` or `participant-unhold`.
    Hold(bool),
    /// `participant-modify`.
    Modify,
    /// `participant-speech-start` or `participant-speech-stop`.
    Speech(bool),
    /// `announcement-end`, or `announcement-fail` with a reason.
    Announcement { url: String, failed: Option<String> },
}

impl EventKind {
    /// `StatusCallbackEvent` in the callback.
    pub fn name(&self) -> &'static str {
        match self {
            EventKind::Start => "conference-start",
            EventKind::End { .. } => "conference-end",
            EventKind::Join => "participant-join",
            EventKind::Leave { .. } => "participant-leave",
            EventKind::Mute(true) => "participant-mute",
            EventKind::Mute(false) => "participant-unmute",
            EventKind::Hold(true) => "participant-hold",
            EventKind::Hold(false) => "participant-unhold",
            EventKind::Modify => "participant-modify",
            EventKind::Speech(true) => "participant-speech-start",
            EventKind::Speech(false) => "participant-speech-stop",
            EventKind::Announcement { failed: None, .. } => "announcement-end",
            EventKind::Announcement { failed: Some(_), .. } => "announcement-fail",
        }
    }

    /// The word by which the event is subscribed to.
    pub fn subscription(&self) -> &'static str {
        match self {
            EventKind::Start => "start",
            EventKind::End { .. } => "end",
            EventKind::Join => "join",
            EventKind::Leave { .. } => "leave",
            EventKind::Mute(_) => "mute",
            EventKind::Hold(_) => "hold",
            EventKind::Modify => "modify",
            EventKind::Speech(_) => "speaker",
            EventKind::Announcement { .. } => "announcement",
        }
    }
}

/// One numbered event of a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomEvent {
    /// Rises by one from 1 with every event of the conference, subscribed to or not.
    pub sequence: u64,
    /// What happened.
    pub kind: EventKind,
    /// The participant concerned, as they are after it.
    pub seat: Option<Seat>,
}

/// What the shell has to do after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Tell the conference's callback.
    Event(RoomEvent),
    /// The conference is over for this call, which goes on with its next verb.
    Ejected { call: String, why: Departure },
}

/// A change to a participant over REST; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeatChange {
    /// Mute or unmute.
    pub muted: Option<bool>,
    /// Hold or take back.
    pub hold: Option<bool>,
    /// `EndConferenceOnExit`.
    pub end_on_exit: Option<bool>,
    /// Coach this call (`Some(None)`: nobody any more).
    pub coaching: Option<Option<String>>,
    /// Something else was changed that the room does not keep (`BeepOnExit`, `WaitUrl`).
    pub other: bool,
}

/// A conference.
#[derive(Debug, Clone)]
pub struct Room {
    status: RoomStatus,
    seats: Vec<Seat>,
    /// The calls of those who are being heard.
    speaking: Vec<String>,
    max: usize,
    sequence: u64,
    met: bool,
    end: Option<(&'static str, Option<String>)>,
}

impl Room {
    /// A new conference for at most `max` participants (Twilio: 2 to 250).
    pub fn new(max: usize) -> Self {
        Self {
            status: RoomStatus::Init,
            seats: Vec::new(),
            speaking: Vec::new(),
            max,
            sequence: 0,
            met: false,
            end: None,
        }
    }

    /// Where it is in its life.
    pub fn status(&self) -> RoomStatus {
        self.status
    }

    /// Everybody who is in it or being rung for it, in order of arrival.
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// The participant with this call sid or label.
    pub fn seat(&self, call_or_label: &str) -> Option<&Seat> {
        self.seats.iter().find(|s| s.call == call_or_label || s.label.as_deref() == Some(call_or_label))
    }

    /// `reason_conference_ended` and `call_sid_ending_conference`, once it is over.
    pub fn end_reason(&self) -> Option<(&'static str, Option<&str>)> {
        self.end.as_ref().map(|(reason, by)| (*reason, by.as_deref()))
    }

    /// How many are really there.
    pub fn present(&self) -> usize {
        self.seats.iter().filter(|s| s.joined).count()
    }

    /// Somebody comes in, or (with `joined` false) is rung for it and keeps a place.
    pub fn admit(&mut self, seat: Seat) -> Result<Vec<Notice>, Refusal> {
        self.check(&seat)?;
        let joined = seat.joined;
        let call = seat.call.clone();
        self.seats.retain(|s| s.call != call);
        self.seats.push(seat);
        Ok(if joined { self.entered(&call) } else { Vec::new() })
    }

    /// Somebody who was rung for it has answered.
    pub fn arrive(&mut self, call: &str) -> Result<Vec<Notice>, Refusal> {
        if self.status == RoomStatus::Completed {
            return Err(Refusal::Over);
        }
        let seat = self.seats.iter_mut().find(|s| s.call == call).ok_or(Refusal::Over)?;
        seat.joined = true;
        Ok(self.entered(call))
    }

    /// Somebody leaves. Nothing happens if they were not in it.
    pub fn leave(&mut self, call: &str, why: Departure, call_status: &'static str) -> Vec<Notice> {
        let Some(place) = self.seats.iter().position(|s| s.call == call) else { return Vec::new() };
        let seat = self.seats.remove(place);
        let (was_there, ends) = (seat.joined, seat.end_on_exit && seat.joined);
        let by = Some((seat.call.clone(), seat.label.clone()));
        let why = if was_there { why } else { Departure::AddFailed };
        let mut notices = self.hush(&seat);
        notices.push(self.event(EventKind::Leave { why, call_status }, Some(seat)));
        let kicked = why == Departure::Kicked;
        if ends {
            let reason = match kicked {
                true => "participant-with-end-conference-on-exit-kicked",
                false => "participant-with-end-conference-on-exit-left",
            };
            notices.extend(self.close(reason, by, Departure::ModeratorLeft));
        } else if self.seats.is_empty() {
            let reason = if kicked { "last-participant-kicked" } else { "last-participant-left" };
            notices.extend(self.close(reason, by, Departure::ModeratorLeft));
        }
        notices
    }

    /// Changes a participant. `None` when there is no such participant.
    pub fn change(&mut self, call: &str, change: &SeatChange) -> Result<Option<Vec<Notice>>, Refusal> {
        if let Some(Some(coached)) = &change.coaching
            && !self.seats.iter().any(|s| &s.call == coached && s.joined)
        {
            return Err(Refusal::CoachUnknown);
        }
        let Some(before) = self.seats.iter().find(|s| s.call == call).cloned() else { return Ok(None) };
        let silenced = change.muted == Some(true) || change.hold == Some(true);
        let mut notices = if silenced { self.hush(&before) } else { Vec::new() };
        let Some(seat) = self.seats.iter_mut().find(|s| s.call == call) else { return Ok(None) };
        let mut kinds = Vec::new();
        if let Some(muted) = change.muted.filter(|&m| m != seat.muted) {
            seat.muted = muted;
            kinds.push(EventKind::Mute(muted));
        }
        if let Some(hold) = change.hold.filter(|&h| h != seat.hold) {
            seat.hold = hold;
            kinds.push(EventKind::Hold(hold));
        }
        let mut modified = change.other;
        if let Some(end_on_exit) = change.end_on_exit.filter(|&e| e != seat.end_on_exit) {
            seat.end_on_exit = end_on_exit;
            modified = true;
        }
        if let Some(coaching) = change.coaching.clone().filter(|c| c != &seat.coaching) {
            seat.coaching = coaching;
            modified = true;
        }
        if modified {
            kinds.push(EventKind::Modify);
        }
        let seat = seat.clone();
        notices.extend(kinds.into_iter().map(|kind| self.event(kind, Some(seat.clone()))));
        Ok(Some(notices))
    }

    /// Somebody begins to speak, or stops. Nothing happens when nobody can hear it: before the conference has started,
    /// from a participant who is muted or on hold, and when it has happened already.
    pub fn speech(&mut self, call: &str, begins: bool) -> Vec<Notice> {
        let Some(seat) = self.seats.iter().find(|s| s.call == call && s.joined).cloned() else {
            return Vec::new();
        };
        if !begins {
            return self.hush(&seat);
        }
        let silent = seat.muted || seat.hold || self.status != RoomStatus::InProgress;
        if silent || self.speaking.contains(&seat.call) {
            return Vec::new();
        }
        self.speaking.push(seat.call.clone());
        vec![self.event(EventKind::Speech(true), Some(seat))]
    }

    /// An announcement has been made, to one participant or to all.
    pub fn announced(&mut self, call: Option<&str>, url: String, failed: Option<String>) -> Vec<Notice> {
        if self.status == RoomStatus::Completed {
            return Vec::new();
        }
        let seat = call.and_then(|call| self.seats.iter().find(|s| s.call == call)).cloned();
        vec![self.event(EventKind::Announcement { url, failed }, seat)]
    }

    /// Ends it over REST.
    pub fn end(&mut self) -> Vec<Notice> {
        self.close("conference-ended-via-api", None, Departure::EndedByApi)
    }

    fn check(&self, seat: &Seat) -> Result<(), Refusal> {
        if self.status == RoomStatus::Completed {
            return Err(Refusal::Over);
        }
        if let Some(label) = &seat.label {
            let sid = label.len() == 34 && label.starts_with("CA");
            if label.is_empty() || label.chars().count() > 128 || label.contains('/') || sid {
                return Err(Refusal::LabelInvalid);
            }
            if self.seats.iter().any(|s| s.label.as_ref() == Some(label) && s.call != seat.call) {
                return Err(Refusal::LabelInUse);
            }
        }
        if let Some(coached) = &seat.coaching
            && !self.seats.iter().any(|s| &s.call == coached && s.joined)
        {
            return Err(Refusal::CoachUnknown);
        }
        match self.seats.len() >= self.max {
            true => Err(Refusal::Full),
            false => Ok(()),
        }
    }

    fn entered(&mut self, call: &str) -> Vec<Notice> {
        let seat = self.seats.iter().find(|s| s.call == call).cloned();
        self.met = true;
        let mut notices = vec![self.event(EventKind::Join, seat)];
        let can_start = self.seats.iter().any(|s| s.joined && s.start_on_enter);
        if self.status == RoomStatus::Init && self.present() >= 2 && can_start {
            self.status = RoomStatus::InProgress;
            notices.push(self.event(EventKind::Start, None));
        }
        notices
    }

    fn close(
        &mut self,
        reason: &'static str,
        by: Option<(String, Option<String>)>,
        why: Departure,
    ) -> Vec<Notice> {
        if self.status == RoomStatus::Completed {
            return Vec::new();
        }
        self.status = RoomStatus::Completed;
        self.end = Some((reason, by.as_ref().map(|(call, _)| call.clone())));
        let mut notices = Vec::new();
        for seat in std::mem::take(&mut self.seats) {
            let call = seat.call.clone();
            let why = if seat.joined { why } else { Departure::AddFailed };
            let call_status = if seat.joined { "in-progress" } else { "canceled" };
            notices.extend(self.hush(&seat));
            notices.push(self.event(EventKind::Leave { why, call_status }, Some(seat)));
            notices.push(Notice::Ejected { call, why });
        }
        // A conference that only ever rang somebody has nothing to end.
        if self.met {
            notices.push(self.event(EventKind::End { reason, by }, None));
        }
        notices
    }

    /// Whoever is being heard is not heard any more.
    fn hush(&mut self, seat: &Seat) -> Vec<Notice> {
        let Some(place) = self.speaking.iter().position(|call| *call == seat.call) else { return Vec::new() };
        self.speaking.remove(place);
        vec![self.event(EventKind::Speech(false), Some(seat.clone()))]
    }

    fn event(&mut self, kind: EventKind, seat: Option<Seat>) -> Notice {
        self.sequence += 1;
        Notice::Event(RoomEvent { sequence: self.sequence, kind, seat })
    }
}

#[cfg(test)]
#[path = "room/tests.rs"]
mod tests;
