//! The name that a client gives to what it asks, so that it may ask again when the answer was lost.

use super::Body;
use actix_web::HttpRequest;

/// The longest key, in bytes.
const LONGEST: usize = 255;

/// The `Idempotency-Key` of a request, if it has one, so long or longer; a bad one is among the faults of its body.
pub(crate) fn idempotency_key(request: &HttpRequest, shortest: usize, body: &mut Body) -> Option<String> {
    let key = request.headers().get("Idempotency-Key")?.to_str().ok();
    let is_good = |key: &&str| {
        (shortest..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = key.filter(is_good);
    if key.is_none() {
        body.refuse(
            "Idempotency-Key",
            format!("must be {shortest} to {LONGEST} characters of ASCII, no blanks"),
        );
    }
    key.map(str::to_owned)
}
