//! Which values does a field have, and how often? So that nobody who writes a rule has to guess how a city is spelt or how large orders are.

use super::filter::{Context, File, source_of};
use super::people::People;
use super::reading::{Reading, Value};
use super::{Asked, References};
use crate::error::{Error, Result};
use crate::resident::column::{Codes, Words};
use crate::resident::{Column, Source};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;
use types::rules::{Facts, ValueKind, customer_field, fact_field};

/// What a field holds in one version of the data.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldCounts {
    pub kind: ValueKind,
    /// Customers, or facts of customers.
    pub total: u64,
    /// Those whose value is known.
    pub known: u64,
    /// Texts that contain what was asked for, and yes and no: most frequent first, no more than asked for.
    pub values: Vec<(String, u64)>,
    /// How many different texts contain it.
    pub different: u64,
    /// Least and greatest number.
    pub range: Option<(f64, f64)>,
    /// Quartiles of a number of customers.
    pub quartiles: Option<[f64; 3]>,
    /// First and last day.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

impl Snapshot {
    /// The values of a field of customers, or of one kind of facts. `like` is a part of a text, in any case; ages are those at `as_of`.
    pub async fn field_values(
        &self,
        facts: Option<Facts>,
        field: String,
        like: String,
        most: usize,
        as_of: NaiveDate,
    ) -> Result<FieldCounts> {
        let this = self.clone();
        self.run(async move {
            let mut counts = match facts {
                None => of_customers(&this, &field, as_of).await?,
                Some(facts) => of_facts(&this, facts, &field, as_of).await?,
            };
            pick(&mut counts, &like, most);
            Ok(counts)
        })
        .await
    }
}

/// Keeps the texts that contain `like`, the most frequent first.
fn pick(counts: &mut FieldCounts, like: &str, most: usize) {
    let like = like.to_lowercase();
    if !like.is_empty() {
        counts.values.retain(|(word, _)| word.to_lowercase().contains(&like));
    }
    counts.different = counts.values.len() as u64;
    let order = |a: &(String, u64), b: &(String, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0));
    if counts.values.len() > most {
        counts.values.select_nth_unstable_by(most, order);
        counts.values.truncate(most);
    }
    counts.values.sort_unstable_by(order);
}

async fn of_customers(snapshot: &Snapshot, field: &str, as_of: NaiveDate) -> Result<FieldCounts> {
    let kind = customer_field(field).or_else(|| snapshot.attribute_kind(field));
    let kind = kind.ok_or_else(|| Error::Column(field.to_owned()))?;
    let people = People::of(snapshot).await?;
    let rows = people.customers.places().len();
    let reading = Reading::of(&people, snapshot, field, as_of).await?;
    let mut tally = Tally::default();
    match &reading {
        Reading::Column(column, _) => tally.column(column, |word| word.map(str::to_owned)),
        other => (0..rows).for_each(|row| tally.value(other.at(row))),
    }
    Ok(tally.finish(kind, rows as u64, true))
}

async fn of_facts(snapshot: &Snapshot, facts: Facts, field: &str, as_of: NaiveDate) -> Result<FieldCounts> {
    let kind = fact_field(facts, field).ok_or_else(|| Error::Column(field.to_owned()))?;
    // Of the order that a line belongs to: the orders are counted.
    if facts == Facts::OrderLines && super::filter::of_the_order(field) {
        return Box::pin(of_facts(snapshot, Facts::Orders, field, as_of)).await;
    }
    let asked = Asked::new(snapshot, as_of, References::default()).await?;
    let context: Context = asked.context().await?;
    let product = super::filter::Products::FIELDS
        .iter()
        .position(|known| *known == field)
        .filter(|_| matches!(facts, Facts::OrderLines | Facts::Reviews));
    let mut tally = Tally::default();
    let mut total = 0;
    for (part, path) in snapshot.parts_of(facts.as_str()) {
        let file = File { facts, part, path };
        total += context.column(&file, Source::Customers).await?.places().len() as u64;
        let source = match product {
            Some(_) => Source::Words("product_id".to_owned()),
            None => source_of(facts, field, kind),
        };
        let column = context.column(&file, source).await?;
        match (product, field) {
            (Some(place), _) => tally.column(&column, |product| context.products.get(product, place)),
            // As conditions see them: an order without a status is paid, one without a currency has the installation's.
            (None, "status") => tally.column(&column, |word| Some(word.unwrap_or("paid").to_owned())),
            (None, "currency") => tally.column(&column, |word| {
                Some(word.unwrap_or(context.snapshot.currency()).to_owned())
            }),
            _ if kind == ValueKind::Date => tally.days_of(&column),
            _ => tally.column(&column, |word| word.map(str::to_owned)),
        }
    }
    Ok(tally.finish(kind, total, false))
}

