//! Who looks at a company's floor, and who of them is told of an event. Nobody is waited for: whoever cannot take what they
//! are told is let go.
//!
//! What each is told keeps its order. A picture that takes time to be drawn, of all calls or of one, has its place in the
//! queue from the moment that it shows, and what happens after that waits behind it.

use super::{Audience, Guest, Parting, Published, Screen, Unpresentable};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    mem,
    sync::Arc,
};
use tokio::sync::oneshot;
use tsunagu_call::{CallId, UserId};

/// How much waits behind a picture that is being drawn.
const QUEUE: usize = 4096;

/// The number of a seat, never given twice.
pub type SeatId = u64;

/// Why somebody watches a call; each is taken back by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Watching {
    /// They look at the whole call, and want to see it as it is first.
    Call,
    /// They read what is said from now on.
    Transcript,
}

/// Told whether there is the call that was asked for, or why that is not known.
pub(super) type Answer = oneshot::Sender<Result<bool, Unpresentable>>;

/// Who asked for a call, unless they came back to it.
pub(super) type Found = Option<Answer>;

#[derive(Default)]
pub(super) struct Seats {
    seats: HashMap<SeatId, Seat>,
    watchers: HashMap<CallId, HashSet<SeatId>>,
    /// Those who were to be shown a call that could not be drawn.
    undrawn: HashSet<(SeatId, CallId)>,
    pictures: u64,
}

struct Seat {
    guest: Guest,
    screen: Box<dyn Screen>,
    /// They have not been shown the present, and are told nothing before that.
    fresh: bool,
    queue: VecDeque<Queued>,
    watched: HashMap<CallId, Watched>,
    /// They are told how all calls go.
    follows: bool,
}

#[derive(Default)]
struct Watched {
    whys: HashSet<Watching>,
    /// How many pictures of it they were shown, or are being drawn for them.
    pictures: usize,
}

enum Queued {
    Event(Arc<Published>),
    Present,
    Call { call: CallId, picture: u64, found: Found },
}

impl Seats {
    pub fn len(&self) -> usize {
        self.seats.len()
    }

    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// Somebody sits down.
    pub fn sit(&mut self, seat: SeatId, guest: Guest, screen: Box<dyn Screen>, follows: bool) {
        let (queue, watched) = Default::default();
        self.seats.insert(seat, Seat { guest, screen, fresh: true, queue, watched, follows });
    }

