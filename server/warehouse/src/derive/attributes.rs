//! Extra attributes that customers were uploaded with: which keys there are, and whether a key holds numbers, yes and no, or text.

use crate::error::Result;
use crate::read::text_at;
use crate::snapshot::Snapshot;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What all known values of a key have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    Bool,
    Number,
    Text,
}

/// The attributes of one customer. What is not an object has none.
pub(super) fn parse(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

/// A value as a number, whether it was uploaded as one or as its text.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

pub(super) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        _ => None,
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        other => Some(other.to_string()),
    }
}

fn is_known(value: &Value) -> bool {
    text(value).is_some()
}

/// All keys with a known value, in order, and what they hold.
pub(super) async fn kinds(snapshot: &Snapshot) -> Result<Vec<(String, AttributeKind)>> {
    // Whether every value seen so far is a number, and whether every one is yes or no.
    let mut keys: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    snapshot
        .each(
            "select attributes from customers where attributes is not null",
            Vec::new(),
            |rows| {
                let texts = rows.texts("attributes")?;
                for row in 0..rows.len() {
                    for (key, value) in parse(text_at(&texts, row).unwrap_or("{}"))
                        .iter()
                        .filter(|(_, value)| is_known(value))
                    {
                        let of = (number(value).is_some(), boolean(value).is_some());
                        match keys.get_mut(key) {
                            Some(seen) => *seen = (seen.0 && of.0, seen.1 && of.1),
                            None => {
                                keys.insert(key.clone(), of);
                            }
                        }
                    }
                }
                Ok(())
            },
        )
        .await?;
    let kind = |(numbers, booleans): (bool, bool)| match (numbers, booleans) {
        (_, true) => AttributeKind::Bool,
        (true, _) => AttributeKind::Number,
        _ => AttributeKind::Text,
    };
    Ok(keys.into_iter().map(|(key, seen)| (key, kind(seen))).collect())
}
