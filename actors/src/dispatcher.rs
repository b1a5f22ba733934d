//! The dispatcher: starts calls, finds their conferences, and takes a call up again from its journal when its
//! conference is gone. It is the only place where conferences are born.
//!
//! State: which calls are being taken up, who waits for them, and which are to be taken up soon. Whoever wants a call that is gone waits for the one
//! rebuilding; a conference that keeps dying is rebuilt after a growing pause.

mod directory;
mod operator;
mod picks;
mod rebuild;

pub use directory::Directory;
pub(crate) use operator::{Operator, await_answer};
pub use picks::{Pick, PickDesk, WantedPick};
pub(crate) use picks::{claim, free_agents, promised};

use crate::{
    CallError, Ports, Repertoire, Repertoires,
    conference::{AllHands, Conference, Home, Inheritance, Obituary, PutDown},
    errand::Errand,
    nodes::Lease,
};
use actix::prelude::*;
pub(crate) use rebuild::{Known, standing, standing_of};
use rebuild::{Rebuilt, rebuild};
use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};
use tokio::sync::oneshot;
use tsunagu_call::{Call, CallId, CallRecord, Entry};
use tsunagu_store::{Opened, Opening};

/// The first pause before a conference that died in a panic is rebuilt; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// How long after an untimely death a call is taken up again when nobody asks for it.
const TAKEN_UP_AFTER: Duration = Duration::from_secs(2);
/// The pause does not grow beyond 2⁸ times the first, some five seconds.
const MOST_DOUBLINGS: u32 = 8;

type Waiter = oneshot::Sender<Result<Addr<Conference>, CallError>>;

/// The actor.
pub struct Dispatcher {
    ports: Ports,
    picks: PickDesk,
    directory: Arc<Directory>,
    arbiters: Vec<ArbiterHandle>,
    hasher: RandomState,
    hands: Arc<AllHands>,
    lease: Lease,
    repertoires: Repertoires,
    rebuilding: HashMap<CallId, Vec<Waiter>>,
    /// What is taken up after an untimely death, each once, however often its death is told.
    due: HashSet<CallId>,
    draining: bool,
    put_down: bool,
}

impl Dispatcher {
    /// A dispatcher whose conferences live in these arbiters; with none they live in its own.
    pub(crate) fn new(
        ports: Ports,
        directory: Arc<Directory>,
        arbiters: Vec<ArbiterHandle>,
        hands: Arc<AllHands>,
        lease: Lease,
        repertoires: Repertoires,
    ) -> Self {
        let picks = PickDesk::open(ports.store.clone(), ports.clock);
        Self {
            ports,
            picks,
            directory,
            arbiters,
            hasher: RandomState::new(),
            hands,
            lease,
            repertoires,
            rebuilding: HashMap::new(),
            due: HashSet::new(),
            draining: false,
            put_down: false,
        }
    }

    /// Lets a conference be born. The journal must hold what the call and the record were folded from.
    fn give_birth(
        &self,
        call: Call,
        record: CallRecord,
        inheritance: Inheritance,
        repertoire: Arc<Repertoire>,
        myself: Addr<Self>,
    ) -> Addr<Conference> {
        let (id, company) = (call.id, record.company_id);
        let epoch = self.directory.next_epoch();
        let operator = Operator { directory: self.directory.clone(), dispatcher: myself };
        let obituary = Obituary { operator: operator.clone(), call: id, epoch, unfinished: false };
        let (ports, picks) = (self.ports.clone(), self.picks.clone());
        let home = Home { operator, picks, hands: self.hands.of(id), lease: self.lease.clone(), repertoire };
        let address = match self.arbiter_of(id) {
            Some(arbiter) => Conference::start_in_arbiter(arbiter, move |_| {
                Conference::new(ports, home, call, record, inheritance, obituary)
            }),
            None => Conference::new(ports, home, call, record, inheritance, obituary).start(),
        };
        self.directory.register(id, company, epoch, address.clone());
        address
    }

    fn arbiter_of(&self, call: CallId) -> Option<&ArbiterHandle> {
        let slot =
            usize::try_from(self.hasher.hash_one(call)).unwrap_or(0).checked_rem(self.arbiters.len())?;
        self.arbiters.get(slot)
    }
}

impl Actor for Dispatcher {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.set_mailbox_capacity(4096);
    }
}

/// Begins a call whose first events are decided.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Begin {
    pub call: Call,
    pub entries: Vec<Entry>,
    pub idempotency_key: Option<String>,
    pub reply: oneshot::Sender<Result<Opened, CallError>>,
}

impl Handler<Begin> for Dispatcher {
    type Result = ();

    fn handle(&mut self, begin: Begin, ctx: &mut Context<Self>) {
        let Begin { call, entries, idempotency_key, reply } = begin;
        if self.draining {
            drop(reply.send(Err(CallError::Draining)));
            return;
        }
        let record = match CallRecord::rebuild(call.id, &entries) {
            Ok(record) => record,
            Err(_) => {
                drop(reply.send(Err(CallError::Faulty)));
                return;
            }
        };
        let (store, myself) = (self.ports.store.clone(), ctx.address());
        let repertoires = self.repertoires.clone();
        actix::spawn(async move {
            let opening = Opening { record: record.clone(), entries: entries.clone(), idempotency_key };
            match store.open_call(opening).await {
                Ok(Opened::New) => {
                    let repertoire = repertoires.of(record.company_id).await;
                    myself.do_send(Journalled { call, record, entries, repertoire, reply });
                }
                Ok(already) => drop(reply.send(Ok(already))),
                Err(error) => drop(reply.send(Err(error.into()))),
            }
        });
    }
}

