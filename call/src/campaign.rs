//! A campaign: a list of customers who are rung one after the other, at a pace, within hours, again when nobody was there.
//!
//! situation + time → [`next_turn`] → ring the next one, or wait for what; a call that is over → [`CampaignEntry::settle`] →
//! rung again later, or done
//!
//! Nothing here rings: whoever drives a campaign asks these rules what to do, does it, and tells how it came out.

mod breaker;
mod entry;
mod hours;
mod obstacle;
mod pacer;
mod result;
mod retry;
mod state;
mod turn;

pub use breaker::BreakerRule;
pub use entry::{Attempt, CampaignEntry, EntryState, MOST_ATTEMPTS, MOST_DEFERRALS};
pub use hours::{may_ring, next_opening};
pub use obstacle::{CalledEarlier, SkipReason, SkipRules, obstacle, was_won};
pub use pacer::Pacer;
pub use result::AttemptResult;
pub use retry::{RetryPlan, RetryRule};
pub use state::{CampaignOrder, CampaignRefusal, CampaignState, PauseReason};
pub use turn::{Hindrance, Situation, Turn, next_turn};

#[cfg(test)]
mod tests;
