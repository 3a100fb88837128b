//! How a column writes its numbers and dates, from the first rows of a file, where the person did not say.

use super::{From, Plan, dates, numbers};
use crate::uploads::reading::RawBatch;
use types::uploads::{DateOrder, DecimalMark, UploadOptions, ValueType};

/// How much closer together dates must lie in one order than in the other to be believed.
const CLOSER: i32 = 4;

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
                    plan.style.mark = mark_of(cells()).0;
                }
                ValueType::Date | ValueType::Instant if options.date_order.is_none() => {
                    plan.style.order = order_of(cells()).0;
                }
                _ => {}
            }
        }
    }
}

/// The decimal mark of a column, and whether its values leave no doubt.
pub fn mark_of<'a>(cells: impl Iterator<Item = &'a str>) -> (DecimalMark, bool) {
    let mut votes = Votes::default();
    let mut doubtful = false;
    for cell in cells {
        match numbers::evidence(cell) {
            Some(mark) => votes.add(mark),
            None => doubtful |= cell.contains(['.', ',']),
        }
    }
    match votes.winner() {
        Some((mark, sure)) => (mark, sure),
        None => (DecimalMark::Point, !doubtful),
    }
}

/// The order of day, month and year of a column, and whether its values leave no doubt. Where they do, the order in which the dates lie much
/// closer together is likelier: a file holds some days or months rather than the second of every month.
pub fn order_of<'a>(cells: impl Iterator<Item = &'a str>) -> (DateOrder, bool) {
    let mut votes = Votes::default();
    let mut doubtful = false;
    let (mut day_first, mut month_first) = (Span::default(), Span::default());
    for cell in cells {
        if let Some(order) = dates::evidence(cell) {
            votes.add(order);
        } else if dates::is_ambiguous(cell) {
            doubtful = true;
            day_first.add(dates::date(cell.trim().as_bytes(), DateOrder::DayMonthYear).ok());
            month_first.add(dates::date(cell.trim().as_bytes(), DateOrder::MonthDayYear).ok());
        }
    }
    if let Some((order, sure)) = votes.winner() {
        return (order, sure);
    }
    let month_is_first = day_first.days() > CLOSER * month_first.days().max(1);
    let order = if month_is_first {
        DateOrder::MonthDayYear
    } else {
        DateOrder::DayMonthYear
    };
    (order, !doubtful)
}

/// First and last of some days.
#[derive(Default)]
struct Span(Option<(i32, i32)>);

impl Span {
    fn add(&mut self, day: Option<i32>) {
        let Some(day) = day else { return };
        let (first, last) = self.0.unwrap_or((day, day));
        self.0 = Some((first.min(day), last.max(day)));
    }

    fn days(&self) -> i32 {
        self.0.map_or(0, |(first, last)| last - first)
    }
}

/// How often each answer comes.
struct Votes<T>(Vec<(T, usize)>);

impl<T> Default for Votes<T> {
    fn default() -> Votes<T> {
        Votes(Vec::new())
    }
}

impl<T: PartialEq + Copy> Votes<T> {
    fn add(&mut self, answer: T) {
        match self.0.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, count)) => *count += 1,
            None => self.0.push((answer, 1)),
        }
    }

    /// The answer that comes most often, the earlier one when two come equally often, and whether it is the only one.
    fn winner(&self) -> Option<(T, bool)> {
        let largest = self.0.iter().map(|(_, count)| *count).max()?;
        let (answer, _) = self.0.iter().find(|(_, count)| *count == largest)?;
        Some((*answer, self.0.len() == 1))
    }
}
