//! The slow, obvious evaluation of a rule, row by row over plain values: what the fast one must agree with. It shares no code with it but
//! the rule itself.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};
use types::rules::{
    Aggregate, Behaviour, Facts, FieldCondition, Literal, Measure, Op, Operand, Rule, Sequence, Test, Window,
};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    /// Exact, in millionths.
    Amount(i128),
    Number(f64),
    Yes(bool),
    Date(NaiveDate),
}

pub(super) type Row = BTreeMap<&'static str, Cell>;

/// One thing that happened.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub customer: Option<u32>,
    pub at: Option<DateTime<Utc>>,
    pub row: Row,
    /// Of orders and lines: whether the order counts.
    pub counts: bool,
    /// Of orders and lines: a refund document, which is never an order.
    pub document: bool,
}

pub(super) struct World {
    pub zone: Tz,
    pub customers: BTreeMap<u32, Row>,
    pub facts: BTreeMap<&'static str, Vec<Fact>>,
}

impl World {
    pub(super) fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    pub(super) fn fits(&self, rule: &Rule, customer: u32, as_of: NaiveDate) -> bool {
        match rule {
            Rule::All(rules) => rules.iter().all(|rule| self.fits(rule, customer, as_of)),
            Rule::Any(rules) => rules.iter().any(|rule| self.fits(rule, customer, as_of)),
            Rule::Not(rule) => !self.fits(rule, customer, as_of),
            Rule::Field(of) => {
                let value = self.of_customer(&of.field, customer, as_of);
                passes(&of.test, value.as_ref(), as_of)
            }
            Rule::Behaviour(of) => self.behaved(of, customer, as_of),
            Rule::Sequence(of) => self.happened(of, customer, as_of),
            Rule::Tag { .. } | Rule::Segment(_) | Rule::Run { .. } => unreachable!("the generator makes none"),
        }
    }

    fn of_customer(&self, field: &str, customer: u32, as_of: NaiveDate) -> Option<Cell> {
        let row = &self.customers[&customer];
        let text = |text: &str| Some(Cell::Text(text.to_owned()));
        let count = |n: usize| Some(Cell::Number(n as f64));
        let orders: Vec<NaiveDate> = self.facts["orders"]
            .iter()
            .filter(|fact| fact.customer == Some(customer) && fact.counts)
            .filter_map(|fact| fact.at)
            .map(|at| self.date(at))
            .collect();
        match field {
            "age" | "age_band" => {
                let from_birth = match row.get("birth_date") {
                    Some(Cell::Date(born)) if *born <= as_of => {
                        let had = (as_of.month(), as_of.day()) >= (born.month(), born.day());
                        Some(f64::from(as_of.year() - born.year() - i32::from(!had)))
                    }
                    _ => None,
                };
                let uploaded = match row.get("age") {
                    Some(Cell::Number(age)) => Some(*age),
                    _ => None,
                };
                let age = from_birth.or(uploaded)?;
                if field == "age" {
                    return Some(Cell::Number(age));
                }
                text(match age as i32 {
                    ..=17 => "under_18",
                    18..=24 => "18-24",
                    25..=34 => "25-34",
                    35..=44 => "35-44",
                    45..=54 => "45-54",
                    _ => "55_and_over",
                })
            }
            "orders" => count(orders.len()),
            "order_count" => text(match orders.len() {
                0 => "0",
                1 => "1",
                2 => "2",
                3..=5 => "3-5",
                6..=10 => "6-10",
                _ => "11_and_more",
            }),
            "first_order_at" => orders.iter().min().map(|day| Cell::Date(*day)),
            "last_order_at" => orders.iter().max().map(|day| Cell::Date(*day)),
            "cohort" => orders
                .iter()
                .min()
                .map(|day| Cell::Text(day.format("%Y-%m").to_string())),
            "days_since_last_order" => orders
                .iter()
                .max()
                .map(|day| Cell::Number((as_of - *day).num_days() as f64)),
            "interactions" => count(
                self.facts["interactions"]
                    .iter()
                    .filter(|fact| fact.customer == Some(customer))
                    .count(),
            ),
            other => row
                .iter()
                .find(|(name, _)| **name == other)
                .map(|(_, cell)| cell.clone()),
        }
    }

