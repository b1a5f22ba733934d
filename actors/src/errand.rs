//! What an actor has done beside itself. It hears of it in any case, also when that dies in a panic: so it never waits for what does
//! not come.

use actix::prelude::*;

/// Held by whoever does it, until it is done.
pub(crate) struct Errand<A, M>
where
    A: Actor<Context = Context<A>> + Handler<M>,
    M: Message<Result = ()> + Send + 'static,
{
    name: &'static str,
    actor: Addr<A>,
    lost: Option<M>,
}

impl<A, M> Errand<A, M>
where
    A: Actor<Context = Context<A>> + Handler<M>,
    M: Message<Result = ()> + Send + 'static,
{
    /// An errand for this actor, which is told what was `lost` should it die.
    pub fn new(name: &'static str, actor: Addr<A>, lost: M) -> Self {
        Self { name, actor, lost: Some(lost) }
    }

    /// Tells the actor what came of it.
    pub fn done(mut self, message: M) {
        self.lost = None;
        self.actor.do_send(message);
    }
}

impl<A, M> Drop for Errand<A, M>
where
    A: Actor<Context = Context<A>> + Handler<M>,
    M: Message<Result = ()> + Send + 'static,
{
    fn drop(&mut self) {
        if let Some(lost) = self.lost.take().filter(|_| std::thread::panicking()) {
            metrics::counter!("tasks_died_total", "task" => self.name).increment(1);
            tracing::error!(task = self.name, "an errand died in a panic");
            self.actor.do_send(lost);
        }
    }
}
