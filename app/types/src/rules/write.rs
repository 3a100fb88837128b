//! Writes a rule as the JSON that programs exchange and PostgreSQL keeps. One rule is always written the same way, so that its text can
//! stand for it.

use super::{Behaviour, Literal, Measure, Operand, Rule, Sequence, Step, Test, Window};
use serde_json::{Map, Value, json};

pub(super) fn rule(rule: &Rule) -> Value {
    match rule {
        Rule::All(rules) => json!({ "all": rules.iter().map(self::rule).collect::<Vec<_>>() }),
        Rule::Any(rules) => json!({ "any": rules.iter().map(self::rule).collect::<Vec<_>>() }),
        Rule::Not(inner) => json!({ "not": self::rule(inner) }),
        Rule::Field(condition) => {
            let mut map = Map::new();
            map.insert("field".into(), condition.field.clone().into());
            map.insert("op".into(), condition.test.op.as_str().into());
            if condition.test.operand != Operand::Nothing {
                map.insert("value".into(), operand(&condition.test.operand));
            }
            Value::Object(map)
        }
        Rule::Behaviour(of) => json!({ of.facts.as_str(): behaviour(of) }),
        Rule::Sequence(of) => sequence(of),
        Rule::Tag { name, value: None } => json!({ "tag": name }),
        Rule::Tag { name, value } => json!({ "tag": name, "value": value }),
        Rule::Segment(id) => json!({ "segment": id }),
        Rule::Run { id, segment } => json!({ "run": { "id": id, "segment": segment } }),
    }
}

fn behaviour(of: &Behaviour) -> Value {
    let mut map = Map::new();
    let mut measured = Map::new();
    let name = match &of.measure {
        Measure::Count => "count",
        Measure::Orders => "orders",
        Measure::Of(aggregate, field) => {
            measured.insert("field".into(), field.clone().into());
            aggregate.as_str()
        }
    };
    for Test { op, operand: right } in &of.tests {
        let right = match right {
            Operand::Nothing => Value::Bool(true),
            right => operand(right),
        };
        measured.insert(op.as_str().into(), right);
    }
    map.insert(name.into(), Value::Object(measured));
    window_and_filter(&mut map, of.window, of.filter.as_deref());
    Value::Object(map)
}

fn window_and_filter(map: &mut Map<String, Value>, window: Window, filter: Option<&Rule>) {
    match window {
        Window::Ever => {}
        Window::WithinDays(days) => {
            map.insert("within_days".into(), days.into());
        }
        Window::Dates { from, to } => {
            for (key, date) in [("from", from), ("to", to)] {
                if let Some(date) = date {
                    map.insert(key.into(), date.to_string().into());
                }
            }
        }
    }
    if let Some(filter) = filter {
        map.insert("where".into(), rule(filter));
    }
}

fn sequence(of: &Sequence) -> Value {
    let steps: Vec<Value> = of
        .steps
        .iter()
        .map(|Step { facts, window, filter }| {
            let mut map = Map::new();
            window_and_filter(&mut map, *window, filter.as_deref());
            json!({ facts.as_str(): map })
        })
        .collect();
    let mut map = Map::new();
    map.insert("sequence".into(), steps.into());
    if let Some(days) = of.within_days {
        map.insert("within_days".into(), days.into());
    }
    Value::Object(map)
}

fn operand(operand: &Operand) -> Value {
    match operand {
        Operand::Nothing => Value::Null,
        Operand::One(one) => literal(one),
        Operand::Two(low, high) => Value::Array(vec![literal(low), literal(high)]),
        Operand::Many(all) => Value::Array(all.iter().map(literal).collect()),
    }
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Text(text) => text.clone().into(),
        Literal::Number(number) => Value::Number(number.clone()),
        Literal::YesNo(value) => (*value).into(),
        Literal::DaysAgo(days) => json!({ "days_ago": days }),
    }
}
