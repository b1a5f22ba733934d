//! Recordings whose callback was lost: they are looked up at the carrier and told to their calls.
//!
//! The carrier tells in a callback that a recording is there, and gives up after some tries. A task looks every hour for calls
//! that were recorded, have been over for a while and do not know what became of their recording. It asks the carrier, and
//! tells the call what the callback would have told: everything after that is as if it had come. A call takes the same news
//! once, so that a callback that comes late, or another node that looks at the same time, changes nothing. Nothing is
//! remembered from one look to the next, and nothing is written of a recording that the carrier does not have.

use crate::{CallDefaults, Switchboard, nodes::reborn};
use futures_util::{StreamExt, stream};
use std::{sync::Arc, time::Duration};
use tsunagu_call::{CallId, CompanyId, EndReason, Entry, Event, Input, Recorded, RecordingStage, Time};
use tsunagu_carrier::{CarrierError, RecordingInfo, RecordingSource, RecordingStatus};
use tsunagu_store::{CallFilter, CallPlace, CallSummary, FIRST_SEQ, StoreError};

/// How long after the start the first look is, so that live calls are taken up first; and how long there is from one look
/// to the next, in call time.
const FIRST_LOOK: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_secs(3600);
/// How long a call must be over: until then the callback may still come.
const MISSED_AFTER_MILLIS: i64 = 10 * 60 * 1000;
/// How long after a call's beginning its recording is looked for.
const SOUGHT_FOR_MILLIS: i64 = 2 * 24 * 60 * 60 * 1000;
/// How many calls are read at once, and the pause before the next ones.
const PAGE: u32 = 100;
const BETWEEN_PAGES: Duration = Duration::from_secs(1);
/// Of how many calls the carrier is asked at once.
const AT_ONCE: usize = 8;
/// How many companies are read at once.
const COMPANIES: u32 = 100;
/// So many calls of which the carrier does not tell end a look: it is away.
const UNTOLD: u32 = 16;

/// Looks for recordings whose callback was lost for as long as it is run.
pub async fn find_lost_recordings(board: Switchboard, defaults: Arc<CallDefaults>) {
    reborn("recordings", || keep_looking(board.clone(), defaults.clone())).await;
}

async fn keep_looking(board: Switchboard, defaults: Arc<CallDefaults>) {
    let clock = board.ports().clock;
    tokio::time::sleep(clock.real_span(FIRST_LOOK)).await;
    loop {
        if let Err(error) = look(&board, defaults.rules.record).await {
            tracing::warn!(%error, "recordings whose callback was lost could not all be looked for; it is tried again");
        }
        tokio::time::sleep(clock.real_span(BETWEEN_LOOKS)).await;
    }
}

/// How calls end that nobody picked up.
const UNANSWERED: [EndReason; 4] =
    [EndReason::Busy, EndReason::NoAnswer, EndReason::Canceled, EndReason::CarrierFailed];

/// What ends a look early: the next one makes up for it.
#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Carrier(#[from] CarrierError),
}

/// Looks at the calls of all companies that record; `by_default` those that have not said.
async fn look(board: &Switchboard, by_default: bool) -> Result<(), LookError> {
    let store = &board.ports().store;
    let (mut last, mut untold) = (None, 0);
    loop {
        let companies = store.companies(last, COMPANIES).await?;
        for company in companies.iter().filter(|company| company.settings.record.unwrap_or(by_default)) {
            match look_at(board, company.id, &mut untold).await {
                // Its own alone: the others are looked at all the same.
                Err(LookError::Store(error)) if !error.is_transient() => {
                    tracing::warn!(company = %company.id, %error, "a company's recordings could not all be looked for");
                }
                looked => looked?,
            }
        }
        last = match companies.last() {
            Some(company) => Some(company.id),
            None => return Ok(()),
        };
    }
}

