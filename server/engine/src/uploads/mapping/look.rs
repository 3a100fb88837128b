//! What the columns of a file look like from its first rows: samples, categories with their counts, and how numbers and dates would be read.
//! For the mapping page only; nothing of it decides about a row.

use super::clock::Zone;
use super::guess::{mark_of, order_of};
use super::words::{self, Choice};
use super::{dates, numbers};
use crate::uploads::reading::RawBatch;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use std::collections::HashMap;
use types::uploads::{
    DateOrder, DecimalMark, Mapping, PreviewColumn, ReadAs, Reading, Source, UploadKind, UploadOptions, ValueCount,
    ValueType,
};

/// First values that are shown of a column.
const SAMPLES: usize = 5;
/// Characters of a value that are shown.
const SHOWN: usize = 80;
/// More different values than this are not categories.
const CATEGORIES: usize = 60;
/// A value longer than this is a text and no category.
const CATEGORY_CHARS: usize = 60;

/// The mapping that the page starts with: what the person has said for columns that are there, otherwise the suggestion.
pub fn start_with(said: &Mapping, suggestion: &Mapping, columns: &[String]) -> Mapping {
    let is_there = |source: &Source| match source {
        Source::Name(column) | Source::Column { column, .. } => columns.contains(column),
        Source::Constant { .. } | Source::RowNumber { .. } => true,
    };
    if !said.values().any(is_there) {
        return suggestion.clone();
    }
    let mut start: Mapping = said
        .iter()
        .filter(|(_, source)| is_there(source))
        .map(|(field, source)| (field.clone(), source.clone()))
        .collect();
    for field in said.keys().filter(|field| !said.get(*field).is_some_and(is_there)) {
        if let Some(source) = suggestion.get(field) {
            start.insert(field.clone(), source.clone());
        }
    }
    start
}

/// Collects what is shown of each column, batch by batch.
pub struct Columns {
    columns: Vec<Column>,
    pub rows: i64,
}

#[derive(Default)]
struct Column {
    name: String,
    filled: i64,
    samples: Vec<String>,
    /// For the guess of order and mark.
    cells: Vec<String>,
    /// `None`: there are too many.
    values: Option<HashMap<String, (i64, usize)>>,
}

/// Cells that a guess is made from.
const GUESSED_FROM: usize = 2_000;

impl Columns {
    pub fn new(names: &[String]) -> Columns {
        let column = |name: &String| Column {
            name: name.clone(),
            values: Some(HashMap::new()),
            ..Column::default()
        };
        Columns {
            columns: names.iter().map(column).collect(),
            rows: 0,
        }
    }

    pub fn add(&mut self, batch: &RawBatch) {
        self.rows += batch.rows.len() as i64;
        for (index, column) in self.columns.iter_mut().enumerate() {
            for row in 0..batch.rows.len() {
                let text = String::from_utf8_lossy(batch.cell(row, index));
                let cell = text.trim();
                if !cell.is_empty() {
                    column.add(cell);
                }
            }
        }
    }

    /// `mapping` says which columns are to be dates or numbers.
    pub fn finish(self, kind: UploadKind, mapping: &Mapping, options: &UploadOptions) -> Vec<PreviewColumn> {
        let wanted = |name: &str| {
            let mapped = mapping.iter().find(|(_, source)| match source {
                Source::Name(column) | Source::Column { column, .. } => column == name,
                _ => false,
            });
            let field = mapped.and_then(|(field, _)| kind.fields().iter().find(|known| known.name == field));
            field.map(|field| field.value)
        };
        self.columns
            .into_iter()
            .map(|column| {
                let reading = reading(&column.cells, wanted(&column.name), options);
                PreviewColumn {
                    reading,
                    filled: column.filled,
                    values: counted(column.values, column.filled, wanted(&column.name)),
                    samples: column.samples,
                    name: column.name,
                }
            })
            .collect()
    }
}

impl Column {
    fn add(&mut self, cell: &str) {
        self.filled += 1;
        if self.samples.len() < SAMPLES {
            self.samples.push(cell.chars().take(SHOWN).collect());
        }
        if self.cells.len() < GUESSED_FROM {
            self.cells.push(cell.to_owned());
        }
        let Some(values) = &mut self.values else { return };
        if let Some((count, _)) = values.get_mut(cell) {
            *count += 1;
        } else if values.len() == CATEGORIES || cell.chars().count() > CATEGORY_CHARS {
            self.values = None;
        } else {
            let place = values.len();
            values.insert(cell.to_owned(), (1, place));
        }
    }
}

