//! Does a rule make sense for the fields that exist? A comparison that can never be meant (a text between two numbers, a city greater than
//! three) is refused with its place instead of being false for everybody.

use super::{
    Aggregate, Behaviour, Facts, FieldCondition, Literal, Measure, Op, Rule, RuleProblem, Step, Test, ValueKind,
    fact_field, fact_fields,
};

/// All problems of a rule, in reading order. `attribute` says what the extra attribute `attributes.KEY` holds, given with its prefix.
pub fn validate(rule: &Rule, attribute: &dyn Fn(&str) -> Option<ValueKind>) -> Vec<RuleProblem> {
    let mut found = Vec::new();
    let of_customer = |name: &str| super::customer_field(name).or_else(|| attribute(name));
    rule.walk(&mut |at, rule| match rule {
        Rule::Field(condition) => field(condition, at, &of_customer, "of customers", &mut found),
        Rule::Behaviour(of) => behaviour(of, at, &mut found),
        Rule::Sequence(of) => {
            for (number, Step { facts, filter, .. }) in of.steps.iter().enumerate() {
                let place = format!("{at}/sequence/{number}/{}", facts.as_str());
                filtered(*facts, filter.as_deref(), &place, &mut found);
            }
        }
        _ => {}
    });
    found
}

fn problem(found: &mut Vec<RuleProblem>, pointer: String, reason: String) {
    found.push(RuleProblem { pointer, reason });
}

fn field(
    condition: &FieldCondition,
    at: &str,
    kind_of: &dyn Fn(&str) -> Option<ValueKind>,
    of: &str,
    found: &mut Vec<RuleProblem>,
) {
    let FieldCondition { field, test } = condition;
    match kind_of(field) {
        None => problem(
            found,
            format!("{at}/field"),
            format!("\u{201c}{field}\u{201d} is not a field {of}"),
        ),
        Some(kind) => compared(test, kind, field, &format!("{at}/op"), &format!("{at}/value"), found),
    }
}

fn behaviour(of: &Behaviour, at: &str, found: &mut Vec<RuleProblem>) {
    let at = format!("{at}/{}", of.facts.as_str());
    let (name, field, kind) = match &of.measure {
        Measure::Count => ("count", "the count", ValueKind::Number),
        Measure::Orders => ("orders", "the number of orders", ValueKind::Number),
        Measure::Of(aggregate, field) => {
            let name = aggregate.as_str();
            let Some(kind) = fact_field(of.facts, field) else {
                return problem(found, format!("{at}/{name}/field"), not_a_field(of.facts, field));
            };
            if matches!(aggregate, Aggregate::Sum | Aggregate::Avg) && kind != ValueKind::Number {
                return problem(
                    found,
                    format!("{at}/{name}/field"),
                    format!("\u{201c}{field}\u{201d} holds no numbers"),
                );
            }
            if matches!(aggregate, Aggregate::Min | Aggregate::Max) && kind == ValueKind::Text {
                return problem(
                    found,
                    format!("{at}/{name}/field"),
                    format!("\u{201c}{field}\u{201d} holds texts, which have no smallest and no largest"),
                );
            }
            (name, field.as_str(), kind)
        }
    };
    for test in &of.tests {
        let place = format!("{at}/{name}/{}", test.op.as_str());
        compared(test, kind, field, &place, &place, found);
    }
    filtered(of.facts, of.filter.as_deref(), &at, found);
}

fn filtered(facts: Facts, filter: Option<&Rule>, at: &str, found: &mut Vec<RuleProblem>) {
    if let Some(filter) = filter {
        filter.walk(&mut |inner, rule| {
            if let Rule::Field(condition) = rule {
                let of = format!("of {}", facts.as_str());
                field(
                    condition,
                    &format!("{at}/where{inner}"),
                    &|name| fact_field(facts, name),
                    &of,
                    found,
                );
            }
        });
    }
}

fn not_a_field(facts: Facts, field: &str) -> String {
    let known: Vec<&str> = fact_fields(facts).iter().map(|(name, _)| *name).collect();
    format!(
        "\u{201c}{field}\u{201d} is not a field of {}; known are {}",
        facts.as_str(),
        known.join(", ")
    )
}

fn compared(test: &Test, kind: ValueKind, field: &str, op_at: &str, value_at: &str, found: &mut Vec<RuleProblem>) {
    let fits = match (kind, test.op) {
        (_, Op::Eq | Op::Ne | Op::In | Op::NotIn | Op::IsSet | Op::IsNotSet) => true,
        (ValueKind::Text, op) => op == Op::Contains,
        (ValueKind::Number | ValueKind::Date, op) => op != Op::Contains,
        (ValueKind::YesNo, _) => false,
    };
    if !fits {
        return problem(
            found,
            op_at.to_owned(),
            format!(
                "\u{201c}{}\u{201d} does not fit {field}, which holds {}",
                test.op.as_str(),
                name(kind)
            ),
        );
    }
    for literal in test.operand.literals() {
        let fits = match (kind, literal) {
            (ValueKind::Text, Literal::Text(_))
            | (ValueKind::Number, Literal::Number(_))
            | (ValueKind::YesNo, Literal::YesNo(_))
            | (ValueKind::Date, Literal::DaysAgo(_)) => true,
            (ValueKind::Date, Literal::Text(text)) => text.parse::<chrono::NaiveDate>().is_ok(),
            _ => false,
        };
        if !fits {
            return problem(
                found,
                value_at.to_owned(),
                format!("does not fit {field}, which holds {}", name(kind)),
            );
        }
    }
}

fn name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "texts",
        ValueKind::Number => "numbers",
        ValueKind::Date => "dates, such as 2026-03-01 or {\"days_ago\": 30}",
        ValueKind::YesNo => "true and false",
    }
}