async fn look_at(board: &Switchboard, company: CompanyId, untold: &mut u32) -> Result<(), LookError> {
    let (store, clock) = (&board.ports().store, board.ports().clock);
    let now = clock.now();
    let filter = CallFilter {
        from: Some(now.plus_millis(-SOUGHT_FOR_MILLIS)),
        to: Some(now.plus_millis(-MISSED_AFTER_MILLIS)),
        ..CallFilter::default()
    };
    let mut after = None;
    loop {
        let page = store.calls_after(company, &filter, after, PAGE).await?;
        let missed: Vec<Missed> = page.iter().filter_map(|(call, _)| Missed::of(call, now)).collect();
        let mut asked = stream::iter(missed).map(|missed| find(board, missed)).buffer_unordered(AT_ONCE);
        while let Some(found) = asked.next().await {
            *untold += u32::from(matches!(found, Err(LookError::Carrier(_))));
            match found {
                Err(LookError::Carrier(_)) if *untold < UNTOLD => {}
                found => found?,
            }
        }
        match page.last() {
            Some((last, _)) if page.len() >= PAGE as usize => {
                after = Some(CallPlace { started: last.start_time, call: last.id });
            }
            _ => return Ok(()),
        }
        tokio::time::sleep(clock.real_span(BETWEEN_PAGES)).await;
    }
}

/// A call that does not know what became of its recording, if it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Missed {
    call: CallId,
    /// The carrier's name of the leg that it records.
    leg: String,
    /// The carrier's name of the recording, where at least its beginning was told.
    recording: Option<String>,
}

impl Missed {
    /// Where nobody picked up there is nothing to record. That somebody did may be known of their hanging up alone, where the carrier
    /// could not reach us meanwhile.
    fn of(call: &CallSummary, now: Time) -> Option<Self> {
        let latest = now.plus_millis(-MISSED_AFTER_MILLIS);
        let is_due = call.status.is_over() && call.end_time.is_some_and(|end| end <= latest);
        let is_known = call.recording_status.as_deref().is_some_and(|status| {
            status == "deleted" || RecordingStage::of(status) == RecordingStage::Settled
        });
        let is_unanswered = call.answered_time.is_none()
            && UNANSWERED.iter().any(|reason| call.end_reason.as_ref() == Some(&reason.word()));
        if !is_due || is_known || is_unanswered {
            return None;
        }
        let leg = call.twilio_call_sid.clone()?;
        Some(Self { call: call.id, leg, recording: call.recording_sid.clone() })
    }

    /// What the callback would have told: of several the one that can be listened to, and that there is none only when none is still
    /// being made or written.
    fn news(&self, recordings: &[RecordingInfo]) -> Option<Recorded> {
        use RecordingStatus::{Absent, Completed, Failed, InProgress, Paused, Processing, Stopped};
        let own = |info: &&RecordingInfo| self.recording.as_ref().is_none_or(|sid| *sid == info.sid);
        let any_of = |statuses: &[RecordingStatus]| {
            recordings.iter().filter(own).find(|info| statuses.contains(&info.status))
        };
        let none = || match any_of(&[InProgress, Paused, Stopped, Processing]) {
            Some(_) => None,
            None => any_of(&[Absent, Failed]),
        };
        let info = any_of(&[Completed]).or_else(none)?;
        Some(Recorded {
            sid: info.sid.clone(),
            url: info.media_url.clone(),
            status: info.status.as_str().to_owned(),
            duration: info.duration_secs,
            call_sid: Some(self.leg.clone()),
        })
    }
}

/// Asks the carrier for the recording of a call, and tells the call what there is.
async fn find(board: &Switchboard, missed: Missed) -> Result<(), LookError> {
    let (ports, call) = (board.ports(), missed.call);
    match ports.store.journal(call, FIRST_SEQ, 1).await {
        Ok(first) if was_recorded(&first) => {}
        Ok(_) => return Ok(()),
        Err(error) if error.is_transient() => return Err(error.into()),
        Err(error) => {
            tracing::warn!(callId = %call, %error, "whether a call was recorded cannot be read");
            return Ok(());
        }
    }
    let recordings = match ports.carrier.recordings(&RecordingSource::Call(missed.leg.clone())).await {
        Ok(recordings) => recordings,
        Err(CarrierError::NotFound { .. }) => return Ok(()),
        Err(error) => {
            tracing::warn!(callId = %call, %error, "a recording whose callback was lost could not be looked for");
            let its_own = matches!(error, CarrierError::Rejected { .. } | CarrierError::BadAnswer { .. });
            return if its_own { Ok(()) } else { Err(error.into()) };
        }
    };
    let Some(news) = missed.news(&recordings) else { return Ok(()) };
    match board.tell(call, Input::Recorded(news)).await {
        Ok(_) => {
            metrics::counter!("recordings_found_total").increment(1);
            tracing::info!(callId = %call, "a recording is found whose callback was lost");
        }
        Err(error) => tracing::warn!(callId = %call, %error, "a call could not be told of its recording"),
    }
    Ok(())
}

