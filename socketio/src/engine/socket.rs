//! A session behind its lock: whoever brings something, takes something or sends something goes through here.

use super::{
    handler::Receiver,
    packet::Frame,
    reason::Reason,
    refusal::Refusal,
    server::Shared,
    session::{Input, Link, Links, Output, Polls, Session},
    sid::Sid,
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

/// A session, for whoever sends to it. Cheap to clone; it may outlive the session.
#[derive(Clone)]
pub struct Socket(Arc<Cell>);

struct Cell {
    id: Sid,
    shared: Arc<Shared>,
    inner: Mutex<Inner>,
}

struct Inner {
    session: Session,
    receiver: Option<Arc<dyn Receiver>>,
    entered: Duration,
    poll: Option<Waker>,
    link: Option<Waker>,
}

/// Why something was not put on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too much waits: the client does not read, or not fast enough.
    #[error("too much waits for this client already")]
    Full,
    /// The session has ended.
    #[error("the session has ended")]
    Closed,
}

impl Socket {
    pub(super) fn new(id: Sid, shared: Arc<Shared>, session: Session) -> Self {
        let inner = Inner { session, receiver: None, entered: Duration::MAX, poll: None, link: None };
        Self(Arc::new(Cell { id, shared, inner: Mutex::new(inner) }))
    }

    /// Says who takes what the session brings.
    pub(super) fn receive(&self, receiver: Arc<dyn Receiver>) {
        let open = {
            let mut inner = lock(&self.0.inner);
            let open = inner.session.is_open();
            if open {
                inner.receiver = Some(receiver.clone());
                self.0.enter(&mut inner);
            }
            open
        };
        // It may have ended the session already.
        if !open {
            receiver.ended(Reason::Forced);
        }
    }

    /// The session is looked after, unless it was entered for another time since.
    pub(super) fn look_after(&self, entered: Duration, now: Duration) {
        let current = {
            let mut inner = lock(&self.0.inner);
            let current = inner.entered == entered;
            if current {
                inner.entered = Duration::MAX;
            }
            current
        };
        if current {
            let _ = self.step_at(Input::Tick, now);
        }
    }

    /// Its id. Whoever knows it speaks for the client.
    pub fn id(&self) -> Sid {
        self.0.id
    }

    /// It can still be sent to.
    pub fn is_open(&self) -> bool {
        lock(&self.0.inner).session.is_open()
    }

