//! A conference: the pure room, and around it its callbacks, its recording, its history and its members' legs.

use super::call::{Call, HangupBy, Order, RecordPlan, Terms};
use super::callback::{self, ConferenceName};
use super::clock::rfc2822;
use super::exchange::Exchange;
use super::log::{Event, Journal};
use super::room::{Departure, EventKind, Notice, Refusal, Room, RoomStatus, Seat, SeatChange};
use super::sid;
use super::webhook::{CookieJar, Lane, Method};
use crate::CallStatus;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// What a member's leg has to know about its place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seating {
    /// It is over for this leg.
    pub ejected: Option<Departure>,
    /// On hold; with the document that is heard meanwhile, if one was given.
    pub hold: Option<Option<(String, Method)>>,
    /// The conference has not started: the wait document is heard.
    pub waiting: bool,
    /// Nobody else is there.
    pub alone: bool,
}

/// One membership, from joining to leaving.
#[derive(Debug, Clone, Serialize)]
pub struct Stay {
    /// The member's call.
    pub call_sid: String,
    /// Its label.
    pub label: Option<String>,
    /// When it came in.
    pub joined_at: Timestamp,
    /// When it left.
    pub left_at: Option<Timestamp>,
    /// `ReasonParticipantLeft`.
    pub reason: Option<&'static str>,
    /// When it was on hold: from, to.
    pub on_hold: Vec<(Timestamp, Option<Timestamp>)>,
    /// When it was muted: from, to.
    pub muted: Vec<(Timestamp, Option<Timestamp>)>,
}

/// A conference, live or over.
pub struct Conference {
    /// `CF…`.
    pub sid: String,
    /// `FriendlyName`.
    pub name: String,
    /// Rises with every conference of this sandbox.
    pub ordinal: u64,
    /// When its first participant came, or was rung for it.
    pub created: Timestamp,
    /// What its first participant settled.
    pub terms: Terms,
    /// What happened.
    pub journal: Arc<Journal>,
    lane: Arc<Lane>,
    inner: Mutex<Inner>,
}

struct Inner {
    room: Room,
    members: HashMap<String, (Arc<Call>, watch::Sender<Seating>)>,
    stays: Vec<Stay>,
    recording: Option<String>,
    updated: Timestamp,
}

/// What is shown of a conference.
pub struct Snapshot {
    /// Where it stands.
    pub status: RoomStatus,
    /// Who is in it or rung for it.
    pub seats: Vec<(Seat, Arc<Call>)>,
    /// Who was in it when.
    pub stays: Vec<Stay>,
    /// Its recording.
    pub recording: Option<String>,
}

impl Conference {
    /// A conference on the first participant's terms.
    pub fn new(exchange: &Exchange, name: &str, ordinal: u64, terms: Terms) -> Self {
        let journal = Arc::new(Journal::new(exchange.clock.clone()));
        let jar = Arc::new(CookieJar::default());
        let lane = Lane::new(exchange.messenger.clone(), jar, journal.clone());
        let created = exchange.clock.now();
        let room = Room::new(terms.max_participants);
        let inner =
            Inner { room, members: HashMap::new(), stays: Vec::new(), recording: None, updated: created };
        Self {
            sid: sid::new("CF"),
            name: name.to_owned(),
            ordinal,
            created,
            terms,
            journal,
            lane,
            inner: Mutex::new(inner),
        }
    }

    /// Lets a call in, or keeps a place for one that is being rung.
    pub fn admit(
        &self,
        exchange: &Arc<Exchange>,
        call: &Arc<Call>,
        seat: Seat,
    ) -> Result<watch::Receiver<Seating>, Refusal> {
        self.locked(exchange, |inner| {
            let notices = inner.room.admit(seat)?;
            let (sender, receiver) = watch::channel(Seating::default());
            inner.members.insert(call.sid().to_owned(), (call.clone(), sender));
            call.write(|state| state.conference = Some((self.sid.clone(), self.name.clone())));
            Ok((notices, receiver))
        })
    }

    /// A call for which a place was kept has been answered.
    pub fn arrive(
        &self,
        exchange: &Arc<Exchange>,
        call: &Arc<Call>,
    ) -> Result<watch::Receiver<Seating>, Refusal> {
        self.locked(exchange, |inner| {
            let notices = inner.room.arrive(call.sid())?;
            let (_, sender) = inner.members.get(call.sid()).ok_or(Refusal::Over)?;
            Ok((notices, sender.subscribe()))
        })
    }

    /// A call leaves, if it is there.
    pub fn leave(&self, exchange: &Arc<Exchange>, call: &Call, why: Departure) {
        let status = call.status().as_str();
        let _ = self.locked(exchange, |inner| Ok((inner.room.leave(call.sid(), why, status), ())));
    }

