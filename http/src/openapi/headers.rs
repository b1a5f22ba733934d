//! What all headers have in common: one that is not given is not there, and none is null.

use super::bodies::inside;
use serde_json::{Value, json};

/// Says so in the document.
pub(super) fn complete(document: &mut Value) {
    let operations = inside(document.get_mut("paths")).flat_map(|item| inside(Some(item)));
    let parameters =
        operations.filter_map(|operation| operation.get_mut("parameters")?.as_array_mut()).flatten();
    for parameter in parameters.filter(|parameter| parameter.get("in") == Some(&json!("header"))) {
        if let Some(types) = parameter.pointer_mut("/schema/type").and_then(Value::as_array_mut) {
            types.retain(|of| of != "null");
        }
    }
}
