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
    let schemas = document["components"]["schemas"].take();
    for item in objects(&mut document["paths"]) {
        for operation in objects(item) {
            if let Some(body) = operation.get_mut("requestBody") {
                let schema = &mut body["content"]["application/json"]["schema"];
                refer(schema, &schemas, &mut bodies);
                let asked_for = has_required(schema, &schemas);
                if !schema.is_null() {
                    if !asked_for && schema["oneOf"].is_null() {
                        *schema = json!({ "oneOf": [{ "type": "null" }, schema.take()] });
                    }
                    body["required"] = asked_for.into();
                }
                if let Some(content) = body["content"].as_object_mut() {
                    content.retain(|_, content| !content["schema"].is_null());
                }
            }
        }
    }
    document["components"]["schemas"] = schemas;
    for schema in objects(&mut document["components"]["schemas"]) {
        // What is told apart by its fields alone may fit more than one of them.
        if let Some(variants) = schema.as_object_mut().and_then(|fields| fields.remove("oneOf")) {
            schema["anyOf"] = variants;
        }
    }
    for name in bodies {
        bound_texts(&mut document["components"]["schemas"][name]);
    }
}

fn objects(parent: &mut Value) -> impl Iterator<Item = &mut Value> {
    parent.as_object_mut().into_iter().flat_map(Map::values_mut)
}

/// Collects the names of all schemas that a schema refers to.
fn refer(schema: &Value, schemas: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
            if let Some(name) = name
                && names.insert(name.to_owned())
            {
                refer(&schemas[name], schemas, names);
            }
            fields.values().for_each(|field| refer(field, schemas, names));
        }
        Value::Array(items) => items.iter().for_each(|item| refer(item, schemas, names)),
        _ => {}
    }
}

fn has_required(schema: &Value, schemas: &Value) -> bool {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return has_required(&schemas[name], schemas);
    }
    schema["required"].as_array().is_some_and(|required| !required.is_empty())
}

fn bound_texts(schema: &mut Value) {
    let is_text = schema["type"] == "string" || schema["type"] == json!(["string", "null"]);
    if let Value::Object(fields) = schema {
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