/// Whether the carrier was told to record, by the first entry of a call's journal.
fn was_recorded(first: &[Entry]) -> bool {
    first.iter().any(|entry| matches!(&entry.event, Event::Created(created) if created.rules.record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: &str = "2026-11-20T02:00:00Z";

    /// A call that was answered and has been over for ten minutes, with some things otherwise.
    fn missed(but: Value) -> Option<Missed> {
        let mut call = json!({
            "_id": "0001027f80ff090807060504", "customerId": "0001027f80ff090807060505", "status": "completed",
            "startTime": "2026-11-20T01:00:00Z", "answeredTime": "2026-11-20T01:00:05Z",
            "endTime": "2026-11-20T01:50:00Z", "twilioCallSid": "CA1",
        });
        call.as_object_mut().unwrap().extend(but.as_object().unwrap().clone());
        Missed::of(&serde_json::from_value(call).unwrap(), NOW.parse().unwrap())
    }

    fn info(sid: &str, status: RecordingStatus) -> RecordingInfo {
        RecordingInfo { sid: sid.into(), status, duration_secs: Some(42), ..RecordingInfo::default() }
    }

    #[test]
    fn a_recording_is_missed_where_it_should_be_known() {
        let found = missed(json!({})).unwrap();
        assert_eq!((found.leg.as_str(), found.recording), ("CA1", None));
        for status in ["in-progress", "paused", "stopped", "processing"] {
            let found = missed(json!({ "recordingStatus": status, "recordingSid": "RE1" })).unwrap();
            assert_eq!(found.recording.as_deref(), Some("RE1"), "{status}");
        }
        assert!(missed(json!({ "status": "failed" })).is_some(), "a machine that picked up");
        let unheard = json!({ "answeredTime": null, "endReason": "customer_hung_up" });
        assert!(missed(unheard).is_some(), "we were away when they picked up");
    }

    #[test]
    fn a_recording_is_not_missed_where_it_is_known_or_may_come_or_cannot_be() {
        for status in ["completed", "absent", "failed", "deleted"] {
            assert_eq!(missed(json!({ "recordingStatus": status })), None, "{status}");
        }
        assert_eq!(missed(json!({ "endTime": "2026-11-20T01:50:01Z" })), None, "it may still come");
        assert_eq!(missed(json!({ "status": "human-connected", "endTime": null })), None, "it is being made");
        for reason in ["busy", "no_answer", "canceled", "carrier_failed"] {
            let unanswered = json!({ "answeredTime": null, "endReason": reason });
            assert_eq!(missed(unanswered), None, "nobody picked up: {reason}");
        }
        assert_eq!(missed(json!({ "twilioCallSid": null })), None, "nobody was rung");
    }

    #[test]
    fn what_the_callback_would_have_told_is_told() {
        use RecordingStatus::{Absent, Completed, Deleted, Failed, InProgress, Processing};
        let unknown = missed(json!({})).unwrap();
        let told = |missed: &Missed, recordings: &[RecordingInfo]| {
            missed.news(recordings).map(|news| (news.sid, news.status))
        };
        let some = |sid: &str, status: &str| Some((sid.to_owned(), status.to_owned()));
        assert_eq!(told(&unknown, &[]), None);
        for status in [InProgress, Processing, Deleted, RecordingStatus::Unknown] {
            assert_eq!(told(&unknown, &[info("RE1", status)]), None, "{status}");
        }
        assert_eq!(told(&unknown, &[info("RE1", Absent)]), some("RE1", "absent"));
        assert_eq!(told(&unknown, &[info("RE1", Failed)]), some("RE1", "failed"));
        assert_eq!(
            told(&unknown, &[info("RE1", Absent), info("RE2", Processing)]),
            None,
            "it is being written"
        );
        let both = [info("RE1", Absent), info("RE2", Completed)];
        assert_eq!(told(&unknown, &both), some("RE2", "completed"));
        let begun = missed(json!({ "recordingSid": "RE1", "recordingStatus": "in-progress" })).unwrap();
        assert_eq!(told(&begun, &both), some("RE1", "absent"), "another one is not the call's");

        let media_url = Some("https://carrier.example.jp/RE1".to_owned());
        let news = unknown.news(&[RecordingInfo { media_url: media_url.clone(), ..info("RE1", Completed) }]);
        let news = news.unwrap();
        assert_eq!((news.url, news.duration, news.call_sid.as_deref()), (media_url, Some(42), Some("CA1")));
    }
}
