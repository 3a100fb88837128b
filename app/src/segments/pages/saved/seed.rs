//! What the builder begins with: fields under their headings, segments, groups of runs, and every word, in the reader's language.

use crate::context::PageContext;
use crate::format::Format;
use crate::i18n::{Lang, named};
use crate::islands::rule_builder::{BuilderSeed, FieldChoice, RunChoice};
use crate::portraits::pages::value_name;
use crate::segments::pages::group_name;
use crate::segments::words::field_name;
use crate::t;
use crate::visit::Visit;
use engine::Error;
use serde_json::Value;
use types::rules::{Facts, ValueKind, customer_fields, fact_fields};
use types::segments::{Run, RunState};

/// Segments and runs that are offered.
const OFFERED: i64 = 500;
const RUNS: i64 = 12;

/// `own` is the segment that is edited, which cannot name itself.
pub async fn seed(visit: &Visit, rule: &str, own: Option<i64>) -> Result<BuilderSeed, Error> {
    let (engine, actor, context) = (visit.engine(), &visit.actor, &visit.context);
    let attributes = engine::segments::own_fields(engine, actor).await?;
    let segments = engine::segments::list_segments(engine, actor, None, OFFERED)
        .await?
        .items;
    let runs = engine::segments::list_runs(engine, actor, None, RUNS).await?.items;
    let tags = engine::tags::list_tags(engine, actor, None, OFFERED).await?.items;
    Ok(BuilderSeed {
        rule: rule.to_owned(),
        words: words(context.lang),
        fields: fields(context.lang, &attributes),
        segments: segments
            .into_iter()
            .filter(|segment| Some(segment.id) != own)
            .map(|segment| (segment.id.to_string(), segment.name))
            .collect(),
        runs: runs
            .iter()
            .filter(|run| run.state == RunState::Done)
            .map(|run| run_choice(context, run))
            .collect(),
        tags: tags
            .into_iter()
            .filter(|tag| !tag.expired)
            .map(|tag| {
                let values = tag.values.unwrap_or_default();
                (tag.name, values.into_iter().map(|value| value.value).collect())
            })
            .collect(),
        texts: texts(&context.format, rule),
    })
}

fn run_choice(context: &PageContext, run: &Run) -> RunChoice {
    let (lang, format) = (context.lang, &context.format);
    let day = run.as_of.map(|day| format.day(day)).unwrap_or_default();
    RunChoice {
        id: run.id.to_string(),
        label: format!("{} {} · {day}", named(lang, "method-", run.method.as_str()), run.id),
        groups: run
            .segments
            .iter()
            .map(|segment| (segment.key.clone(), group_name(lang, segment)))
            .collect(),
    }
}

fn kind(kind: ValueKind) -> String {
    match kind {
        ValueKind::Text => "text",
        ValueKind::Number => "number",
        ValueKind::Date => "date",
        ValueKind::YesNo => "yes_no",
    }
    .to_owned()
}

/// The heading that a field of customers stands under.
fn part_of(name: &str) -> &'static str {
    match name {
        "external_id" | "gender" | "age" | "age_band" | "birth_date" | "city" | "province" | "country"
        | "occupation" | "education" | "income" | "signed_up_at" => "who",
        "preferred_channel"
        | "answering_channel"
        | "consent_marketing"
        | "consent_profiling"
        | "interactions"
        | "last_interaction_at"
        | "touches"
        | "opens"
        | "clicks"
        | "last_touch_at"
        | "reviews"
        | "rating" => "reach",
        _ => "buying",
    }
}

fn fields(lang: Lang, attributes: &[(String, ValueKind)]) -> Vec<FieldChoice> {
    let choice = |of: &str, name: &str, held: ValueKind, part: String| FieldChoice {
        of: of.to_owned(),
        name: name.to_owned(),
        label: field_name(lang, name),
        kind: kind(held),
        part,
    };
    let mut all = Vec::new();
    for part in ["who", "buying", "reach"] {
        let heading = named(lang, "portrait-part-", part);
        let of_part = customer_fields().iter().filter(|(name, _)| part_of(name) == part);
        all.extend(of_part.map(|(name, held)| choice("customers", name, *held, heading.clone())));
    }
    let own = t!(lang, "builder-own");
    all.extend(
        attributes
            .iter()
            .map(|(name, held)| choice("customers", name, *held, own.clone())),
    );
    for facts in Facts::ALL {
        let heading = t!(lang, "builder-fields");
        all.extend(
            fact_fields(facts)
                .iter()
                .map(|(name, held)| choice(facts.as_str(), name, *held, heading.clone())),
        );
    }
    all
}

