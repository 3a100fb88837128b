//! Reads the JSON of a rule. Every key and word that is not known is refused with its place; nothing is passed over, because a condition
//! that is passed over would change the answer without a word.

mod behaviour;

use super::{Facts, FieldCondition, Literal, Op, Operand, Rule, RuleProblem, Test};
use serde_json::{Map, Value};

/// Rules inside rules.
pub const MOST_DEPTH: usize = 48;
/// Conditions of one rule, those inside `where` too.
pub const MOST_CONDITIONS: usize = 500;
/// Values of one list.
pub const MOST_VALUES: usize = 10_000;
/// Characters of one text.
pub const MOST_TEXT: usize = 1_000;
/// Days of a window: some 270 years.
const MOST_DAYS: u64 = 100_000;

pub(super) fn rule(value: &Value) -> Result<Rule, Vec<RuleProblem>> {
    let mut reader = Reader::default();
    let rule = reader.rule(value, "", 0, false);
    match rule {
        Some(rule) if reader.problems.is_empty() => Ok(rule),
        _ => Err(reader.problems),
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<RuleProblem>,
    conditions: usize,
}

/// The place of a key or an item.
fn below(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}

impl Reader {
    fn problem<T>(&mut self, at: &str, reason: impl Into<String>) -> Option<T> {
        self.problems.push(RuleProblem {
            pointer: at.to_owned(),
            reason: reason.into(),
        });
        None
    }

    fn object<'a>(&mut self, value: &'a Value, at: &str) -> Option<&'a Map<String, Value>> {
        match value {
            Value::Object(map) => Some(map),
            other => self.problem(at, format!("is {} and not an object", kind(other))),
        }
    }

    fn only(&mut self, map: &Map<String, Value>, at: &str, known: &[&str]) {
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            self.problem::<()>(
                &below(at, key),
                format!("is not known here; known are {}", known.join(", ")),
            );
        }
    }

    /// `inside` is true for the rule of a `where`, which holds field conditions only.
    fn rule(&mut self, value: &Value, at: &str, depth: usize, inside: bool) -> Option<Rule> {
        if depth > MOST_DEPTH {
            return self.problem(at, format!("is nested more than {MOST_DEPTH} deep"));
        }
        let map = self.object(value, at)?;
        if map.contains_key("field") {
            return self.field(map, at);
        }
        if map.contains_key("sequence") && !inside {
            return self.sequence(map, at, depth);
        }
        if map.contains_key("tag") && !inside {
            return self.tag(map, at);
        }
        let mut entries = map.iter();
        let (Some((key, value)), None) = (entries.next(), entries.next()) else {
            return self.problem(
                at,
                "must have exactly one of all, any, not, field, orders, order_lines, interactions, touches, reviews, sequence, tag, segment, run",
            );
        };
        let place = below(at, key);
        if !matches!(key.as_str(), "all" | "any" | "not") {
            self.count(at)?;
        }
        match key.as_str() {
            "all" => Some(Rule::All(self.rules(value, &place, depth, inside)?)),
            "any" => Some(Rule::Any(self.rules(value, &place, depth, inside)?)),
            "not" => Some(Rule::Not(Box::new(self.rule(value, &place, depth + 1, inside)?))),
            _ if inside => self.problem(&place, "cannot stand inside where, which compares fields"),
            "segment" => Some(Rule::Segment(self.id(value, &place)?)),
            "run" => self.run(value, &place),
            other => match Facts::parse(other) {
                Some(facts) => Some(Rule::Behaviour(self.behaviour(facts, value, &place, depth)?)),
                None => self.problem(&place, "is not a condition"),
            },
        }
    }

    fn rules(&mut self, value: &Value, at: &str, depth: usize, inside: bool) -> Option<Vec<Rule>> {
        let Value::Array(items) = value else {
            return self.problem(at, format!("is {} and not a list of rules", kind(value)));
        };
        let read: Vec<Option<Rule>> = items
            .iter()
            .enumerate()
            .map(|(place, item)| self.rule(item, &format!("{at}/{place}"), depth + 1, inside))
            .collect();
        read.into_iter().collect()
    }

    fn count(&mut self, at: &str) -> Option<()> {
        self.conditions += 1;
        if self.conditions == MOST_CONDITIONS + 1 {
            return self.problem(
                at,
                format!("is one condition more than the {MOST_CONDITIONS} that a rule may have"),
            );
        }
        (self.conditions <= MOST_CONDITIONS).then_some(())
    }

    fn field(&mut self, map: &Map<String, Value>, at: &str) -> Option<Rule> {
        self.count(at)?;
        self.only(map, at, &["field", "op", "value"]);
        let field = self.text(map.get("field")?, &below(at, "field"));
        let place = below(at, "op");
        let op = match map.get("op") {
            Some(Value::String(op)) => match Op::parse(op) {
                Some(op) => Some(op),
                None => self.problem(
                    &place,
                    format!("\u{201c}{op}\u{201d} is not known; known are {}", ops()),
                ),
            },
            Some(other) => self.problem(&place, format!("is {} and not a word", kind(other))),
            None => self.problem(&place, "is missing"),
        };
        let operand = self.operand(op?, map.get("value"), &below(at, "value"));
        Some(Rule::Field(FieldCondition {
            field: field?,
            test: Test {
                op: op?,
                operand: operand?,
            },
        }))
    }

    fn tag(&mut self, map: &Map<String, Value>, at: &str) -> Option<Rule> {
        self.count(at)?;
        self.only(map, at, &["tag", "value"]);
        let name = self.text(map.get("tag")?, &below(at, "tag"));
        let value = match map.get("value") {
            Some(value) => Some(self.text(value, &below(at, "value"))?),
            None => None,
        };
        Some(Rule::Tag { name: name?, value })
    }

    fn operand(&mut self, op: Op, value: Option<&Value>, at: &str) -> Option<Operand> {
        let value = match (op, value) {
            (Op::IsSet | Op::IsNotSet, None) => return Some(Operand::Nothing),
            (Op::IsSet | Op::IsNotSet, Some(_)) => {
                return self.problem(at, format!("does not belong to {}", op.as_str()));
            }
            (_, None) => return self.problem(at, "is missing"),
            (_, Some(value)) => value,
        };
        match (op, value) {
            (Op::Between, Value::Array(ends)) if ends.len() == 2 => {
                let low = self.literal(&ends[0], &format!("{at}/0"));
                let high = self.literal(&ends[1], &format!("{at}/1"));
                Some(Operand::Two(low?, high?))
            }
            (Op::Between, _) => self.problem(at, "must be a list of two values, the lower and the upper end"),
            (Op::In | Op::NotIn, Value::Array(items)) => {
                if items.len() > MOST_VALUES {
                    return self.problem(at, format!("has more than {MOST_VALUES} values"));
                }
                let read: Vec<Option<Literal>> = items
                    .iter()
                    .enumerate()
                    .map(|(place, item)| self.literal(item, &format!("{at}/{place}")))
                    .collect();
                Some(Operand::Many(read.into_iter().collect::<Option<_>>()?))
            }
            (Op::In | Op::NotIn, _) => self.problem(at, "must be a list of values"),
            _ => Some(Operand::One(self.literal(value, at)?)),
        }
    }

    fn literal(&mut self, value: &Value, at: &str) -> Option<Literal> {
        match value {
            Value::String(_) => Some(Literal::Text(self.text(value, at)?)),
            Value::Number(number) => Some(Literal::Number(number.clone())),
            Value::Bool(value) => Some(Literal::YesNo(*value)),
            Value::Object(map) if map.contains_key("days_ago") => {
                self.only(map, at, &["days_ago"]);
                let days = self.days(map.get("days_ago")?, &below(at, "days_ago"), 0)?;
                Some(Literal::DaysAgo(days))
            }
            other => self.problem(at, format!("is {} and not a value", kind(other))),
        }
    }

    fn text(&mut self, value: &Value, at: &str) -> Option<String> {
        match value {
            Value::String(text) if text.chars().count() <= MOST_TEXT => Some(text.clone()),
            Value::String(_) => self.problem(at, format!("is longer than {MOST_TEXT} characters")),
            other => self.problem(at, format!("is {} and not a text", kind(other))),
        }
    }

    fn id(&mut self, value: &Value, at: &str) -> Option<i64> {
        match value.as_i64().filter(|id| *id > 0) {
            Some(id) => Some(id),
            None => self.problem(at, "is not a number of ours"),
        }
    }

    fn days(&mut self, value: &Value, at: &str, least: u64) -> Option<u32> {
        match value.as_u64().filter(|days| (least..=MOST_DAYS).contains(days)) {
            Some(days) => u32::try_from(days).ok(),
            None => self.problem(at, format!("is not a whole number of days from {least} to {MOST_DAYS}")),
        }
    }

    fn run(&mut self, value: &Value, at: &str) -> Option<Rule> {
        let map = self.object(value, at)?;
        self.only(map, at, &["id", "segment"]);
        let id = match map.get("id") {
            Some(id) => self.id(id, &below(at, "id")),
            None => self.problem(&below(at, "id"), "is missing"),
        };
        let segment = match map.get("segment") {
            Some(segment) => self.text(segment, &below(at, "segment")),
            None => self.problem(&below(at, "segment"), "is missing"),
        };
        Some(Rule::Run {
            id: id?,
            segment: segment?,
        })
    }
}

fn ops() -> String {
    Op::ALL.map(Op::as_str).join(", ")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
