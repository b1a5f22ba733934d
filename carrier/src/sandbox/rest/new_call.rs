//! The parameters of a new call that Calls and Participants have in common.

use super::{Fields, RestError, address};
use crate::sandbox::call::{Detection, RecordPlan};
use crate::sandbox::callback::Subscription;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::webhook::{Method, method_or};

/// Longest `SendDigits`.
const MAX_SEND_DIGITS: usize = 32;

/// Whom to ring, and from whom.
pub fn parties(exchange: &Exchange, fields: &Fields) -> Result<(String, String), RestError> {
    let to = fields.get("To").ok_or_else(|| RestError::bad(21201, "No 'To' number is specified"))?;
    let from = fields.get("From").ok_or_else(|| RestError::bad(21213, "No 'From' number is specified"))?;
    let to = address(to).ok_or_else(|| {
        RestError::bad(21211, format!("The phone number you are attempting to call, {to}, is not valid."))
    })?;
    let from = address(from).ok_or_else(|| {
        RestError::bad(21212, format!("The phone number you provided, {from}, is not valid."))
    })?;
    let own = &exchange.config.numbers;
    if !own.is_empty() && from.starts_with('+') && !own.contains(&from) {
        let message =
            format!("The source phone number provided, {from}, is not yet verified for your account.");
        return Err(RestError::bad(21210, message));
    }
    Ok((to, from))
}

/// Where call progress goes.
pub fn progress(fields: &Fields) -> Result<Option<Subscription>, RestError> {
    let url = fields.url("StatusCallback", 21609)?;
    let events = fields.all("StatusCallbackEvent");
    let method = fields.get("StatusCallbackMethod");
    Ok(Subscription::new(url.as_deref(), method, &events, &["completed"]))
}

/// Seconds to ring.
pub fn timeout(fields: &Fields) -> Result<f64, RestError> {
    Ok(f64::from(fields.number("Timeout", 1, 600)?.unwrap_or(60)))
}

/// Longest duration in seconds.
pub fn time_limit(fields: &Fields) -> Result<f64, RestError> {
    Ok(f64::from(fields.number("TimeLimit", 1, 86_400)?.unwrap_or(14_400)))
}

/// `Record=true` and what belongs to it.
pub fn record(fields: &Fields) -> Result<Option<RecordPlan>, RestError> {
    if fields.flag("Record")? != Some(true) {
        return Ok(None);
    }
    record_plan(fields, "OutboundAPI", "mono").map(Some)
}

/// How a recording is made and reported.
pub fn record_plan(fields: &Fields, source: &'static str, channels: &str) -> Result<RecordPlan, RestError> {
    let url = fields.url("RecordingStatusCallback", 21609)?;
    let events = fields.all("RecordingStatusCallbackEvent");
    let method = fields.get("RecordingStatusCallbackMethod");
    let channels = match fields.get("RecordingChannels").unwrap_or(channels) {
        "mono" => 1,
        "dual" => 2,
        other => {
            return Err(RestError::bad(
                20001,
                format!("RecordingChannels must be mono or dual, not {other:?}"),
            ));
        }
    };
    Ok(RecordPlan {
        channels,
        track: fields.get("RecordingTrack").unwrap_or("both").to_owned(),
        source,
        callback: Subscription::new(url.as_deref(), method, &events, &["completed"]),
    })
}

/// `MachineDetection`. A Participant's is always asynchronous, and its result goes to `AmdStatusCallback`.
pub fn detection(fields: &Fields, participant: bool) -> Result<Option<Detection>, RestError> {
    let to_message_end = match fields.get("MachineDetection") {
        None => return Ok(None),
        Some(mode) if mode.eq_ignore_ascii_case("Enable") => false,
        Some(mode) if mode.eq_ignore_ascii_case("DetectMessageEnd") => true,
        Some(other) => {
            let message = format!("MachineDetection must be Enable or DetectMessageEnd, not {other:?}");
            return Err(RestError::bad(21263, message));
        }
    };
    let timeout = f64::from(fields.number("MachineDetectionTimeout", 3, 59)?.unwrap_or(30));
    let (url, method) = match participant {
        true => ("AmdStatusCallback", "AmdStatusCallbackMethod"),
        false => ("AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod"),
    };
    let foreign = if participant { "AsyncAmd" } else { "AmdStatusCallback" };
    if fields.get(foreign).is_some() {
        return Err(RestError::bad(21263, format!("{foreign} does not belong in this request")));
    }
    let asynchronous = participant || fields.flag("AsyncAmd")? == Some(true);
    if !asynchronous {
        return Ok(Some(Detection { to_message_end, callback: None, timeout }));
    }
    let target = fields.url(url, 21262)?;
    let target = target.ok_or_else(|| RestError::bad(21262, format!("{url} is required")))?;
    let callback = Some((target, method_or(fields.get(method), Method::Post)));
    Ok(Some(Detection { to_message_end, callback, timeout }))
}

/// `SendDigits`.
pub fn send_digits(fields: &Fields) -> Result<Option<String>, RestError> {
    let Some(digits) = fields.get("SendDigits") else { return Ok(None) };
    let sound = |key: char| key.is_ascii_digit() || matches!(key, 'A'..='D' | 'w' | 'W' | '*' | '#');
    match digits.len() <= MAX_SEND_DIGITS && digits.chars().all(sound) {
        true => Ok(Some(digits.to_owned())),
        false => Err(RestError::bad(20001, "SendDigits must be at most 32 of 0-9, A-D, w, W, # and *")),
    }
}