    /// Kicks a member out over REST; its leg goes on with its next verb. False when there is no such member.
    pub fn kick(&self, exchange: &Arc<Exchange>, call: &Call) -> bool {
        self.locked(exchange, |inner| {
            let there = inner.room.seat(call.sid()).is_some();
            let mut notices = inner.room.leave(call.sid(), Departure::Kicked, call.status().as_str());
            if there {
                let ejected = Notice::Ejected { call: call.sid().to_owned(), why: Departure::Kicked };
                notices.insert(1.min(notices.len()), ejected);
            }
            Ok((notices, there))
        })
        .unwrap_or(false)
    }

    /// Changes a member over REST. `Ok(false)` when there is no such member.
    pub fn change(
        &self,
        exchange: &Arc<Exchange>,
        call: &Call,
        change: &SeatChange,
        hold_document: Option<(String, Method)>,
    ) -> Result<bool, Refusal> {
        self.locked(exchange, |inner| {
            let Some(notices) = inner.room.change(call.sid(), change)? else {
                return Ok((Vec::new(), false));
            };
            if let (Some(hold), Some((_, sender))) = (change.hold, inner.members.get(call.sid())) {
                sender.send_if_modified(|seating| {
                    let hold = hold.then_some(hold_document);
                    std::mem::replace(&mut seating.hold, hold.clone()) != hold
                });
            }
            Ok((notices, true))
        })
    }

    /// An announcement has come to its end, or failed.
    pub fn announced(&self, exchange: &Arc<Exchange>, call: Option<&str>, url: &str, failed: Option<String>) {
        let _ = self.locked(exchange, |inner| Ok((inner.room.announced(call, url.to_owned(), failed), ())));
    }

    /// A member begins to speak, or stops. Twilio listens for it only when somebody has subscribed to it, so that
    /// otherwise it takes no `SequenceNumber` either.
    pub fn speech(&self, exchange: &Arc<Exchange>, call: &Call, begins: bool) {
        if self.terms.events.as_ref().is_some_and(|events| events.wants("speaker")) {
            let _ = self.locked(exchange, |inner| Ok((inner.room.speech(call.sid(), begins), ())));
        }
    }

    /// Ends it over REST.
    pub fn end(&self, exchange: &Arc<Exchange>) {
        let _ = self.locked(exchange, |inner| Ok((inner.room.end(), ())));
    }

