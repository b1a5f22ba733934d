//! Lists: what to look for, and one page of what was found.

use crate::{
    CallbackStatus, UserRole,
    document::{Needle, Phrase},
};
use tsunagu_call::{
    CallId, CustomerId, Status, Time, UserId,
    campaign::{AttemptResult, EntryState, SkipReason},
};

/// The longest page.
pub const PAGE_LIMIT: u32 = 100;

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    page: u32,
    limit: u32,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// How many there are on all pages together.
    pub total: u64,
}

impl Paging {
    /// The page with this number, counted from 1, of `limit` items each; both are brought into their ranges
    /// (1 to [`PAGE_LIMIT`] for the limit).
    pub fn new(page: u32, limit: u32) -> Self {
        Self { page: page.max(1), limit: limit.clamp(1, PAGE_LIMIT) }
    }

    /// Its number, from 1.
    pub const fn page(self) -> u32 {
        self.page
    }

    /// How many items it holds at most.
    pub const fn limit(self) -> u32 {
        self.limit
    }

    /// How many items come before it.
    pub const fn offset(self) -> u64 {
        (self.page as u64 - 1) * self.limit as u64
    }

    /// How many pages it takes for so many items.
    pub const fn pages(self, total: u64) -> u64 {
        total.div_ceil(self.limit as u64)
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self::new(1, 20)
    }
}

/// Which calls; an empty filter means all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallFilter {
    /// In this state.
    pub status: Option<Status>,
    /// With this result (成功, 不在, 拒否, 要フォロー, 失敗).
    pub result: Option<String>,
    /// Which this agent has or had.
    pub agent: Option<UserId>,
    /// With this customer.
    pub customer: Option<CustomerId>,
    /// Started at this moment or later.
    pub from: Option<Time>,
    /// Started before this moment.
    pub to: Option<Time>,
    /// A part of the customer's name, company, number or e-mail address as they are now, as [`CustomerFilter::search`]
    /// takes it, or of the notes of the call. A customer who has been removed is not found any more.
    pub search: Option<String>,
    /// A part of what the customer or an agent said in one breath; letters and digits alone count, in whatever width, case
    /// and kana. Only calls that are over are found.
    pub said: Option<String>,
}

impl CallFilter {
    /// What to search for among what was said.
    pub(crate) fn phrase(&self) -> Option<Phrase> {
        self.said.as_deref().and_then(Phrase::of)
    }

    /// What to search for.
    pub(crate) fn needle(&self) -> Option<Needle> {
        self.search.as_deref().and_then(Needle::of)
    }
}

/// A call's place in the order of their beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallPlace {
    /// When the call began.
    pub started: Time,
    /// The call.
    pub call: CallId,
}

/// Of which calls the figures are told; an empty filter means all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatisticsFilter {
    /// Which this agent has or had.
    pub agent: Option<UserId>,
    /// Started at this moment or later.
    pub from: Option<Time>,
    /// Started before this moment.
    pub to: Option<Time>,
}

/// How many entries of a campaign's list are of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryCount {
    /// In this state.
    pub state: EntryState,
    /// Skipped for this reason.
    pub skipped: Option<SkipReason>,
    /// With this result of the last attempt.
    pub result: Option<AttemptResult>,
    /// Rung before: what waits, waits to be rung again.
    pub tried: bool,
    /// So many.
    pub count: u64,
}

/// A call with a recording, and its place in the order of their beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedCall {
    /// When the call began.
    pub started: Time,
    /// The call.
    pub call: CallId,
}

/// Which customers, in which order; an empty filter means all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerFilter {
    /// A part of the name, company, number or e-mail address. Width, case, kana and blanks count for nothing, nor do the
    /// hyphens of a number, which is found in its international and in its national form.
    pub search: Option<String>,
    /// With this status.
    pub status: Option<String>,
    /// Who have asked never to be rung again, or have not.
    pub do_not_call: Option<bool>,
    /// Whose number is somebody else's, or is not.
    pub wrong_number: Option<bool>,
    /// In which order.
    pub order: CustomerOrder,
}

impl CustomerFilter {
    /// What to search for in a customer's searched text.
    pub(crate) fn needle(&self) -> Option<Needle> {
        self.search.as_deref().and_then(Needle::of)
    }
}

/// A customer's place in the order in which they were entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomerPlace {
    /// When they were entered.
    pub created: Time,
    /// The customer.
    pub customer: CustomerId,
}

/// The order of a list of customers; those who are equal stand in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CustomerOrder {
    /// Entered last first.
    #[default]
    Newest,
    /// Entered first first.
    Oldest,
    /// By name.
    Name,
    /// By name, backwards.
    NameDescending,
    /// Rung last first; those never rung come last.
    LastCalled,
    /// To be rung first first; those without a date come last.
    NextCall,
}

/// Which callbacks; an empty filter means all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallbackFilter {
    /// In this state.
    pub status: Option<CallbackStatus>,
    /// Which this user will make; the inner `None` means those that nobody has taken.
    pub assigned_to: Option<Option<UserId>>,
    /// Due at this moment or later.
    pub due_from: Option<Time>,
    /// Due at this moment or before; one without a date is due from when it was promised.
    pub due_by: Option<Time>,
}

/// Which users; an empty filter means all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// With exactly this role.
    pub role: Option<UserRole>,
    /// Who may no longer sign in, or who still may.
    pub disabled: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_stay_within_their_bounds() {
        let paging = Paging::new(0, 1000);
        assert_eq!((paging.page(), paging.limit(), paging.offset()), (1, 100, 0));
        assert_eq!(Paging::new(3, 20).offset(), 40);
        assert_eq!(Paging::new(1, 20).pages(41), 3);
        assert_eq!(Paging::new(1, 20).pages(0), 0);
        assert_eq!(Paging::new(u32::MAX, 100).offset(), (u64::from(u32::MAX) - 1) * 100);
    }
}
