//! Dispatcher, Conference and Hub: the actors that own live calls.
//!
//! edge → [`Switchboard`] → `Dispatcher` (finds or rebuilds) → `Conference` (decides, journals) → answer; facts → [`HubHandle`]
//!
//! They own state, timers and messages. They hold no rule of a call (`tsunagu-call` does), speak no protocol
//! (`tsunagu-http` and `tsunagu-carrier` do), and are not restarted by actix: a conference that dies is rebuilt from its
//! journal when it is next asked for.

mod campaigns;
mod clock;
mod conference;
mod deliveries;
mod dispatcher;
mod errand;
mod error;
mod hub;
mod ids;
mod nodes;
mod ports;
mod recordings;
mod repertoire;
mod retention;
mod start;
mod switchboard;
pub mod trace;
mod webhooks;

pub use campaigns::{
    CampaignCheck, CampaignDesk, CampaignLimits, OrderError, check_campaign, order_campaign,
};
pub use clock::Clock;
pub use deliveries::{
    Answer, Courier, DeliveryDesk, DeliveryPorts, EVENT_TYPES, LAST_ATTEMPT, Letter, SecretError, TEST_EVENT,
    Tried, Trouble, new_secret,
};
pub use dispatcher::{Directory, Pick, PickDesk};
pub use error::CallError;
pub use hub::{
    Arrival, Audience, Cursor, Facts, Guest, Happened, Hub, HubHandle, HubPorts, NotACursor, Parting,
    Presenter, Published, Screen, SeatId, Unpresentable, Watch, Watching,
};
pub use ids::fresh;
pub use ports::Ports;
pub use recordings::find_lost_recordings;
pub use repertoire::{Repertoire, Repertoires};
pub use retention::keep_retention;
pub use start::{CallDefaults, StartError, StartOrder, start};
pub use switchboard::{Begun, Switchboard};
pub use webhooks::Webhooks;

/// What nodes tell each other, for whoever brings the way there.
pub use tsunagu_exchange as exchange;
