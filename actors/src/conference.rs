//! The conference: the actor that owns one live call.
//!
//! State: the call and its record, both folded from the journal, and how much of that is not durable yet. It decides in
//! the order in which mail arrives, hands the events to the journal in that order, and answers when they are durable; where
//! others write the journal too, it decides when what was decided before is durable.
//! Rules are the pure machine's; what is done in the world is [`effects`]'; this file is the thread between them.

mod considering;
mod deadline;
mod dialling;
mod effects;
mod guard;
mod hands;
mod inheritance;
mod obituary;
mod promise;
mod recording;
mod relapse;
mod supervision;
mod tally;
mod undone;
mod waiting;

pub(crate) use considering::Consider;
use effects::Life;
pub(crate) use hands::{AllHands, Hands};
pub(crate) use inheritance::Inheritance;
pub(crate) use obituary::Obituary;
pub(crate) use relapse::{Holds, Stands};

use crate::{
    CallError, Facts, Ports, Repertoire,
    dispatcher::{Known, Operator, PickDesk},
    nodes::Lease,
    trace,
};
use actix::prelude::*;
use deadline::Deadline;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tally::Standing;
use tokio::sync::oneshot;
use tracing::Span;
use tsunagu_call::{Call, CallRecord, Command, CommandId, Entry, Event, Input, Reply, Stage, Step};
use tsunagu_conversation::{Own, OwnScript};
use tsunagu_store::Commit;
use waiting::{Waiting, Written};

/// How much mail a conference holds; the permits at the edge keep it far below.
const MAILBOX: usize = 256;

/// How long an ended call stays in memory for the carrier's last words.
const LINGER: Duration = Duration::from_secs(10);

/// Who waits for the answer to an input, if anybody does.
type Asker = Option<oneshot::Sender<Result<Reply, CallError>>>;

/// How long a conference stays whose call another node looks after.
const GUEST: Duration = Duration::from_secs(30);

/// What a conference has from the node that it lives on.
#[derive(Clone)]
pub(crate) struct Home {
    pub operator: Operator,
    pub picks: PickDesk,
    pub hands: Arc<Hands>,
    pub lease: Lease,
    /// What the call's company has of its own.
    pub repertoire: Arc<Repertoire>,
}

/// One live call.
pub struct Conference {
    ports: Ports,
    home: Home,
    call: Call,
    record: CallRecord,
    /// The company's own script by which the talk goes, if it does: the one that it began by.
    script: Option<Arc<OwnScript>>,
    /// Commits handed to the journal that it has not confirmed.
    in_flight: Arc<AtomicU32>,
    /// What is decided when it has.
    waiting: Waiting,
    /// What was known before that, where others write the journal too.
    confirmed: Option<Box<Known>>,
    deadline: Deadline,
    waiting_for_agent: Vec<oneshot::Sender<Result<Option<String>, CallError>>>,
    /// What this actor was born with.
    inheritance: Inheritance,
    /// This node wrote last, as far as is known: timers are here.
    owns: bool,
    overtaken: bool,
    /// The node's lease ran out while something was on its way.
    relapsed: bool,
    standing: Standing,
    obituary: Obituary,
}

impl Conference {
    /// A conference around a call and its record, which hold the same entries. The inheritance tells what may have become of
    /// the commands that are pending.
    pub(crate) fn new(
        ports: Ports,
        home: Home,
        call: Call,
        record: CallRecord,
        inheritance: Inheritance,
        obituary: Obituary,
    ) -> Self {
        let record = CallRecord { unsettled: call.status.is_over() && !call.pending.is_empty(), ..record };
        let mut standing = Standing::default();
        standing.set(call.status);
        let script = home.repertoire.script(call.created.profile.lang, call.created.script);
        Self {
            ports,
            home,
            script,
            call,
            record,
            in_flight: Arc::default(),
            waiting: Waiting::default(),
            confirmed: None,
            deadline: Deadline::default(),
            waiting_for_agent: Vec::new(),
            owns: inheritance.owns(),
            inheritance,
            overtaken: false,
            relapsed: false,
            standing,
            obituary,
        }
    }
}

