//! What the taken rows of a file hold of each field, counted while they are parsed, for the comparison with other files of the same kind.

use super::batch::{BLANK, Cells, TypedBatch};
use std::sync::{Arc, Mutex, PoisonError};
use types::uploads::{Field, FieldProfile, Profile, ValueType};

/// Shared by the parser, which adds, and the job, which reads when the file has ended.
#[derive(Clone, Default)]
pub struct Counts(Arc<Mutex<Vec<Count>>>);

#[derive(Clone, Copy, Default)]
struct Count {
    mapped: bool,
    rows: i64,
    filled: i64,
    sum: f64,
}

impl Counts {
    pub(super) fn add(&self, batch: &TypedBatch) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.resize(batch.columns.len(), Count::default());
        for (count, cells) in counts.iter_mut().zip(&batch.columns) {
            let (filled, sum) = match cells {
                Cells::Nowhere => continue,
                Cells::Text(spans) => (spans.iter().filter(|span| !span.is_blank()).count(), 0.0),
                Cells::Number(numbers) => {
                    let there = || numbers.iter().filter(|number| **number != BLANK);
                    (there().count(), there().map(|number| *number as f64).sum())
                }
            };
            count.mapped = true;
            count.rows += batch.rows as i64;
            count.filled += filled as i64;
            count.sum += sum;
        }
    }

    pub fn profile(&self, fields: &[Field]) -> Profile {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mapped = fields.iter().zip(counts.iter()).filter(|(_, count)| count.mapped);
        mapped
            .map(|(field, count)| {
                let unit = match field.value {
                    ValueType::Decimal if field.name == "rate" => Some(1e9),
                    ValueType::Decimal => Some(1e6),
                    ValueType::Whole => Some(1.0),
                    _ => None,
                };
                let mean = unit
                    .filter(|_| count.filled > 0)
                    .map(|unit| count.sum / unit / count.filled as f64);
                let profile = FieldProfile {
                    rows: count.rows,
                    filled: count.filled,
                    mean,
                };
                (field.name.to_owned(), profile)
            })
            .collect()
    }
}
