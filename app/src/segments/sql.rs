//! A rule as the query that it stands for, for reading: over the tables that the product seals, with the day of the question as `:day`. The
//! product itself does not run this text; it asks columns in memory the same question.

use types::rules::{
    Aggregate, Behaviour, Facts, Literal, Measure, Op, Operand, Rule, Sequence, Test, Window, customer_field,
};

/// The whole query.
pub fn query(rule: &Rule, currency: &str) -> String {
    format!(
        "-- :day is the day of the question; amounts are in {currency}, days in the time zone of the installation\nselect count(*)\nfrom customers c\nwhere {}",
        of(rule, 1)
    )
}

fn pad(depth: usize) -> String {
    "  ".repeat(depth)
}

fn of(rule: &Rule, depth: usize) -> String {
    let joined = |rules: &[Rule], word: &str, none: &str| match rules {
        [] => none.to_owned(),
        rules => {
            let parts: Vec<String> = rules.iter().map(|rule| of(rule, depth + 1)).collect();
            let between = format!("\n{}{word} ", pad(depth + 1));
            format!("(\n{}{}\n{})", pad(depth + 1), parts.join(&between), pad(depth))
        }
    };
    match rule {
        Rule::All(rules) => joined(rules, "and", "true"),
        Rule::Any(rules) => joined(rules, "or", "false"),
        // A condition on what is not known is false, and its not is true.
        Rule::Not(inner) => format!("not coalesce({}, false)", of(inner, depth)),
        Rule::Field(condition) => compared(&column("c", &condition.field), &condition.test),
        Rule::Behaviour(behaviour) => measured(behaviour, depth),
        Rule::Sequence(steps) => sequence(steps, depth),
        Rule::Tag { name, value } => {
            let value = value.as_deref().map(|value| format!(" and t.value = {}", text(value)));
            format!(
                "exists (select from tag_values t where t.customer_no = c.customer_no and lower(t.tag) = lower({}){})",
                text(name),
                value.unwrap_or_default()
            )
        }
        Rule::Segment(id) => {
            format!("c.customer_no in (select customer_no from segment_customers where segment_id = {id})")
        }
        Rule::Run { id, segment } => format!(
            "c.customer_no in (select customer_no from run_labels where run_id = {id} and segment = {})",
            text(segment)
        ),
    }
}

fn column(of: &str, field: &str) -> String {
    match field.strip_prefix("attributes.") {
        Some(own) if customer_field(field).is_none() => format!("{of}.attributes ->> {}", text(own)),
        _ => format!("{of}.{field}"),
    }
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(value) => match value.parse::<chrono::NaiveDate>() {
            Ok(date) => format!("date '{date}'"),
            Err(_) => text(value),
        },
        Literal::Number(number) => number.to_string(),
        Literal::YesNo(value) => value.to_string(),
        Literal::DaysAgo(days) => format!(":day - {days}"),
    }
}

fn compared(left: &str, test: &Test) -> String {
    let all = || test.operand.literals().map(literal).collect::<Vec<_>>().join(", ");
    match (test.op, &test.operand) {
        (Op::IsSet, _) => format!("{left} is not null"),
        (Op::IsNotSet, _) => format!("{left} is null"),
        (Op::In, _) => format!("{left} in ({})", all()),
        (Op::NotIn, _) => format!("{left} not in ({})", all()),
        (Op::Between, Operand::Two(low, high)) => format!("{left} between {} and {}", literal(low), literal(high)),
        (Op::Contains, Operand::One(Literal::Text(part))) => {
            let part = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("{left} ilike {}", text(&format!("%{part}%")))
        }
        (op, _) => {
            let sign = match op {
                Op::Ne => "<>",
                Op::Lt => "<",
                Op::Le => "<=",
                Op::Gt => ">",
                Op::Ge => ">=",
                _ => "=",
            };
            format!("{left} {sign} {}", all())
        }
    }
}

/// The local day of a fact.
fn day(facts: Facts) -> &'static str {
    match facts {
        Facts::Orders | Facts::OrderLines => "local_day(f.ordered_at)",
        Facts::Interactions | Facts::Touches | Facts::Reviews => "local_day(f.at)",
    }
}

/// Which facts of the customer, as conditions of a `where`.
fn facts(of: Facts, window: Window, filter: Option<&Rule>, depth: usize) -> String {
    let mut parts = vec!["f.customer_no = c.customer_no".to_owned()];
    if matches!(of, Facts::Orders | Facts::OrderLines) && !names_status(filter) {
        parts.push("f.counts".to_owned());
    }
    let day = day(of);
    match window {
        Window::Ever => {}
        Window::WithinDays(days) => parts.push(format!("{day} > :day - {days}")),
        Window::Dates { from, to } => {
            parts.extend(from.map(|from| format!("{day} >= date '{from}'")));
            parts.extend(to.map(|to| format!("{day} < date '{to}'")));
        }
    }
    parts.push(format!("{day} <= :day"));
    parts.extend(filter.map(inside));
    parts.join(&format!("\n{}and ", pad(depth + 2)))
}