    /// They want to be told how all calls go, or do not any more.
    pub fn follow(&mut self, seat: SeatId, follows: bool) {
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.follows = follows;
        }
    }

    /// Somebody is gone; says who.
    pub fn leave(&mut self, seat: SeatId) -> Option<UserId> {
        let gone = self.seats.remove(&seat)?;
        for call in gone.watched.keys() {
            self.stop_watching(*call, seat);
        }
        Some(gone.guest.user)
    }

    /// Who sits there.
    pub fn guests(&self) -> impl Iterator<Item = &Guest> {
        self.seats.values().map(|seat| &seat.guest)
    }

    /// The seats of some guests.
    pub fn of(&self, guests: impl Fn(&Guest) -> bool) -> Vec<SeatId> {
        self.seats.iter().filter(|(_, seat)| guests(&seat.guest)).map(|(id, _)| *id).collect()
    }

    /// Ends a seat, and says who sat there.
    pub fn part(&mut self, seat: SeatId, why: Parting) -> Option<UserId> {
        metrics::counter!("live_seats_let_go_total", "reason" => why.word()).increment(1);
        if let Some(seat) = self.seats.get(&seat) {
            seat.screen.part(why);
        }
        self.leave(seat)
    }

    /// Ends all seats.
    pub fn close(&mut self, why: Parting) {
        for seat in mem::take(&mut self.seats).into_values() {
            seat.screen.part(why);
        }
        self.watchers.clear();
        self.undrawn.clear();
    }

    // ------------------------------------------------------------------------------------------------ watching

    /// Somebody watches a call from now on.
    pub fn watch(&mut self, seat: SeatId, call: CallId, why: Watching) {
        if let Some(sitter) = self.seats.get_mut(&seat) {
            sitter.watched.entry(call).or_default().whys.insert(why);
            self.watchers.entry(call).or_default().insert(seat);
        }
    }

    /// They do not want to for that reason any more.
    pub fn unwatch(&mut self, seat: SeatId, call: CallId, why: Watching) {
        let Some(sitter) = self.seats.get_mut(&seat) else { return };
        let Some(watched) = sitter.watched.get_mut(&call) else { return };
        watched.whys.remove(&why);
        if why == Watching::Call {
            watched.pictures = 0;
        }
        if watched.whys.is_empty() {
            sitter.watched.remove(&call);
            self.stop_watching(call, seat);
        }
    }

    fn stop_watching(&mut self, call: CallId, seat: SeatId) {
        if let Some(watchers) = self.watchers.get_mut(&call) {
            watchers.remove(&seat);
            if watchers.is_empty() {
                self.watchers.remove(&call);
            }
        }
    }

    /// Somebody watches the call.
    pub fn is_watched(&self, call: CallId) -> bool {
        self.watchers.contains_key(&call)
    }

    // ------------------------------------------------------------------------------------------------ telling

    /// Tells everybody whom it is for. Gives those who cannot take it.
    #[must_use]
    pub fn tell(&mut self, event: &Arc<Published>) -> Vec<SeatId> {
        let mut stuck = Vec::new();
        match event.audience {
            Audience::Company | Audience::Followers => {
                let everybody = event.audience == Audience::Company;
                for (id, seat) in &mut self.seats {
                    if (everybody || seat.follows) && !seat.tell(event) {
                        stuck.push(*id);
                    }
                }
            }
            Audience::Watchers(call) => {
                for id in self.watchers.get(&call).into_iter().flatten() {
                    if self.seats.get_mut(id).is_some_and(|seat| !seat.tell(event)) {
                        stuck.push(*id);
                    }
                }
            }
        }
        stuck
    }

    /// Tells one seat alone. Says whether it can take it.
    #[must_use]
    pub fn tell_one(&mut self, seat: SeatId, event: &Arc<Published>) -> bool {
        self.seats.get_mut(&seat).is_none_or(|seat| seat.tell(event))
    }

    /// Somebody has not been shown the present, nor is it being drawn for them.
    pub fn any_fresh(&self) -> bool {
        self.seats.values().any(|seat| seat.fresh)
    }

    /// Whether somebody has not been shown the present, nor is it being drawn for them.
    pub fn is_fresh(&self, seat: SeatId) -> bool {
        self.seats.get(&seat).is_some_and(|seat| seat.fresh)
    }

    /// The present is being drawn, as it is now, for all who are fresh.
    pub fn await_present(&mut self) {
        for seat in self.seats.values_mut().filter(|seat| seat.fresh) {
            seat.fresh = false;
            seat.queue.push_back(Queued::Present);
        }
    }

    /// The present is drawn: all who wait for it are shown it. Gives those who cannot take it. When it could not be drawn they
    /// are fresh again; gives also which calls they were to be shown after it.
    #[must_use]
    pub fn show_present(
        &mut self,
        present: Option<&Arc<Published>>,
    ) -> (Vec<SeatId>, Vec<(SeatId, CallId, Found)>) {
        let (mut stuck, mut unshown) = (Vec::new(), Vec::new());
        for (id, seat) in &mut self.seats {
            let Some(waiting) = seat.queue.front_mut().filter(|front| matches!(front, Queued::Present))
            else {
                continue;
            };
            match present {
                Some(present) => *waiting = Queued::Event(present.clone()),
                None => {
                    seat.fresh = true;
                    for queued in mem::take(&mut seat.queue) {
                        if let Queued::Call { call, found, .. } = queued {
                            seat.take_back_picture(call);
                            unshown.push((*id, call, found));
                        }
                    }
                }
            }
            if !seat.flush() {
                stuck.push(*id);
            }
        }
        (stuck, unshown)
    }

    /// A call is being drawn for somebody, as it is now; they watch it from now on. Gives the number of the picture.
    pub fn await_call(&mut self, seat: SeatId, call: CallId, found: Found) -> u64 {
        self.watch(seat, call, Watching::Call);
        self.pictures += 1;
        let picture = self.pictures;
        if let Some(sitter) = self.seats.get_mut(&seat) {
            sitter.watched.entry(call).or_default().pictures += 1;
            sitter.queue.push_back(Queued::Call { call, picture, found });
        }
        picture
    }

    /// A picture of a call is drawn; `None` when there is no such call. One that could not be drawn is refused to whoever asked for
    /// it; who came back to the call, and waits for no answer, goes on watching it. Says whether they can take it.
    #[must_use]
    pub fn show_call(
        &mut self,
        seat: SeatId,
        call: CallId,
        number: u64,
        drawn: Result<Option<Arc<Published>>, Unpresentable>,
    ) -> bool {
        let is_it = |queued: &Queued| matches!(queued, Queued::Call { picture, .. } if *picture == number);
        let Some(sitter) = self.seats.get_mut(&seat) else { return true };
        let Some(place) = sitter.queue.iter().position(is_it) else { return true };
        let mut answered = false;
        if let Some(Queued::Call { found: Some(found), .. }) = sitter.queue.remove(place) {
            answered = true;
            found.send(drawn.as_ref().map(Option::is_some).map_err(Clone::clone)).ok();
        }
        let again = drawn.is_err() && !answered;
        match drawn {
            Ok(Some(drawn)) => sitter.queue.insert(place, Queued::Event(drawn)),
            Ok(None) | Err(_) => sitter.take_back_picture(call),
        }
        let taken = sitter.flush();
        if again {
            self.undrawn.insert((seat, call));
        } else if sitter.watched.get(&call).is_some_and(|watched| watched.pictures == 0) {
            self.unwatch(seat, call, Watching::Call);
        }
        taken
    }

    /// Who watches a call that could not be drawn for them; each is named once.
    pub fn undrawn(&mut self) -> Vec<(SeatId, CallId)> {
        let watches = |(seat, call): &(SeatId, CallId)| {
            let watched = self.seats.get(seat).and_then(|seat| seat.watched.get(call));
            watched.is_some_and(|watched| watched.whys.contains(&Watching::Call))
        };
        mem::take(&mut self.undrawn).into_iter().filter(watches).collect()
    }

    /// Somebody has come back who watched these calls, and is shown what they have missed in place of the present. Says
    /// whether they can take it.
    #[must_use]
    pub fn catch_up<'a>(
        &mut self,
        seat: SeatId,
        watched: Vec<CallId>,
        missed: impl Iterator<Item = &'a Arc<Published>>,
    ) -> bool {
        for call in watched {
            self.watch(seat, call, Watching::Call);
        }
        let Some(seat) = self.seats.get_mut(&seat) else { return true };
        seat.watched.values_mut().for_each(|watched| watched.pictures += 1);
        seat.fresh = false;
        let mut missed = missed.filter(|event| match event.audience {
            Audience::Company => true,
            Audience::Watchers(call) => seat.watched.contains_key(&call),
            Audience::Followers => seat.follows,
        });
        missed.all(|event| seat.screen.show(event))
    }
}

impl Seat {
    fn tell(&mut self, event: &Arc<Published>) -> bool {
        if self.fresh {
            return true;
        }
        if self.queue.is_empty() {
            return self.screen.show(event);
        }
        self.queue.push_back(Queued::Event(event.clone()));
        self.queue.len() <= QUEUE
    }

    /// A picture that was to be drawn is not shown.
    fn take_back_picture(&mut self, call: CallId) {
        if let Some(watched) = self.watched.get_mut(&call) {
            watched.pictures = watched.pictures.saturating_sub(1);
        }
    }

    /// Shows what waits for nothing any more.
    fn flush(&mut self) -> bool {
        while let Some(Queued::Event(event)) = self.queue.front() {
            if !self.screen.show(event) {
                return false;
            }
            self.queue.pop_front();
        }
        true
    }
}