/// What the values in a rule are called, where they are not called what they are.
fn texts(format: &Format, rule: &str) -> Vec<(String, String)> {
    fn collect(format: &Format, value: &Value, found: &mut Vec<(String, String)>) {
        if let (Some(field), Some(values)) = (value.get("field").and_then(Value::as_str), value.get("value")) {
            let all = values.as_array().cloned().unwrap_or_else(|| vec![values.clone()]);
            for text in all.iter().filter_map(Value::as_str) {
                let said = value_name(format, field, text);
                if said != text {
                    found.push((text.to_owned(), said));
                }
            }
        }
        match value {
            Value::Array(all) => all.iter().for_each(|inner| collect(format, inner, found)),
            Value::Object(map) => map.values().for_each(|inner| collect(format, inner, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(rule) {
        collect(format, &value, &mut found);
    }
    found
}

/// Every word of the builder; its islands know keys only.
fn words(lang: Lang) -> Vec<(String, String)> {
    const KEYS: &[&str] = &[
        "rule",
        "undo",
        "redo",
        "unreadable",
        "all",
        "any",
        "joined",
        "of-these",
        "none",
        "add",
        "add-label",
        "add-group",
        "not",
        "actions",
        "up",
        "down",
        "in",
        "out",
        "copy",
        "remove",
        "unfinished",
        "some-unfinished",
        "does",
        "belongs",
        "segment",
        "run",
        "sequence",
        "field",
        "comparison",
        "value",
        "values",
        "choose-value",
        "choose-field",
        "in-segment",
        "in-run",
        "has-tag",
        "tag",
        "any-value",
        "yes",
        "no",
        "and",
        "on-day",
        "days-ago",
        "date-way",
        "facts",
        "measure",
        "window",
        "window-ever",
        "window-days",
        "window-dates",
        "days",
        "from",
        "before",
        "where",
        "within",
        "days-after-another",
        "add-step",
        "answer",
        "in-words",
        "findings",
        "query",
        "broken",
        "facts-orders",
        "facts-order_lines",
        "facts-interactions",
        "facts-touches",
        "facts-reviews",
        "measure-count",
        "measure-orders",
        "measure-sum",
        "measure-avg",
        "measure-min",
        "measure-max",
        "measure-first",
        "measure-last",
        "op-eq",
        "op-ne",
        "op-lt",
        "op-le",
        "op-gt",
        "op-ge",
        "op-between",
        "op-contains",
        "op-is_set",
        "op-is_not_set",
        "date-eq",
        "date-ne",
        "date-lt",
        "date-le",
        "date-gt",
        "date-ge",
        "date-between",
        "date-is_set",
        "date-is_not_set",
    ];
    KEYS.iter()
        .map(|key| ((*key).to_owned(), named(lang, "builder-", key)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::find;
    use chrono_tz::Tz;

    #[test]
    fn every_word_has_a_text() {
        for lang in Lang::ALL {
            for (key, _) in words(lang) {
                let known = find(lang, &format!("builder-{}", key.replace('_', "-")));
                assert!(known.is_some(), "{key} in {}", lang.code());
            }
            for field in fields(lang, &[("attributes.shoe".into(), ValueKind::Number)]) {
                assert!(!field.label.is_empty() && !field.part.is_empty(), "{field:?}");
                assert!(field.of != "customers" || !field.label.contains('_'), "{field:?}");
            }
        }
    }

    #[test]
    fn values_of_a_rule_get_their_names() {
        let format = Format::new(Lang::En, "EUR", Tz::UTC);
        let rule = r#"{"all": [{"field": "gender", "op": "in", "value": ["female", "x"]}, {"not": {"field": "city", "op": "eq", "value": "Paris"}}]}"#;
        assert_eq!(texts(&format, rule), [("female".to_owned(), "Female".to_owned())]);
        assert!(texts(&format, "no rule").is_empty());
    }
}
