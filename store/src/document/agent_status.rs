//! What an agent is doing, and the rule by which no agent is promised twice.
//!
//! The transitions are pure: a store applies them to the stored document in one atomic step.

use serde::{Deserialize, Serialize};
use tsunagu_call::{CallId, CompanyId, Time, UserId};

/// What an agent is doing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgentStatus {
    /// Whose status.
    pub user_id: UserId,
    /// Where they belong.
    pub company_id: CompanyId,
    /// What they are doing.
    #[serde(default)]
    pub status: Availability,
    /// The call they are in.
    #[serde(default)]
    pub current_call_id: Option<CallId>,
    /// When the status last changed: since when they are idle, when available.
    #[serde(default)]
    pub last_activity: Time,
    /// Calls they took, ever.
    #[serde(default)]
    pub total_calls_handled: u64,
    /// Seconds they talked, ever.
    #[serde(default)]
    pub total_call_duration: u64,
    /// Seconds from the hand-over's start to their joining, on average over the calls they took.
    #[serde(default)]
    pub average_response_time: f64,
    /// The call that they are promised to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<Reservation>,
    /// How long the present call waited for them, in seconds; goes into the average when the call is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_secs: Option<u32>,
    /// Left alone after their last call until then; not rung before, unless they say that they are ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap_up_until: Option<Time>,
    /// What they, or their last connection's end, asked for during the present call; takes effect after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_call: Option<Availability>,
    /// The call from which they were given back last. A seat on it comes too late, unless they were promised to it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freed_from: Option<CallId>,
    /// What they were doing when they were taken for gone, their last connection having been away for too long; they do it again when
    /// they come back. Whatever is said of them meanwhile counts instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_from: Option<Availability>,
}

/// What an agent is doing, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Availability {
    /// May be put through to a customer.
    Available,
    /// Here, and not to be disturbed.
    Busy,
    /// With a customer.
    OnCall,
    /// Not here.
    #[default]
    Offline,
}

impl Availability {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Available, Self::Busy, Self::OnCall, Self::Offline];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Busy => "busy",
            Self::OnCall => "on-call",
            Self::Offline => "offline",
        }
    }
}

/// An agent promised to a call. Nobody else gets them before it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reservation {
    /// The owner.
    pub call_id: CallId,
    /// From this moment on it counts no more.
    pub until: Time,
}

/// How an agent comes back from a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freed {
    /// How long they talked, in seconds.
    pub talk_secs: u32,
    /// How long they are left alone if they had the customer, in seconds.
    pub wrap_up_secs: u32,
    /// They had the customer; a call that was declined or rang out was not handled and counts nowhere.
    pub handled: bool,
    /// When.
    pub now: Time,
}

impl AgentStatus {
    /// The status of an agent who has never been here.
    pub fn new(user_id: UserId, company_id: CompanyId) -> Self {
        Self {
            user_id,
            company_id,
            status: Availability::Offline,
            current_call_id: None,
            last_activity: Time::default(),
            total_calls_handled: 0,
            total_call_duration: 0,
            average_response_time: 0.0,
            reservation: None,
            response_secs: None,
            wrap_up_until: None,
            after_call: None,
            freed_from: None,
            gone_from: None,
        }
    }

    /// They are left alone at `now`, since their last call is not long over.
    pub fn is_wrapping_up(&self, now: Time) -> bool {
        self.wrap_up_until.is_some_and(|until| until > now)
    }

    /// This call has them, or is promised them.
    pub fn is_of(&self, call: CallId) -> bool {
        self.current_call_id == Some(call) || self.reservation.is_some_and(|held| held.call_id == call)
    }

    /// A call other than `call` has them, or is promised them, at `now`.
    pub fn is_taken_from(&self, call: CallId, now: Time) -> bool {
        self.current_call_id.is_some_and(|current| current != call)
            || self.reservation.is_some_and(|held| held.call_id != call && held.until > now)
    }

    /// Promises them to a call until `until`; says whether the call has them now. An available agent whom no other
    /// call has is given; to its owner the promise is renewed.
    pub fn reserve(&mut self, call: CallId, until: Time, now: Time) -> bool {
        let free = self.status == Availability::Available && !self.is_wrapping_up(now);
        (free || self.current_call_id == Some(call)) && self.claim(call, until, now)
    }

