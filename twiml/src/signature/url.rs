//! A URL cut into the parts that a signature cares about. Nothing is decoded or normalised: a signature is over bytes.

/// The parts of an absolute URL; user, password and fragment are gone, as Twilio never signs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// In the case in which it came, without `://`.
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    /// With its colon; empty when there is none.
    pub(super) port: &'a str,
    /// With its slash; may be empty.
    pub(super) path: &'a str,
    /// With its question mark; empty when there is none.
    pub(super) query: &'a str,
}

impl<'a> Parts<'a> {
    /// `None` when it is not an absolute URL with a host.
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, authority)| authority);
        // The colons of an IPv6 address stand in brackets.
        let after_address = authority.rfind(']').map_or(0, |at| at + 1);
        let port =
            authority.get(after_address..)?.rfind(':').map_or(authority.len(), |at| after_address + at);
        let (host, port) = authority.split_at(port);
        let (path, query) = tail.split_at(tail.find('?').unwrap_or(tail.len()));
        (!scheme.is_empty() && !host.is_empty()).then_some(Self { scheme, host, port, path, query })
    }

    pub(super) const fn is_https(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
    }

    /// The value of a parameter in the query, not decoded.
    pub(super) fn query_value(&self, name: &str) -> Option<&'a str> {
        let pairs = self.query.get(1..)?.split('&');
        pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Option<[&str; 5]> {
        Parts::parse(url).map(|parts| [parts.scheme, parts.host, parts.port, parts.path, parts.query])
    }

    #[test]
    fn cut_where_twilio_cuts() {
        assert_eq!(parts("https://h/p?q=1#f"), Some(["https", "h", "", "/p", "?q=1"]));
        assert_eq!(parts("https://u:p@h:8443/p/"), Some(["https", "h", ":8443", "/p/", ""]));
        assert_eq!(parts("wss://h"), Some(["wss", "h", "", "", ""]));
        assert_eq!(parts("http://h?q=a@b:1"), Some(["http", "h", "", "", "?q=a@b:1"]));
        assert_eq!(parts("http://[::1]:80/"), Some(["http", "[::1]", ":80", "/", ""]));
        assert_eq!(parts("http://[::1]/"), Some(["http", "[::1]", "", "/", ""]));
        assert_eq!(parts("https://h/p?"), Some(["https", "h", "", "/p", "?"]));
        assert_eq!(parts("https://h#a/b?c"), Some(["https", "h", "", "", ""]));
    }

    #[test]
    fn without_a_host_there_is_no_url() {
        for url in ["", "/path", "https://", "https:///p", "://h", "https://u:p@/"] {
            assert_eq!(parts(url), None, "{url}");
        }
    }
}
