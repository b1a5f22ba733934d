//! The name that a client gives to what it asks, so that it may ask again when the answer was lost.

use super::Body;
use actix_web::HttpRequest;

/// The longest key, in bytes.
const LONGEST: usize = 255;

/// The `Idempotency-Key` of a request, if it has one; a bad one is among the faults of its body.
pub(crate) fn idempotency_key(request: &HttpRequest, body: &mut Body) -> Option<String> {
    let key = request.headers().get("Idempotency-Key")?;
    let key = key.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
    if key.is_none() {
        body.refuse("Idempotency-Key", format!("must be 1 to {LONGEST} characters of ASCII"));
    }
    key.map(str::to_owned)
}
