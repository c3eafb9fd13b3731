//! Fields of a payload, by path.

use qdrant_client::qdrant::Value;
use qdrant_client::qdrant::value::Kind;
use std::collections::HashMap;

pub(super) type Payload = HashMap<String, Value>;

/// The values at a path: `a.b` looks into objects, `a[].b` into each object of a list.
pub(super) fn values<'a>(payload: &'a Payload, path: &str) -> Vec<&'a Value> {
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let (name, each) = match first.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (first, false),
    };
    let Some(value) = payload.get(name) else { return Vec::new() };
    let here = match (&value.kind, each) {
        (Some(Kind::ListValue(list)), true) => list.values.iter().collect(),
        (_, true) => Vec::new(),
        (_, false) => vec![value],
    };
    let Some(rest) = rest else { return here };
    here.into_iter().filter_map(object).flat_map(|object| values(object, rest)).collect()
}

/// The fields of a value that is an object.
pub(super) fn object(value: &Value) -> Option<&Payload> {
    match &value.kind {
        Some(Kind::StructValue(object)) => Some(&object.fields),
        _ => None,
    }
}

/// A list's elements, and any other value as the only one: a condition holds where it holds for one of them.
pub(super) fn elements(value: &Value) -> &[Value] {
    match &value.kind {
        Some(Kind::ListValue(list)) => &list.values,
        _ => std::slice::from_ref(value),
    }
}

pub(super) fn is_null(value: &Value) -> bool {
    matches!(value.kind, None | Some(Kind::NullValue(_)))
}

/// Neither null nor an empty list.
pub(super) fn says_something(value: &Value) -> bool {
    !is_null(value) && !elements(value).is_empty()
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value.kind {
        Some(Kind::DoubleValue(number)) => Some(number),
        // As Qdrant compares: what a double does not hold exactly is the nearest one.
        Some(Kind::IntegerValue(number)) => Some(number as f64),
        _ => None,
    }
}

pub(super) fn text(value: &Value) -> Option<&str> {
    match &value.kind {
        Some(Kind::StringValue(text)) => Some(text),
        _ => None,
    }
}