    /// Puts a frame on its way, and others right behind it: all of them or none.
    ///
    /// # Errors
    /// Too much waits already, or the session has ended.
    pub fn try_send(&self, first: &Frame, others: &[Frame]) -> Result<(), SendError> {
        let cell = &self.0;
        let waker = {
            let mut inner = lock(&cell.inner);
            if !inner.session.is_open() {
                return Err(SendError::Closed);
            }
            if !inner.session.push(first, others, &cell.shared.rules) {
                cell.shared.figures.full.increment(1);
                return Err(SendError::Full);
            }
            if inner.session.is_linked() { inner.link.take() } else { inner.poll.take() }
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }

    /// Ends the session once what waits is sent, or its client has not taken it for one timeout of the heartbeat.
    pub fn close(&self, reason: Reason) {
        let _ = self.step(Input::Close(reason));
    }

    /// Gives the session up: what waits is dropped at once. Works for a client that does not read.
    pub fn abandon(&self, reason: Reason) {
        let _ = self.step(Input::Abandon(reason));
    }

    /// Gives up a client that does not read: what waits is dropped at once, and it is left these last words, which it may read
    /// within a moment.
    pub fn dismiss(&self, reason: Reason, words: Vec<Frame>) {
        let _ = self.step(Input::Dismiss(reason, words));
    }

    /// Something happens. What is to be written on a WebSocket at once comes back.
    pub(super) fn step(&self, input: Input) -> Result<Vec<Frame>, Refusal> {
        self.step_at(input, self.0.shared.now())
    }

    fn step_at(&self, input: Input, now: Duration) -> Result<Vec<Frame>, Refusal> {
        let (cell, mut out) = (&self.0, Vec::new());
        let shared = &cell.shared;
        let silent = matches!(input, Input::Poll | Input::Post | Input::PostDone);
        let (result, receiver, wakers) = {
            let mut inner = lock(&cell.inner);
            let inner = &mut *inner;
            let before = (inner.session.is_open(), inner.session.is_linked());
            // Nobody may profit from a round that comes a little late.
            if inner.session.due().is_some_and(|due| due <= now) {
                let _ = inner.session.step(Input::Tick, now, &shared.rules, &mut out);
            }
            let result = inner.session.step(input, now, &shared.rules, &mut out);
            if before == (true, false) && inner.session.is_linked() {
                shared.figures.upgraded();
            }
            cell.enter(inner);
            let receiver = inner.receiver.clone();
            if out.iter().any(|output| matches!(output, Output::Ended(_))) {
                inner.receiver = None;
            }
            let only_messages = !out.is_empty() && out.iter().all(|one| matches!(one, Output::Message(_)));
            let unheard = only_messages || (out.is_empty() && silent);
            let wakers = if unheard { [None, None] } else { [inner.poll.take(), inner.link.take()] };
            (result, receiver, wakers)
        };
        wakers.into_iter().flatten().for_each(Waker::wake);
        let written = self.follow(out, receiver.as_deref());
        result.map(|()| written)
    }

    /// Does what follows, with nothing locked.
    fn follow(&self, out: Vec<Output>, receiver: Option<&dyn Receiver>) -> Vec<Frame> {
        let (shared, mut written) = (&self.0.shared, Vec::new());
        for output in out {
            match (output, receiver) {
                (Output::Write(_, frame), _) => written.push(frame),
                (Output::Message(message), Some(receiver)) => {
                    shared.figures.received.increment(1);
                    receiver.message(message);
                }
                (Output::Alarm, Some(receiver)) => receiver.alarm(),
                (Output::Ended(reason), receiver) => {
                    let linked = lock(&self.0.inner).session.is_linked();
                    shared.figures.ended(linked, reason);
                    if let Some(receiver) = receiver {
                        receiver.ended(reason);
                    }
                }
                (Output::Forget, _) => shared.forget(self.0.id),
                (Output::Message(_) | Output::Alarm, None) => {}
            }
        }
        written
    }

    /// The longest message that may come, in bytes.
    pub(super) fn max_payload(&self) -> usize {
        self.0.shared.config.max_payload
    }

    /// How long a body may take: as long as a client may be silent.
    pub(super) fn patience(&self) -> Duration {
        self.0.shared.config.ping_interval + self.0.shared.config.ping_timeout
    }

    /// A WebSocket asks to take the session over.
    pub(super) fn attach(&self) -> Link {
        let mut inner = lock(&self.0.inner);
        let link = inner.session.attach(self.0.shared.now(), &self.0.shared.rules);
        self.0.enter(&mut inner);
        link
    }

    /// A poll that waits looks, and is woken when it should look again.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Result<Vec<Frame>, Refusal>> {
        let mut out = Vec::new();
        let taken = {
            let mut inner = lock(&self.0.inner);
            let taken = inner.session.take_poll(&mut out);
            if taken == Polls::Wait {
                inner.poll = Some(context.waker().clone());
            }
            taken
        };
        self.follow(out, None);
        match taken {
            Polls::Wait => Poll::Pending,
            Polls::Answer(frames) => {
                self.0.shared.figures.sent.increment(frames.len() as u64);
                Poll::Ready(Ok(frames))
            }
            Polls::Refuse => Poll::Ready(Err(Refusal::BadRequest)),
        }
    }

    /// A WebSocket looks, writes what is for it, and is woken when it should look again. Ready when nothing comes any more.
    pub(super) fn feed(&self, link: Link, context: &Context<'_>, mut write: impl FnMut(Frame)) -> Poll<()> {
        let (mut out, mut count) = (Vec::new(), 0);
        let taken = {
            let mut inner = lock(&self.0.inner);
            let taken = inner.session.take_link(link, &mut out, |frame| {
                count += 1;
                write(frame);
            });
            if taken == Links::Wait {
                inner.link = Some(context.waker().clone());
            }
            taken
        };
        self.follow(out, None);
        if count > 0 {
            self.0.shared.figures.sent.increment(count);
        }
        if taken == Links::End { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Cell {
    /// Enters the session in the wheel when it is due earlier than it was.
    fn enter(&self, inner: &mut Inner) {
        let Some(due) = inner.session.due().filter(|due| *due < inner.entered) else { return };
        inner.entered = due;
        self.shared.enter(due, self.id);
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Socket").field(&self.0.id).finish()
    }
}

/// A panic elsewhere leaves a session whole: its step is done or not begun.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
