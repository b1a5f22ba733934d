//! Notifications: who has asked for which, and what they say.

use super::call::Call;
use super::clock::rfc2822;
use super::fault::HookKind;
use super::room::{EventKind, RoomEvent, Seat};
use super::webhook::{Hook, Method, Notification, Params, method_or};
use crate::CallStatus;
use jiff::Timestamp;

/// A callback URL and what is sent to it.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Where to.
    pub url: String,
    /// GET or POST.
    pub method: Method,
    /// The words subscribed to (`initiated`, `join`, `completed`, …).
    pub events: Vec<String>,
}

impl Subscription {
    /// A subscription, if there is a URL. Events may be separate or joined by blanks; none means `otherwise`.
    pub fn new(
        url: Option<&str>,
        method: Option<&str>,
        events: &[String],
        otherwise: &[&str],
    ) -> Option<Self> {
        let url = url.filter(|url| !url.is_empty())?.to_owned();
        let mut events: Vec<String> =
            events.iter().flat_map(|words| words.split_whitespace()).map(str::to_ascii_lowercase).collect();
        if events.is_empty() {
            events = otherwise.iter().map(|&word| word.to_owned()).collect();
        }
        Some(Self { url, method: method_or(method, Method::Post), events })
    }

    /// Whether it wants this event.
    pub fn wants(&self, event: &str) -> bool {
        self.events.iter().any(|word| word == event)
    }

    fn hook(&self, kind: HookKind, params: Params) -> Hook {
        Hook { kind, url: self.url.clone(), method: self.method, params }
    }
}

/// The words that subscribe to a call's progress.
fn progress_word(status: CallStatus) -> &'static str {
    match status {
        CallStatus::Initiated => "initiated",
        CallStatus::Ringing => "ringing",
        CallStatus::InProgress => "answered",
        _ => "completed",
    }
}

/// Queues the call progress callback for the status that the call now has.
pub fn progress(call: &Call, account: &str, now: Timestamp, recording: Params) -> Option<Notification> {
    let status = call.status();
    // Numbered whether or not anybody listens, so that the numbers say what was left out.
    let sequence = call.next_sequence();
    let subscription = call.read(|state| state.progress.clone())?;
    if !subscription.wants(progress_word(status)) {
        return None;
    }
    let mut params = call.standard(account);
    let mut add = |key: &str, value: String| params.push((key.to_owned(), value));
    add("Timestamp", rfc2822(now));
    add("CallbackSource", "call-progress-events".into());
    add("SequenceNumber", sequence.to_string());
    if status.is_final() {
        let duration = call.duration(now);
        add("CallDuration", duration.to_string());
        if status == CallStatus::Completed {
            add("Duration", duration.div_ceil(60).to_string());
        }
        let sip = call.read(|state| state.sip);
        add("SipResponseCode", sip.unwrap_or(sip_code(status)).to_string());
        params.extend(recording);
    }
    let about = format!("call {}", status.as_str());
    Some(Notification { hook: subscription.hook(HookKind::Status, params), about })
}

fn sip_code(status: CallStatus) -> u16 {
    match status {
        CallStatus::Busy => 486,
        CallStatus::NoAnswer | CallStatus::Canceled => 487,
        CallStatus::Failed => 404,
        _ => 200,
    }
}

/// Whose event it is.
pub struct ConferenceName<'a> {
    /// `AC…`.
    pub account: &'a str,
    /// `CF…`.
    pub sid: &'a str,
    /// `FriendlyName`.
    pub name: &'a str,
}

/// A conference event, if it is subscribed to.
pub fn conference(
    subscription: &Subscription,
    whose: &ConferenceName<'_>,
    event: &RoomEvent,
    now: Timestamp,
) -> Option<Notification> {
    if !subscription.wants(event.kind.subscription()) {
        return None;
    }
    let name = event.kind.name();
    let mut params: Params = [
        ("ConferenceSid", whose.sid.to_owned()),
        ("FriendlyName", whose.name.to_owned()),
        ("AccountSid", whose.account.to_owned()),
        ("SequenceNumber", event.sequence.to_string()),
        ("Timestamp", rfc2822(now)),
        ("StatusCallbackEvent", name.to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    if let Some(seat) = &event.seat {
        params.extend(participant(seat));
    }
    let mut add = |key: &str, value: &str| params.push((key.to_owned(), value.to_owned()));
    match &event.kind {
        EventKind::End { reason, by } => {
            if let Some((call, label)) = by {
                add("CallSidEndingConference", call);
                add("ParticipantLabelEndingConference", label.as_deref().unwrap_or_default());
            }
            add("ReasonConferenceEnded", reason);
            add("Reason", &reason.replace('-', " "));
        }
        EventKind::Leave { why, call_status } => {
            add("ParticipantCallStatus", call_status);
            add("ReasonParticipantLeft", why.name());
        }
        EventKind::Announcement { url, failed } => {
            add("AnnounceUrl", url);
            if let Some(reason) = failed {
                add("ReasonAnnouncementFailed", reason);
            }
        }
        _ => {}
    }
    Some(Notification { hook: subscription.hook(HookKind::Conference, params), about: name.to_owned() })
}

fn participant(seat: &Seat) -> Params {
    [
        ("CallSid", seat.call.clone()),
        ("Muted", seat.muted.to_string()),
        ("Hold", seat.hold.to_string()),
        ("Coaching", seat.coaching.is_some().to_string()),
        ("EndConferenceOnExit", seat.end_on_exit.to_string()),
        ("StartConferenceOnEnter", seat.start_on_enter.to_string()),
        ("ParticipantLabel", seat.label.clone().unwrap_or_default()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}

/// The result of machine detection.
pub fn detection(
    call: &Call,
    account: &str,
    (url, method): (String, Method),
    answered_by: &str,
    millis: u64,
) -> Notification {
    let params = [
        ("CallSid", call.sid()),
        ("AccountSid", account),
        ("AnsweredBy", answered_by),
        ("MachineDetectionDuration", &millis.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    Notification { hook: Hook { kind: HookKind::Amd, url, method, params }, about: "amd".into() }
}

/// Progress of a recording, if it is subscribed to.
pub fn recording(subscription: &Subscription, status: &'static str, params: Params) -> Option<Notification> {
    subscription.wants(status).then(|| Notification {
        hook: subscription.hook(HookKind::Recording, params),
        about: format!("recording {status}"),
    })
}
