//! Which column is probably which field: by the names that people give to columns, in English and Chinese, by whether the values could be the
//! field's at all, and, where no name helps, by what the values look like.

use super::guess::{mark_of, order_of};
use super::names::names_of;
use super::words::{self, Choice};
use super::{clock::Zone, dates, numbers};
use crate::uploads::reading::RawBatch;
use chrono_tz::Tz;
use std::collections::HashSet;
use types::uploads::{DateOrder, Field, Mapping, Source, UploadKind, ValueType};

/// Rows that are looked at.
const LOOKED_AT: usize = 300;

/// Our field → the column that it probably is. Each column is used once; fields without a likely column are left out. Without a sample only
/// names count.
pub fn suggest(kind: UploadKind, columns: &[String], sample: Option<&RawBatch>) -> Mapping {
    let values: Vec<Vec<&str>> = (0..columns.len())
        .map(|column| sample.map(|sample| cells(sample, column)).unwrap_or_default())
        .collect();
    let plain: Vec<String> = columns.iter().map(|name| plain(name)).collect();
    let mut used = vec![false; columns.len()];
    let mut mapping = Mapping::new();
    let mut take = |field: &Field, index: usize, used: &mut Vec<bool>| {
        used[index] = true;
        mapping.insert(field.name.to_owned(), Source::Name(columns[index].clone()));
    };
    let mut open: Vec<&Field> = kind.fields().iter().collect();
    // Exact names first, so that a loose synonym never takes the column of another field; looks last.
    open.retain(|field| {
        let own = self::plain(field.name);
        let found = (0..columns.len()).find(|index| !used[*index] && plain[*index] == own);
        found.inspect(|index| take(field, *index, &mut used)).is_none()
    });
    open.retain(|field| {
        let found = names_of(kind, field.name).iter().find_map(|wanted| {
            (0..columns.len())
                .find(|index| !used[*index] && plain[*index] == *wanted && could_be(field, &values[*index]))
        });
        found.inspect(|index| take(field, *index, &mut used)).is_none()
    });
    for field in open {
        let left = || (0..columns.len()).filter(|index| !used[*index] && !values[*index].is_empty());
        let alike: Vec<usize> = left().filter(|index| looks_like(field, &values[*index])).collect();
        // Two columns that look alike are nobody's guess.
        if let [index] = alike[..] {
            take(field, index, &mut used);
        }
    }
    mapping
}

/// Letters and digits only, in lower case.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The first values of a column that are not blank.
pub fn cells(sample: &RawBatch, column: usize) -> Vec<&str> {
    (0..sample.rows.len())
        .filter_map(|row| std::str::from_utf8(sample.cell(row, column)).ok())
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .take(LOOKED_AT)
        .collect()
}

/// Whether most of the values can be read as the field at all; a column without values may be anything.
fn could_be(field: &Field, cells: &[&str]) -> bool {
    cells.is_empty() || readable(field, cells) * 2 >= cells.len()
}

fn readable(field: &Field, cells: &[&str]) -> usize {
    let count = |read: &dyn Fn(&str) -> bool| cells.iter().filter(|cell| read(cell)).count();
    match field.value {
        ValueType::Id | ValueType::Text => cells.len(),
        ValueType::Decimal | ValueType::Whole => {
            let (mark, _) = mark_of(cells.iter().copied());
            count(&|cell| numbers::decimal(cell.as_bytes(), mark, 6).is_ok())
        }
        ValueType::Date => {
            let (order, _) = order_of(cells.iter().copied());
            count(&|cell| dates::date(cell.as_bytes(), order).is_ok())
        }
        ValueType::Instant => {
            let (order, _) = order_of(cells.iter().copied());
            count(&|cell| dates::instant(cell.as_bytes(), order, &mut Zone::new(Tz::UTC)).is_ok())
        }
        ValueType::Boolean => count(&|cell| words::boolean(cell).is_some()),
        ValueType::Choice(ours) => count(&|cell| words::choice(cell, ours) != Choice::Strange),
    }
}

/// Whether nearly all values are such as only this field has.
fn looks_like(field: &Field, cells: &[&str]) -> bool {
    let nearly_all = |count: usize| count * 10 >= cells.len() * 9;
    let all = |read: &dyn Fn(&str) -> bool| nearly_all(cells.iter().filter(|cell| read(cell)).count());
    let distinct = || cells.iter().collect::<HashSet<_>>().len();
    match (field.name, field.value) {
        ("email", _) => all(&|cell| cell.contains('@') && cell.contains('.') && !cell.contains(' ')),
        ("currency", _) => all(&|cell| cell.len() == 3 && cell.bytes().all(|b| b.is_ascii_uppercase())),
        ("phone", _) => all(&is_phone),
        ("text", _) => {
            cells.iter().map(|cell| cell.chars().count()).sum::<usize>() > cells.len() * 15
                && distinct() * 2 > cells.len()
        }
        (_, ValueType::Choice(_)) => nearly_all(readable(field, cells)) && distinct() > 1 && !all(&is_short_number),
        // A number may be a day of a spreadsheet, but it rarely is: dates are known by their marks.
        (_, ValueType::Date | ValueType::Instant) if field.required => {
            all(&|cell| !cell.bytes().all(|b| b.is_ascii_digit() || b == b'.')) && nearly_all(readable(field, cells))
        }
        // The key of a thing: as many values as rows, and no dates or amounts.
        ("external_id", _) => cells.len() > 1 && distinct() == cells.len() && all(&is_code),
        ("unit_price" | "cost" | "amount" | "rate", _) => {
            field.required && nearly_all(readable(field, cells)) && cells.iter().any(|cell| cell.contains(['.', ',']))
        }
        _ => false,
    }
}

/// A number with its country, or eleven digits that begin with one, which is a Chinese mobile.
fn is_phone(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let marks = cell
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '.'));
    let mobile = cell.len() == 11 && cell.starts_with('1') && digits == 11;
    marks && (mobile || (cell.starts_with('+') && (8..=15).contains(&digits)))
}

fn is_short_number(cell: &str) -> bool {
    cell.len() <= 3 && cell.bytes().all(|b| b.is_ascii_digit())
}

/// Letters, digits and a few marks without a blank: an id rather than a name, a date or an amount.
fn is_code(cell: &str) -> bool {
    let plain = cell
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '#'));
    let is_date = cell.contains('-') && dates::date(cell.as_bytes(), DateOrder::DayMonthYear).is_ok();
    plain && cell.len() <= 40 && cell.bytes().any(|b| b.is_ascii_digit()) && !is_date
}