    /// The same for somebody who wants the call themselves: whatever they are doing, unless another call has them.
    pub fn claim(&mut self, call: CallId, until: Time, now: Time) -> bool {
        if self.current_call_id == Some(call) {
            return true;
        }
        if self.is_taken_from(call, now) {
            return false;
        }
        self.reservation = Some(Reservation { call_id: call, until });
        self.freed_from = self.freed_from.filter(|freed| *freed != call);
        true
    }

    /// Puts them on a call they accepted; says whether the call has them now. Refused only when another call has
    /// them, or this one has given them back: who holds the telephone in their hand is there, whatever their screen says.
    pub fn seat(&mut self, call: CallId, response_secs: u32, now: Time) -> bool {
        if self.current_call_id == Some(call) {
            return true;
        }
        // A node of an older version that promises them anew leaves it standing that they were given back.
        let promised = self.reservation.is_some_and(|held| held.call_id == call);
        if self.is_taken_from(call, now) || (self.freed_from == Some(call) && !promised) {
            return false;
        }
        if matches!(self.status, Availability::Busy | Availability::Offline) {
            self.after_call = Some(self.status);
        }
        self.status = Availability::OnCall;
        self.current_call_id = Some(call);
        self.reservation = None;
        self.wrap_up_until = None;
        self.response_secs = Some(response_secs);
        self.last_activity = now;
        true
    }

    /// Withdraws a promise of which its call knows nothing; says whether there was one. Who is seated stays so.
    pub fn withdraw(&mut self, call: CallId) -> bool {
        self.reservation.take_if(|held| held.call_id == call).is_some()
    }

    /// Takes them back from a call; says whether that changed anything. Does nothing unless that very call has them
    /// or is promised them, so it may be repeated.
    pub fn free(&mut self, call: CallId, freed: Freed) -> bool {
        let promised = self.reservation.is_some_and(|held| held.call_id == call);
        let seated = self.current_call_id == Some(call);
        if promised {
            self.reservation = None;
        }
        if promised || seated {
            self.freed_from = Some(call);
        }
        if seated {
            self.current_call_id = None;
            self.status = self.after_call.take().unwrap_or(Availability::Available);
            self.last_activity = freed.now;
            let response = self.response_secs.take();
            if freed.handled {
                self.wrap_up_until =
                    (freed.wrap_up_secs > 0).then(|| freed.now.plus_secs(freed.wrap_up_secs));
                self.count(freed.talk_secs, response);
            }
        }
        promised || seated
    }

    /// Sets what they are doing, at `now`. During a call they stay on it, and the wish takes effect afterwards. Whoever
    /// says that they are available while they are left alone is ready again.
    pub fn set(&mut self, status: Availability, now: Time) {
        self.gone_from = None;
        if self.current_call_id.is_some() {
            self.after_call = (status != Availability::OnCall).then_some(status);
            return;
        }
        self.wrap_up_until = None;
        if self.status != status {
            self.status = status;
            self.last_activity = now;
        }
    }

    /// Takes them for gone at `now`, since their last connection has been away for too long; says whether that changed anything.
    /// Nothing of those who were not here anyway; during a call it takes effect after it.
    pub fn take_for_gone(&mut self, now: Time) -> bool {
        let was = self.doing();
        if was == Availability::Offline {
            return false;
        }
        self.put(Availability::Offline, now);
        self.gone_from = Some(was);
        true
    }

    /// Somebody who was taken for gone is back at `now`, and does what they did; says whether that changed anything.
    pub fn come_back(&mut self, now: Time) -> bool {
        // A node of an older version may have set another status and left that as it was.
        let was = self.gone_from.filter(|_| self.doing() == Availability::Offline);
        was.is_some_and(|was| {
            self.put(was, now);
            true
        })
    }

    /// As [`Self::set`], but they said nothing: they are left alone for as long as before.
    fn put(&mut self, status: Availability, now: Time) {
        let wrap_up_until = self.wrap_up_until;
        self.set(status, now);
        self.wrap_up_until = wrap_up_until;
    }

