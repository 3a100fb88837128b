//! What dimensions and their values are called. A company's own words (cities, categories, extra attributes) stay as they are.

use crate::format::Format;
use crate::i18n::{Lang, find, named};
use crate::t;
use chrono::NaiveDate;

pub fn dimension_name(lang: Lang, name: &str) -> String {
    match name.strip_prefix("attributes.") {
        Some(own) => own.to_owned(),
        None => named(lang, "dimension-", name),
    }
}

/// Known values of known dimensions have words; anything else is data.
pub fn value_name(format: &Format, dimension: &str, value: &str) -> String {
    let lang = format.lang;
    match (dimension, value) {
        (_, "other_small") => return t!(lang, "value-other-small"),
        (_, "true") => return t!(lang, "value-yes"),
        (_, "false") => return t!(lang, "value-no"),
        ("cohort", month) => return month_name(format, month).unwrap_or_else(|| month.to_owned()),
        ("preferred_channel" | "answering_channel" | "order_channel", channel) => {
            return named(lang, "channel-", channel);
        }
        _ => {}
    }
    if !value.is_ascii() {
        return value.to_owned();
    }
    let key = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect()
    };
    find(lang, &format!("value-{}-{}", key(dimension), key(value))).unwrap_or_else(|| value.to_owned())
}

/// `2026-03` is March 2026.
fn month_name(format: &Format, month: &str) -> Option<String> {
    let first: NaiveDate = format!("{month}-01").parse().ok()?;
    Some(format.month(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;

    #[test]
    fn known_words_are_translated_and_data_is_not() {
        let zh = Format::new(Lang::ZhCn, "CNY", Tz::UTC);
        assert_eq!(value_name(&zh, "gender", "female"), "女");
        assert_eq!(value_name(&zh, "age_band", "55_and_over"), "55 岁及以上");
        assert_eq!(value_name(&zh, "attributes.vip", "true"), "是");
        assert_eq!(value_name(&zh, "cohort", "2026-03"), "2026年3月");
        assert_eq!(value_name(&zh, "city", "female"), "female");
        assert_eq!(value_name(&zh, "city", "上海"), "上海");
        assert_eq!(dimension_name(Lang::En, "attributes.shoe_size"), "shoe_size");
    }
}
