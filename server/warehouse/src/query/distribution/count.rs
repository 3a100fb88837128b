//! Counts values and collects numbers, batch by batch; the halves that two threads counted are added at the end.

use super::columns::{Amount, From, Plan, age_at, age_band, hour_band, month_name, month_of_day, order_count, weekday};
use super::{DimensionCounts, Distribution, MeasureFigures};
use crate::error::{Error, Result};
use crate::labels::Group;
use crate::read::{Rows, at};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int32Type};
use std::collections::HashMap;
use tokio::task::JoinHandle;

/// Counts of one dimension: for each group, how many have each word.
#[derive(Default)]
struct Counts {
    numbers: HashMap<String, usize>,
    words: Vec<String>,
    counts: Vec<Vec<u64>>,
    /// Which word each entry of the dictionary of the last batch is; kept while the dictionary stays the same.
    dictionary: Option<ArrayRef>,
    entries: Vec<usize>,
}

const UNKNOWN: usize = usize::MAX;

impl Counts {
    fn new(groups: usize) -> Counts {
        Counts {
            counts: vec![Vec::new(); groups],
            ..Counts::default()
        }
    }

    fn number(&mut self, word: &str) -> usize {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len();
        self.numbers.insert(word.to_owned(), number);
        self.words.push(word.to_owned());
        self.counts.iter_mut().for_each(|counts| counts.push(0));
        number
    }

    fn add_word(&mut self, group: usize, word: &str, count: u64) {
        let number = self.number(word);
        self.counts[group][number] += count;
    }

    /// Counts a column of words, decoded as a dictionary so that each word is looked up once.
    fn take_words(&mut self, array: &ArrayRef, members: &[Vec<usize>]) -> Result<()> {
        let words = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let array = if *array.data_type() == words {
            array.clone()
        } else {
            datafusion::arrow::compute::cast(array, &words)?
        };
        let array = array.as_dictionary::<Int32Type>();
        let same = self
            .dictionary
            .as_ref()
            .is_some_and(|held| held.to_data().ptr_eq(&array.values().to_data()));
        if !same {
            self.entries = vec![UNKNOWN; array.values().len()];
            self.dictionary = Some(array.values().clone());
        }
        let values: &StringArray = array.values().as_string();
        for (group, rows) in members.iter().enumerate() {
            for row in rows {
                let Some(entry) = array.key(*row) else {
                    continue;
                };
                if self.entries[entry] == UNKNOWN {
                    // An entry of a dictionary may itself be null.
                    if values.is_null(entry) {
                        continue;
                    }
                    self.entries[entry] = self.number(values.value(entry));
                }
                self.counts[group][self.entries[entry]] += 1;
            }
        }
        Ok(())
    }

    fn add(&mut self, other: Counts) {
        for (group, counts) in other.counts.iter().enumerate() {
            for (word, count) in other.words.iter().zip(counts) {
                self.add_word(group, word, *count);
            }
        }
    }
}

/// What was counted so far, for every group.
pub(super) struct Tally {
    sizes: Vec<u64>,
    dimensions: Vec<Counts>,
    /// Measure, then group.
    measures: Vec<Vec<Vec<f64>>>,
}

impl Tally {
    pub(super) fn new(plan: &Plan, groups: usize) -> Tally {
        Tally {
            sizes: vec![0; groups],
            dimensions: plan.dimensions.iter().map(|_| Counts::new(groups)).collect(),
            measures: vec![vec![Vec::new(); groups]; plan.measures.len()],
        }
    }

    pub(super) fn take(&mut self, plan: &Plan, rows: &Rows<'_>, groups: &[Group]) -> Result<()> {
        let numbers = rows.numbers("customer_no")?;
        let members: Vec<Vec<usize>> = groups
            .iter()
            .map(|group| {
                (0..rows.len())
                    .filter(|row| group.contains(numbers.value(*row)))
                    .collect()
            })
            .collect();
        for (size, rows) in self.sizes.iter_mut().zip(&members) {
            *size += rows.len() as u64;
        }
        let ages = ages(rows, plan)?;
        for ((_, from), counts) in plan.dimensions.iter().zip(&mut self.dimensions) {
            match from {
                From::Word(column) => counts.take_words(rows.array(column)?, &members)?,
                From::YesNo(column) => {
                    let values = rows.booleans(column)?;
                    take_small(
                        counts,
                        &members,
                        |row| values.is_valid(row).then(|| i32::from(values.value(row))),
                        |v| {
                            if v == 1 { "true".to_owned() } else { "false".to_owned() }
                        },
                    );
                }
                From::AgeBand => take_small(counts, &members, |row| ages[row], |age| age_band(age).to_owned()),
                From::Cohort => {
                    let days = rows.dates("first_order_on")?;
                    let month = |row| at::<Date32Type>(&days, row).map(month_of_day);
                    take_small(counts, &members, month, month_name);
                }
                From::OrderCount => take_numbers(counts, rows, &members, "orders", order_count)?,
                From::Hour => take_numbers(counts, rows, &members, "order_hour", hour_band)?,
                From::Weekday => take_numbers(counts, rows, &members, "order_weekday", weekday)?,
            }
        }
        for ((_, amount), collected) in plan.measures.iter().zip(&mut self.measures) {
            let values = amounts(amount, rows, plan, &ages)?;
            for (collected, rows) in collected.iter_mut().zip(&members) {
                collected.extend(rows.iter().filter_map(|row| values[*row]));
            }
        }
        Ok(())
    }