    /// What they are doing, or will be after their call.
    fn doing(&self) -> Availability {
        match self.current_call_id {
            Some(_) => self.after_call.unwrap_or(Availability::Available),
            None => self.status,
        }
    }

    /// Lets go of a promise whose time is over; says whether there was one.
    pub fn expire(&mut self, now: Time) -> bool {
        self.reservation.take_if(|held| held.until <= now).is_some()
    }

    fn count(&mut self, talk_secs: u32, response_secs: Option<u32>) {
        if let Some(response) = response_secs {
            let before = self.total_calls_handled as f64;
            self.average_response_time =
                (self.average_response_time * before + f64::from(response)) / (before + 1.0);
        }
        self.total_calls_handled = self.total_calls_handled.saturating_add(1);
        self.total_call_duration = self.total_call_duration.saturating_add(talk_secs.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: CallId = CallId::from_bytes([1; 12]);
    const OTHER: CallId = CallId::from_bytes([2; 12]);
    const NOW: Time = Time::from_millis(1_000_000);

    fn available() -> AgentStatus {
        let mut status = AgentStatus::new(UserId::from_bytes([3; 12]), CompanyId::from_bytes([4; 12]));
        status.set(Availability::Available, NOW);
        status
    }

    fn freed(talk_secs: u32) -> Freed {
        Freed { talk_secs, wrap_up_secs: 0, handled: true, now: NOW.plus_secs(100) }
    }

    #[test]
    fn a_reservation_keeps_others_off_until_it_ends() {
        let mut agent = available();
        assert!(agent.reserve(CALL, NOW.plus_secs(10), NOW));
        assert!(!agent.reserve(OTHER, NOW.plus_secs(20), NOW.plus_secs(9)));
        assert!(!agent.seat(OTHER, 1, NOW.plus_secs(9)));
        assert!(agent.reserve(CALL, NOW.plus_secs(15), NOW.plus_secs(9)), "its owner renews it");
        assert!(!agent.reserve(OTHER, NOW.plus_secs(20), NOW.plus_secs(14)));
        assert!(agent.reserve(OTHER, NOW.plus_secs(20), NOW.plus_secs(15)), "it is over at its end");
        assert!(!agent.free(CALL, freed(0)), "the first owner has nothing left to give back");
    }

    #[test]
    fn only_the_available_are_promised() {
        for status in [Availability::Busy, Availability::Offline, Availability::OnCall] {
            let mut agent = available();
            agent.set(status, NOW);
            assert!(!agent.reserve(CALL, NOW.plus_secs(10), NOW), "{status:?}");
        }
    }

    #[test]
    fn who_wants_a_call_themselves_has_it_whatever_they_do_unless_another_call_has_them() {
        for status in [Availability::Busy, Availability::Offline] {
            let mut supervisor = available();
            supervisor.set(status, NOW);
            assert!(supervisor.claim(CALL, NOW.plus_secs(10), NOW), "{status:?}");
            assert!(!supervisor.claim(OTHER, NOW.plus_secs(10), NOW) && !supervisor.seat(OTHER, 1, NOW));
            assert!(supervisor.claim(CALL, NOW.plus_secs(20), NOW), "its owner renews it");
            assert!(supervisor.seat(CALL, 1, NOW) && supervisor.claim(CALL, NOW.plus_secs(20), NOW));
            assert!(!supervisor.claim(OTHER, NOW.plus_secs(90), NOW.plus_secs(60)), "they are on a call");
            assert!(supervisor.free(CALL, freed(10)));
            assert_eq!((supervisor.status, supervisor.reservation), (status, None), "as they were before");
        }
    }

    #[test]
    fn a_call_taken_is_counted_once() {
        let mut agent = available();
        assert!(agent.reserve(CALL, NOW.plus_secs(10), NOW));
        assert!(agent.seat(CALL, 8, NOW) && agent.seat(CALL, 99, NOW), "repeating it changes nothing");
        assert_eq!((agent.status, agent.current_call_id), (Availability::OnCall, Some(CALL)));
        assert!(agent.free(CALL, freed(120)) && !agent.free(CALL, freed(120)));
        assert!(agent.seat(OTHER, 4, NOW) && agent.free(OTHER, freed(60)));
        assert_eq!((agent.total_calls_handled, agent.total_call_duration), (2, 180));
        assert_eq!(agent.average_response_time, 6.0);
        assert_eq!((agent.status, agent.last_activity), (Availability::Available, NOW.plus_secs(100)));
    }

    #[test]
    fn who_was_given_back_is_not_seated_by_what_comes_late() {
        let mut agent = available();
        assert!(agent.reserve(CALL, NOW.plus_secs(10), NOW) && agent.free(CALL, freed(0)));
        assert!(!agent.seat(CALL, 3, NOW));
        assert_eq!((agent.status, agent.current_call_id), (Availability::Available, None));
        assert!(agent.reserve(CALL, NOW.plus_secs(10), NOW) && agent.seat(CALL, 3, NOW), "promised anew");
        assert!(agent.free(CALL, freed(10)) && !agent.free(OTHER, freed(10)) && !agent.seat(CALL, 3, NOW));
        assert!(agent.seat(OTHER, 3, NOW), "another call is none of that one's business");
        let older: AgentStatus = serde_json::from_str(
            r#"{"userId":"030303030303030303030303","companyId":"040404040404040404040404","status":"available"}"#,
        )
        .unwrap();
        assert_eq!(older.freed_from, None);
    }

    #[test]
    fn who_is_promised_is_seated_whatever_an_older_version_left_and_withdrawing_leaves_nothing() {
        let mut agent = available();
        assert!(agent.reserve(CALL, NOW.plus_secs(10), NOW) && agent.withdraw(CALL) && !agent.withdraw(CALL));
        assert_eq!((agent.reservation, agent.freed_from), (None, None));
        (agent.reservation, agent.freed_from) =
            (Some(Reservation { call_id: CALL, until: NOW.plus_secs(20) }), Some(CALL));
        assert!(agent.seat(CALL, 3, NOW) && !agent.withdraw(CALL), "a seat is no promise");
    }

    #[test]
    fn after_a_call_an_agent_is_left_alone_until_the_time_is_over_or_they_are_ready() {
        let call = |mut agent: AgentStatus, wrap_up_secs| {
            assert!(agent.seat(CALL, 1, NOW) && agent.free(CALL, Freed { wrap_up_secs, ..freed(10) }));
            agent
        };
        let over = NOW.plus_secs(100);
        let mut agent = call(available(), 30);
        assert!(!agent.reserve(OTHER, over.plus_secs(60), over.plus_secs(29)));
        assert!(agent.clone().reserve(OTHER, over.plus_secs(60), over.plus_secs(30)));
        agent.set(Availability::Available, over.plus_secs(1));
        assert_eq!(agent.last_activity, over, "idle since the call");
        assert!(agent.reserve(OTHER, over.plus_secs(60), over.plus_secs(1)));
        assert!(call(available(), 0).reserve(OTHER, over.plus_secs(60), over));
        let mut declined = available();
        assert!(declined.reserve(CALL, over, NOW));
        assert!(declined.free(CALL, Freed { handled: false, wrap_up_secs: 30, ..freed(0) }));
        assert!(!declined.is_wrapping_up(over), "who had no customer has nothing to write up");
    }

    #[test]
    fn nobody_is_offline_during_a_call() {
        let mut agent = available();
        assert!(agent.seat(CALL, 1, NOW));
        agent.set(Availability::Offline, NOW.plus_secs(5));
        assert_eq!(agent.status, Availability::OnCall);
        assert!(agent.free(CALL, freed(10)));
        assert_eq!((agent.status, agent.after_call), (Availability::Offline, None));
    }

    #[test]
    fn coming_back_during_a_call_makes_available_after_it() {
        let mut agent = available();
        assert!(agent.seat(CALL, 1, NOW));
        agent.set(Availability::Offline, NOW);
        agent.set(Availability::Available, NOW);
        assert!(agent.free(CALL, freed(10)));
        assert_eq!(agent.status, Availability::Available);
    }

    #[test]
    fn a_promise_given_back_leaves_the_status_as_the_agent_set_it() {
        let mut agent = available();
        assert!(agent.reserve(CALL, NOW.plus_secs(10), NOW));
        agent.set(Availability::Busy, NOW);
        assert!(agent.free(CALL, Freed { handled: false, ..freed(0) }));
        assert_eq!(
            (agent.status, agent.reservation, agent.total_calls_handled),
            (Availability::Busy, None, 0)
        );
    }

    #[test]
    fn who_comes_back_does_what_they_did() {
        for was in [Availability::Available, Availability::Busy] {
            let mut agent = available();
            agent.set(was, NOW);
            assert!(!agent.come_back(NOW), "they were not gone");
            assert!(agent.take_for_gone(NOW.plus_secs(5)) && !agent.take_for_gone(NOW.plus_secs(6)));
            assert_eq!((agent.status, agent.last_activity), (Availability::Offline, NOW.plus_secs(5)));
            assert!(agent.come_back(NOW.plus_secs(9)) && !agent.come_back(NOW.plus_secs(9)));
            assert_eq!((agent.status, agent.last_activity), (was, NOW.plus_secs(9)));
        }
    }

    #[test]
    fn who_goes_and_comes_back_after_a_call_is_left_alone_as_long_as_before() {
        let mut agent = available();
        assert!(agent.seat(CALL, 1, NOW));
        assert!(agent.free(CALL, Freed { wrap_up_secs: 30, ..freed(10) }));
        let until = agent.wrap_up_until;
        assert!(
            until.is_some() && agent.take_for_gone(NOW.plus_secs(101)) && agent.come_back(NOW.plus_secs(102))
        );
        assert_eq!((agent.status, agent.wrap_up_until), (Availability::Available, until));
    }

    #[test]
    fn what_is_said_of_who_is_gone_counts() {
        let mut agent = available();
        for said in [Availability::Busy, Availability::Offline] {
            agent.set(Availability::Available, NOW);
            assert!(agent.take_for_gone(NOW));
            agent.set(said, NOW);
            assert!(!agent.come_back(NOW));
            assert_eq!(agent.status, said);
        }
        assert!(!agent.take_for_gone(NOW), "they were not here");
        // By who knows nothing of it.
        agent.set(Availability::Available, NOW);
        assert!(agent.take_for_gone(NOW));
        agent.status = Availability::Busy;
        assert!(!agent.come_back(NOW));
        assert!(agent.take_for_gone(NOW) && agent.come_back(NOW));
        assert_eq!(agent.status, Availability::Busy);
    }

    #[test]
    fn who_is_gone_in_the_middle_of_a_call_is_so_after_it_unless_they_come_back() {
        let gone = || {
            let mut agent = available();
            agent.set(Availability::Busy, NOW);
            assert!(agent.seat(CALL, 1, NOW) && agent.take_for_gone(NOW) && !agent.take_for_gone(NOW));
            assert_eq!(agent.status, Availability::OnCall);
            agent
        };
        let mut late = gone();
        assert!(late.free(CALL, freed(10)));
        assert_eq!(late.status, Availability::Offline);
        assert!(late.come_back(NOW));
        assert_eq!(late.status, Availability::Busy);
        let mut early = gone();
        assert!(early.come_back(NOW) && early.free(CALL, freed(10)));
        assert_eq!(early.status, Availability::Busy);
        let mut asked = gone();
        assert!(asked.free(CALL, freed(10)) && asked.seat(OTHER, 1, NOW) && asked.free(OTHER, freed(10)));
        assert!(asked.come_back(NOW), "also when they were on the telephone meanwhile");
        assert_eq!(asked.status, Availability::Busy);
    }

    #[test]
    fn only_what_is_over_expires() {
        let mut agent = available();
        assert!(agent.reserve(CALL, NOW.plus_secs(10), NOW));
        assert!(
            !agent.expire(NOW.plus_secs(9))
                && agent.expire(NOW.plus_secs(10))
                && !agent.expire(NOW.plus_secs(11))
        );
    }
}
