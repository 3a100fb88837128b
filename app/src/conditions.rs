//! What a bar stands for, as a condition, and the address of the builder that begins with it. Every chart, table and page that leads to the
//! builder writes its condition here. Knows the shape of rules, and no numbers.

use crate::context::encode;
use chrono::NaiveDate;
use serde_json::{Value, json};
use types::query::GroupRef;
use types::rules::{ValueKind, customer_field};
use types::segments::Run;

/// The builder with these conditions to begin with, all of them; nothing when there is none to begin with.
pub fn address(conditions: &[Option<Value>]) -> String {
    let conditions: Vec<&Value> = conditions.iter().flatten().collect();
    beginning_with(&json!({ "all": conditions }))
}

/// The builder with a rule as it is.
pub fn beginning_with(rule: &Value) -> String {
    format!("/segments/new?rule={}", encode(&rule.to_string()))
}

/// A group as a condition; everybody needs none.
pub fn group(group: &GroupRef) -> Option<Value> {
    match group {
        GroupRef::All => None,
        GroupRef::Segment(id) => Some(segment(*id)),
        GroupRef::Run { run, key } => Some(of_run(*run, key)),
        GroupRef::Tag { name, value: None } => Some(json!({ "tag": name })),
        GroupRef::Tag {
            name,
            value: Some(value),
        } => Some(tag(name, value)),
    }
}

pub fn segment(id: i64) -> Value {
    json!({ "segment": id })
}

/// A group of a run: a cell of RFM, a stage, a cluster.
pub fn of_run(run: i64, key: &str) -> Value {
    json!({ "run": { "id": run, "segment": key } })
}

/// Who is in a group of a run, or, without a key, in none of its groups.
pub fn side_of_run(run: &Run, key: Option<&str>) -> Value {
    match key {
        Some(key) => of_run(run.id, key),
        None => {
            let all: Vec<Value> = run
                .segments
                .iter()
                .map(|segment| of_run(run.id, &segment.key))
                .collect();
            json!({ "not": { "any": all } })
        }
    }
}

pub fn tag(name: &str, value: &str) -> Value {
    json!({ "tag": name, "value": value })
}

/// A value of a portrait; the merged rest is no condition.
pub fn value(dimension: &str, value: &str) -> Option<Value> {
    let own = dimension.starts_with("attributes.");
    if value == "other_small" || !(own || customer_field(dimension).is_some()) {
        return None;
    }
    let is_yes_no = customer_field(dimension) == Some(ValueKind::YesNo) || own;
    let value = match value {
        "true" | "false" if is_yes_no => Value::Bool(value == "true"),
        text => Value::from(text),
    };
    Some(json!({ "field": dimension, "op": "eq", "value": value }))
}

/// Who ordered on these days; `to` is the day after the last.
pub fn ordered(from: NaiveDate, to: NaiveDate) -> Value {
    json!({ "orders": { "count": { "ge": 1 }, "from": from.to_string(), "to": to.to_string() } })
}

/// Whom any campaign touched on these days; `to` is the day after the last.
pub fn contacted(from: NaiveDate, to: NaiveDate) -> Value {
    json!({ "touches": {
        "count": { "ge": 1 },
        "from": from.to_string(),
        "to": to.to_string(),
        "where": { "field": "kind", "op": "ne", "value": "held_out" },
    } })
}

/// Whom a campaign reached.
pub fn touched(campaign: &str) -> Value {
    touches(campaign, json!({ "field": "kind", "op": "ne", "value": "held_out" }))
}

/// Whom a campaign held out.
pub fn held_out(campaign: &str) -> Value {
    touches(campaign, json!({ "field": "kind", "op": "eq", "value": "held_out" }))
}

/// Who came so far from contact to order. A later step implies the earlier ones, as in the funnel; ordering is no touch.
pub fn step(campaign: &str, step: &str) -> Option<Value> {
    let kinds = match step {
        "touched" => return Some(touched(campaign)),
        "delivered" => json!(["delivered", "opened", "clicked"]),
        "opened" => json!(["opened", "clicked"]),
        "clicked" => json!(["clicked"]),
        _ => return None,
    };
    Some(touches(
        campaign,
        json!({ "field": "kind", "op": "in", "value": kinds }),
    ))
}

fn touches(campaign: &str, kind: Value) -> Value {
    let campaign = json!({ "field": "campaign_id", "op": "eq", "value": campaign });
    json!({ "touches": { "count": { "ge": 1 }, "where": { "all": [campaign, kind] } } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::rules::{Rule, fact_field, validate};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_condition_is_a_rule_that_the_builder_reads() {
        let all = [
            segment(3),
            of_run(7, "champions"),
            tag("loyalty", "gold"),
            value("city", "Paris").unwrap(),
            value("consent_marketing", "true").unwrap(),
            value("attributes.shoe", "42").unwrap(),
            ordered(day("2026-03-01"), day("2026-03-02")),
            contacted(day("2026-03-01"), day("2026-04-01")),
            touched("spring"),
            held_out("spring"),
            step("spring", "delivered").unwrap(),
            step("spring", "opened").unwrap(),
            step("spring", "clicked").unwrap(),
        ];
        for condition in all {
            let rule = Rule::of_json(&condition).unwrap_or_else(|faults| panic!("{condition}: {faults:?}"));
            let own = |name: &str| customer_field(name).or(Some(ValueKind::Text));
            let faults = validate(&rule, &own);
            assert!(faults.is_empty(), "{condition}: {faults:?}");
        }
        assert!(fact_field(types::rules::Facts::Touches, "campaign_id").is_some());
        assert_eq!(step("spring", "ordered"), None);
    }

    #[test]
    fn a_bar_is_a_condition() {
        let rule = |dimension, of| value(dimension, of).map(|rule| rule.to_string());
        assert_eq!(
            rule("city", "Paris").as_deref(),
            Some(r#"{"field":"city","op":"eq","value":"Paris"}"#)
        );
        assert_eq!(
            rule("consent_marketing", "true").as_deref(),
            Some(r#"{"field":"consent_marketing","op":"eq","value":true}"#)
        );
        assert_eq!(rule("city", "other_small"), None);
        assert_eq!(rule("weather", "fine"), None);
        let champions = GroupRef::Run {
            run: 7,
            key: "champions".into(),
        };
        assert_eq!(
            address(&[group(&champions), None]),
            "/segments/new?rule=%7B%22all%22:%5B%7B%22run%22:%7B%22id%22:7%2C%22segment%22:%22champions%22%7D%7D%5D%7D"
        );
    }
}
