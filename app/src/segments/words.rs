//! A rule in the reader's language, line by line. What is to be said comes from `types::rules::outline`; the words are in the locales.

use crate::format::Format;
use crate::i18n::{Lang, filled, find};
use crate::portraits::pages::value_name;
use fluent_templates::fluent_bundle::FluentValue;
use types::rules::{Arg, Literal, Rule, Saying, outline};

/// One line of a rule in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLine {
    /// JSON pointer of the rule that it says.
    pub path: String,
    /// Groups around it.
    pub depth: usize,
    pub text: String,
}

pub fn rule_lines(format: &Format, rule: &Rule) -> Vec<RuleLine> {
    outline(rule)
        .into_iter()
        .map(|line| RuleLine {
            text: said(format, &line.saying, ""),
            path: line.path,
            depth: line.depth,
        })
        .collect()
}

/// What a field of customers or facts is called. A company's own attributes keep their names.
pub fn field_name(lang: Lang, field: &str) -> String {
    if let Some(own) = field.strip_prefix("attributes.") {
        return own.to_owned();
    }
    let tail = field.replace('_', "-");
    let known = [
        find(lang, &format!("rule-field-{tail}")),
        find(lang, &format!("dimension-{tail}")),
        find(lang, &format!("measure-name-{tail}")),
        find(lang, &format!("field-{tail}")),
    ];
    known.into_iter().flatten().next().unwrap_or_else(|| field.to_owned())
}

/// `field` is the one whose values are said, so that known values of known fields have words.
fn said(format: &Format, saying: &Saying, field: &str) -> String {
    let named = saying.args.iter().find_map(|(name, arg)| match arg {
        Arg::Field(name_of) if *name == "what" => Some(name_of.as_str()),
        Arg::Part(inner) if *name == "what" => field_of(inner),
        _ => None,
    });
    let field = named.unwrap_or(field);
    let joined = match saying.key.as_str() {
        "rule-where-any" => "or",
        "rule-sequence" | "rule-sequence-within" => "then",
        _ => "and",
    };
    let args = saying
        .args
        .iter()
        .map(|(name, arg)| (*name, filling(format, arg, field, joined)))
        .collect();
    let tail = saying.key.trim_start_matches("rule-");
    filled(format.lang, &format!("rule-{tail}"), args).unwrap_or_else(|| saying.key.clone())
}

/// The field that a measure is taken of.
fn field_of(saying: &Saying) -> Option<&str> {
    saying.args.iter().find_map(|(_, arg)| match arg {
        Arg::Field(name) => Some(name.as_str()),
        _ => None,
    })
}

fn filling(format: &Format, arg: &Arg, field: &str, joined: &str) -> FluentValue<'static> {
    let text = match arg {
        Arg::Field(name) => field_name(format.lang, name),
        Arg::Text(text) => value_name(format, field, text),
        // A whole number also chooses between one and many.
        Arg::Number(number) => match number.as_i64() {
            Some(whole) => return whole.into(),
            None => number.to_string(),
        },
        Arg::Date(date) => format.day(*date),
        Arg::Values(all) => joined_up(
            format,
            "list",
            all.iter().map(|literal| literal_text(format, literal, field)),
        ),
        Arg::Id(id) => id.to_string(),
        Arg::Part(part) => said(format, part, field),
        Arg::Parts(parts) => joined_up(format, joined, parts.iter().map(|part| said(format, part, field))),
    };
    text.into()
}

fn literal_text(format: &Format, literal: &Literal, field: &str) -> String {
    match literal {
        Literal::Text(text) => match text.parse() {
            Ok(date) => format.day(date),
            Err(_) => value_name(format, field, text),
        },
        Literal::Number(number) => number.to_string(),
        Literal::YesNo(value) => value_name(format, field, if *value { "true" } else { "false" }),
        Literal::DaysAgo(days) => {
            let args = vec![("days", i64::from(*days).into())];
            filled(format.lang, "rule-days-ago", args).unwrap_or_default()
        }
    }
}

fn joined_up(format: &Format, word: &str, parts: impl Iterator<Item = String>) -> String {
    let key = format!("rule-join-{word}");
    parts
        .reduce(|left, right| {
            let args = vec![("left", left.into()), ("right", right.into())];
            filled(format.lang, &key, args).unwrap_or_default()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use serde_json::json;

    fn lines(lang: Lang, rule: serde_json::Value) -> Vec<String> {
        let format = Format::new(lang, "EUR", Tz::UTC);
        let rule = Rule::of_json(&rule).expect("a rule");
        rule_lines(&format, &rule).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_rule_is_said_in_both_languages() {
        let rule = json!({"all": [
            {"field": "age", "op": "between", "value": [25, 35]},
            {"field": "gender", "op": "eq", "value": "female"},
            {"not": {"order_lines": {"count": {"ge": 1}, "within_days": 90,
                "where": {"any": [{"field": "category", "op": "eq", "value": "Pets"}, {"field": "channel", "op": "in", "value": ["app", "web"]}]}}}},
        ]});
        assert_eq!(
            lines(Lang::En, rule.clone()),
            [
                "all of these:",
                "Age, years is from 25 to 35",
                "Gender is Female",
                "not:",
                "has order lines, in the last 90 days, where (Category is Pets or channel is one of app, web)",
            ]
        );
        assert_eq!(
            lines(Lang::ZhCn, rule)[4],
            "有订单明细，最近 90 天内，其中（品类为Pets或渠道为以下之一：app、web）"
        );
    }

    #[test]
    fn every_kind_of_condition_has_words() {
        let rule = json!({"any": [
            {"orders": {"sum": {"field": "total", "ge": 100, "lt": 200}, "from": "2026-01-01", "to": "2026-04-01"}},
            {"reviews": {"last": {"field": "rating", "is_not_set": true}}},
            {"sequence": [{"interactions": {}}, {"orders": {}}], "within_days": 14},
            {"field": "signed_up_at", "op": "ge", "value": {"days_ago": 30}},
            {"order_lines": {"orders": {"ge": 3}, "to": "2026-01-01"}},
            {"run": {"id": 7, "segment": "champions"}}, {"segment": 3}, {"tag": "loyal"}, {"tag": "loyalty", "value": "gold"}, {"all": []}, {"any": []},
        ]});
        for lang in Lang::ALL {
            let all = lines(lang, rule.clone());
            assert_eq!(all.len(), 12);
            for line in all {
                assert!(
                    !line.contains("rule-") && !line.contains('$') && !line.is_empty(),
                    "{line}"
                );
            }
        }
    }
}