impl Actor for Conference {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.set_mailbox_capacity(MAILBOX);
        self.tell_what_is_wanted();
        let now = self.ports.clock.now();
        for (id, command) in &self.call.pending {
            if let Some(life) = self.inheritance.life_of(*id, self.call.still_wants(command, now)) {
                effects::carry_out(self.errand(), *id, command.clone(), life, &Span::none());
            }
        }
        self.watch_time(ctx);
        self.leave_when_done(ctx);
        self.leave_when_a_guest(ctx);
    }
}

/// Something happens to the call; the answer comes once it is durable.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Tell {
    pub input: Input,
    pub reply: Asker,
    /// What it came of.
    pub from: Span,
}

impl Handler<Tell> for Conference {
    type Result = ();

    fn handle(&mut self, tell: Tell, ctx: &mut Context<Self>) {
        if self.overtaken {
            answer(tell.reply, Err(CallError::Stale));
        } else if self.awaits_journal() {
            self.let_wait(tell);
        } else {
            self.take_in(tell, ctx);
        }
    }
}

impl Conference {
    /// Decides what follows from an input.
    fn take_in(&mut self, Tell { input, reply, from }: Tell, ctx: &mut Context<Self>) {
        let turn = trace::turn(&from, self.call.id);
        match guard::step(&self.call, input, &self.ports.engine, &self.own(), self.ports.clock.now()) {
            Err(error) => self.confirm(reply, Err(error), ctx),
            Ok(step) if step.entries.is_empty() && self.in_flight.load(Ordering::Acquire) == 0 => {
                self.confirm(reply, Ok(step.reply), ctx);
            }
            Ok(step) => self.adopt(step, reply, turn, ctx),
        }
    }

    /// Takes a step in and journals it; the reply and the commands wait until that is durable.
    fn adopt(
        &mut self,
        Step { call, entries, reply: decided }: Step,
        reply: Asker,
        turn: Span,
        ctx: &mut Context<Self>,
    ) {
        self.confirmed = self.known();
        let mut changed = false;
        for entry in &entries {
            changed |= self.record.apply(entry.at, &entry.event);
        }
        self.call = call;
        self.owns = true;
        self.tell_what_is_wanted();
        self.standing.set(self.call.status);
        let counted = tally::counted(&entries, &self.call);
        let over = self.call.status.is_over();
        // A restart takes up a call that is over when something it wanted done is not.
        let unsettled = over && !self.call.pending.is_empty();
        changed |= std::mem::replace(&mut self.record.unsettled, unsettled) != unsettled;
        let record = changed.then(|| Box::new(if over { self.record.clone() } else { self.header() }));
        let commands = commands_of(&entries);
        let facts = self.ports.hub.is_to_be_told().then(|| Facts {
            company: self.record.company_id,
            call: self.call.id,
            entries: entries.clone(),
            record: record.clone(),
        });

        self.in_flight.fetch_add(1, Ordering::AcqRel);
        turn.record("entries", entries.len());
        let waiting = trace::commit(&turn, self.call.id, entries.len());
        // Handing it in fixes its place in the journal; only the waiting is left to the task.
        let receipt = self.ports.store.commit(Commit { call: self.call.id, entries, record });
        let (errand, conference, in_flight) = (self.errand(), ctx.address(), self.in_flight.clone());
        actix::spawn(async move {
            let result = receipt.await;
            drop(waiting);
            match result {
                Ok(()) => {
                    in_flight.fetch_sub(1, Ordering::AcqRel);
                    counted.into_iter().for_each(tally::Counted::count);
                    answer(reply, Ok(decided));
                    if let Some(facts) = facts {
                        errand.ports.hub.tell(facts);
                    }
                    for (id, command) in commands {
                        effects::carry_out(errand.clone(), id, command, Life::Fresh, &turn);
                    }
                    if errand.ports.store.shared().is_some() {
                        conference.do_send(Written);
                    }
                }
                // It stays on its way: nothing more is decided on top of it.
                Err(error) => {
                    tracing::warn!(callId = %errand.call, %error, "journal refused a commit");
                    conference.do_send(Overtaken { reply, error: error.into() });
                }
            }
        });
        self.tell_waiting();
        self.watch_time(ctx);
        self.leave_when_done(ctx);
    }