fn reading(cells: &[String], wanted: Option<ValueType>, options: &UploadOptions) -> Reading {
    let all = || cells.iter().map(String::as_str);
    let (mark, mark_sure) = match options.decimal {
        Some(mark) => (mark, true),
        None => mark_of(all()),
    };
    let (order, order_sure) = match options.date_order {
        Some(order) => (order, true),
        None => order_of(all()),
    };
    let as_number = || Reading::Number {
        mark,
        sure: mark_sure,
        first: first(all(), |cell| number(cell, mark)),
    };
    let as_date = || Reading::Date {
        order,
        sure: order_sure,
        first: first(all(), |cell| date(cell, order)),
    };
    let most = |count: usize| !cells.is_empty() && count * 10 >= cells.len() * 9;
    match wanted {
        Some(ValueType::Decimal | ValueType::Whole) => as_number(),
        Some(ValueType::Date | ValueType::Instant) => as_date(),
        Some(_) => Reading::Text,
        // Nobody has said what the column is: only what is written like a date is taken for one.
        None if most(
            all()
                .filter(|cell| cell.contains(['-', '/', '.', '年']) && date(cell, order).date.is_some())
                .count(),
        ) =>
        {
            as_date()
        }
        None if most(all().filter(|cell| number(cell, mark).number.is_some()).count()) => as_number(),
        None => Reading::Text,
    }
}

/// The first values that show how the column is read: those first that could be read otherwise.
fn first<'a>(cells: impl Iterator<Item = &'a str>, read: impl Fn(&str) -> ReadAs) -> Vec<ReadAs> {
    let mut cells: Vec<&str> = cells.take(200).collect();
    cells.sort_by_key(|cell| !(dates::is_ambiguous(cell) || cell.contains([',', '.'])));
    let mut shown: Vec<ReadAs> = Vec::new();
    for cell in cells {
        if !shown.iter().any(|known| known.cell == *cell) {
            shown.push(read(cell));
        }
        if shown.len() == 3 {
            break;
        }
    }
    shown
}

fn date(cell: &str, order: DateOrder) -> ReadAs {
    let day = dates::instant(cell.as_bytes(), order, &mut Zone::new(Tz::UTC))
        .ok()
        .map(|micros| micros.div_euclid(86_400_000_000))
        .or_else(|| dates::date(cell.as_bytes(), order).ok().map(i64::from));
    let date = day.and_then(|day| NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_signed(TimeDelta::days(day)));
    ReadAs {
        cell: cell.chars().take(SHOWN).collect(),
        date,
        number: None,
    }
}

fn number(cell: &str, mark: DecimalMark) -> ReadAs {
    let millionths = numbers::decimal(cell.as_bytes(), mark, 6).ok();
    ReadAs {
        cell: cell.chars().take(SHOWN).collect(),
        date: None,
        number: millionths.map(plain),
    }
}

/// Millionths as a plain number.
fn plain(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, part) = (
        millionths.unsigned_abs() / 1_000_000,
        millionths.unsigned_abs() % 1_000_000,
    );
    let part = format!("{part:06}");
    match part.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

/// Categories, most frequent first. A column in which nearly every value is another one has none.
fn counted(values: Option<HashMap<String, (i64, usize)>>, filled: i64, wanted: Option<ValueType>) -> Vec<ValueCount> {
    let values = values.unwrap_or_default();
    let few = matches!(wanted, Some(ValueType::Choice(_)));
    if values.len() as i64 * 2 > filled && filled > 20 && !few {
        return Vec::new();
    }
    let mut ordered: Vec<(String, i64, usize)> = values
        .into_iter()
        .map(|(value, (count, place))| (value, count, place))
        .collect();
    ordered.sort_by_key(|(_, count, place)| (-count, *place));
    let names: Vec<String> = ordered.iter().map(|(value, _, _)| value.clone()).collect();
    ordered
        .into_iter()
        .map(|(value, count, _)| ValueCount {
            alike: alike(&value, &names),
            ours: wanted.and_then(|wanted| ours(&value, wanted)),
            value,
            count,
        })
        .collect()
}

/// The word of ours that a value is taken for when nobody says otherwise; empty: it says that nothing is known.
fn ours(value: &str, wanted: ValueType) -> Option<String> {
    let ValueType::Choice(words) = wanted else { return None };
    match words::choice(value, words) {
        Choice::Ours(word) => Some(word.to_owned()),
        Choice::Unknown => Some(String::new()),
        Choice::Strange => None,
    }
}

/// Another value that probably means the same: the words of which this is the initials, or the same word written otherwise and more often.
fn alike(value: &str, all: &[String]) -> Option<String> {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let own = letters(value);
    if own.chars().count() < 2 || own.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let same = all
        .iter()
        .take_while(|other| *other != value)
        .find(|other| letters(other) == own);
    let spelt_out = all.iter().filter(|other| *other != value).find(|other| {
        let words: Vec<&str> = other.split_whitespace().collect();
        let initials = words.iter().filter_map(|word| word.chars().next());
        words.len() > 1 && initials.flat_map(char::to_lowercase).eq(own.chars())
    });
    // "Mobile" beside "Mobile Phone" is the same; beside "Mobile Phone" and "Mobile App" it may be either.
    let begins = format!("{} ", value.to_lowercase());
    let longer: Vec<&String> = all
        .iter()
        .filter(|other| other.to_lowercase().starts_with(&begins))
        .collect();
    let longer = match longer[..] {
        [only] => Some(only),
        _ => None,
    };
    same.or(spelt_out).or(longer).cloned()
}
