//! What all JSON bodies have in common: none is asked for where every field may be left out, `null` is as good as none there,
//! and texts hold no control characters other than the ends of lines and tabs.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What a text may hold.
const TEXT: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";
/// What a text holds that may not be blank; handlers write `\S` for it.
const FILLED: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";
const BLANK_REFUSED: &str = r"\S";

/// Says so in the document.
pub(super) fn complete(document: &mut Value) {
    let mut bodies = BTreeSet::new();
    let Some(mut schemas) = document.pointer_mut("/components/schemas").map(Value::take) else { return };
    let operations = inside(document.get_mut("paths")).flat_map(|item| inside(Some(item)));
    for body in operations.filter_map(|operation| operation.get_mut("requestBody")) {
        let Some(schema) = body.pointer_mut("/content/application~1json/schema") else { continue };
        refer(schema, &schemas, &mut bodies);
        let asked_for = has_required(schema, &schemas);
        if !asked_for && schema.get("oneOf").is_none() {
            *schema = json!({ "oneOf": [{ "type": "null" }, schema.take()] });
        }
        if let Some(body) = body.as_object_mut() {
            body.insert("required".to_owned(), asked_for.into());
        }
    }
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        if bodies.contains(name) {
            bound_texts(schema);
        }
        // What is told apart by its fields alone may fit more than one of them.
        if let Some(fields) = schema.as_object_mut()
            && let Some(variants) = fields.remove("oneOf")
        {
            fields.insert("anyOf".to_owned(), variants);
        }
    }
    if let Some(place) = document.pointer_mut("/components/schemas") {
        *place = schemas;
    }
}

/// What stands under the keys of an object.
pub(super) fn inside(parent: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    parent.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
}

/// Collects the names of all schemas that a schema refers to.
fn refer(schema: &Value, schemas: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
            if let Some(name) = name
                && names.insert(name.to_owned())
            {
                refer(schemas.get(name).unwrap_or(&Value::Null), schemas, names);
            }
            fields.values().for_each(|field| refer(field, schemas, names));
        }
        Value::Array(items) => items.iter().for_each(|item| refer(item, schemas, names)),
        _ => {}
    }
}

fn has_required(schema: &Value, schemas: &Value) -> bool {
    let referred = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let schema = referred.and_then(|name| schemas.get(name)).unwrap_or(schema);
    let required = schema.get("required").and_then(Value::as_array);
    let mut parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    required.is_some_and(|required| !required.is_empty()) || parts.any(|part| has_required(part, schemas))
}

fn bound_texts(schema: &mut Value) {
    if let Value::Object(fields) = schema {
        let kind = fields.get("type");
        let is_text = kind.is_some_and(|kind| *kind == "string" || *kind == json!(["string", "null"]));
        if is_text && !fields.contains_key("enum") && !fields.contains_key("format") {
            match fields.get("pattern").and_then(Value::as_str) {
                None => drop(fields.insert("pattern".to_owned(), TEXT.into())),
                Some(BLANK_REFUSED) => drop(fields.insert("pattern".to_owned(), FILLED.into())),
                Some(_) => {}
            }
        }
        fields.values_mut().for_each(bound_texts);
    } else if let Value::Array(items) = schema {
        items.iter_mut().for_each(bound_texts);
    }
}