    /// A choice of an agent that waits, and is no longer wanted, is given up.
    fn tell_what_is_wanted(&self) {
        if self.home.hands.wanted_pick.set(self.call.wanted_pick()) {
            self.home.picks.look_again();
        }
    }

    /// What the company has of its own: the phrases of this moment, and the script of the beginning.
    fn own(&self) -> Own {
        let phrases = self.home.repertoire.phrases(self.call.created.profile.lang);
        Own { phrases, script: self.script.clone() }
    }

    fn errand(&self) -> effects::Errand {
        effects::Errand {
            ports: self.ports.clone(),
            home: self.home.clone(),
            call: self.call.id,
            created: self.call.created.clone(),
            created_at: self.call.created_at,
            legs: self.call.legs().into(),
        }
    }

    /// The record as it is stored while the call lives: the journal has the transcript.
    fn header(&mut self) -> CallRecord {
        let transcript = std::mem::take(&mut self.record.transcript);
        let header = self.record.clone();
        self.record.transcript = transcript;
        header
    }
}

/// The journal did not take what was decided here: another writer was first, or the store failed. What this actor
/// believes is not what is written, so it ends; a rebuilt one goes on from the journal.
#[derive(Message)]
#[rtype(result = "()")]
struct Overtaken {
    reply: Asker,
    error: CallError,
}

impl Handler<Overtaken> for Conference {
    type Result = ();

    fn handle(&mut self, Overtaken { reply, error }: Overtaken, ctx: &mut Context<Self>) {
        self.overtaken = true;
        self.leave_what_is_known();
        // Whoever is answered may ask again at once, and must not find this actor.
        self.obituary.announce();
        answer(reply, Err(error));
        self.send_away_waiting();
        ctx.stop();
    }
}

impl Conference {
    /// For the next conference: what the journal had of the call.
    fn leave_what_is_known(&mut self) {
        if let Some(known) = self.confirmed.take().or_else(|| self.known()) {
            self.home.operator.directory.leave(self.call.id, *known);
        }
    }

    /// What is known of the call, where another node may go on from it.
    fn known(&self) -> Option<Box<Known>> {
        self.ports.store.shared()?;
        Some(Box::new(Known { call: self.call.clone(), record: self.record.clone() }))
    }
}

/// What was decided without writing anything comes of a state that another node has gone on from: perhaps, for this one may have
/// gone on itself meanwhile.
#[derive(Message)]
#[rtype(result = "()")]
struct Doubted {
    reply: Asker,
    decided: Result<Reply, CallError>,
    /// The place of the next entry of the journal.
    next: u64,
}

impl Handler<Doubted> for Conference {
    type Result = ();

    fn handle(&mut self, Doubted { reply, decided, next }: Doubted, ctx: &mut Context<Self>) {
        if self.in_flight.load(Ordering::Acquire) > 0 {
            // Whether what the journal has more is this step is not known yet; asked again, it waits for that.
            answer(reply, Err(CallError::Stale));
        } else if next <= self.call.seq + 1 {
            answer(reply, decided);
        } else {
            self.handle(Overtaken { reply, error: CallError::Stale }, ctx);
        }
    }
}

