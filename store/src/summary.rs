//! A call without what was said and who was there: what a table of calls shows, and by what calls are looked through.

use serde::Deserialize;
use tsunagu_call::{CallId, CallRecord, CustomerId, Status, Time, UserId};

/// A call in one line. It is read from the same document as [`CallRecord`]; what is left out is not even taken into memory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallSummary {
    /// The call.
    #[serde(rename = "_id")]
    pub id: CallId,
    /// Who was called.
    pub customer_id: CustomerId,
    /// The number that was dialled, E.164; older servers did not write it down.
    #[serde(default)]
    pub phone_number: String,
    /// Where the call is.
    pub status: Status,
    /// When it was asked for.
    pub start_time: Time,
    /// When the customer picked up.
    #[serde(default)]
    pub answered_time: Option<Time>,
    /// When it was over.
    #[serde(default)]
    pub end_time: Option<Time>,
    /// Seconds from the answer to the end; 0 when nobody answered.
    #[serde(default)]
    pub duration: u32,
    /// The human agent who has, or had, the customer.
    #[serde(default)]
    pub assigned_agent: Option<UserId>,
    /// When a human was first asked for.
    #[serde(default)]
    pub handoff_time: Option<Time>,
    /// Why a human was asked for.
    #[serde(default)]
    pub handoff_reason: Option<String>,
    /// What came of it (成功, 不在, 拒否, 要フォロー, 失敗).
    #[serde(default)]
    pub call_result: Option<String>,
    /// Why it ended, in one machine word.
    #[serde(default)]
    pub end_reason: Option<String>,
    /// What people wrote about it.
    #[serde(default)]
    pub notes: Option<String>,
    /// The carrier's name of the customer's leg, once it is known.
    #[serde(default)]
    pub twilio_call_sid: Option<String>,
    /// The carrier's name of the recording.
    #[serde(default)]
    pub recording_sid: Option<String>,
    /// How far the recording is.
    #[serde(default)]
    pub recording_status: Option<String>,
}

impl From<&CallRecord> for CallSummary {
    fn from(record: &CallRecord) -> Self {
        Self {
            id: record.id,
            customer_id: record.customer_id,
            phone_number: record.phone_number.clone(),
            status: record.status,
            start_time: record.start_time,
            answered_time: record.answered_time,
            end_time: record.end_time,
            duration: record.duration,
            assigned_agent: record.assigned_agent,
            handoff_time: record.handoff_time,
            handoff_reason: record.handoff_reason.clone(),
            call_result: record.call_result.clone(),
            end_reason: record.end_reason.clone(),
            notes: record.notes.clone(),
            twilio_call_sid: record.twilio_call_sid.clone(),
            recording_sid: record.recording_sid.clone(),
            recording_status: record.recording_status.clone(),
        }
    }
}
