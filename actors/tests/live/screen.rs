//! A person's screen at a node.

use crate::world::{COMPANY, World};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tsunagu_actors::{
    Arrival, Guest, HubHandle, HubPorts, Parting, Presenter, Published, Screen, SeatId, Unpresentable,
    Watching,
};
use tsunagu_call::{CallId, CallRecord, CompanyId, DocumentId, Time, UserId};

/// How long an agent's last screen may be gone.
pub const GRACE: u64 = 15;

/// What is shown there, and by which hub.
pub struct Seen {
    hub: HubHandle,
    seat: SeatId,
    told: Arc<Mutex<Vec<(&'static str, Value)>>>,
    parted: Arc<Mutex<Option<Parting>>>,
}

struct Wall {
    told: Arc<Mutex<Vec<(&'static str, Value)>>>,
    parted: Arc<Mutex<Option<Parting>>>,
}

impl Screen for Wall {
    fn show(&self, event: &Arc<Published>) -> bool {
        self.told.lock().unwrap().push((event.name, serde_json::from_str(&event.data).unwrap()));
        true
    }

    fn part(&self, why: Parting) {
        *self.parted.lock().unwrap() = Some(why);
    }
}

struct Plain;

#[async_trait]
impl Presenter for Plain {
    async fn calls(&self, _: CompanyId, calls: Vec<CallRecord>) -> Result<String, Unpresentable> {
        Ok(json!(calls).to_string())
    }

    async fn call(&self, _: CompanyId, call: CallRecord) -> Result<String, Unpresentable> {
        Ok(json!(call).to_string())
    }

    async fn past_call(&self, _: CompanyId, _: CallId) -> Result<Option<String>, Unpresentable> {
        Ok(None)
    }
}

impl World {
    /// Clients may come to all nodes.
    pub fn open_hubs(&self) {
        for board in self.boards() {
            let ports = board.ports();
            ports.hub.open(HubPorts {
                store: ports.store.clone(),
                presenter: Arc::new(Plain),
                clock: ports.clock,
                grace: Duration::from_secs(GRACE),
            });
        }
    }

    /// Somebody opens a screen at a node, and follows all calls.
    pub async fn looks(&self, user: UserId, node: usize) -> Seen {
        self.looks_by(user, None, 0, node).await
    }

    /// The same by a sign-in, after having been signed out everywhere so often.
    pub async fn looks_by(&self, user: UserId, sign_in: Option<DocumentId>, epoch: u32, node: usize) -> Seen {
        let hub = self.boards()[node].ports().hub.clone();
        let (told, parted) = (Arc::default(), Arc::default());
        let until = Time::from_millis(i64::MAX / 2);
        let guest = Guest { company: COMPANY, user, sign_in, epoch, until };
        let arrival = Arrival { follows: true, ..Arrival::default() };
        let wall = Wall { told: Arc::clone(&told), parted: Arc::clone(&parted) };
        let seat = hub.enter(guest, Box::new(wall), arrival);
        self.rest().await;
        Seen { hub, seat, told, parted }
    }
}

impl Seen {
    /// Everything of one name that was told.
    pub fn all(&self, name: &str) -> Vec<Value> {
        let told = self.told.lock().unwrap();
        told.iter().filter(|told| told.0 == name).map(|told| told.1.clone()).collect()
    }

    /// What was told of a call, in order; figures and what agents do left out.
    pub fn of(&self, call: CallId) -> Vec<(&'static str, Value)> {
        let told = self.told.lock().unwrap();
        told.iter().filter(|told| told.1["callId"] == json!(call)).cloned().collect()
    }

    /// The call is watched there from now on.
    pub async fn watches(&self, call: CallId) {
        let found = self.hub.watch_call(COMPANY, self.seat, call, Watching::Call).await;
        assert_eq!(found, Ok(true), "there is such a call");
    }

    /// What was said on a call that is watched, as it was shown and told.
    pub fn said(&self, call: CallId) -> Vec<String> {
        let mut said = Vec::new();
        for (name, told) in self.told.lock().unwrap().iter() {
            let message = |line: &Value| line["message"].as_str().unwrap().to_owned();
            match *name {
                "call-details" if told["_id"] == json!(call) => {
                    said = told["transcript"].as_array().unwrap().iter().map(message).collect();
                }
                "transcript-update" if told["callId"] == json!(call) => said.push(message(told)),
                _ => {}
            }
        }
        said
    }

    /// The statuses of an agent that were told, in order.
    pub fn statuses(&self, agent: UserId) -> Vec<String> {
        let told = self.all("agent-status-changed").into_iter();
        let theirs = told.filter(|told| told["userId"] == json!(agent));
        theirs.map(|told| told["status"].as_str().unwrap().to_owned()).collect()
    }

    /// Why it was let go, if it was.
    pub fn parted(&self) -> Option<Parting> {
        *self.parted.lock().unwrap()
    }

    /// It is closed.
    pub fn close(self) {
        self.hub.leave(COMPANY, self.seat);
    }
}
