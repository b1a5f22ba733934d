//! The URLs that Twilio may have signed for one request, the likeliest first.
//!
//! What a server sees and what Twilio signed may differ in the port (dropped over https, kept over http, and either way in what
//! Twilio's own libraries accept), in `'` against `%27` in the query, and, for WebSockets, in a slash at the end.

use std::borrow::Cow;

use super::url::Parts;

/// A URL in pieces.
pub(super) type Pieces<'a> = [&'a str; 7];

/// Calls `test` with each candidate until it answers true; whether it did.
pub(super) fn any(parts: &Parts<'_>, websocket: bool, mut test: impl FnMut(Pieces<'_>) -> bool) -> bool {
    let scheme = match parts.scheme {
        // An upgrade reaches the server as https, but is signed as wss.
        scheme if websocket && scheme.eq_ignore_ascii_case("https") => "wss",
        scheme if websocket && scheme.eq_ignore_ascii_case("http") => "ws",
        scheme => scheme,
    };
    let ports = ports(scheme, parts.port);
    let queries = queries(parts.query);
    let ends = if websocket { other_end(parts.path) } else { None };
    for (path, slash) in [Some((parts.path, "")), ends].into_iter().flatten() {
        for query in queries.iter().flatten() {
            for port in ports.into_iter().flatten() {
                if test([scheme, "://", parts.host, port, path, slash, query]) {
                    return true;
                }
            }
        }
    }
    false
}

/// Twilio drops the port over TLS and keeps it otherwise; the rest is what its libraries also accept.
fn ports<'a>(scheme: &str, port: &'a str) -> [Option<&'a str>; 3] {
    let tls = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("wss");
    let usual = if tls { ":443" } else { ":80" };
    let given = (!port.is_empty()).then_some(port);
    let other = (port != usual).then_some(usual);
    if tls { [Some(""), given, other] } else { [Some(port), given.map(|_| ""), other] }
}

/// A quote is signed encoded, whichever way the server sees it.
fn queries(query: &str) -> [Option<Cow<'_, str>>; 2] {
    if query.contains('\'') {
        [Some(query.replace('\'', "%27").into()), Some(query.into())]
    } else if query.contains("%27") {
        [Some(query.into()), Some(query.replace("%27", "'").into())]
    } else {
        [Some(query.into()), None]
    }
}

/// The path with a slash at its end if it has none, and the other way round.
fn other_end(path: &str) -> Option<(&str, &str)> {
    match path.strip_suffix('/') {
        Some(without) => Some((without, "")),
        None => Some((path, "/")),
    }
}
