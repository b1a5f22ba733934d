//! The pace of the demo: customer after customer is rung, as a person would dial, while there is room.

use super::{seed::Team, show::Show};
use anyhow::Result;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{rc::Rc, sync::Arc, time::Duration};
use tsunagu_actors::{CallDefaults, CallError, StartError, StartOrder, Switchboard, start};
use tsunagu_carrier::sandbox::persona::Cast;
use tsunagu_store::{Customer, CustomerFilter, CustomerOrder, PAGE_LIMIT, Paging};

/// The pauses between two calls, the same in every run.
const SEED: u64 = 5;
/// From one call to the next, in milliseconds of call time.
const PAUSE_MILLIS: std::ops::RangeInclusive<u64> = 1000..=3000;
/// How soon it is looked again whether there is room for another call, in real time.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Whom to ring, and how many at once.
pub struct Pace {
    /// Where calls are begun.
    pub board: Switchboard,
    /// What every call has in common.
    pub defaults: Arc<CallDefaults>,
    /// Who starts them.
    pub team: Team,
    /// Who answers them, and in which language.
    pub cast: Cast,
    /// How many are live at once.
    pub calls: usize,
}

impl Pace {
    /// Rings everybody who may be rung, round after round, until nobody is left or no new calls are taken.
    pub async fn keep(self, show: Rc<Show>) {
        let mut rng = StdRng::seed_from_u64(SEED);
        for round in 1_u32.. {
            let left = match self.customers().await {
                Ok(left) => left,
                Err(error) => {
                    show.note(format!("no calls are started any more: {error:#}"));
                    return;
                }
            };
            if left.is_empty() {
                show.note("nobody is left who may be rung");
                return;
            }
            if round > 1 {
                show.note(format!("round {round}: {} customers are left who may be rung", left.len()));
            }
            for customer in left {
                self.room_for_another().await;
                match self.ring(&customer).await {
                    // Those who are in a call, or have just asked for none, are passed over in this round.
                    Ok(())
                    | Err(StartError::CustomerBusy | StartError::DoNotCall | StartError::WrongNumber) => {}
                    Err(StartError::Call(CallError::Draining)) => return,
                    Err(error) => show.note(format!("{} could not be rung: {error}", customer.name)),
                }
                let pause = Duration::from_millis(rng.random_range(PAUSE_MILLIS));
                tokio::time::sleep(self.board.ports().clock.real_span(pause)).await;
            }
        }
    }

    /// The company's customers who may be rung, in the order in which they were entered.
    async fn customers(&self) -> Result<Vec<Customer>> {
        let filter = CustomerFilter { order: CustomerOrder::Oldest, ..CustomerFilter::default() };
        let mut all = Vec::new();
        for page in 1.. {
            let paging = Paging::new(page, PAGE_LIMIT);
            let found = self.board.ports().store.customers(self.team.company, &filter, paging).await?;
            all.extend(found.items);
            if u64::from(page) >= paging.pages(found.total) {
                break;
            }
        }
        all.retain(|customer| !customer.do_not_call && !customer.wrong_number);
        Ok(all)
    }

    async fn room_for_another(&self) {
        let company = Some(self.team.company);
        while self.board.active(company).await.is_ok_and(|active| active.len() >= self.calls) {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Rings a customer. Those who speak English are rung in the name of the agent who does.
    async fn ring(&self, customer: &Customer) -> Result<(), StartError> {
        let english = self.cast.for_number(&customer.phone).is_some_and(|persona| persona.lang() == "en");
        let order = StartOrder {
            company: self.team.company,
            customer: customer.id,
            agent: english.then_some(self.team.english),
            by: self.team.supervisor,
            idempotency_key: None,
        };
        start(&self.board, &self.defaults, order).await.map(drop)
    }
}