    /// Facts of a customer that are in the window and fit the filter, in the order in which they are sealed.
    fn matching(
        &self,
        facts: Facts,
        window: Window,
        filter: Option<&Rule>,
        customer: u32,
        as_of: NaiveDate,
    ) -> Vec<&Fact> {
        let any_status = filter.is_some_and(names_status);
        let ordered = matches!(facts, Facts::Orders | Facts::OrderLines);
        self.facts[facts.as_str()]
            .iter()
            .filter(|fact| fact.customer == Some(customer))
            .filter(|fact| !ordered || fact.counts || (any_status && !fact.document))
            .filter(|fact| match (fact.at, window) {
                (None, Window::Ever) => facts == Facts::Reviews,
                (None, _) => false,
                (Some(at), window) => {
                    let day = self.date(at);
                    day <= as_of
                        && match window {
                            Window::Ever => true,
                            Window::WithinDays(days) => day > as_of - Days::new(u64::from(days)),
                            Window::Dates { from, to } => {
                                from.is_none_or(|from| day >= from) && to.is_none_or(|to| day < to)
                            }
                        }
                }
            })
            .filter(|fact| filter.is_none_or(|filter| fits_row(filter, &fact.row, as_of)))
            .collect()
    }

    fn behaved(&self, of: &Behaviour, customer: u32, as_of: NaiveDate) -> bool {
        let found = self.matching(of.facts, of.window, of.filter.as_deref(), customer, as_of);
        let field = |name: &String| -> Vec<Cell> {
            found
                .iter()
                .filter_map(|fact| fact.row.get(name.as_str()).cloned())
                .collect()
        };
        let amounts = |name: &String| -> Vec<i128> {
            field(name)
                .into_iter()
                .map(|cell| match cell {
                    Cell::Amount(amount) => amount,
                    other => unreachable!("{other:?}"),
                })
                .collect()
        };
        let order = |a: &Cell, b: &Cell| match (a, b) {
            (Cell::Amount(a), Cell::Amount(b)) => a.cmp(b),
            (Cell::Date(a), Cell::Date(b)) => a.cmp(b),
            other => unreachable!("{other:?}"),
        };
        let value = match &of.measure {
            Measure::Count => Some(Cell::Number(found.len() as f64)),
            Measure::Orders => {
                let ids: BTreeSet<String> = found
                    .iter()
                    .filter_map(|fact| match fact.row.get("order_id") {
                        Some(Cell::Text(id)) => Some(id.clone()),
                        _ => None,
                    })
                    .collect();
                Some(Cell::Number(ids.len() as f64))
            }
            Measure::Of(Aggregate::Sum, name) => Some(Cell::Amount(amounts(name).iter().sum())),
            Measure::Of(Aggregate::Avg, name) => {
                let all = amounts(name);
                let sum: i128 = all.iter().sum();
                (!all.is_empty()).then(|| Cell::Number(sum as f64 / 1e6 / all.len() as f64))
            }
            Measure::Of(Aggregate::Min, name) => field(name).into_iter().min_by(order),
            Measure::Of(Aggregate::Max, name) => field(name).into_iter().max_by(order),
            Measure::Of(Aggregate::First, name) => {
                let mut first: Option<&Fact> = None;
                for fact in found.iter().filter(|fact| fact.at.is_some()) {
                    if first.is_none_or(|first| fact.at < first.at) {
                        first = Some(fact);
                    }
                }
                first.and_then(|fact| fact.row.get(name.as_str()).cloned())
            }
            Measure::Of(Aggregate::Last, name) => {
                let mut last: Option<&Fact> = None;
                for fact in found.iter().filter(|fact| fact.at.is_some()) {
                    if last.is_none_or(|last| fact.at >= last.at) {
                        last = Some(fact);
                    }
                }
                last.and_then(|fact| fact.row.get(name.as_str()).cloned())
            }
        };
        of.tests.iter().all(|test| passes(test, value.as_ref(), as_of))
    }

