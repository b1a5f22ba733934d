//! What clients ask of the hub, and what its own errands bring back.

use super::{
    Hub, HubPorts, Parting, People, Presence, SeatId, Unpresentable, Watching, errands,
    floor::{Details, Floor, Visitor, Want},
    seats::Answer,
};
use actix::prelude::*;
use std::{
    collections::{BTreeSet, HashMap},
    mem,
    time::Duration,
};
use tokio::{sync::oneshot, time::Instant};
use tsunagu_call::{CallId, CompanyId, DocumentId, Entry, UserId};
use tsunagu_exchange::News;
use tsunagu_store::SignIn;

/// How much later than at its own screens a node sees that somebody has come to another one's.
const ELSEWHERE: Duration = Duration::from_secs(3);

/// Clients may come.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Open(pub HubPorts);

impl Handler<Open> for Hub {
    type Result = ();

    fn handle(&mut self, Open(ports): Open, _: &mut Context<Self>) {
        self.ports = Some(ports);
    }
}

/// Something that is asked.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) enum Ask {
    Enter { visitor: Visitor },
    Leave { company: CompanyId, seat: SeatId },
    WatchCall { company: CompanyId, seat: SeatId, call: CallId, why: Watching, reply: Answer },
    UnwatchCall { company: CompanyId, seat: SeatId, call: CallId, why: Watching },
    Follow { company: CompanyId, seat: SeatId, follows: bool },
    Figures { company: CompanyId, seat: SeatId },
    Overhear { company: CompanyId, call: CallId, text: String },
    AgentChanged { company: CompanyId, agent: UserId },
    Dismiss { company: CompanyId, user: UserId, sign_in: Option<DocumentId> },
    SignIns { reply: oneshot::Sender<Vec<SignIn>> },
    Close { reply: oneshot::Sender<()> },
}

impl Handler<Ask> for Hub {
    type Result = ();

    fn handle(&mut self, ask: Ask, ctx: &mut Context<Self>) {
        let now = Instant::now();
        match ask {
            Ask::Enter { visitor } => self.enter(visitor, ctx),
            Ask::Leave { company, seat } => self.on_floor(company, ctx, |floor| {
                floor.leave(seat, now);
                None
            }),
            Ask::WatchCall { company, seat, call, why, reply } => {
                self.on_floor(company, ctx, |floor| match why {
                    Watching::Call => floor.watch(seat, call, Some(reply)),
                    Watching::Transcript => {
                        floor.read_along(seat, call);
                        reply.send(Ok(true)).ok();
                        None
                    }
                });
            }
            Ask::UnwatchCall { company, seat, call, why } => self.on_floor(company, ctx, |floor| {
                floor.unwatch(seat, call, why);
                None
            }),
            Ask::Follow { company, seat, follows } => self.on_floor(company, ctx, |floor| {
                floor.follow(seat, follows);
                None
            }),
            Ask::Figures { company, seat } => {
                self.on_floor(company, ctx, |floor| Some(floor.figures_for(seat)));
            }
            Ask::Overhear { company, call, text } => self.on_floor(company, ctx, |floor| {
                floor.overhear(call, &text);
                None
            }),
            Ask::AgentChanged { company, agent } => {
                self.on_floor(company, ctx, |floor| floor.ask_after(agent));
            }
            Ask::Dismiss { company, user, sign_in } => self.on_floor(company, ctx, |floor| {
                floor.dismiss(user, sign_in, now);
                None
            }),
            Ask::SignIns { reply } => {
                let all: BTreeSet<_> = self.floors.values().flat_map(Floor::sign_ins).collect();
                reply.send(all.into_iter().collect()).ok();
            }
            Ask::Close { reply } => {
                self.closed = true;
                self.floors.values_mut().for_each(|floor| floor.close(Parting::ShuttingDown));
                reply.send(()).ok();
            }
        }
    }
}

/// How far the journals of all live calls are.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Stand(pub HashMap<CompanyId, HashMap<CallId, u64>>);

impl Handler<Stand> for Hub {
    type Result = ();

    fn handle(&mut self, Stand(mut calls): Stand, ctx: &mut Context<Self>) {
        let companies: Vec<_> = self.floors.keys().copied().collect();
        for company in companies {
            let calls = calls.remove(&company).unwrap_or_default();
            self.on_floor(company, ctx, |floor| floor.stand(&calls));
        }
    }
}

/// What the agents are doing, on whichever node that changed.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Look(pub HashMap<CompanyId, Vec<(UserId, String)>>);

impl Handler<Look> for Hub {
    type Result = ();

    fn handle(&mut self, Look(agents): Look, ctx: &mut Context<Self>) {
        for (company, agents) in agents {
            self.on_floor(company, ctx, |floor| floor.see_agents(agents));
        }
    }
}

/// Sign-ins that are good no more, on whichever node they were ended.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Ended(pub Vec<SignIn>);

impl Handler<Ended> for Hub {
    type Result = ();

    fn handle(&mut self, Ended(ended): Ended, ctx: &mut Context<Self>) {
        let companies: BTreeSet<_> = ended.iter().map(|sign_in| sign_in.company).collect();
        for company in companies {
            self.on_floor(company, ctx, |floor| {
                floor.end_sign_ins(&ended, Instant::now());
                None
            });
        }
    }
}

/// What an errand brought back.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Came {
    pub company: CompanyId,
    pub what: Brought,
}

