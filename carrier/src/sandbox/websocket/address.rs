//! Where a `wss://` URL leads.
//!
//! TwiML has `wss://` alone, but a program on a developer's machine speaks no TLS. So a URL leads without TLS to a
//! loopback address, for which no certificate exists that Twilio would believe, and to the very host and port that gave
//! the document over `http://`, which has shown by it that it speaks no TLS. Every other leads with TLS.

use super::{Failure, OpenError};
use url::{Host, Url};

/// The URL to connect to. What is signed is the URL as it was written.
pub fn reach(url: &str, document: Option<&Url>) -> Result<Url, OpenError> {
    let malformed = |reason: String| OpenError { failure: Failure::Malformed, message: reason };
    let mut target = Url::parse(url).map_err(|e| malformed(format!("{url}: {e}")))?;
    if target.scheme() != "wss" {
        return Err(malformed(format!("{url} is no wss:// URL")));
    }
    target.set_fragment(None);
    if is_loopback(&target) || document.is_some_and(|document| is_plain_door(&target, document)) {
        // Both schemes are of the kind that has a host: this cannot fail.
        let _ = target.set_scheme("ws");
    }
    Ok(target)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn is_plain_door(url: &Url, document: &Url) -> bool {
    document.scheme() == "http" && document.host() == url.host() && document.port() == url.port()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(url: &str, document: &str) -> String {
        reach(url, Url::parse(document).ok().as_ref()).map_or_else(|e| e.message, String::from)
    }

    #[test]
    fn tls_unless_it_cannot_be() {
        for (url, document, expected) in [
            ("wss://127.0.0.1:8080/relay", "", "ws://127.0.0.1:8080/relay"),
            ("wss://[::1]:8080/relay", "", "ws://[::1]:8080/relay"),
            ("wss://localhost/relay", "", "ws://localhost/relay"),
            ("wss://app:5000/relay?a=1", "http://app:5000/voice", "ws://app:5000/relay?a=1"),
            ("wss://app/relay", "http://app/voice", "ws://app/relay"),
            ("wss://app:5001/relay", "http://app:5000/voice", "wss://app:5001/relay"),
            ("wss://app/relay", "https://app/voice", "wss://app/relay"),
            ("wss://example.com/relay", "", "wss://example.com/relay"),
        ] {
            assert_eq!(reached(url, document), expected);
        }
        assert!(reached("ws://127.0.0.1/", "").contains("no wss"));
        assert_eq!(reach("wss://", None).unwrap_err().failure, Failure::Malformed);
    }
}
