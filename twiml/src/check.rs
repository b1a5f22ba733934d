//! The rules that values of attributes and texts obey.
#![expect(clippy::ptr_arg, reason = "a rule for an attribute takes a reference to the field's own type")]

use crate::attribute::Reason;

pub(crate) type Checked = Result<(), Reason>;

/// Blanks as XML means them; only these are trimmed.
pub(crate) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

pub(crate) fn any<T>(_: &T) -> Checked {
    Ok(())
}

pub(crate) fn within(min: u32, max: u32) -> impl Fn(&u32) -> Checked {
    move |number| {
        if (min..=max).contains(number) {
            Ok(())
        } else {
            Err(format!("{number} is not within {min} to {max}").into())
        }
    }
}

pub(crate) fn positive(number: &u32) -> Checked {
    if *number > 0 { Ok(()) } else { Err("must be at least 1".into()) }
}

pub(crate) fn filled(text: &String) -> Checked {
    if text.is_empty() { Err("must not be empty".into()) } else { Ok(()) }
}

pub(crate) fn at_most(max: usize) -> impl Fn(&String) -> Checked {
    move |text| match text.chars().count() {
        count if count <= max => Ok(()),
        count => Err(format!("has {count} characters; at most {max} are allowed").into()),
    }
}

/// A URL, absolute or relative to the document, or empty: no blanks and no control characters.
pub(crate) fn url(text: &String) -> Checked {
    match text.chars().find(|c| c.is_whitespace() || c.is_control()) {
        Some(c) => Err(format!("a URL must not contain {c:?}").into()),
        None => Ok(()),
    }
}

/// An absolute http or https URL.
pub(crate) fn absolute_url(text: &String) -> Checked {
    url(text)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    if rest.is_some_and(has_host) { Ok(()) } else { Err("must be an absolute http or https URL".into()) }
}

/// A `wss://` URL with a host.
pub(crate) fn websocket_url(text: &String) -> Checked {
    url(text)?;
    if text.strip_prefix("wss://").is_some_and(has_host) {
        Ok(())
    } else {
        Err("must be a wss:// URL".into())
    }
}

/// The URL of a media stream: `wss://` without a query string.
pub(crate) fn stream_url(text: &String) -> Checked {
    websocket_url(text)?;
    if text.contains('?') {
        Err("must not have a query string; pass <Parameter>s instead".into())
    } else {
        Ok(())
    }
}

fn has_host(rest: &str) -> bool {
    !rest.is_empty() && !rest.starts_with(['/', ':', '?', '#'])
}

/// Only characters of `allowed`.
pub(crate) fn only(allowed: &'static str) -> impl Fn(&String) -> Checked {
    move |text| match text.chars().find(|c| !allowed.contains(*c)) {
        Some(c) => Err(format!("{c:?} is none of {allowed}").into()),
        None => Ok(()),
    }
}

/// At most one key of a telephone, or empty.
pub(crate) fn one_key(text: &String) -> Checked {
    only("0123456789*#")(text)?;
    if text.len() <= 1 { Ok(()) } else { Err("must be one key, or empty".into()) }
}

/// A text between tags that is read back trimmed: not empty, and no blanks around it.
pub(crate) fn name(text: &str) -> Checked {
    if text.is_empty() {
        Err("must not be empty".into())
    } else if text.trim_matches(BLANKS).len() != text.len() {
        Err("must not begin or end with blanks".into())
    } else {
        Ok(())
    }
}

/// A telephone number as Twilio dials it: digits, an optional plus sign, and the usual punctuation.
pub(crate) fn phone_number(text: &str) -> Checked {
    name(text)?;
    match text.chars().find(|c| !c.is_ascii_digit() && !"+-(). *#".contains(*c)) {
        Some(c) => Err(format!("{c:?} does not belong in a telephone number").into()),
        None if !text.contains(|c: char| c.is_ascii_digit()) => Err("has no digits".into()),
        None => Ok(()),
    }
}

/// A label for a participant: unique in its conference, and distinguishable from a CallSid and a path.
pub(crate) fn participant_label(text: &String) -> Checked {
    filled(text)?;
    at_most(128)(text)?;
    if text.contains('/') {
        Err("must not contain '/'".into())
    } else if is_call_sid(text) {
        Err("must not look like a CallSid".into())
    } else {
        Ok(())
    }
}

pub(crate) fn call_sid(text: &String) -> Checked {
    if is_call_sid(text) { Ok(()) } else { Err("is not a CallSid (CA and 32 hex digits)".into()) }
}

fn is_call_sid(text: &str) -> bool {
    text.len() == 34
        && text.strip_prefix("CA").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `sip:` or `sips:`, at most 254 characters before the headers and 1023 of headers.
pub(crate) fn sip_uri(text: &str) -> Checked {
    name(text)?;
    if !text.starts_with("sip:") && !text.starts_with("sips:") {
        return Err("must begin with sip: or sips:".into());
    }
    if text.contains(char::is_whitespace) {
        return Err("must not contain blanks".into());
    }
    let (address, headers) = text.split_once('?').unwrap_or((text, ""));
    if address.chars().count() >= 255 {
        Err("the SIP URI must be shorter than 255 characters".into())
    } else if headers.chars().count() >= 1024 {
        Err("the SIP headers must be shorter than 1024 characters".into())
    } else {
        Ok(())
    }
}
