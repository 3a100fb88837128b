//! Names the colours of several series in one line above a plot, where no end of a line is there to write beside.

use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{TICK, width};
use crate::theme::{Finish, Ink};
use types::chart::ChartSpec;

const ROW: f64 = 20.0;
const SWATCH: f64 = 9.0;
const BESIDE: f64 = 6.0;
const BETWEEN: f64 = 18.0;

pub(crate) struct Legend<'a> {
    /// Left end, row, name and colour.
    items: Vec<(f64, usize, &'a str, Ink)>,
    rows: usize,
}

/// The legend of all named series, when there are several.
pub(crate) fn plan(spec: &ChartSpec, room: f64) -> Legend<'_> {
    let (mut items, mut x, mut row) = (Vec::new(), 0.0, 0);
    if spec.series.len() > 1 {
        for series in spec.series.iter().filter(|s| !s.name.is_empty()) {
            let wide = SWATCH + BESIDE + width(&series.name, TICK, false);
            if x > 0.0 && x + wide > room {
                x = 0.0;
                row += 1;
            }
            items.push((x, row, series.name.as_str(), Ink::Tone(series.tone)));
            x += wide + BETWEEN;
        }
    }
    let rows = if items.is_empty() { 0 } else { row + 1 };
    Legend { items, rows }
}

impl Legend<'_> {
    pub fn height(&self) -> f64 {
        if self.rows == 0 {
            0.0
        } else {
            self.rows as f64 * ROW + 6.0
        }
    }

    pub fn draw(&self, sheet: &Sheet<'_>, left: f64, top: f64) {
        for (x, row, name, ink) in &self.items {
            let y = top + *row as f64 * ROW + ROW / 2.0;
            let swatch = Area {
                x: left + x,
                y: y - SWATCH / 2.0,
                w: SWATCH,
                h: SWATCH,
            };
            sheet.rect(swatch, *ink, 1.0, Finish::Round);
            sheet.text(left + x + SWATCH + BESIDE, y, name, Lettering::new(TICK, Ink::TextSoft));
        }
    }
}