/// The opening is in the journal.
#[derive(Message)]
#[rtype(result = "()")]
struct Journalled {
    call: Call,
    record: CallRecord,
    entries: Vec<Entry>,
    repertoire: Arc<Repertoire>,
    reply: oneshot::Sender<Result<Opened, CallError>>,
}

impl Handler<Journalled> for Dispatcher {
    type Result = ();

    fn handle(&mut self, journalled: Journalled, ctx: &mut Context<Self>) {
        let Journalled { call, record, entries, repertoire, reply } = journalled;
        if self.ports.hub.is_to_be_told() {
            let (company, id) = (record.company_id, call.id);
            self.ports.hub.tell(crate::Facts {
                company,
                call: id,
                entries,
                record: Some(Box::new(record.clone())),
            });
        }
        self.give_birth(call, record, Inheritance::Nothing, repertoire, ctx.address());
        metrics::counter!("calls_started_total").increment(1);
        drop(reply.send(Ok(Opened::New)));
    }
}

/// Finds a call's conference, or takes the call up again.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Locate {
    pub call: CallId,
    pub reply: Waiter,
}

impl Handler<Locate> for Dispatcher {
    type Result = ();

    fn handle(&mut self, Locate { call, reply }: Locate, ctx: &mut Context<Self>) {
        // Taken along whatever comes of this, so that nothing is left lying that nobody picks up.
        let known = self.directory.pick_up(call);
        if let Some(found) = self.directory.find(call) {
            drop(reply.send(Ok(found)));
            return;
        }
        if self.put_down {
            drop(reply.send(Err(CallError::Draining)));
            return;
        }
        let waiters = self.rebuilding.entry(call).or_default();
        waiters.push(reply);
        if waiters.len() > 1 {
            return;
        }
        metrics::gauge!("conferences_rebuilding").set(self.rebuilding.len() as f64);
        let pause = match self.directory.deaths(call) {
            0 => Duration::ZERO,
            deaths => FIRST_PAUSE * 2_u32.pow((deaths - 1).min(MOST_DOUBLINGS)),
        };
        let (ports, repertoires) = (self.ports.clone(), self.repertoires.clone());
        let died = TakenUp { call, rebuilt: Err(CallError::Stale) };
        let errand = Errand::new("rebuild", ctx.address(), died);
        actix::spawn(async move {
            tokio::time::sleep(pause).await;
            let rebuilt = rebuild(&ports, &repertoires, call, known).await;
            errand.done(TakenUp { call, rebuilt });
        });
    }
}

/// A call was folded from its journal, or could not be; [`CallError::Stale`] when whoever did it died.
#[derive(Message)]
#[rtype(result = "()")]
struct TakenUp {
    call: CallId,
    rebuilt: Result<Box<Rebuilt>, CallError>,
}

impl Handler<TakenUp> for Dispatcher {
    type Result = ();

    fn handle(&mut self, TakenUp { call, rebuilt }: TakenUp, ctx: &mut Context<Self>) {
        if matches!(rebuilt, Err(CallError::Stale)) {
            self.directory.note_death(call);
        }
        let waiters = self.rebuilding.remove(&call).unwrap_or_default();
        metrics::gauge!("conferences_rebuilding").set(self.rebuilding.len() as f64);
        let found = rebuilt.map(|rebuilt| {
            let Rebuilt { call, record, inheritance, repertoire } = *rebuilt;
            metrics::counter!("conferences_rebuilt_total").increment(1);
            self.give_birth(call, record, inheritance, repertoire, ctx.address())
        });
        for waiter in waiters {
            drop(waiter.send(found.clone()));
        }
    }
}

/// A conference died that was not done. If nobody asks for it, nobody would look after its deadlines and what it wants
/// done: it is taken up again soon.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Died(pub CallId);

impl Handler<Died> for Dispatcher {
    type Result = ();

    fn handle(&mut self, Died(call): Died, ctx: &mut Context<Self>) {
        if self.due.insert(call) {
            ctx.run_later(TAKEN_UP_AFTER, move |this, ctx| {
                this.due.remove(&call);
                this.take_up(call, ctx);
            });
        }
    }
}

impl Dispatcher {
    /// Takes a call up for which nobody asks. What only time can mend is tried again until it is.
    fn take_up(&mut self, call: CallId, ctx: &mut Context<Self>) {
        if self.put_down {
            return;
        }
        let (reply, answer) = oneshot::channel();
        self.handle(Locate { call, reply }, ctx);
        let myself = ctx.address();
        actix::spawn(async move {
            match answer.await {
                Ok(Err(error)) if error.is_open() => {
                    tracing::warn!(callId = %call, %error, "a call cannot be taken up yet");
                    myself.do_send(Died(call));
                }
                Ok(Err(CallError::Store(error))) => {
                    tracing::error!(callId = %call, %error, "a call cannot be taken up");
                }
                _ => {}
            }
        });
    }
}

/// What is done of a call has been passed to this node, or may have been passed on: its conference is born anew.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Retake(pub CallId);

impl Handler<Retake> for Dispatcher {
    type Result = ();

    fn handle(&mut self, Retake(call): Retake, ctx: &mut Context<Self>) {
        if let Some(conference) = self.directory.dismiss(call) {
            conference.do_send(PutDown);
        }
        self.take_up(call, ctx);
    }
}

/// Takes no new calls from now on.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Drain;

impl Handler<Drain> for Dispatcher {
    type Result = ();

    fn handle(&mut self, _: Drain, _: &mut Context<Self>) {
        self.draining = true;
    }
}

/// Ends every conference; the journal has the calls.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct PutAllDown;

impl Handler<PutAllDown> for Dispatcher {
    type Result = ();

    fn handle(&mut self, _: PutAllDown, _: &mut Context<Self>) {
        self.put_down = true;
        for conference in self.directory.all(None) {
            conference.do_send(PutDown);
        }
    }
}
