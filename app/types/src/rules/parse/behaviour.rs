//! Reads what a customer did: a measure with its comparisons, a window of time, a `where`; and sequences of such things.

use super::super::{Aggregate, Behaviour, Facts, Literal, Measure, Op, Operand, Rule, Sequence, Step, Test, Window};
use super::{Reader, below, ops};
use chrono::NaiveDate;
use serde_json::{Map, Value};

impl Reader {
    pub(super) fn behaviour(&mut self, facts: Facts, value: &Value, at: &str, depth: usize) -> Option<Behaviour> {
        let map = self.object(value, at)?;
        let aggregates = Aggregate::ALL.map(Aggregate::as_str);
        let mut measures = vec!["count"];
        if matches!(facts, Facts::Orders | Facts::OrderLines | Facts::Reviews) {
            measures.push("orders");
        }
        measures.extend(aggregates);
        let known: Vec<&str> = measures
            .iter()
            .copied()
            .chain(["within_days", "from", "to", "where"])
            .collect();
        self.only(map, at, &known);
        let named: Vec<&str> = measures.into_iter().filter(|name| map.contains_key(*name)).collect();
        let (measure, tests) = match named[..] {
            // Something of the kind has happened.
            [] => {
                let one = Operand::One(Literal::Number(1.into()));
                (
                    Some(Measure::Count),
                    Some(vec![Test {
                        op: Op::Ge,
                        operand: one,
                    }]),
                )
            }
            [name] => {
                let place = below(at, name);
                let inner = self.object(map.get(name)?, &place)?;
                match Aggregate::ALL.into_iter().find(|aggregate| aggregate.as_str() == name) {
                    Some(aggregate) => {
                        let field = match inner.get("field") {
                            Some(field) => self.text(field, &below(&place, "field")),
                            None => self.problem(&below(&place, "field"), "is missing"),
                        };
                        (
                            field.map(|field| Measure::Of(aggregate, field)),
                            self.tests(inner, &place),
                        )
                    }
                    None if inner.contains_key("field") => {
                        self.problem(&below(&place, "field"), "does not belong to a count")?
                    }
                    None if name == "orders" => (Some(Measure::Orders), self.tests(inner, &place)),
                    None => (Some(Measure::Count), self.tests(inner, &place)),
                }
            }
            _ => self.problem(at, format!("has {} and may have one of them", named.join(" and ")))?,
        };
        let (window, filter) = self.window_and_filter(map, at, depth);
        Some(Behaviour {
            facts,
            measure: measure?,
            tests: tests?,
            window: window?,
            filter: filter?,
        })
    }

    /// Comparisons written as `{"ge": 2, "lt": 5}`.
    fn tests(&mut self, map: &Map<String, Value>, at: &str) -> Option<Vec<Test>> {
        let mut tests = Vec::new();
        let mut good = true;
        for (key, value) in map.iter().filter(|(key, _)| key.as_str() != "field") {
            let place = below(at, key);
            let Some(op) = Op::parse(key) else {
                self.problem::<()>(&place, format!("is not known; known are {}", ops()));
                good = false;
                continue;
            };
            // There is no value to leave out: `{"is_set": true}`.
            let value = match (op, value) {
                (Op::IsSet | Op::IsNotSet, Value::Bool(true)) => None,
                _ => Some(value),
            };
            match self.operand(op, value, &place) {
                Some(operand) => tests.push(Test { op, operand }),
                None => good = false,
            }
        }
        if tests.is_empty() && good {
            return self.problem(at, "compares with nothing; write for example {\"ge\": 1}");
        }
        good.then_some(tests)
    }

    /// A missing filter is not a broken one.
    fn window_and_filter(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        depth: usize,
    ) -> (Option<Window>, Option<Option<Box<Rule>>>) {
        let window = match (map.get("within_days"), map.get("from"), map.get("to")) {
            (None, None, None) => Some(Window::Ever),
            (Some(days), None, None) => self.days(days, &below(at, "within_days"), 1).map(Window::WithinDays),
            (None, from, to) => {
                let from = from.map(|from| self.date(from, &below(at, "from")));
                let to = to.map(|to| self.date(to, &below(at, "to")));
                match (from, to) {
                    (Some(None), _) | (_, Some(None)) => None,
                    (from, to) => self.dates(from.flatten(), to.flatten(), at),
                }
            }
            (Some(_), _, _) => self.problem(&below(at, "within_days"), "cannot stand beside from and to"),
        };
        let filter = match map.get("where") {
            None => Some(None),
            Some(filter) => self
                .rule(filter, &below(at, "where"), depth + 1, true)
                .map(|rule| Some(Box::new(rule))),
        };
        (window, filter)
    }

    fn dates(&mut self, from: Option<NaiveDate>, to: Option<NaiveDate>, at: &str) -> Option<Window> {
        match (from, to) {
            (Some(from), Some(to)) if from >= to => {
                self.problem(&below(at, "to"), "is not after from; to excludes its day")
            }
            (from, to) => Some(Window::Dates { from, to }),
        }
    }

    pub(super) fn sequence(&mut self, map: &Map<String, Value>, at: &str, depth: usize) -> Option<Rule> {
        self.count(at)?;
        self.only(map, at, &["sequence", "within_days"]);
        let place = below(at, "sequence");
        let within_days = match map.get("within_days") {
            None => Some(None),
            Some(days) => self.days(days, &below(at, "within_days"), 0).map(Some),
        };
        let steps = match map.get("sequence") {
            Some(Value::Array(steps)) if (2..=8).contains(&steps.len()) => {
                let read: Vec<Option<Step>> = steps
                    .iter()
                    .enumerate()
                    .map(|(number, step)| self.step(step, &format!("{place}/{number}"), depth + 1))
                    .collect();
                read.into_iter().collect::<Option<Vec<Step>>>()
            }
            _ => self.problem(&place, "must be a list of two to eight steps"),
        };
        Some(Rule::Sequence(Sequence {
            steps: steps?,
            within_days: within_days?,
        }))
    }

    fn step(&mut self, value: &Value, at: &str, depth: usize) -> Option<Step> {
        let map = self.object(value, at)?;
        let mut entries = map.iter();
        let found = match (entries.next(), entries.next()) {
            (Some((key, value)), None) => Facts::parse(key).map(|facts| (key, facts, value)),
            _ => None,
        };
        let Some((key, facts, value)) = found else {
            return self.problem(at, "must be one of orders, order_lines, interactions, touches, reviews");
        };
        self.count(at)?;
        let place = below(at, key);
        let map = self.object(value, &place)?;
        self.only(map, &place, &["count", "within_days", "from", "to", "where"]);
        // A step is one fact; saying so is allowed.
        if let Some(count) = map
            .get("count")
            .filter(|count| **count != serde_json::json!({ "ge": 1 }))
        {
            return self.problem(
                &below(&place, "count"),
                format!("of a step is {{\"ge\": 1}} and not {count}"),
            );
        }
        let (window, filter) = self.window_and_filter(map, &place, depth);
        Some(Step {
            facts,
            window: window?,
            filter: filter?,
        })
    }

    fn date(&mut self, value: &Value, at: &str) -> Option<NaiveDate> {
        match value.as_str().and_then(|text| text.parse().ok()) {
            Some(date) => Some(date),
            None => self.problem(at, "is not a date such as 2026-03-01"),
        }
    }
}
