//! How a client of a plain WebSocket says who it is.

use crate::error::ApiError;
use actix_web::{HttpRequest, http::header};
use serde::Deserialize;
use tsunagu_actors::Arrival;

/// The subprotocol; beside it a client may name its token.
pub(super) const PROTOCOL: &str = "tsunagu";
/// How many calls may be gone on with.
const WATCHED: usize = 100;

/// The token that was offered as a subprotocol.
pub(super) fn token_of(request: &HttpRequest) -> Option<&str> {
    let offered = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let offered = offered.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    offered.map(str::trim).find(|name| !name.is_empty() && *name != PROTOCOL)
}

/// The first message: `{"token":…,"since":…,"watch":[…],"progress":…}`.
#[derive(Debug, PartialEq)]
pub(super) struct Greeting {
    pub token: String,
    /// The last event that was seen; of an earlier life of the server, or none, the present is shown. And the calls that
    /// were being watched, as far as they had been shown.
    pub arrival: Arrival,
}

#[derive(Deserialize)]
struct Written {
    token: String,
    #[serde(default)]
    since: Option<String>,
    #[serde(default)]
    watch: Vec<String>,
    #[serde(default)]
    progress: bool,
}

impl Greeting {
    pub fn read(text: &str) -> Result<Self, ApiError> {
        let written: Written = serde_json::from_str(text)
            .map_err(|error| ApiError::malformed(format!("the first message must name a token: {error}")))?;
        if written.watch.len() > WATCHED {
            return Err(ApiError::malformed(format!("no more than {WATCHED} calls can be watched anew")));
        }
        let arrival = Arrival {
            since: written.since.and_then(|since| since.parse().ok()),
            watched: written.watch.iter().filter_map(|call| call.parse().ok()).collect(),
            follows: written.progress,
        };
        Ok(Self { token: written.token, arrival })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use tsunagu_actors::Cursor;

    #[test]
    fn a_token_may_stand_beside_the_protocol() {
        let token = |offered: &str| {
            let request = TestRequest::get().insert_header((header::SEC_WEBSOCKET_PROTOCOL, offered));
            token_of(&request.to_http_request()).map(str::to_owned)
        };
        assert_eq!(token("tsunagu, a.b.c"), Some("a.b.c".into()));
        assert_eq!(token("a.b.c,tsunagu"), Some("a.b.c".into()));
        assert_eq!((token("tsunagu"), token(""), token(",")), (None, None, None));
    }

    #[test]
    fn what_is_no_place_of_an_event_counts_as_none() {
        let read = |text| Greeting::read(text);
        let plain = read(r#"{"token":"t"}"#).unwrap();
        assert_eq!(plain, Greeting { token: "t".into(), arrival: Arrival::default() });
        let back =
            r#"{"token":"t","since":"0000000a-7","watch":["0001027f80ff090807060504","x"],"progress":true}"#;
        let back = read(back).unwrap().arrival;
        assert_eq!(back.since, Some(Cursor { epoch: 10, number: 7 }));
        assert_eq!((back.watched.len(), back.follows), (1, true));
        assert_eq!(read(r#"{"token":"t","since":"yesterday"}"#).unwrap().arrival.since, None);
        for wrong in ["", "[]", "{}", r#"{"token":1}"#, r#"{"token":"t","watch":"x"}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
