//! What the columns of a file mean: which column is which of our fields, and what a cell must hold to be taken.
//!
//! Whether a row is rejected depends on the file, the mapping and the options only; nothing here looks at what is stored.

mod batch;
mod cells;
mod clock;
mod dates;
mod guess;
mod keys;
mod look;
mod names;
mod numbers;
mod parse;
mod profile;
mod suggest;
#[cfg(test)]
mod tests;
mod words;

pub use batch::{BLANK, Cells, Reject, TypedBatch};
pub use keys::AsIs;
pub use look::{Columns, start_with};
pub use parse::Parser;
pub use profile::Counts;
pub use suggest::suggest;

use crate::error::{Error, Result};
use crate::uploads::reading::RawBatch;
use chrono_tz::Tz;
use std::collections::HashMap;
use types::problems::FieldProblem;
use types::uploads::{Blanks, DateOrder, DecimalMark, Field, Mapping, Source, UploadKind, UploadOptions};

/// A mapping that fits a header: how to read each field of each row.
#[derive(Clone)]
pub struct Plan {
    pub kind: UploadKind,
    /// One for each field of the kind, in its order.
    pub fields: Vec<FieldPlan>,
    /// Extra attributes of customers: key and column.
    pub attributes: Vec<(String, usize)>,
    /// Number of columns of the header.
    pub columns: usize,
    /// The system whose ids these are.
    pub source: String,
    /// A blank cell of a mapped field makes the value unknown.
    pub overwrite: bool,
    pub zone: Tz,
    /// What pages call the encoding, for the reason of a row that cannot be decoded.
    pub encoding: String,
    /// What was fitted.
    pub mapping: Mapping,
    /// What the taken rows hold of each field; the parser counts.
    pub counts: Counts,
}

#[derive(Clone)]
pub struct FieldPlan {
    pub field: Field,
    pub from: From,
    pub style: Style,
}

/// Where the value of a field comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum From {
    Nowhere,
    Column {
        index: usize,
        values: HashMap<String, String>,
    },
    Constant(String),
    RowNumber,
}

/// How numbers and dates of one column are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    pub mark: DecimalMark,
    pub order: DateOrder,
}

impl Plan {
    pub fn field_index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|plan| plan.field.name == name)
    }

    pub fn is_mapped(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|plan| plan.field.name == name && plan.from != From::Nowhere)
    }
}

/// The mapping to use when a person gave none: headers equal to our names, else the suggestion.
pub fn mapping_for(kind: UploadKind, columns: &[String], sample: Option<&RawBatch>) -> Mapping {
    let equal: Mapping = kind
        .fields()
        .iter()
        .filter(|field| columns.iter().any(|column| column == field.name))
        .map(|field| (field.name.to_owned(), Source::Name(field.name.to_owned())))
        .collect();
    let complete = kind
        .fields()
        .iter()
        .all(|field| !field.required || equal.contains_key(field.name));
    if complete {
        equal
    } else {
        suggest(kind, columns, sample)
    }
}

/// Fits a mapping to a header. All that is wrong with it is said at once, field by field.
pub fn fit(kind: UploadKind, mapping: &Mapping, columns: &[String], options: &UploadOptions) -> Result<Plan> {
    let mut problems = Vec::new();
    let mut problem = |field: &str, reason: String| {
        problems.push(FieldProblem {
            field: field.to_owned(),
            reason,
        })
    };
    let mut attributes = Vec::new();
    let mut found: HashMap<&str, From> = HashMap::new();
    for (name, source) in mapping {
        let from = match resolve(source, columns) {
            Ok(from) => from,
            Err(reason) => {
                problem(name, reason);
                continue;
            }
        };
        if let Some(key) = name.strip_prefix("attributes.") {
            match from {
                From::Column { index, .. } if kind == UploadKind::Customers && !key.is_empty() => {
                    attributes.push((key.to_owned(), index))
                }
                _ if kind != UploadKind::Customers => problem(name, "only customers have extra attributes".into()),
                _ => problem(name, "an extra attribute needs a name and a column".into()),
            }
        } else if let Some(field) = kind.fields().iter().find(|field| field.name == name) {
            found.insert(field.name, from);
        } else {
            problem(
                name,
                format!("is not a field of {}; its fields are {}", kind.as_str(), names(kind)),
            );
        }
    }
    for field in kind
        .fields()
        .iter()
        .filter(|field| field.required && !mapping.contains_key(field.name))
    {
        problem(
            field.name,
            format!("is needed for {} and is not mapped to a column", kind.as_str()),
        );
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if options.keep_unmapped && kind == UploadKind::Customers {
        keep_unmapped(columns, &found, &mut attributes);
    }
    let style = Style {
        mark: options.decimal.unwrap_or(DecimalMark::Point),
        order: options.date_order.unwrap_or(DateOrder::DayMonthYear),
    };
    let fields = kind
        .fields()
        .iter()
        .map(|field| FieldPlan {
            field: *field,
            from: found.remove(field.name).unwrap_or(From::Nowhere),
            style,
        })
        .collect();
    Ok(Plan {
        kind,
        fields,
        attributes,
        columns: columns.len(),
        source: options.source.trim().to_owned(),
        overwrite: options.blanks == Blanks::Overwrite,
        zone: Tz::UTC,
        encoding: String::new(),
        mapping: mapping.clone(),
        counts: Counts::default(),
    })
}

fn names(kind: UploadKind) -> String {
    kind.fields()
        .iter()
        .map(|field| field.name)
        .collect::<Vec<_>>()
        .join(", ")
}

fn resolve(source: &Source, columns: &[String]) -> Result<From, String> {
    let (column, values) = match source {
        Source::Name(column) => (column, HashMap::new()),
        Source::Column { column, values } => (
            column,
            values.iter().map(|(k, v)| (k.trim().to_owned(), v.clone())).collect(),
        ),
        Source::Constant { constant } => return Ok(From::Constant(constant.clone())),
        Source::RowNumber { row_number: true } => return Ok(From::RowNumber),
        Source::RowNumber { row_number: false } => return Ok(From::Nowhere),
    };
    let wanted = column.trim();
    let exact = columns.iter().position(|name| name == wanted);
    let alike = || {
        let lower = wanted.to_lowercase();
        let mut found = columns
            .iter()
            .enumerate()
            .filter(|(_, name)| name.to_lowercase() == lower);
        found.next().filter(|_| found.next().is_none()).map(|(index, _)| index)
    };
    match exact.or_else(alike) {
        Some(index) => Ok(From::Column { index, values }),
        None => Err(format!(
            "the file has no column \u{201c}{wanted}\u{201d}; it has {}",
            columns.join(", ")
        )),
    }
}

fn keep_unmapped(columns: &[String], found: &HashMap<&str, From>, attributes: &mut Vec<(String, usize)>) {
    for (index, name) in columns.iter().enumerate() {
        let used = found
            .values()
            .any(|from| matches!(from, From::Column { index: at, .. } if *at == index));
        if !used && !attributes.iter().any(|(key, at)| *at == index || key == name) {
            attributes.push((name.clone(), index));
        }
    }
}