    pub(super) fn add(&mut self, other: Tally) {
        for (size, more) in self.sizes.iter_mut().zip(other.sizes) {
            *size += more;
        }
        for (counts, more) in self.dimensions.iter_mut().zip(other.dimensions) {
            counts.add(more);
        }
        for (measure, more) in self.measures.iter_mut().zip(other.measures) {
            for (values, more) in measure.iter_mut().zip(more) {
                values.extend(more);
            }
        }
    }

    /// Measures are worked out beside each other: sorting a million numbers takes longer than everything else here.
    pub(super) async fn finish(self, plan: &Plan) -> Result<Vec<Distribution>> {
        let mut figures: Vec<Vec<JoinHandle<MeasureFigures>>> = self.sizes.iter().map(|_| Vec::new()).collect();
        for ((name, _), of_groups) in plan.measures.iter().zip(self.measures) {
            for (figures, values) in figures.iter_mut().zip(of_groups) {
                let name = name.clone();
                figures.push(tokio::spawn(async move { measure(name, values) }));
            }
        }
        let mut found = Vec::with_capacity(self.sizes.len());
        for ((group, size), figures) in self.sizes.into_iter().enumerate().zip(figures) {
            let dimensions = plan
                .dimensions
                .iter()
                .zip(&self.dimensions)
                .map(|((name, _), counts)| dimension(name, counts, group))
                .collect();
            let mut measures = Vec::with_capacity(figures.len());
            for figure in figures {
                measures.push(figure.await.map_err(|ended| Error::Ended(ended.to_string()))?);
            }
            found.push(Distribution {
                size,
                dimensions,
                measures,
            });
        }
        Ok(found)
    }
}

fn take_numbers(
    counts: &mut Counts,
    rows: &Rows<'_>,
    members: &[Vec<usize>],
    column: &str,
    word: fn(i32) -> &'static str,
) -> Result<()> {
    let values = rows.i32s(column)?;
    take_small(counts, members, |row| at(&values, row), |value| word(value).to_owned());
    Ok(())
}

/// Counts small numbers of the batch first and names them afterwards.
fn take_small(
    counts: &mut Counts,
    members: &[Vec<usize>],
    value: impl Fn(usize) -> Option<i32>,
    word: impl Fn(i32) -> String,
) {
    for (group, rows) in members.iter().enumerate() {
        let mut seen: HashMap<i32, u64> = HashMap::new();
        for value in rows.iter().filter_map(|row| value(*row)) {
            *seen.entry(value).or_default() += 1;
        }
        for (value, count) in seen {
            counts.add_word(group, &word(value), count);
        }
    }
}

/// Years at the date asked for: from the birth date, else as uploaded.
fn ages(rows: &Rows<'_>, plan: &Plan) -> Result<Vec<Option<i32>>> {
    let (births, uploaded) = (rows.dates("birth_date")?, rows.i32s("age")?);
    Ok((0..rows.len())
        .map(|row| {
            at(&births, row)
                .and_then(|birth| age_at(birth, plan.as_of))
                .or_else(|| at(&uploaded, row))
        })
        .collect())
}

fn amounts(amount: &Amount, rows: &Rows<'_>, plan: &Plan, ages: &[Option<i32>]) -> Result<Vec<Option<f64>>> {
    let all = 0..rows.len();
    Ok(match amount {
        Amount::Age => ages.iter().map(|age| age.map(f64::from)).collect(),
        Amount::Spend => {
            let (gross, refunds) = (rows.money("gross_value")?, rows.money("refunds")?);
            all.map(|row| Some(crate::read::plain(gross.value(row) - refunds.value(row))))
                .collect()
        }
        Amount::AverageOrderValue => {
            let (gross, orders) = (rows.money("gross_value")?, rows.i32s("orders")?);
            all.map(|row| {
                (orders.value(row) > 0).then(|| crate::read::plain(gross.value(row)) / f64::from(orders.value(row)))
            })
            .collect()
        }
        Amount::DaysSinceLastOrder => {
            let last = rows.dates("last_order_on")?;
            let today = crate::zone::day_of_date(plan.as_of);
            all.map(|row| at(&last, row).map(|day| f64::from(today - day)))
                .collect()
        }
        Amount::Column(column) => {
            let values = rows.f64s(column)?;
            all.map(|row| at(&values, row)).collect()
        }
    })
}

fn dimension(name: &str, counts: &Counts, group: usize) -> DimensionCounts {
    let mut values: Vec<(String, u64)> = counts
        .words
        .iter()
        .cloned()
        .zip(counts.counts[group].iter().copied())
        .filter(|(_, count)| *count > 0)
        .collect();
    values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    DimensionCounts {
        name: name.to_owned(),
        known: values.iter().map(|(_, count)| count).sum(),
        values,
    }
}

/// Sorted first, so that the sums do not depend on which thread read what.
fn measure(name: String, mut values: Vec<f64>) -> MeasureFigures {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let mean = if n == 0 {
        0.0
    } else {
        values.iter().sum::<f64>() / n as f64
    };
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let median = (n > 0).then(|| {
        let (low, high) = (values[(n - 1) / 2], values[n / 2]);
        low + (high - low) / 2.0
    });
    MeasureFigures {
        name,
        count: n as u64,
        mean,
        variance: if n > 1 { squares / (n - 1) as f64 } else { 0.0 },
        median,
    }
}