#[derive(Default)]
struct Tally {
    words: HashMap<String, u64>,
    numbers: Vec<f64>,
    days: Option<(i32, i32)>,
    known: u64,
}

impl Tally {
    /// Each word of a column is turned into the one that conditions see.
    fn column(&mut self, column: &Arc<Column>, word: impl Fn(Option<&str>) -> Option<String>) {
        match column.as_ref() {
            Column::Words(words) => {
                for (code, count) in occurrences(words)
                    .into_iter()
                    .enumerate()
                    .filter(|(_, count)| *count > 0)
                {
                    let text = code.checked_sub(1).map(|place| &*words.words[place]);
                    if let Some(text) = word(text) {
                        *self.words.entry(text).or_default() += count;
                        self.known += count;
                    }
                }
            }
            Column::YesNo(values) => {
                for (code, text) in [(0, "false"), (1, "true")] {
                    let count = values.iter().filter(|value| **value == code).count() as u64;
                    if count > 0 {
                        *self.words.entry(text.to_owned()).or_default() += count;
                    }
                    self.known += count;
                }
            }
            Column::Whole(_) | Column::Amounts(_) | Column::Numbers(_) => {
                let rows = match column.as_ref() {
                    Column::Whole(values) => values.len(),
                    Column::Amounts(values) => values.len(),
                    Column::Numbers(values) => values.len(),
                    _ => 0,
                };
                for row in 0..rows {
                    self.number(super::reading::number_at(column, row));
                }
            }
            Column::Times(_) | Column::Places(_) => {}
        }
    }

    fn days_of(&mut self, column: &Arc<Column>) {
        column.whole().iter().for_each(|day| self.day(*day));
    }

    fn day(&mut self, day: i32) {
        if day != crate::resident::column::NO_DAY {
            self.known += 1;
            self.days = Some(match self.days {
                None => (day, day),
                Some((first, last)) => (first.min(day), last.max(day)),
            });
        }
    }

    fn number(&mut self, value: f64) {
        if !value.is_nan() {
            self.known += 1;
            self.numbers.push(value);
        }
    }

    fn value(&mut self, value: Value) {
        match value {
            Value::Unknown => {}
            Value::Text(text) => {
                self.known += 1;
                *self.words.entry(text).or_default() += 1;
            }
            Value::Number(value) => self.number(value),
            Value::Day(date) => self.day(crate::zone::day_of_date(date)),
            Value::YesNo(yes) => {
                self.known += 1;
                *self.words.entry(yes.to_string()).or_default() += 1;
            }
        }
    }

    fn finish(mut self, kind: ValueKind, total: u64, quartiles: bool) -> FieldCounts {
        // Dates of customers are columns of whole numbers, too.
        if kind == ValueKind::Date && self.days.is_none() && !self.numbers.is_empty() {
            let all = self.numbers.iter().map(|day| *day as i32);
            self.days = all.clone().min().zip(all.max());
            self.numbers.clear();
        }
        let least = self.numbers.iter().copied().reduce(f64::min);
        let most = self.numbers.iter().copied().reduce(f64::max);
        FieldCounts {
            kind,
            total,
            known: self.known,
            different: self.words.len() as u64,
            values: self.words.into_iter().collect(),
            range: least.zip(most),
            quartiles: (quartiles && !self.numbers.is_empty()).then(|| three(&mut self.numbers)),
            days: self
                .days
                .map(|(first, last)| (crate::zone::date_of_day(first), crate::zone::date_of_day(last))),
        }
    }
}

/// The values below which a quarter, half and three quarters lie: the smallest value that so many do not exceed.
fn three(values: &mut [f64]) -> [f64; 3] {
    let count = values.len();
    [1, 2, 3].map(|quarter| {
        let place = (count * quarter).div_ceil(4).saturating_sub(1);
        *values.select_nth_unstable_by(place, f64::total_cmp).1
    })
}

/// How often each code occurs.
fn occurrences(words: &Words) -> Vec<u64> {
    fn count<T: Copy>(codes: &[T], place: impl Fn(T) -> usize, of: usize) -> Vec<u64> {
        let mut counts = vec![0; of];
        codes.iter().for_each(|code| counts[place(*code)] += 1);
        counts
    }
    let of = words.words.len() + 1;
    match &words.codes {
        Codes::Narrow(codes) => count(codes, usize::from, of),
        Codes::Middle(codes) => count(codes, usize::from, of),
        Codes::Wide(codes) => count(codes, |code| code as usize, of),
    }
}
