//! What dimensions and their values are called. A company's own words (cities, categories, extra attributes) stay as they are.

use crate::i18n::{Lang, find, named};
use crate::t;

pub fn dimension_name(lang: Lang, name: &str) -> String {
    match name.strip_prefix("attributes.") {
        Some(own) => own.to_owned(),
        None => named(lang, "dimension-", name),
    }
}

/// Known values of known dimensions have words; anything else is data.
pub fn value_name(lang: Lang, dimension: &str, value: &str) -> String {
    if value == "other_small" {
        return t!(lang, "value-other-small");
    }
    let tail: String =
        value.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    if !value.is_ascii() {
        return value.to_owned();
    }
    let dimension = dimension.replace('_', "-");
    find(lang, &format!("value-{dimension}-{tail}")).unwrap_or_else(|| value.to_owned())
}