    /// Tries every chain.
    fn happened(&self, of: &Sequence, customer: u32, as_of: NaiveDate) -> bool {
        let steps: Vec<Vec<DateTime<Utc>>> = of
            .steps
            .iter()
            .map(|step| {
                self.matching(step.facts, step.window, step.filter.as_deref(), customer, as_of)
                    .into_iter()
                    .filter_map(|fact| fact.at)
                    .collect()
            })
            .collect();
        fn goes_on(
            steps: &[Vec<DateTime<Utc>>],
            begun: DateTime<Utc>,
            after: DateTime<Utc>,
            days: Option<u32>,
        ) -> bool {
            let Some((now, later)) = steps.split_first() else {
                return true;
            };
            now.iter().any(|at| {
                *at > after
                    && days.is_none_or(|days| *at - begun <= chrono::Duration::days(i64::from(days)))
                    && goes_on(later, begun, *at, days)
            })
        }
        steps[0].iter().any(|at| goes_on(&steps[1..], *at, *at, of.within_days))
    }
}

fn names_status(rule: &Rule) -> bool {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().any(names_status),
        Rule::Not(rule) => names_status(rule),
        Rule::Field(FieldCondition { field, .. }) => field == "status",
        _ => false,
    }
}

fn fits_row(rule: &Rule, row: &Row, as_of: NaiveDate) -> bool {
    match rule {
        Rule::All(rules) => rules.iter().all(|rule| fits_row(rule, row, as_of)),
        Rule::Any(rules) => rules.iter().any(|rule| fits_row(rule, row, as_of)),
        Rule::Not(rule) => !fits_row(rule, row, as_of),
        Rule::Field(of) => passes(&of.test, row.get(of.field.as_str()), as_of),
        other => unreachable!("{other:?}"),
    }
}

fn passes(test: &Test, value: Option<&Cell>, as_of: NaiveDate) -> bool {
    let Some(value) = value else {
        return test.op == Op::IsNotSet;
    };
    let compare = |literal: &Literal| -> std::cmp::Ordering {
        match (value, literal) {
            (Cell::Text(value), Literal::Text(right)) => value.as_str().cmp(right),
            (Cell::Amount(value), Literal::Number(right)) => {
                let right = (right.as_f64().unwrap() * 1e6).round() as i128;
                value.cmp(&right)
            }
            (Cell::Number(value), Literal::Number(right)) => value.partial_cmp(&right.as_f64().unwrap()).unwrap(),
            (Cell::Yes(value), Literal::YesNo(right)) => value.cmp(right),
            (Cell::Date(value), Literal::Text(right)) => value.cmp(&right.parse().unwrap()),
            (Cell::Date(value), Literal::DaysAgo(days)) => value.cmp(&(as_of - Days::new(u64::from(*days)))),
            other => unreachable!("{other:?}"),
        }
    };
    match (&test.op, &test.operand) {
        (Op::IsSet, _) => true,
        (Op::IsNotSet, _) => false,
        (Op::Between, Operand::Two(low, high)) => compare(low).is_ge() && compare(high).is_le(),
        (Op::In, Operand::Many(all)) => all.iter().any(|one| compare(one).is_eq()),
        (Op::NotIn, Operand::Many(all)) => !all.iter().any(|one| compare(one).is_eq()),
        (Op::Contains, Operand::One(Literal::Text(part))) => match value {
            Cell::Text(text) => text.to_lowercase().contains(&part.to_lowercase()),
            other => unreachable!("{other:?}"),
        },
        (op, Operand::One(one)) => {
            let order = compare(one);
            match op {
                Op::Eq => order.is_eq(),
                Op::Ne => order.is_ne(),
                Op::Lt => order.is_lt(),
                Op::Le => order.is_le(),
                Op::Gt => order.is_gt(),
                Op::Ge => order.is_ge(),
                other => unreachable!("{other:?}"),
            }
        }
        other => unreachable!("{other:?}"),
    }
}

/// The rule as it stands after its first `conditions` conditions have been read.
pub(super) fn cut(rule: &Rule, conditions: &mut usize) -> Option<Rule> {
    if *conditions == 0 {
        return None;
    }
    Some(match rule {
        Rule::All(rules) => Rule::All(rules.iter().filter_map(|rule| cut(rule, conditions)).collect()),
        Rule::Any(rules) => Rule::Any(rules.iter().filter_map(|rule| cut(rule, conditions)).collect()),
        Rule::Not(rule) => Rule::Not(Box::new(cut(rule, conditions)?)),
        condition => {
            *conditions -= 1;
            condition.clone()
        }
    })
}
