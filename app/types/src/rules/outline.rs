//! A rule in plain words, without the words: what is to be said, line by line, as keys and arguments that any language can fill. The texts
//! stand in the locales of the pages.

use super::{Behaviour, Facts, Literal, Measure, Op, Operand, Rule, Sequence, Step, Test, Window};
use chrono::NaiveDate;
use serde_json::Number;

/// One line: a group's head or a condition, indented below its group.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// JSON pointer of the rule that the line says.
    pub path: String,
    /// Groups around it.
    pub depth: usize,
    pub saying: Saying,
}

/// A text with places to fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Saying {
    pub key: String,
    pub args: Vec<(&'static str, Arg)>,
}

/// What fills a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// The name of a field, said in the reader's language when it is one of ours.
    Field(String),
    /// A value of a field.
    Text(String),
    Number(Number),
    Date(NaiveDate),
    Values(Vec<Literal>),
    Id(i64),
    /// Part of the sentence.
    Part(Saying),
    Parts(Vec<Saying>),
}

fn saying(key: impl Into<String>, args: Vec<(&'static str, Arg)>) -> Saying {
    Saying { key: key.into(), args }
}

/// The lines of a rule in reading order.
pub fn outline(rule: &Rule) -> Vec<Line> {
    let mut lines = Vec::new();
    add(rule, "", 0, &mut lines);
    lines
}

fn add(rule: &Rule, path: &str, depth: usize, lines: &mut Vec<Line>) {
    let head = match rule {
        Rule::All(rules) if rules.is_empty() => "rule-everybody",
        Rule::Any(rules) if rules.is_empty() => "rule-nobody",
        Rule::All(_) => "rule-all",
        Rule::Any(_) => "rule-any",
        Rule::Not(_) => "rule-not",
        _ => "",
    };
    let said = if head.is_empty() {
        condition(rule)
    } else {
        saying(head, Vec::new())
    };
    lines.push(Line {
        path: path.to_owned(),
        depth,
        saying: said,
    });
    match rule {
        Rule::All(rules) | Rule::Any(rules) => {
            let word = if matches!(rule, Rule::All(_)) { "all" } else { "any" };
            for (place, inner) in rules.iter().enumerate() {
                add(inner, &format!("{path}/{word}/{place}"), depth + 1, lines);
            }
        }
        Rule::Not(inner) => add(inner, &format!("{path}/not"), depth + 1, lines),
        _ => {}
    }
}

fn condition(rule: &Rule) -> Saying {
    match rule {
        Rule::Field(of) => compared(Arg::Field(of.field.clone()), &of.test),
        Rule::Behaviour(of) => behaviour(of),
        Rule::Sequence(of) => sequence(of),
        Rule::Tag { name, value: None } => saying("rule-tag", vec![("tag", Arg::Text(name.clone()))]),
        Rule::Tag {
            name,
            value: Some(value),
        } => saying(
            "rule-tag-value",
            vec![("tag", Arg::Text(name.clone())), ("value", Arg::Text(value.clone()))],
        ),
        Rule::Segment(id) => saying("rule-segment", vec![("segment", Arg::Id(*id))]),
        Rule::Run { id, segment } => saying(
            "rule-run",
            vec![("run", Arg::Id(*id)), ("segment", Arg::Text(segment.clone()))],
        ),
        Rule::All(_) | Rule::Any(_) | Rule::Not(_) => nested(rule),
    }
}

/// A whole rule in one sentence, as it stands inside `where`.
fn nested(rule: &Rule) -> Saying {
    let parts = |key: &str, rules: &[Rule]| {
        let parts = rules.iter().map(nested).collect();
        saying(key, vec![("parts", Arg::Parts(parts))])
    };
    match rule {
        Rule::All(rules) => parts("rule-where-all", rules),
        Rule::Any(rules) => parts("rule-where-any", rules),
        Rule::Not(inner) => saying("rule-where-not", vec![("part", Arg::Part(nested(inner)))]),
        other => condition(other),
    }
}

fn compared(left: Arg, test: &Test) -> Saying {
    let mut args = vec![("what", left)];
    match &test.operand {
        Operand::Nothing => {}
        Operand::One(one) => args.push(("value", value(one))),
        Operand::Two(low, high) => args.extend([("low", value(low)), ("high", value(high))]),
        Operand::Many(all) => args.push(("values", Arg::Values(all.clone()))),
    }
    saying(format!("rule-op-{}", test.op.as_str().replace('_', "-")), args)
}

fn value(literal: &Literal) -> Arg {
    match literal {
        Literal::Text(text) => match text.parse() {
            Ok(date) => Arg::Date(date),
            Err(_) => Arg::Text(text.clone()),
        },
        Literal::Number(number) => Arg::Number(number.clone()),
        Literal::YesNo(value) => {
            let key = if *value { "rule-yes" } else { "rule-no" };
            Arg::Part(saying(key, Vec::new()))
        }
        Literal::DaysAgo(days) => Arg::Part(saying(
            "rule-days-ago",
            vec![("days", Arg::Number(Number::from(*days)))],
        )),
    }
}

fn behaviour(of: &Behaviour) -> Saying {
    let (key, what) = match &of.measure {
        Measure::Count => ("rule-count".to_owned(), facts(of.facts)),
        Measure::Orders => ("rule-orders".to_owned(), facts(of.facts)),
        Measure::Of(aggregate, field) => (format!("rule-{}", aggregate.as_str()), Arg::Field(field.clone())),
    };
    let measured = Arg::Part(saying(key, vec![("what", what), ("facts", facts(of.facts))]));
    let tests = match of.tests.as_slice() {
        // Has done it at all.
        [
            Test {
                op: Op::Ge,
                operand: Operand::One(Literal::Number(one)),
            },
        ] if of.measure == Measure::Count && one.as_u64() == Some(1) => {
            vec![saying("rule-has", vec![("facts", facts(of.facts))])]
        }
        tests => tests.iter().map(|test| compared(measured.clone(), test)).collect(),
    };
    let mut args = vec![("tests", Arg::Parts(tests))];
    args.extend(around(of.window, of.filter.as_deref()));
    saying("rule-behaviour", args)
}

fn facts(facts: Facts) -> Arg {
    Arg::Part(saying(
        format!("rule-facts-{}", facts.as_str().replace('_', "-")),
        Vec::new(),
    ))
}

fn around(window: Window, filter: Option<&Rule>) -> Vec<(&'static str, Arg)> {
    let mut args = Vec::new();
    let window = match window {
        Window::Ever => saying("rule-window-ever", Vec::new()),
        Window::WithinDays(days) => saying("rule-window-days", vec![("days", Arg::Number(Number::from(days)))]),
        Window::Dates { from, to } => {
            let dates = [("from", from), ("to", to)];
            let given: Vec<(&'static str, Arg)> = dates
                .into_iter()
                .filter_map(|(name, date)| Some((name, Arg::Date(date?))))
                .collect();
            let key = match (from, to) {
                (Some(_), Some(_)) => "rule-window-between",
                (Some(_), None) => "rule-window-from",
                (None, Some(_)) => "rule-window-before",
                (None, None) => "rule-window-ever",
            };
            saying(key, given)
        }
    };
    args.push(("window", Arg::Part(window)));
    let filter = match filter {
        None => saying("rule-where-none", Vec::new()),
        Some(filter) => saying("rule-where", vec![("part", Arg::Part(nested(filter)))]),
    };
    args.push(("where", Arg::Part(filter)));
    args
}

fn sequence(of: &Sequence) -> Saying {
    let steps = of
        .steps
        .iter()
        .map(
            |Step {
                 facts: of,
                 window,
                 filter,
             }| {
                let mut args = vec![("facts", facts(*of))];
                args.extend(around(*window, filter.as_deref()));
                saying("rule-step", args)
            },
        )
        .collect();
    let mut args = vec![("steps", Arg::Parts(steps))];
    match of.within_days {
        None => saying("rule-sequence", args),
        Some(days) => {
            args.push(("days", Arg::Number(Number::from(days))));
            saying("rule-sequence-within", args)
        }
    }
}