    /// Where it stands.
    pub fn status(&self) -> RoomStatus {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).room.status()
    }

    /// The member with this call sid or label.
    pub fn member(&self, call_or_label: &str) -> Option<(Seat, Arc<Call>)> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let seat = inner.room.seat(call_or_label)?.clone();
        let (call, _) = inner.members.get(&seat.call)?;
        Some((seat, call.clone()))
    }

    /// Everything about it.
    pub fn snapshot(&self) -> Snapshot {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let seat = |seat: &Seat| inner.members.get(&seat.call).map(|(call, _)| (seat.clone(), call.clone()));
        Snapshot {
            status: inner.room.status(),
            seats: inner.room.seats().iter().filter_map(seat).collect(),
            stays: inner.stays.clone(),
            recording: inner.recording.clone(),
        }
    }

    /// The resource as REST shows it.
    pub fn resource(&self, account: &str) -> Value {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let uri = format!("/2010-04-01/Accounts/{account}/Conferences/{}", self.sid);
        let ended = inner.room.end_reason();
        json!({
            "sid": self.sid,
            "account_sid": account,
            "api_version": "2010-04-01",
            "friendly_name": self.name,
            "region": self.terms.region,
            "status": inner.room.status().name(),
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(inner.updated),
            "reason_conference_ended": ended.map(|(reason, _)| reason),
            "call_sid_ending_conference": ended.and_then(|(_, call)| call),
            "uri": format!("{uri}.json"),
            "subresource_uris": {
                "participants": format!("{uri}/Participants.json"),
                "recordings": format!("{uri}/Recordings.json"),
            },
        })
    }

    /// Changes the room and carries out what follows, all under one lock, so that callbacks keep the room's order.
    fn locked<T>(
        &self,
        exchange: &Arc<Exchange>,
        change: impl FnOnce(&mut Inner) -> Result<(Vec<Notice>, T), Refusal>,
    ) -> Result<T, Refusal> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (notices, value) = change(&mut inner)?;
        if !notices.is_empty() {
            inner.updated = exchange.clock.now();
        }
        for notice in notices {
            self.carry_out(exchange, &mut inner, notice);
        }
        self.reseat(&mut inner);
        let over = inner.room.status() == RoomStatus::Completed;
        drop(inner);
        if over {
            exchange.conference_over(self);
        }
        Ok(value)
    }

    fn carry_out(&self, exchange: &Arc<Exchange>, inner: &mut Inner, notice: Notice) {
        let now = exchange.clock.now();
        let event = match notice {
            Notice::Ejected { call, why } => {
                if let Some((call, sender)) = inner.members.remove(&call) {
                    sender.send_modify(|seating| seating.ejected = Some(why));
                    // Whoever is still being rung for it is not rung any longer.
                    if call.status() != CallStatus::InProgress {
                        let _ = call.orders.try_send(Order::Hangup(HangupBy::Rest));
                    }
                }
                return;
            }
            Notice::Event(event) => event,
        };
        let member =
            event.seat.as_ref().and_then(|seat| inner.members.get(&seat.call)).map(|(call, _)| call.clone());
        let stay = event.seat.as_ref().and_then(|seat| {
            inner.stays.iter_mut().rev().find(|stay| stay.call_sid == seat.call && stay.left_at.is_none())
        });
        let (conference_sid, name) = (self.sid.clone(), self.name.clone());
        let mut note = None;
        match &event.kind {
            EventKind::Join => {
                if let Some(seat) = &event.seat {
                    inner.stays.push(Stay::begin(seat, now));
                }
                note = Some(Event::Joined { conference_sid, name });
            }
            EventKind::Leave { why, .. } => {
                if let Some(stay) = stay {
                    stay.end(why.name(), now);
                }
                if let Some(call) = &member {
                    call.write(|state| state.conference = None);
                }
                note = Some(Event::Left { conference_sid, name, reason: why.name() });
            }
            EventKind::Mute(on) => {
                stay.into_iter().for_each(|stay| mark(&mut stay.muted, *on, now));
                note = Some(Event::Participant {
                    conference_sid,
                    change: if *on { "muted" } else { "unmuted" },
                });
            }
            EventKind::Hold(on) => {
                stay.into_iter().for_each(|stay| mark(&mut stay.on_hold, *on, now));
                note =
                    Some(Event::Participant { conference_sid, change: if *on { "held" } else { "unheld" } });
            }
            EventKind::Start if self.terms.record => {
                let plan = RecordPlan {
                    channels: 1,
                    track: "both".into(),
                    source: "Conference",
                    callback: self.terms.recording.clone(),
                };
                inner.recording = Some(exchange.start_recording(None, Some((&self.sid, &self.lane)), plan));
            }
            EventKind::End { .. } => {
                if let Some(recording) = &inner.recording {
                    exchange.finish_recording(recording, self.lane.clone());
                }
            }
            _ => {}
        }
        if let (Some(call), Some(note)) = (member, note) {
            call.journal.add(note);
        }
        if let Some(subscription) = &self.terms.events {
            let whose =
                ConferenceName { account: &exchange.config.account_sid, sid: &self.sid, name: &self.name };
            if let Some(notification) = callback::conference(subscription, &whose, &event, now) {
                self.lane.push(&exchange.runtime, notification);
            }
        }
    }

    /// Tells every member how it sits now.
    fn reseat(&self, inner: &mut Inner) {
        let waiting = inner.room.status() == RoomStatus::Init;
        let alone = inner.room.present() <= 1;
        inner.members.retain(|call, _| inner.room.seat(call).is_some());
        for (_, sender) in inner.members.values() {
            sender.send_if_modified(|seating| {
                let before = (seating.waiting, seating.alone);
                (seating.waiting, seating.alone) = (waiting, alone);
                before != (waiting, alone)
            });
        }
    }
}

impl Stay {
    fn begin(seat: &Seat, now: Timestamp) -> Self {
        let since = |on: bool| if on { vec![(now, None)] } else { Vec::new() };
        Self {
            call_sid: seat.call.clone(),
            label: seat.label.clone(),
            joined_at: now,
            left_at: None,
            reason: None,
            on_hold: since(seat.hold),
            muted: since(seat.muted),
        }
    }

    fn end(&mut self, reason: &'static str, now: Timestamp) {
        self.left_at = Some(now);
        self.reason = Some(reason);
        mark(&mut self.on_hold, false, now);
        mark(&mut self.muted, false, now);
    }
}

fn mark(spans: &mut Vec<(Timestamp, Option<Timestamp>)>, on: bool, now: Timestamp) {
    match (on, spans.last_mut()) {
        (true, _) => spans.push((now, None)),
        (false, Some((_, end @ None))) => *end = Some(now),
        (false, _) => {}
    }
}
