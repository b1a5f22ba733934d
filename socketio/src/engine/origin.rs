//! Whose pages may open sessions. Browsers ask before a page polls another origin, but not before it opens a WebSocket
//! there: so the opening request is checked for both.

use actix_cors::Cors;
use actix_web::{HttpRequest, http::header};

/// For how long browsers remember what they were told, in seconds.
const PREFLIGHT_SECS: usize = 600;

/// Whose pages may open sessions. Clients that are no browsers name no origin and always may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Pages of the host that is asked.
    Same,
    /// Pages of that host, and of these origins (`https://desk.example.jp`).
    Only(Vec<String>),
    /// All pages.
    Any,
}

impl Origins {
    /// A page of this origin may open a session at this host.
    pub fn admit(&self, origin: &str, host: &str) -> bool {
        let same = origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host));
        match self {
            Self::Same => same,
            Self::Only(origins) => same || origins.iter().any(|one| one.eq_ignore_ascii_case(origin)),
            Self::Any => true,
        }
    }

    /// The same for a request.
    pub(super) fn admit_request(&self, request: &HttpRequest) -> bool {
        let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        self.admit(origin, request.connection_info().host())
    }

    /// What browsers are told, if there is anything to tell.
    pub(super) fn cors(&self) -> Option<Cors> {
        let cors = match self {
            Self::Same => return None,
            Self::Any => Cors::default().allow_any_origin(),
            Self::Only(origins) => {
                origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin))
            }
        };
        let cors = cors.allowed_methods(["GET", "POST"]).allow_any_header();
        Some(cors.supports_credentials().max_age(PREFLIGHT_SECS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_host_itself_may_always() {
        for origins in [Origins::Same, Origins::Only(vec![]), Origins::Any] {
            assert!(origins.admit("https://Desk.example.jp", "desk.example.jp"));
            assert!(origins.admit("http://localhost:5000", "localhost:5000"));
        }
    }

    #[test]
    fn pages_of_others_may_when_they_are_named() {
        let named = Origins::Only(vec!["https://desk.example.jp".into()]);
        assert!(named.admit("https://desk.example.jp", "api.example.jp"));
        for other in
            ["https://evil.example", "null", "http://desk.example.jp", "https://desk.example.jp.evil.example"]
        {
            assert!(!named.admit(other, "api.example.jp"), "{other}");
            assert!(!Origins::Same.admit(other, "api.example.jp"), "{other}");
        }
    }
}
