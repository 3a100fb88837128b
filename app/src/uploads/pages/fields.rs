//! What our fields are called, what each means and what a cell of it must hold.

use crate::i18n::{Lang, named};
use crate::t;
use types::uploads::{Field, ValueType};

pub fn name(lang: Lang, field: &Field) -> String {
    named(lang, "field-", field.name)
}

/// The meaning and, where it is not plain, the form of the value.
pub fn meaning(lang: Lang, field: &Field) -> String {
    let means = named(lang, "field-does-", field.name);
    let form = match field.value {
        ValueType::Decimal => t!(lang, "value-decimal"),
        ValueType::Whole => t!(lang, "value-whole"),
        ValueType::Date => t!(lang, "value-date"),
        ValueType::Instant => t!(lang, "value-instant"),
        ValueType::Boolean => t!(lang, "value-boolean"),
        ValueType::Choice(words) => t!(lang, "value-choice", words = words.join(", ")),
        ValueType::Id | ValueType::Text => return means,
    };
    format!("{means} {form}")
}
