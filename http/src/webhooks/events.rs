//! Which types of events a webhook may want.

use crate::envelope::Body;
use tsunagu_actors::EVENT_TYPES;

/// How many may be named.
const NAMED_AT_MOST: usize = 20;

/// The types that a body names; `None` when it names none.
pub(super) fn read(body: &mut Body) -> Option<Vec<String>> {
    let form = format!("one of {}, call.*, call.handoff.*, *", EVENT_TYPES.join(", "));
    let named =
        body.optional_list("events", NAMED_AT_MOST, &form, |name| is_known(name).then(|| name.to_owned()));
    named.filter(|named| !named.is_empty())
}

/// A type, or the beginning of some types up to a full stop with `*` behind it.
fn is_known(name: &str) -> bool {
    match name.strip_suffix('*') {
        Some("") => true,
        Some(beginning) => {
            beginning.ends_with('.') && EVENT_TYPES.iter().any(|event| event.starts_with(beginning))
        }
        None => EVENT_TYPES.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_their_beginnings_are_known() {
        for name in ["*", "call.*", "call.handoff.*", "call.ended", "callback.created"] {
            assert!(is_known(name), "{name}");
        }
        for name in ["", "call", "call*", "call.end*", "calls.*", "**", "call.ended.*", "CALL.ENDED"] {
            assert!(!is_known(name), "{name}");
        }
    }
}
