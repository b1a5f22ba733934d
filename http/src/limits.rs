//! How much of everything an edge takes, in one place.

use std::time::Duration;

/// The largest JSON body, in bytes.
pub const JSON_BODY: usize = 256 * 1024;
/// The largest webhook body, in bytes. The carrier's are a few kilobytes.
pub const WEBHOOK_BODY: usize = 64 * 1024;
/// The largest file that is taken over, in bytes: some hundred thousand rows.
pub const IMPORT_FILE: u64 = 64 * 1024 * 1024;
/// How long an upload may stand still before it is given up.
pub const UPLOAD_STALL: Duration = Duration::from_secs(30);
/// How many errors the report of an import lists; all of them are counted.
pub const IMPORT_ERRORS: usize = 1_000;
/// How many imports of a company are remembered.
pub const IMPORTS_KEPT: usize = 20;
/// For how many days they are, at least while there are no more than these.
pub const IMPORT_DAYS: u32 = 30;
/// How often it is written down how far an import has come.
pub const IMPORT_NOTED: Duration = Duration::from_secs(5);
/// How long a client may take to send its request's head.
pub const REQUEST_HEAD: Duration = Duration::from_secs(10);
/// How long a client may take to send a JSON body, and the carrier to send a form.
pub const REQUEST_BODY: Duration = Duration::from_secs(30);
/// For how long a browser may remember what a page of another origin may ask, in seconds.
pub const PREFLIGHT_SECS: usize = 600;
/// How long an idle connection is kept for the next request.
pub const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How many connections a worker holds at once.
pub const CONNECTIONS: usize = 20_000;
/// How long a peer may leave what was sent to it unacknowledged before its connection is cut.
pub const UNACKNOWLEDGED: Duration = Duration::from_secs(30);
/// How long open requests may take to finish at shutdown.
pub const SHUTDOWN: Duration = Duration::from_secs(10);
