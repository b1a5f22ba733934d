//! What a call wants done in the world, done: each command in a task of its own that outlives whoever asked, and whose
//! result comes back to the call as mail. A result that finds the actor gone waits for the next one.

use super::Home;
use crate::{CallError, Ports, dispatcher::Pick, trace};
use std::{sync::Arc, time::Duration};
use tracing::{Instrument, Span};
use tsunagu_call::{
    CallId, Command, CommandId, Created, Input, Leg, LegStatus, Settlement, Time, UserId, room_name,
    routing::Needs,
};
use tsunagu_carrier::{CallStatus, CarrierError, ConferenceQuery, ConferenceStatus};
use tsunagu_store::{CustomerMark, Freed, StoreError};

/// How often a store that is busy or away is asked, and how long it is waited: each pause is twice the last, up to the longest.
/// That is a quarter of an hour: what is wanted here is a promise to somebody, or an agent's own, and must not be given up with
/// the first disk that is full.
const STORE_ATTEMPTS: u32 = 100;
const STORE_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_STORE_PAUSE: Duration = Duration::from_secs(10);

/// How much longer than a hand-over may take an agent is reserved, if nothing gives them back.
const HOLD_LONGER_SECS: u32 = 120;

/// How many answers of a look-up are read.
pub(super) const FOUND_AT_MOST: usize = 20;

/// Whether a command is new, or was intended in an earlier life of the conference and may have been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    Fresh,
    Inherited,
    /// Inherited, and of no use any more: it is not done, but what was dialled by it must be known to be hung up.
    Unwanted,
}

/// How long what came of a command waits before it is told again to a call that cannot take it: each pause is twice the last, up
/// to the longest; and how often it is told.
const TELL_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_TELL_PAUSE: Duration = Duration::from_secs(10);
const TELLS: u32 = 60;

/// What a command needs to know of its call.
#[derive(Clone)]
pub(super) struct Errand {
    pub ports: Ports,
    pub home: Home,
    pub call: CallId,
    pub created: Arc<Created>,
    pub created_at: Time,
    /// The legs that the call knew when it wanted this, by the carrier's names.
    pub legs: Arc<[(Leg, Arc<str>)]>,
}

/// Does it, in a task of its own, as part of the turn that wanted it, and tells the call what came of it. Not what is under way
/// already; nor while others may take this node for dead: they do it then, or this node when it is alive again.
pub(super) fn carry_out(errand: Errand, id: CommandId, command: Command, life: Life, turn: &Span) {
    let Some(under_way) = errand.home.hands.begin(id) else { return };
    if !errand.home.lease.holds() {
        return;
    }
    let span = trace::command(turn, errand.call, &command);
    let from = span.clone();
    let task = async move {
        if let Some(settlement) = errand.do_it(id, command, life).await {
            errand.settle(id, settlement, &from).await;
        }
        drop(under_way);
    };
    actix::spawn(task.instrument(span));
}

