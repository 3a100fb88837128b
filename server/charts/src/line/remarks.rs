//! Words at a moment or at a value of a line chart: a campaign's start, a goal.

use types::chart::{ChartSpec, Place};

use crate::sheet::{Area, Lettering, Plot, Sheet};
use crate::text::{TICK, cut, width};
use crate::theme::{Finish, Ink};

const ROW: f64 = 18.0;
/// More rows than this would push the data out of sight; later remarks then keep only their line.
const MOST_ROWS: usize = 3;

pub(crate) struct Remarks<'a> {
    moments: Vec<Moment>,
    values: Vec<(f64, &'a str)>,
    rows: usize,
}

struct Moment {
    category: usize,
    text: String,
    /// `None` when there was no free row for the words.
    row: Option<usize>,
    /// Words stand to the left of their line when there is no room to its right.
    before: bool,
}

/// Widths to the left of the plot, of the plot, and to its right: words above the plot may use all three.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub before: f64,
    pub plot: f64,
    pub after: f64,
}

impl<'a> Remarks<'a> {
    /// `share` tells where a category stands, from 0 at the left end of the plot to 1.
    pub fn of(spec: &'a ChartSpec, share: impl Fn(usize) -> f64, room: Room) -> Self {
        let mut moments = Vec::new();
        let mut values = Vec::new();
        let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
        for remark in &spec.remarks {
            match remark.at {
                Place::Value(value) if value.is_finite() => values.push((value, remark.text.as_str())),
                Place::Category(category) if category < spec.categories.len() => {
                    let x = room.before + share(category) * room.plot;
                    let whole = width(&remark.text, TICK, false) + 8.0;
                    let after = room.before + room.plot + room.after - x;
                    let before = whole > after && x > after;
                    let free = if before { x } else { after };
                    let text = cut(&remark.text, TICK, free - 8.0);
                    let wide = whole.min(free);
                    let span = if before { (x - wide, x) } else { (x, x + wide) };
                    let row = free_row(&mut taken, span);
                    moments.push(Moment {
                        category,
                        text,
                        row,
                        before,
                    });
                }
                Place::Value(_) | Place::Category(_) => {}
            }
        }
        Self {
            moments,
            values,
            rows: taken.len(),
        }
    }

    /// Of the rows of words above the plot.
    pub fn height(&self) -> f64 {
        self.rows as f64 * ROW
    }

    pub fn lines(&self, sheet: &Sheet<'_>, data: &Plot<'_>, area: Area, centres: &[f64]) {
        for moment in &self.moments {
            let top = moment
                .row
                .map_or(area.y, |row| self.row_middle(area, row) - ROW / 2.0 + 2.0);
            let x = centres[moment.category];
            sheet.line((x, top), (x, area.bottom()), Ink::TextQuiet, 1.0, Finish::Dotted);
        }
        for (value, _) in &self.values {
            let (_, y) = data.at(0.0, *value);
            sheet.line((area.x, y), (area.right(), y), Ink::TextQuiet, 1.0, Finish::Dashed);
        }
    }

    pub fn texts(&self, sheet: &Sheet<'_>, data: &Plot<'_>, area: Area, centres: &[f64]) {
        let look = Lettering::new(TICK, Ink::TextSoft);
        for moment in &self.moments {
            let Some(row) = moment.row else { continue };
            let (x, y) = (centres[moment.category], self.row_middle(area, row));
            if moment.before {
                sheet.text(x - 5.0, y, &moment.text, look.ending());
            } else {
                sheet.text(x + 5.0, y, &moment.text, look);
            }
        }
        for (value, text) in &self.values {
            let (_, y) = data.at(0.0, *value);
            let text = cut(text, TICK, area.w - 8.0);
            sheet.text(area.x + 4.0, y - 9.0, &text, look.finish(Finish::Edged));
        }
    }

    fn row_middle(&self, area: Area, row: usize) -> f64 {
        area.y - (self.rows - row) as f64 * ROW + ROW / 2.0 - 2.0
    }
}

fn free_row(taken: &mut Vec<Vec<(f64, f64)>>, span: (f64, f64)) -> Option<usize> {
    let free = |row: &[(f64, f64)]| {
        row.iter()
            .all(|(from, to)| span.1 + 8.0 <= *from || *to + 8.0 <= span.0)
    };
    let row = taken.iter().position(|row| free(row)).unwrap_or(taken.len());
    if row == taken.len() {
        if row == MOST_ROWS {
            return None;
        }
        taken.push(Vec::new());
    }
    taken[row].push(span);
    Some(row)
}
