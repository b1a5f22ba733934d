//! Documents and the journal of calls behind one trait: SQLite, MongoDB and memory.
//!
//! *ask → encode on the asker's thread → one writer commits many asks at once → answer.* What is answered is durable.
//!
//! The rules that other rooms rely on live here: a call's journal has no gap and no fork, a customer is in one call
//! at a time, an agent is promised to one call at a time, and a company sees nothing of another. What is *not* here:
//! ids and the time (both come in with what is asked), decisions about a call, and who may ask for what.

pub mod document;

#[cfg(feature = "mongodb")]
pub mod archive;

mod census;
mod error;
mod figures;
mod journal;
mod list;
mod node;
mod profile;
mod receipt;
mod store;
mod summary;

mod memory;
#[cfg(feature = "mongodb")]
mod mongo;
mod sqlite;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;

pub use census::Census;
pub use document::*;
pub use error::{Cause, StoreError};
pub use figures::{Bucket, CallFigures, CallStatistics, Grouping};
pub use journal::{
    Commit, FIRST_SEQ, IDEMPOTENCY_SECS, JOURNAL_PAGE, LiveCall, LiveJournal, Opened, Opening, journal_from,
    whole_journal,
};
pub use list::{
    CallFilter, CallPlace, CallbackFilter, CustomerFilter, CustomerOrder, CustomerPlace, EntryCount,
    PAGE_LIMIT, Page, Paging, RecordedCall, StatisticsFilter, UserFilter,
};
pub use memory::MemoryStore;
#[cfg(feature = "mongodb")]
pub use mongo::MongoStore;
pub use node::{Claim, Doing, HeldCall, Hold, Sign, SignIn};
pub use profile::{AgentProfile, ResultFigures};
pub use receipt::{Receipt, Reply};
pub use sqlite::{BackupContents, Restored, SqliteConfig, SqliteOffice, SqliteStore, back_up, restore};
pub use store::{
    AgentStore, CallStore, CallbackStore, CampaignListStore, CampaignStore, CompanyStore, CustomerStore,
    DEAD_KEPT, DELIVERED_KEPT, ImportStore, InvitationStore, LIST_STEP, Listed, ORDER_ATTEMPTS, PENDING_MOST,
    SharedStore, Store, TokenStore, UserStore, WEBHOOKS_MOST, WebhookStore,
};
pub use summary::CallSummary;