impl Errand {
    /// Tells the call, whatever becomes of its conferences meanwhile. What cannot be told is still pending in the journal: it is
    /// looked at again by who takes the call up.
    async fn settle(&self, id: CommandId, settlement: Settlement, from: &Span) {
        let mut pause = TELL_PAUSE;
        for _ in 0..TELLS {
            let input = Input::Settled { id, settlement: settlement.clone() };
            match self.home.operator.tell(self.call, input, from).await {
                Err(CallError::Store(_) | CallError::Late | CallError::Stale | CallError::Overloaded) => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_TELL_PAUSE);
                }
                _ => return,
            }
        }
        tracing::error!(callId = %self.call, command = id, "a call could not be told what came of what it wanted");
    }

    /// Nothing comes of what this node could not do and may not give up: it stays pending.
    async fn do_it(&self, id: CommandId, command: Command, life: Life) -> Option<Settlement> {
        let dials = matches!(
            command,
            Command::DialCustomer | Command::DialAgent { .. } | Command::DialSupervisor { .. }
        );
        if life == Life::Unwanted && !dials {
            return self.leave_undone(&command).await;
        }
        // What is kept late, since the store was away, is dated as it was wanted.
        let wanted_at = self.now();
        Some(match command {
            Command::DialCustomer => self.dial_customer(life).await,
            Command::DialAgent { attempt, agent, asked_at } => {
                self.dial_agent(attempt, &agent, asked_at, life).await
            }
            Command::FindLeg { phone, since, until, .. } => self.find_leg(&phone, since, until).await,
            Command::PickAgent { wish, tried, needs, claim, until } => {
                let patience = until.map(|until| (until, self.home.hands.wanted_pick.watch(id)));
                self.pick(Pick { patience, ..self.search(wish, tried, needs, claim) }).await
            }
            Command::ClaimAgent { agent } => self.claim(agent).await,
            Command::TakeSeat { conference_sid, supervisor_sid, agent_sid, .. } => {
                self.take_seat(&conference_sid, &supervisor_sid, &agent_sid).await
            }
            Command::Refresh { call_sid } => {
                let url = self.ports.webhooks.customer(self.call, self.created.profile.lang);
                done(self.ports.carrier.redirect_call(&call_sid, &url).await)
            }
            Command::MoveCustomer { call_sid } => {
                let url = self.ports.webhooks.handoff_message(self.call, self.created.profile.lang);
                done(self.ports.carrier.redirect_call(&call_sid, &url).await)
            }
            Command::HangUp { leg, call_sid } => {
                let _turn = match leg {
                    Leg::Customer => None,
                    Leg::Agent(_) | Leg::Supervisor(_) => Some(self.home.hands.turns.line.lock().await),
                };
                self.hang_up(&call_sid).await
            }
            Command::CheckCustomer { call_sid } => self.check_customer(call_sid).await,
            Command::CheckRoom => self.check_room().await.unwrap_or_else(|error| refused(&error)),
            Command::SeatAgent { agent, response_secs } => {
                let _turn = self.home.hands.turns.store.lock().await;
                let seat = || async {
                    let store = &self.ports.store;
                    let seated = store.seat_agent(agent, self.call, response_secs, wanted_at).await;
                    if matches!(seated, Ok(false)) {
                        tracing::warn!(callId = %self.call, %agent, "an agent is not seated: another call has them, or they were given back");
                    }
                    seated
                };
                self.keep(seat).await?
            }
            Command::FreeAgent { agent, talked_secs } => {
                // Nobody who is hung up on waits for a store that is away.
                drop(self.home.hands.turns.line.lock().await);
                let _turn = self.home.hands.turns.store.lock().await;
                let freed = Freed {
                    talk_secs: talked_secs.unwrap_or(0),
                    wrap_up_secs: self.created.rules.wrap_up_secs,
                    handled: talked_secs.is_some(),
                    now: wanted_at,
                };
                let settlement = self.keep(|| self.ports.store.free_agent(agent, self.call, freed)).await?;
                self.home.picks.look_again();
                settlement
            }
            Command::MarkCustomer { mark } => {
                let mark = match mark {
                    tsunagu_conversation::Mark::DoNotCall => CustomerMark::DoNotCall,
                    tsunagu_conversation::Mark::WrongNumber => CustomerMark::WrongNumber,
                };
                self.keep(|| self.ports.store.mark_customer(self.created.customer.id, mark)).await?
            }
            Command::KeepCallback { words } => {
                let keep = || async {
                    let callback = self.callback(words.clone(), life, wanted_at).await?;
                    self.ports.store.keep_callback(callback).await
                };
                self.keep(keep).await?
            }
            Command::DialSupervisor { number, phone, lang, asked_at } => {
                self.dial_supervisor(number, &phone, lang, asked_at, life).await
            }
            Command::SetSupervisor { conference_sid, call_sid, mode, agent_sid, .. } => {
                self.set_supervisor(&conference_sid, &call_sid, mode, agent_sid).await
            }
            Command::SetParticipant { conference_sid, call_sid, muted, held, .. } => {
                self.set_participant(&conference_sid, &call_sid, muted, held).await
            }
            Command::RemoveParticipant { conference_sid, call_sid, .. } => {
                self.remove_participant(&conference_sid, &call_sid).await
            }
            Command::SteerRecording { call_sid, paused, .. } => self.steer_recording(call_sid, paused).await,
            Command::DeleteRecording { sid } => self.delete_recording(&sid).await,
            Command::NoteOutcome { outcome } => {
                let store = &self.ports.store;
                let note = || async {
                    // Another node, or a later wish, may have been quicker: what the call's record says by now counts.
                    let record = store.find_call(self.call).await?;
                    let result = record.and_then(|record| record.call_result);
                    let result = result.unwrap_or_else(|| outcome.call_result().to_owned());
                    store.note_called(self.created.customer.id, self.created_at, Some(result)).await
                };
                let _turn = self.home.hands.turns.store.lock().await;
                self.keep(note).await?
            }
        })
    }

    fn now(&self) -> Time {
        self.ports.clock.now()
    }

    /// What is asked of the desk.
    pub(super) fn search(&self, wish: Option<UserId>, tried: Vec<UserId>, needs: Needs, claim: bool) -> Pick {
        let rules = &self.created.rules;
        // Long enough for the whole hand-over, and for a dialling in doubt at its end; a seat replaces it.
        let hold_secs = [rules.agent_ring_secs, rules.briefing_secs, rules.bridging_secs]
            .into_iter()
            .fold(rules.handover_secs, u32::saturating_add);
        Pick {
            call: self.call,
            company: self.created.company_id,
            wish,
            tried,
            needs,
            claim,
            hold_secs: hold_secs.saturating_add(HOLD_LONGER_SECS),
            patience: None,
        }
    }

    async fn pick(&self, pick: Pick) -> Settlement {
        match self.home.picks.pick(pick).await {
            Ok(settlement) => settlement,
            Err(error) => {
                tracing::error!(callId = %self.call, %error, "no agent could be looked for");
                Settlement::Refused { code: None, message: error.to_string() }
            }
        }
    }

    async fn check_customer(&self, call_sid: Option<String>) -> Settlement {
        // The carrier may have told which it is since this was wanted: what is looked for is none of the legs that are known.
        let known =
            || self.legs.iter().find(|(leg, _)| *leg == Leg::Customer).map(|(_, sid)| sid.to_string());
        let found = match call_sid.or_else(known) {
            Some(call_sid) => self.ports.carrier.fetch_call(&call_sid).await.map(Some),
            None => self.find(&self.created.customer.phone, self.created_at.timestamp()).await,
        };
        match found {
            Ok(Some(info)) => match leg_status(info.status) {
                Some(status) => Settlement::Stands { call_sid: info.sid, status },
                None => Settlement::Refused { code: None, message: format!("unknown state {}", info.status) },
            },
            Ok(None) | Err(CarrierError::NotFound { .. }) => Settlement::Unknown,
            Err(error) => refused(&error),
        }
    }

    async fn check_room(&self) -> Result<Settlement, CarrierError> {
        let carrier = &self.ports.carrier;
        let query = ConferenceQuery {
            friendly_name: Some(room_name(self.call)),
            limit: FOUND_AT_MOST,
            ..ConferenceQuery::default()
        };
        let found = carrier.find_conferences(&query).await?;
        let Some(room) = found.into_iter().find(|room| room.status != ConferenceStatus::Completed) else {
            return Ok(Settlement::InRoom { conference_sid: None, call_sids: Vec::new() });
        };
        let call_sids =
            carrier.participants(&room.sid).await?.into_iter().map(|party| party.call_sid).collect();
        Ok(Settlement::InRoom { conference_sid: Some(room.sid), call_sids })
    }

    /// Keeps something in the store, as [`Self::insist`] does it.
    async fn keep<T, F>(&self, act: impl Fn() -> F) -> Option<Settlement>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        Some(match self.insist(act).await? {
            Ok(_) => Settlement::Done,
            Err(error) => {
                tracing::error!(callId = %self.call, %error, "store did not keep what the call wanted kept");
                Settlement::Refused { code: None, message: error.to_string() }
            }
        })
    }

    /// Does something with the store, again and again while it is only busy or away. Nothing comes of it when it was away for
    /// very long, or others may take this node for dead: whoever takes the call up does it then.
    pub(super) async fn insist<T, F>(&self, act: impl Fn() -> F) -> Option<Result<T, StoreError>>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut pause = STORE_PAUSE;
        for _ in 0..STORE_ATTEMPTS {
            match act().await {
                Err(error) if error.is_transient() => {
                    metrics::counter!("store_keeps_retried_total").increment(1);
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_STORE_PAUSE);
                }
                done => return Some(done),
            }
            if !self.home.lease.holds() {
                break;
            }
        }
        tracing::error!(callId = %self.call, "what the call wanted kept is left to whoever takes it up");
        None
    }
}

pub(super) fn done<T>(result: Result<T, CarrierError>) -> Settlement {
    match result {
        Ok(_) => Settlement::Done,
        Err(error) => refused(&error),
    }
}

pub(super) fn not_wanted() -> Settlement {
    Settlement::Refused { code: None, message: "not wanted any more after a restart".to_owned() }
}

pub(super) fn refused(error: &CarrierError) -> Settlement {
    Settlement::Refused { code: error.code(), message: error.to_string() }
}

fn leg_status(status: CallStatus) -> Option<LegStatus> {
    Some(match status {
        CallStatus::Queued => LegStatus::Queued,
        CallStatus::Ringing => LegStatus::Ringing,
        CallStatus::InProgress => LegStatus::InProgress,
        CallStatus::Completed => LegStatus::Completed,
        CallStatus::Busy => LegStatus::Busy,
        CallStatus::NoAnswer => LegStatus::NoAnswer,
        CallStatus::Canceled => LegStatus::Canceled,
        CallStatus::Failed => LegStatus::Failed,
        _ => return None,
    })
}