/// What there is; [`Brought::Lost`] is what cannot be had now.
pub(super) enum Brought {
    List { agents: Vec<(UserId, String)>, calls: Vec<CallId> },
    Journal(CallId, Vec<Entry>),
    Present { number: u64, calls: Option<String> },
    Details(Details, Result<Option<String>, Unpresentable>),
    Agent { agent: UserId, status: Option<String>, gone: bool },
    Figures(Option<SeatId>, String),
    Changed(UserId),
    Ended(Vec<SignIn>),
    Lost(Want),
}

impl Handler<Came> for Hub {
    type Result = ();

    fn handle(&mut self, Came { company, what }: Came, ctx: &mut Context<Self>) {
        let now = Instant::now();
        if let Brought::Lost(Want::ComeBack(agent) | Want::Gone(agent)) = &what {
            // Also of who was at another node, and at no floor here.
            self.unwritten.insert((company, *agent));
            return;
        }
        self.on_floor(company, ctx, |floor| match what {
            Brought::List { agents, calls } => {
                floor.know_agents(agents);
                floor.list(&calls)
            }
            Brought::Journal(call, journal) => floor.read(call, journal, now),
            Brought::Present { number, calls } => floor.presented(number, calls),
            Brought::Details(details, shown) => {
                floor.detail(&details, shown);
                Vec::new()
            }
            Brought::Agent { agent, status, gone } => {
                let back = if gone { floor.gone(agent) } else { None };
                floor.agent(agent, status).into_iter().chain(back).collect()
            }
            Brought::Figures(seat, figures) => {
                floor.figures(seat, figures);
                Vec::new()
            }
            Brought::Changed(agent) => floor.ask_after(agent).into_iter().collect(),
            Brought::Ended(ended) => {
                floor.end_sign_ins(&ended, now);
                Vec::new()
            }
            Brought::Lost(want) => {
                floor.lose(want);
                Vec::new()
            }
        });
    }
}

impl Hub {
    fn enter(&mut self, visitor: Visitor, ctx: &mut Context<Self>) {
        if self.closed {
            // By a connection that was kept open: nobody would tell them any more.
            return visitor.screen.part(Parting::ShuttingDown);
        }
        let company = visitor.guest.company;
        let mut wants = Vec::new();
        let floor = self.floors.entry(company).or_insert_with(|| {
            wants.push(Want::List);
            let wall = self.ports.as_ref().map(|ports| ports.clock.wall()).unwrap_or_default();
            Floor::new(company, self.epoch, wall, Instant::now())
        });
        wants.extend(floor.enter(visitor));
        // Whoever tells must know of the floor before it is asked what there is.
        self.count();
        self.see_to(company, wants, ctx);
    }

    /// Does something with a company's floor, if anybody looks at it.
    pub(super) fn on_floor<W: IntoIterator<Item = Want>>(
        &mut self,
        company: CompanyId,
        ctx: &mut Context<Self>,
        act: impl FnOnce(&mut Floor) -> W,
    ) {
        if let Some(floor) = self.floors.get_mut(&company) {
            let seats = floor.seats();
            let wants: Vec<_> = act(floor).into_iter().collect();
            if floor.seats() != seats {
                self.count();
            }
            self.see_to(company, wants, ctx);
        }
    }

    /// Sees to what a floor wants.
    pub(super) fn see_to(&self, company: CompanyId, wants: Vec<Want>, ctx: &mut Context<Self>) {
        let Some(ports) = &self.ports else { return };
        for want in wants {
            let (ports, hub, errands) = (ports.clone(), ctx.address(), self.errands.clone());
            let exchange = self.exchange.clone();
            actix::spawn(async move {
                let _permit = errands.acquire().await;
                if let Some(what) = errands::run(&ports, company, want).await {
                    if let (Brought::Changed(agent), Some(exchange)) = (&what, exchange) {
                        exchange.publish(company, News::Agent { agent: *agent });
                    }
                    hub.do_send(Came { company, what });
                }
            });
        }
    }

    /// A moment has passed.
    pub(super) fn tick(&mut self, ctx: &mut Context<Self>) {
        let now = Instant::now();
        let Some(ports) = &self.ports else { return };
        let lag = if ports.store.shared().is_some() { ELSEWHERE } else { Duration::ZERO };
        let (grace, wall) = (ports.grace + lag, ports.clock.wall());
        let companies: Vec<_> = self.floors.keys().copied().collect();
        let presence = self.presence.clone();
        for company in companies {
            self.on_floor(company, ctx, |floor| {
                let mut wants = floor.tick(grace, wall, now);
                wants.retain(
                    |want| !matches!(want, Want::Gone(user) if presence.is_elsewhere(company, *user)),
                );
                wants
            });
        }
        let (mut here, mut awaited) = (People::new(), People::new());
        for (company, floor) in &self.floors {
            here.extend(floor.people().map(|user| (*company, user)));
            awaited.extend(floor.awaited().map(|user| (*company, user)));
        }
        presence.set_here(here, awaited);
        for (company, user) in mem::take(&mut self.unwritten) {
            let want = still_to_write(&presence, company, user);
            self.see_to(company, want.into_iter().collect(), ctx);
        }
        for (company, user) in presence.gone(grace, now) {
            self.see_to(company, vec![Want::Gone(user)], ctx);
        }
        self.floors.retain(|_, floor| !floor.is_forsaken(now));
        self.count();
    }
}

/// What is to be written of somebody who came or went while that could not be: since then they may have gone, or come. Who is at
/// another node, or may still come back, is seen to there, or then.
fn still_to_write(presence: &Presence, company: CompanyId, user: UserId) -> Option<Want> {
    if presence.here().contains(&(company, user)) {
        return Some(Want::ComeBack(user));
    }
    let is_awaited = presence.awaited().contains(&(company, user));
    (!is_awaited && !presence.is_elsewhere(company, user)).then_some(Want::Gone(user))
}
