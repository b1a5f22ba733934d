//! News from other nodes, on its way to the floor where it is told.

use super::Hub;
use actix::prelude::*;
use tokio::time::Instant;
use tsunagu_call::CompanyId;
use tsunagu_exchange::News;

/// Something happened on another node.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Carried {
    pub company: CompanyId,
    pub news: News,
}

impl Handler<Carried> for Hub {
    type Result = ();

    fn handle(&mut self, Carried { company, news }: Carried, ctx: &mut Context<Self>) {
        self.on_floor(company, ctx, |floor| floor.carried(news, Instant::now()));
    }
}
