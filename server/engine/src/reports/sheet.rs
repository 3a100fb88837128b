//! A report before it is written: columns with units, rows of typed cells.

use chrono::{DateTime, NaiveDate, Utc};
use types::query::Period;

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Text,
    Whole,
    /// In the currency that the report names.
    Money,
    /// A share or a rate: 0.41.
    Fraction,
    /// Any other number.
    Number,
    Date,
    Time,
}

/// A column under the name that the API gives the same figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub key: &'static str,
    pub unit: Unit,
}

pub const fn column(key: &'static str, unit: Unit) -> Column {
    Column { key, unit }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Blank,
    Text(String),
    Whole(i64),
    Number(f64),
    Date(NaiveDate),
    Time(DateTime<Utc>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        if text.is_empty() {
            Cell::Blank
        } else {
            Cell::Text(text.to_owned())
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        text.as_str().into()
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Cell {
        Cell::Whole(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Cell {
        if value.is_finite() {
            Cell::Number(value)
        } else {
            Cell::Blank
        }
    }
}

impl From<NaiveDate> for Cell {
    fn from(date: NaiveDate) -> Cell {
        Cell::Date(date)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(time: DateTime<Utc>) -> Cell {
        Cell::Time(time)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Blank, Into::into)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub name: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// A file of comma-separated values holds the first sheet; a workbook holds all of them, and one that says what they are about.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub name: String,
    pub data_version: i64,
    /// Currency, data version, period and whatever else the figures stand on.
    pub about: Vec<(&'static str, Cell)>,
    pub sheets: Vec<Sheet>,
}

impl Report {
    /// The lines that every report begins its account of itself with.
    pub fn about(
        currency: &str,
        data_version: i64,
        data_as_of: Option<DateTime<Utc>>,
        period: Option<Period>,
    ) -> Vec<(&'static str, Cell)> {
        let mut about = vec![
            ("currency", currency.into()),
            ("data_version", data_version.into()),
            ("data_as_of", data_as_of.into()),
        ];
        if let Some(period) = period {
            about.push(("from", period.from.into()));
            about.push(("to", period.to.into()));
        }
        about
    }
}
