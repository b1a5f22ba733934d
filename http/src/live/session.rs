//! One connection of somebody who has signed in, whichever protocol it speaks.

use super::command;
use crate::{
    App,
    auth::SignedIn,
    envelope::{Failure, Success},
    error::ApiError,
};
use serde_json::{Value, json};
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Mutex;
use tsunagu_actors::{Arrival, Guest, Screen, SeatId};

/// How many commands of one connection may wait for their answers.
const COMMANDS: usize = 32;

/// The connection.
pub(super) struct Session {
    app: Arc<App>,
    who: SignedIn,
    guest: Guest,
    seat: OnceLock<SeatId>,
    /// One command after the other.
    lane: Mutex<()>,
    waiting: AtomicUsize,
}

impl Session {
    /// For whoever brings this token, with or without `Bearer` before it.
    pub async fn open(app: &Arc<App>, token: &str) -> Result<Self, ApiError> {
        let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
        let (who, sign_in, until) = SignedIn::with_token(app, token).await?;
        let (company, user, epoch) = (who.company_id, who.user_id, who.epoch());
        let guest = Guest { company, user, sign_in, epoch, until };
        let (seat, lane, waiting) = Default::default();
        Ok(Self { app: app.clone(), who, guest, seat, lane, waiting })
    }

    /// Takes a seat at the company's floor.
    pub fn sit(&self, screen: Box<dyn Screen>, arrival: Arrival) {
        let seat = self.app.board.ports().hub.enter(self.guest, screen, arrival);
        self.seat.set(seat).ok();
    }

    /// Gives it up.
    pub fn leave(&self) {
        if let Some(seat) = self.seat.get() {
            self.app.board.ports().hub.leave(self.guest.company, *seat);
        }
    }

    /// Does what the client asks, and gives the answer, or the refusal: what REST would have answered.
    pub async fn obey(&self, name: &str, argument: Value) -> Result<Value, Value> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= COMMANDS {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(refused(&ApiError::TooManyTries { retry_secs: 1 }));
        }
        let turn = self.lane.lock().await;
        let done = self.carry_out(name, argument).await;
        drop(turn);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        done.map(|data| json!(Success::of(data))).map_err(|error| refused(&error))
    }

    async fn carry_out(&self, name: &str, argument: Value) -> Result<Value, ApiError> {
        let seat = self.seat.get().ok_or(ApiError::Internal("a client without a seat"))?;
        let who = self.who.again(&self.app).await?;
        command::carry_out(&self.app, &who, *seat, name, argument).await
    }
}

fn refused(error: &ApiError) -> Value {
    error.log();
    let sentence = error.to_string();
    json!(Failure::of(error, &sentence))
}