fn names_status(filter: Option<&Rule>) -> bool {
    let mut named = false;
    if let Some(filter) = filter {
        filter.walk(&mut |_, rule| named |= matches!(rule, Rule::Field(of) if of.field == "status"));
    }
    named
}

/// Conditions on a fact.
fn inside(rule: &Rule) -> String {
    let joined = |rules: &[Rule], word: &str, none: &str| match rules {
        [] => none.to_owned(),
        rules => format!("({})", rules.iter().map(inside).collect::<Vec<_>>().join(word)),
    };
    match rule {
        Rule::All(rules) => joined(rules, " and ", "true"),
        Rule::Any(rules) => joined(rules, " or ", "false"),
        Rule::Not(rule) => format!("not coalesce({}, false)", inside(rule)),
        Rule::Field(of) => compared(&column("f", &of.field), &of.test),
        _ => "true".to_owned(),
    }
}

fn measured(of: &Behaviour, depth: usize) -> String {
    let time = match of.facts {
        Facts::Orders | Facts::OrderLines => "f.ordered_at",
        _ => "f.at",
    };
    let measure = match &of.measure {
        Measure::Count => "count(*)".to_owned(),
        Measure::Orders => "count(distinct f.order_id)".to_owned(),
        Measure::Of(Aggregate::Sum, field) => format!("coalesce(sum({}), 0)", column("f", field)),
        Measure::Of(Aggregate::First, field) => format!("(array_agg({} order by {time}))[1]", column("f", field)),
        Measure::Of(Aggregate::Last, field) => format!("(array_agg({} order by {time} desc))[1]", column("f", field)),
        Measure::Of(aggregate, field) => format!("{}({})", aggregate.as_str(), column("f", field)),
    };
    let tests: Vec<String> = of.tests.iter().map(|test| compared(&measure, test)).collect();
    format!(
        "(\n{inner}select {}\n{inner}from {} f\n{inner}where {}\n{})",
        tests.join(" and "),
        of.facts.as_str(),
        facts(of.facts, of.window, of.filter.as_deref(), depth),
        pad(depth),
        inner = pad(depth + 1),
    )
}

fn sequence(of: &Sequence, depth: usize) -> String {
    let inner = pad(depth + 1);
    let steps: Vec<String> = of
        .steps
        .iter()
        .enumerate()
        .map(|(place, step)| {
            let time = match step.facts {
                Facts::Orders | Facts::OrderLines => "ordered_at",
                _ => "at",
            };
            let conditions = facts(step.facts, step.window, step.filter.as_deref(), depth);
            format!(
                "lateral (select f.{time} as at from {} f where {conditions}) s{place}",
                step.facts.as_str()
            )
        })
        .collect();
    let mut order: Vec<String> = (1..of.steps.len())
        .map(|place| format!("s{}.at > s{}.at", place, place - 1))
        .collect();
    order.extend(of.within_days.map(|days| {
        format!(
            "s{}.at - s0.at <= interval '{} hours'",
            of.steps.len() - 1,
            u64::from(days) * 24
        )
    }));
    format!(
        "exists (\n{inner}select from {}\n{inner}where {}\n{})",
        steps.join(&format!(",\n{inner}")),
        order.join(" and "),
        pad(depth)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rule_reads_as_a_query() {
        let rule = Rule::of_json(&json!({"all": [
            {"field": "city", "op": "in", "value": ["Paris", "L'Aquila"]},
            {"not": {"orders": {"count": {"ge": 2}, "within_days": 90, "where": {"field": "channel", "op": "eq", "value": "app"}}}},
        ]}))
        .unwrap();
        let text = query(&rule, "EUR");
        let plain: Vec<&str> = text.split_whitespace().collect();
        assert!(
            plain.join(" ").ends_with(
                "select count(*) from customers c where ( c.city in ('Paris', 'L''Aquila') and not coalesce(( select count(*) >= 2 from orders f \
                 where f.customer_no = c.customer_no and f.counts and local_day(f.ordered_at) > :day - 90 and local_day(f.ordered_at) <= :day \
                 and f.channel = 'app' ), false) )"
            ),
            "{text}"
        );
    }

    #[test]
    fn every_kind_of_rule_has_a_query() {
        let rule = Rule::of_json(&json!({"any": [
            {"sequence": [{"interactions": {}}, {"orders": {"where": {"field": "status", "op": "eq", "value": "cancelled"}}}], "within_days": 14},
            {"run": {"id": 7, "segment": "champions"}}, {"segment": 3}, {"tag": "loyal"}, {"all": []}, {"any": []},
            {"reviews": {"last": {"field": "rating", "is_not_set": true}}},
            {"field": "signed_up_at", "op": "between", "value": [{"days_ago": 30}, "2026-03-01"]},
            {"field": "city", "op": "contains", "value": "50%"},
        ]}))
        .unwrap();
        let text = query(&rule, "EUR");
        for part in [
            "interval '336 hours'",
            "run_id = 7",
            "segment_id = 3",
            "'loyal'",
            ":day - 30 and date '2026-03-01'",
            "50\\%",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        // With a status of its own choice a condition sees every order.
        assert!(!text.contains("f.counts"), "{text}");
    }
}
