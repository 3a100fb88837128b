//! How a column writes its numbers and dates, from the first rows of a file, where the person did not say.

use super::{From, Plan, dates, numbers};
use crate::uploads::reading::RawBatch;
use types::uploads::{DateOrder, DecimalMark, UploadOptions, ValueType};

impl Plan {
    /// Looks at the first rows. What the options say stands.
    pub fn learn_styles(&mut self, sample: &RawBatch, options: &UploadOptions) {
        for plan in &mut self.fields {
            let From::Column { index, .. } = &plan.from else {
                continue;
            };
            let cells = || (0..sample.rows.len()).filter_map(|row| std::str::from_utf8(sample.cell(row, *index)).ok());
            match plan.field.value {
                ValueType::Decimal | ValueType::Whole if options.decimal.is_none() => {
                    plan.style.mark = most(cells().filter_map(numbers::evidence)).unwrap_or(DecimalMark::Point);
                }
                ValueType::Date | ValueType::Instant if options.date_order.is_none() => {
                    plan.style.order = most(cells().filter_map(dates::evidence)).unwrap_or(DateOrder::DayMonthYear);
                }
                _ => {}
            }
        }
    }
}

/// The answer that comes most often; the earlier one when two come equally often.
fn most<T: PartialEq + Copy>(answers: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for answer in answers {
        match counts.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, count)) => *count += 1,
            None => counts.push((answer, 1)),
        }
    }
    let largest = counts.iter().map(|(_, count)| *count).max()?;
    counts
        .into_iter()
        .find(|(_, count)| *count == largest)
        .map(|(answer, _)| answer)
}
