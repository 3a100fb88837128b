//! What is a field of one customer, as conditions see it? The same columns and the same derivations that conditions are bound to.

use super::mask::{plain_amount, plain_whole};
use super::people::{People, Years};
use crate::error::Result;
use crate::query::distribution::columns::{age_band, hour_band, month_word, order_count, weekday};
use crate::resident::column::NO_DAY;
use crate::resident::{Column, Source};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::sync::Arc;
use types::rules::{ValueKind, customer_field};

/// One value as people read it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Unknown,
    Text(String),
    Number(f64),
    Day(NaiveDate),
    YesNo(bool),
}

/// A field of customers, row by row of the features.
pub(super) enum Reading {
    /// A column of the features as it stands.
    Column(Arc<Column>, ValueKind),
    Made(Box<dyn Fn(usize) -> Value + Send + Sync>),
}

impl Reading {
    pub(super) async fn of(people: &People, snapshot: &Snapshot, field: &str, as_of: NaiveDate) -> Result<Reading> {
        let whole = |name: &str| people.column(snapshot, Source::Whole(name.to_owned()));
        let amount = |name: &str| people.column(snapshot, Source::Amount(name.to_owned()));
        Ok(match field {
            "age" | "age_band" => {
                let (births, uploaded) = (whole("birth_date").await?, whole("age").await?);
                let (years, band) = (Years::at(as_of), field == "age_band");
                made(move |row| {
                    let age = years.of(births.whole()[row]).unwrap_or(uploaded.whole()[row]);
                    match (age, band) {
                        (NO_DAY, _) => Value::Unknown,
                        (age, true) => Value::Text(age_band(age).to_owned()),
                        (age, false) => Value::Number(f64::from(age)),
                    }
                })
            }
            "spend" => {
                let (gross, refunds) = (amount("gross_value").await?, amount("refunds").await?);
                made(move |row| {
                    let spend = i128::from(gross.amounts()[row]) - i128::from(refunds.amounts()[row]);
                    Value::Number(crate::read::plain(spend))
                })
            }
            "average_order_value" => {
                let (gross, orders) = (amount("gross_value").await?, whole("orders").await?);
                made(move |row| match orders.whole()[row] {
                    orders if orders > 0 => Value::Number(plain_amount(gross.amounts()[row]) / f64::from(orders)),
                    _ => Value::Unknown,
                })
            }
            "days_since_last_order" => {
                let last = whole("last_order_on").await?;
                let today = crate::zone::day_of_date(as_of);
                made(move |row| number(f64::from(today) - plain_whole(last.whole()[row])))
            }
            "cohort" => worded(whole("first_order_on").await?, month_word),
            "order_count" => worded(whole("orders").await?, |count| order_count(count).to_owned()),
            "order_hour" => worded(whole("order_hour").await?, |hour| hour_band(hour).to_owned()),
            "order_weekday" => worded(whole("order_weekday").await?, |day| weekday(day).to_owned()),
            _ => {
                let (source, _) = people.source(snapshot, field)?;
                let kind = customer_field(field).or_else(|| snapshot.attribute_kind(field));
                Reading::Column(people.column(snapshot, source).await?, kind.unwrap_or(ValueKind::Text))
            }
        })
    }

    pub(super) fn at(&self, row: usize) -> Value {
        match self {
            Reading::Made(made) => made(row),
            Reading::Column(column, kind) => match column.as_ref() {
                Column::Words(words) => words
                    .get(row)
                    .map_or(Value::Unknown, |word| Value::Text(word.to_owned())),
                Column::YesNo(values) => match values[row] {
                    0 => Value::YesNo(false),
                    1 => Value::YesNo(true),
                    _ => Value::Unknown,
                },
                Column::Whole(days) if *kind == ValueKind::Date => match days[row] {
                    NO_DAY => Value::Unknown,
                    day => Value::Day(crate::zone::date_of_day(day)),
                },
                _ => number(number_at(column, row)),
            },
        }
    }
}

fn made(made: impl Fn(usize) -> Value + Send + Sync + 'static) -> Reading {
    Reading::Made(Box::new(made))
}

fn worded(column: Arc<Column>, word: impl Fn(i32) -> String + Send + Sync + 'static) -> Reading {
    made(move |row| match column.whole()[row] {
        NO_DAY => Value::Unknown,
        value => Value::Text(word(value)),
    })
}

pub(super) fn number(value: f64) -> Value {
    if value.is_nan() {
        Value::Unknown
    } else {
        Value::Number(value)
    }
}

/// A number of a column; not a number where nothing is known.
pub(super) fn number_at(column: &Column, row: usize) -> f64 {
    match column {
        Column::Numbers(values) => values[row],
        Column::Amounts(values) => plain_amount(values[row]),
        Column::Whole(values) => plain_whole(values[row]),
        Column::Times(_) | Column::Places(_) | Column::Words(_) | Column::YesNo(_) => f64::NAN,
    }
}
