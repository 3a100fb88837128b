//! One comparison, made ready to be asked of many values: numbers against numbers, texts against texts. What is not known passes only
//! `is_not_set`.

use chrono::NaiveDate;
use std::collections::HashSet;
use types::rules::{Literal, Op, Operand, Test};

/// A comparison with a number; dates are days since 1970.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NumberTest {
    Eq(f64),
    Ne(f64),
    Lt(f64),
    Le(f64),
    Gt(f64),
    Ge(f64),
    Between(f64, f64),
    In(Vec<f64>),
    NotIn(Vec<f64>),
    IsSet,
    IsNotSet,
    Never,
}

impl NumberTest {
    /// `as_of` is the day that `days_ago` counts from.
    pub(super) fn of(test: &Test, as_of: NaiveDate) -> NumberTest {
        let number = |literal: &Literal| match literal {
            Literal::Number(number) => number.as_f64(),
            date => date.date(as_of).map(|date| f64::from(crate::zone::day_of_date(date))),
        };
        // In order, so that a list of thousands is not read through for each customer. Zero has one sign only.
        let many = |all: &[Literal]| {
            let mut values: Vec<f64> = all.iter().filter_map(number).map(|value| value + 0.0).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        match (test.op, &test.operand) {
            (Op::IsSet, _) => NumberTest::IsSet,
            (Op::IsNotSet, _) => NumberTest::IsNotSet,
            (Op::In, Operand::Many(all)) => NumberTest::In(many(all)),
            (Op::NotIn, Operand::Many(all)) => NumberTest::NotIn(many(all)),
            (Op::Between, Operand::Two(low, high)) => match (number(low), number(high)) {
                (Some(low), Some(high)) => NumberTest::Between(low, high),
                _ => NumberTest::Never,
            },
            (op, Operand::One(one)) => match (op, number(one)) {
                (Op::Eq, Some(value)) => NumberTest::Eq(value),
                (Op::Ne, Some(value)) => NumberTest::Ne(value),
                (Op::Lt, Some(value)) => NumberTest::Lt(value),
                (Op::Le, Some(value)) => NumberTest::Le(value),
                (Op::Gt, Some(value)) => NumberTest::Gt(value),
                (Op::Ge, Some(value)) => NumberTest::Ge(value),
                _ => NumberTest::Never,
            },
            _ => NumberTest::Never,
        }
    }

    /// Not a number is not known.
    pub(super) fn passes(&self, value: f64) -> bool {
        match self {
            NumberTest::Eq(right) => value == *right,
            NumberTest::Ne(right) => !value.is_nan() && value != *right,
            NumberTest::Lt(right) => value < *right,
            NumberTest::Le(right) => value <= *right,
            NumberTest::Gt(right) => value > *right,
            NumberTest::Ge(right) => value >= *right,
            NumberTest::Between(low, high) => value >= *low && value <= *high,
            NumberTest::In(all) => is_among(value, all),
            NumberTest::NotIn(all) => !value.is_nan() && !is_among(value, all),
            NumberTest::IsSet => !value.is_nan(),
            NumberTest::IsNotSet => value.is_nan(),
            NumberTest::Never => false,
        }
    }

    /// Writes 1 for each value that passes. The kind of comparison is decided once, so that the loops are plain.
    pub(super) fn fill<T: Copy>(&self, values: &[T], number: impl Fn(T) -> f64, out: &mut [u8]) {
        fn each<T: Copy>(values: &[T], out: &mut [u8], passes: impl Fn(T) -> bool) {
            for (value, out) in values.iter().zip(out) {
                *out = u8::from(passes(*value));
            }
        }
        match *self {
            NumberTest::Eq(right) => each(values, out, |value| number(value) == right),
            NumberTest::Lt(right) => each(values, out, |value| number(value) < right),
            NumberTest::Le(right) => each(values, out, |value| number(value) <= right),
            NumberTest::Gt(right) => each(values, out, |value| number(value) > right),
            NumberTest::Ge(right) => each(values, out, |value| number(value) >= right),
            NumberTest::Between(low, high) => each(values, out, |value| {
                let value = number(value);
                (value >= low) & (value <= high)
            }),
            _ => each(values, out, |value| self.passes(number(value))),
        }
    }
}

fn is_among(value: f64, sorted: &[f64]) -> bool {
    let value = value + 0.0;
    sorted.binary_search_by(|other| other.total_cmp(&value)).is_ok()
}

/// A comparison with a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TextTest {
    Eq(String),
    Ne(String),
    In(HashSet<String>),
    NotIn(HashSet<String>),
    /// In small letters.
    Contains(String),
    IsSet,
    IsNotSet,
    Never,
}

impl TextTest {
    pub(super) fn of(test: &Test) -> TextTest {
        let text = |literal: &Literal| match literal {
            Literal::Text(text) => Some(text.clone()),
            _ => None,
        };
        match (test.op, &test.operand) {
            (Op::IsSet, _) => TextTest::IsSet,
            (Op::IsNotSet, _) => TextTest::IsNotSet,
            (Op::In, Operand::Many(all)) => TextTest::In(all.iter().filter_map(text).collect()),
            (Op::NotIn, Operand::Many(all)) => TextTest::NotIn(all.iter().filter_map(text).collect()),
            (op, Operand::One(one)) => match (op, text(one)) {
                (Op::Eq, Some(text)) => TextTest::Eq(text),
                (Op::Ne, Some(text)) => TextTest::Ne(text),
                (Op::Contains, Some(text)) => TextTest::Contains(text.to_lowercase()),
                _ => TextTest::Never,
            },
            _ => TextTest::Never,
        }
    }

    pub(super) fn passes(&self, word: Option<&str>) -> bool {
        let Some(word) = word else {
            return *self == TextTest::IsNotSet;
        };
        match self {
            TextTest::Eq(right) => word == right,
            TextTest::Ne(right) => word != right,
            TextTest::In(all) => all.contains(word),
            TextTest::NotIn(all) => !all.contains(word),
            TextTest::Contains(part) => word.to_lowercase().contains(part.as_str()),
            TextTest::IsSet => true,
            TextTest::IsNotSet | TextTest::Never => false,
        }
    }
}

/// A comparison with yes (1), no (0) or neither (2), as a table of answers.
pub(super) fn yes_no(test: &Test) -> [u8; 3] {
    let right = match &test.operand {
        Operand::One(Literal::YesNo(value)) => vec![*value],
        Operand::Many(all) => all
            .iter()
            .filter_map(|literal| match literal {
                Literal::YesNo(value) => Some(*value),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let answer = |value: bool| match test.op {
        Op::Eq | Op::In => right.contains(&value),
        Op::Ne | Op::NotIn => !right.contains(&value),
        Op::IsSet => true,
        _ => false,
    };
    [
        u8::from(answer(false)),
        u8::from(answer(true)),
        u8::from(test.op == Op::IsNotSet),
    ]
}
