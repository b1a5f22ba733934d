//! What all queries have in common: what is left blank counts as not given.

use super::bodies::inside;
use serde_json::{Value, json};

/// Says so in the document.
pub(super) fn complete(document: &mut Value) {
    let operations = inside(document.get_mut("paths")).flat_map(|item| inside(Some(item)));
    let parameters =
        operations.filter_map(|operation| operation.get_mut("parameters")?.as_array_mut()).flatten();
    for parameter in parameters {
        let asks = parameter.get("in").and_then(Value::as_str) == Some("query");
        if let Some(schema) = parameter.get_mut("schema").filter(|_| asks) {
            *schema = json!({ "anyOf": [schema.take(), { "type": "string", "pattern": r"^[ \t]*$" }] });
        }
    }
}
