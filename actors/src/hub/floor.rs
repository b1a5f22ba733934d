//! The floor of one company: its live calls, who looks at them, and what they are told, in which order.
//!
//! Plain data: what must be asked of the store, or waited for, is given back as a [`Want`], and comes in again when it is known.

mod agents;
mod carried;
mod gaps;

use super::{
    Audience, Cursor, Facts, Guest, Parting, Published, Screen, SeatId, Unpresentable, Watching,
    attendance::Attendance,
    line::{Line, News},
    published::Ring,
    seats::{Found, Seats},
    told::{Circle, Told, partial},
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;
use tsunagu_call::{CallId, CallRecord, CompanyId, DocumentId, Time, UserId};
use tsunagu_store::SignIn;

/// How long a call that is over is remembered, for the carrier's last words on it.
const REMEMBERED: Duration = Duration::from_secs(30);
/// How long it is remembered that a call which is over has been told of. What is over for longer is no news.
const TOLD: Duration = Duration::from_secs(600);
/// How long a floor at which nobody looks is kept up, so that who comes back is told what they missed.
const KEPT_UP: Duration = Duration::from_secs(300);
/// How much news of a call waits while its journal is read. Beyond that the rest is read again.
const HELD: usize = 256;

/// What a floor needs from outside.
#[derive(Debug)]
pub(super) enum Want {
    /// Which of the company's calls live.
    List,
    /// The journal of a call from a place on.
    Journal { call: CallId, from: u64 },
    /// The calls that live, as clients are shown them.
    Present { number: u64, calls: Vec<CallRecord> },
    /// One call, as clients are shown it; the record of one that is not known here is to be found.
    Details(Details),
    /// What an agent is doing.
    Agent(UserId),
    /// The figures of the day, for one seat or for everybody.
    Figures { seat: Option<SeatId>, active: usize },
    /// Somebody has come, who may have been taken for gone, here or on another node.
    ComeBack(UserId),
    /// An agent has been gone for too long.
    Gone(UserId),
    /// Which of these sign-ins are good no more.
    SignIns(Vec<SignIn>),
}

/// A call that somebody wants to be shown.
#[derive(Debug)]
pub(super) struct Details {
    pub seat: SeatId,
    pub call: CallId,
    pub picture: u64,
    pub number: u64,
    pub record: Option<Box<CallRecord>>,
}

/// Somebody who comes to look.
pub(super) struct Visitor {
    pub seat: SeatId,
    pub guest: Guest,
    pub screen: Box<dyn Screen>,
    /// The last event that they have seen.
    pub since: Option<Cursor>,
    /// The calls that they watched then.
    pub watched: Vec<CallId>,
    /// They want to be told how all calls go.
    pub follows: bool,
}

pub(super) struct Floor {
    company: CompanyId,
    epoch: u32,
    /// Since when somebody looks.
    opened: (Time, Instant),
    number: u64,
    lines: HashMap<CallId, Line>,
    /// News of calls whose journals are being read.
    reading: HashMap<CallId, Vec<Arc<Facts>>>,
    /// What could not be had, and is wanted again when a moment has passed.
    lost: Vec<Want>,
    /// Calls of which something was missing a moment ago.
    gaps: HashSet<CallId>,
    /// Who wants to be shown a call whose journal is being read.
    curious: HashMap<CallId, Vec<(SeatId, Found)>>,
    /// Who wants to be shown a call, and is shown the present first.
    patient: Vec<(SeatId, CallId, Found)>,
    /// When a call that has been told of was seen to be over.
    over: HashMap<CallId, Instant>,
    /// Calls that lived when the floor was opened and are not read yet; `None` while it is not known which they are.
    to_open: Option<HashSet<CallId>>,
    seats: Seats,
    attendance: Attendance,
    ring: Ring,
    presenting: bool,
    figures_due: bool,
    /// Agents who are being asked after, and whether they are to be asked after once more.
    asked_after: HashMap<UserId, bool>,
    /// Agents who are asked after because they may have changed without that having been told here.
    doubted: HashSet<UserId>,
    /// What was last told, or known, of agents.
    doing: HashMap<UserId, String>,
    empty_since: Option<Instant>,
}

impl Floor {
    /// A floor that is being opened: [`Want::List`] is to be answered.
    pub fn new(company: CompanyId, epoch: u32, wall: Time, now: Instant) -> Self {
        Self {
            company,
            epoch,
            opened: (wall, now),
            number: 0,
            lines: HashMap::new(),
            reading: HashMap::new(),
            lost: Vec::new(),
            gaps: HashSet::new(),
            curious: HashMap::new(),
            patient: Vec::new(),
            over: HashMap::new(),
            to_open: None,
            seats: Seats::default(),
            attendance: Attendance::default(),
            ring: Ring::default(),
            presenting: false,
            figures_due: false,
            asked_after: HashMap::new(),
            doubted: HashSet::new(),
            doing: HashMap::new(),
            empty_since: Some(now),
        }
    }

    /// How many look.
    pub fn seats(&self) -> usize {
        self.seats.len()
    }

    /// Who looks.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.attendance.present()
    }

    /// Whose last screen went a moment ago.
    pub fn awaited(&self) -> impl Iterator<Item = UserId> {
        self.attendance.awaited()
    }

    /// Nobody has looked for a while.
    pub fn is_forsaken(&self, now: Instant) -> bool {
        self.empty_since.is_some_and(|since| now.duration_since(since) >= KEPT_UP)
    }

    // ------------------------------------------------------------------------------------------------ calls

    /// These calls live.
    pub fn list(&mut self, calls: &[CallId]) -> Vec<Want> {
        let unknown: HashSet<_> =
            calls.iter().filter(|call| !self.lines.contains_key(call)).copied().collect();
        let mut wants = Vec::new();
        for call in &unknown {
            wants.extend(self.read_up(*call, Vec::new()));
        }
        self.to_open = Some(unknown);
        wants.extend(self.present());
        wants
    }

    /// Something happened on a call.
    pub fn hear(&mut self, facts: &Arc<Facts>, now: Instant) -> Vec<Want> {
        let call = facts.call;
        if let Some(held) = self.reading.get_mut(&call) {
            if held.len() < HELD {
                held.push(facts.clone());
            }
            return Vec::new();
        }
        let heard = match self.lines.get_mut(&call) {
            Some(line) => line.hear(facts).ok(),
            None => Line::begin(facts).map(|(line, news)| {
                self.lines.insert(call, line);
                news
            }),
        };
        match heard {
            Some(news) => self.tell(call, news, now),
            None => self.read_up(call, vec![facts.clone()]).into_iter().collect(),
        }
    }

    /// Words that are still being spoken; whoever comes later does not need them.
    pub fn overhear(&mut self, call: CallId, text: &str) {
        if self.seats.is_watched(call) {
            let Told { name, data, .. } = partial(call, text);
            let event = self.number_it(name, Audience::Watchers(call), data);
            self.fan_out(&event);
        }
    }

    fn tell(&mut self, call: CallId, news: News, now: Instant) -> Vec<Want> {
        if self.lines.get(&call).is_some_and(|line| line.record.status.is_over()) {
            self.over.entry(call).or_insert(now);
        }
        let mut wants = Vec::new();
        for Told { name, to, data } in news.told {
            let audience = match to {
                Circle::All => Audience::Company,
                Circle::Watchers => Audience::Watchers(call),
                Circle::Followers => Audience::Followers,
            };
            self.figures_due |= matches!(name, "call-started" | "call-ended" | "call-status-changed");
            self.publish(name, audience, data);
        }
        for agent in news.agents {
            wants.extend(self.ask_after(agent));
        }
        wants
    }

    fn living(&self) -> impl Iterator<Item = &CallRecord> {
        self.lines.values().map(|line| &line.record).filter(|record| !record.status.is_over())
    }

    // ------------------------------------------------------------------------------------------------ seats

    /// Somebody comes to look. Who has been here a moment ago is shown what they missed, everybody else the present.
    pub fn enter(&mut self, visitor: Visitor) -> Vec<Want> {
        let Visitor { seat, guest, screen, since, watched, follows } = visitor;
        self.empty_since = None;
        self.seats.sit(seat, guest, screen, follows);
        let mut wants = Vec::new();
        wants.extend(self.attendance.enters(guest.user).then_some(Want::ComeBack(guest.user)));
        let known = |since: &Cursor| since.epoch == self.epoch && since.number <= self.number;
        match since.filter(known).filter(|since| self.is_open() && self.ring.reaches(since.number)) {
            Some(since) => {
                if !self.seats.catch_up(seat, watched, self.ring.after(since.number)) {
                    self.let_go(seat, Parting::TooSlow, Instant::now());
                }
            }
            None => {
                wants.extend(watched.into_iter().filter_map(|call| self.watch(seat, call, None)));
                wants.extend(self.present());
            }
        }
        wants
    }

    /// Somebody is gone.
    pub fn leave(&mut self, seat: SeatId, now: Instant) {
        if let Some(user) = self.seats.leave(seat) {
            self.has_left(user, now);
        }
    }

    /// Lets all of somebody's screens go, or those of one sign-in.
    pub fn dismiss(&mut self, user: UserId, sign_in: Option<DocumentId>, now: Instant) {
        let theirs = |guest: &Guest| {
            guest.user == user && (sign_in.is_none() || guest.sign_in.is_none() || guest.sign_in == sign_in)
        };
        for seat in self.seats.of(theirs) {
            self.let_go(seat, Parting::SignedOut, now);
        }
    }

    /// The sign-ins by which somebody looks.
    pub fn sign_ins(&self) -> impl Iterator<Item = SignIn> {
        self.seats.guests().map(Guest::sign_in)
    }

    /// Those by which one of them looks may be good no more.
    pub(super) fn doubt_sign_ins(&self, user: UserId) -> Option<Want> {
        let theirs: BTreeSet<_> = self.sign_ins().filter(|sign_in| sign_in.user == user).collect();
        (!theirs.is_empty()).then(|| Want::SignIns(theirs.into_iter().collect()))
    }

    /// These are good no more.
    pub fn end_sign_ins(&mut self, ended: &[SignIn], now: Instant) {
        for seat in self.seats.of(|guest| ended.contains(&guest.sign_in())) {
            self.let_go(seat, Parting::SignedOut, now);
        }
    }

    /// Lets everybody go.
    pub fn close(&mut self, why: Parting) {
        self.seats.close(why);
    }

    /// Somebody wants to be shown a call, and watches it from then on. One that is not known here is read first, so that they
    /// are not shown what they are told later.
    pub fn watch(&mut self, seat: SeatId, call: CallId, found: Found) -> Option<Want> {
        if self.seats.is_fresh(seat) {
            self.patient.push((seat, call, found));
            return None;
        }
        if self.lines.contains_key(&call) && !self.reading.contains_key(&call) {
            return Some(self.details(seat, call, found));
        }
        self.curious.entry(call).or_default().push((seat, found));
        self.read_up(call, Vec::new())
    }

    fn details(&mut self, seat: SeatId, call: CallId, found: Found) -> Want {
        let picture = self.seats.await_call(seat, call, found);
        let record = self.lines.get(&call).map(|line| Box::new(line.record.clone()));
        Want::Details(Details { seat, call, picture, number: self.number, record })
    }

    /// A call that was asked for; `None` when the company has no such call.
    pub fn detail(&mut self, details: &Details, shown: Result<Option<String>, Unpresentable>) {
        let Details { seat, call, picture, number, .. } = *details;
        let event = |shown| self.published(number, "call-details", Audience::Watchers(call), shown);
        let drawn = shown.map(|shown| shown.map(event));
        if !self.seats.show_call(seat, call, picture, drawn) {
            self.let_go(seat, Parting::TooSlow, Instant::now());
        }
    }

    /// Somebody reads what is said on a call from now on.
    pub fn read_along(&mut self, seat: SeatId, call: CallId) {
        self.seats.watch(seat, call, Watching::Transcript);
    }

    /// Somebody wants to be told how all calls go, or does not any more.
    pub fn follow(&mut self, seat: SeatId, follows: bool) {
        self.seats.follow(seat, follows);
    }

    /// Somebody watches a call no more.
    pub fn unwatch(&mut self, seat: SeatId, call: CallId, why: Watching) {
        if why == Watching::Call {
            self.patient.retain(|(of, waits_for, _)| (*of, *waits_for) != (seat, call));
        }
        self.seats.unwatch(seat, call, why);
    }

    fn is_open(&self) -> bool {
        self.to_open.as_ref().is_some_and(HashSet::is_empty)
    }

    /// Has the present drawn when somebody waits for it, and it is not being drawn already.
    fn present(&mut self) -> Vec<Want> {
        if self.presenting || !self.is_open() || !self.seats.any_fresh() {
            return Vec::new();
        }
        self.presenting = true;
        self.seats.await_present();
        let mut calls: Vec<_> = self.living().cloned().collect();
        calls.sort_by_key(|record| (record.start_time, record.id));
        let patient = std::mem::take(&mut self.patient).into_iter();
        let asked =
            patient.filter_map(|(seat, call, found)| self.watch(seat, call, found)).collect::<Vec<_>>();
        [Want::Present { number: self.number, calls }].into_iter().chain(asked).collect()
    }

    /// The present as it was after the event of this number; `None` when it could not be had.
    pub fn presented(&mut self, number: u64, calls: Option<String>) -> Vec<Want> {
        self.presenting = false;
        let present = calls.map(|calls| self.published(number, "active-calls", Audience::Company, calls));
        let (stuck, unshown) = self.seats.show_present(present.as_ref());
        self.patient.extend(unshown);
        for seat in stuck {
            self.let_go(seat, Parting::TooSlow, Instant::now());
        }
        // One that could not be had is asked for again when a moment has passed.
        if present.is_some() { self.present() } else { Vec::new() }
    }

    // ---------------------------------------------------------------------------------------- figures

    /// Somebody asks for the figures of the day.
    pub fn figures_for(&self, seat: SeatId) -> Want {
        Want::Figures { seat: Some(seat), active: self.living().count() }
    }

    /// So they are.
    pub fn figures(&mut self, seat: Option<SeatId>, figures: String) {
        const NAME: &str = "statistics-update";
        match seat {
            None => self.publish(NAME, Audience::Company, figures),
            Some(seat) => {
                let event = self.published(self.number, NAME, Audience::Company, figures);
                if !self.seats.tell_one(seat, &event) {
                    self.let_go(seat, Parting::TooSlow, Instant::now());
                }
            }
        }
    }

    /// A moment has passed.
    pub fn tick(&mut self, grace: Duration, wall: Time, now: Instant) -> Vec<Want> {
        for seat in self.seats.of(|guest| guest.until <= wall) {
            self.let_go(seat, Parting::Expired, now);
        }
        let (lines, over, reading) = (&mut self.lines, &mut self.over, &self.reading);
        over.retain(|call, since| {
            let past = now.duration_since(*since);
            if past >= REMEMBERED && !reading.contains_key(call) {
                lines.remove(call);
            }
            past < TOLD
        });
        let mut wants: Vec<_> = self.attendance.gone(grace, now).into_iter().map(Want::Gone).collect();
        wants.append(&mut self.lost);
        wants.extend(self.close_gaps());
        let undrawn = self.seats.undrawn();
        wants.extend(undrawn.into_iter().filter_map(|(seat, call)| self.watch(seat, call, None)));
        if std::mem::take(&mut self.figures_due) && !self.seats.is_empty() {
            wants.push(Want::Figures { seat: None, active: self.living().count() });
        }
        wants.extend(self.present());
        wants
    }

    // ------------------------------------------------------------------------------------------------ telling

    fn publish(&mut self, name: &'static str, audience: Audience, data: String) {
        let event = self.number_it(name, audience, data);
        self.ring.keep(event.clone());
        self.fan_out(&event);
    }

    fn published(&self, number: u64, name: &'static str, audience: Audience, data: String) -> Arc<Published> {
        Arc::new(Published::new(Cursor { epoch: self.epoch, number }, name, audience, data))
    }

    fn number_it(&mut self, name: &'static str, audience: Audience, data: String) -> Arc<Published> {
        metrics::counter!("live_events_total", "event" => name).increment(1);
        self.number += 1;
        self.published(self.number, name, audience, data)
    }

    fn fan_out(&mut self, event: &Arc<Published>) {
        for seat in self.seats.tell(event) {
            self.let_go(seat, Parting::TooSlow, Instant::now());
        }
    }

    fn let_go(&mut self, seat: SeatId, why: Parting, now: Instant) {
        if let Some(user) = self.seats.part(seat, why) {
            self.has_left(user, now);
        }
    }

    fn has_left(&mut self, user: UserId, now: Instant) {
        self.attendance.leaves(user, now);
        if self.seats.is_empty() {
            self.empty_since = Some(now);
        }
    }
}