impl Conference {
    /// Answers what was decided without writing anything. Where a store is shared the journal is looked at first: it alone says
    /// whether this is the last word.
    fn confirm(&self, reply: Asker, decided: Result<Reply, CallError>, ctx: &Context<Self>) {
        if reply.is_none() || self.ports.store.shared().is_none() {
            answer(reply, decided);
            return;
        }
        let (store, call, seq, conference) =
            (self.ports.store.clone(), self.call.id, self.call.seq, ctx.address());
        actix::spawn(async move {
            let Some(shared) = store.shared() else { return };
            match shared.held_call(call).await {
                Ok(Some(held)) if held.next <= seq + 1 => answer(reply, decided),
                Ok(held) => {
                    let next = held.map_or(0, |held| held.next);
                    conference.do_send(Doubted { reply, decided, next });
                }
                Err(error) => answer(reply, Err(error.into())),
            }
        });
    }

    /// A conference whose call another node looks after stays for a moment, for what comes next may come here too.
    fn leave_when_a_guest(&self, ctx: &mut Context<Self>) {
        if !self.owns {
            ctx.run_later(GUEST, |this, ctx| {
                if !this.owns && this.in_flight.load(Ordering::Acquire) == 0 {
                    ctx.stop();
                }
            });
        }
    }
}

/// Asks for the call as it is, whole.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Show(pub oneshot::Sender<CallRecord>);

impl Handler<Show> for Conference {
    type Result = ();

    fn handle(&mut self, Show(reply): Show, _: &mut Context<Self>) {
        drop(reply.send(self.record.clone()));
    }
}

/// Waits for the hand-over that is under way to have an agent's leg, or to fail.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct AwaitAgent(pub oneshot::Sender<Result<Option<String>, CallError>>);

impl Handler<AwaitAgent> for Conference {
    type Result = ();

    fn handle(&mut self, AwaitAgent(reply): AwaitAgent, _: &mut Context<Self>) {
        self.waiting_for_agent.push(reply);
        self.tell_waiting();
    }
}

impl Conference {
    fn tell_waiting(&mut self) {
        if self.waiting_for_agent.is_empty() {
            return;
        }
        if let Some(answer) = agents_leg(&self.call) {
            for reply in self.waiting_for_agent.drain(..) {
                drop(reply.send(answer.clone()));
            }
        }
    }
}

/// The leg of the agent who is being fetched, or is there; nothing while that is open.
pub(crate) fn agents_leg(call: &Call) -> Option<Result<Option<String>, CallError>> {
    match call.handover.as_ref() {
        Some(handover) if handover.stage.is_open() || matches!(handover.stage, Stage::Bridged { .. }) => {
            let leg = handover.agent.as_ref().and_then(|leg| leg.call_sid.clone());
            leg.map(|call_sid| Ok(Some(call_sid)))
        }
        _ => Some(Err(CallError::NoAgent)),
    }
}

/// Ends the actor; the call itself goes on from its journal when it is asked for again.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct PutDown;

impl Handler<PutDown> for Conference {
    type Result = ();

    fn handle(&mut self, _: PutDown, ctx: &mut Context<Self>) {
        ctx.stop();
    }
}

impl Conference {
    /// An ended call with nothing left to do stays a moment for late news, and goes.
    fn leave_when_done(&mut self, ctx: &mut Context<Self>) {
        if self.call.status.is_over() && self.call.pending.is_empty() {
            ctx.run_later(LINGER, |this, ctx| {
                if this.call.pending.is_empty() && this.in_flight.load(Ordering::Acquire) == 0 {
                    ctx.stop();
                }
            });
        }
    }
}

/// Whoever asked may be gone by now; what was decided stands all the same.
fn answer(asker: Asker, result: Result<Reply, CallError>) {
    if let Some(asker) = asker {
        drop(asker.send(result));
    }
}

fn commands_of(entries: &[Entry]) -> Vec<(CommandId, Command)> {
    entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Intended { id, command } => Some((*id, command.clone())),
            _ => None,
        })
        .collect()
}
