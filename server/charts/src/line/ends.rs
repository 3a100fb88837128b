//! What is written where a line ends: its latest value, its name, or both, so that nobody has to look up a colour.

use types::chart::{ChartSpec, LineStyle, Series};

use super::{Lines, ink};
use crate::labels::spread;
use crate::sheet::{Area, Lettering, Plot, Sheet};
use crate::text::{TICK, cut, width};
use crate::theme::{Finish, Ink};

const ROW: f64 = 16.0;
/// Distance of the words from the plot, without and with a swatch between.
const ASIDE: f64 = 10.0;
const SWATCHED: f64 = 19.0;

/// The words at the end of one line: a strong one for the value, a quieter one for the name.
struct End {
    series: usize,
    /// The last category with a value.
    category: usize,
    value: String,
    name: String,
    /// Beside the plot, since the line runs up to its edge.
    outside: bool,
}

pub(crate) struct Ends {
    all: Vec<End>,
    /// Each of several lines repeats its colour beside its words.
    swatches: bool,
    /// Width that is kept free to the right of the plot.
    pub room: f64,
}

impl Ends {
    pub fn of(spec: &ChartSpec, picture: f64) -> Self {
        let alone = spec.series.len() == 1;
        let loud = spec.series.iter().filter(|s| s.line != LineStyle::Quiet).count();
        let mut all: Vec<End> = spec
            .series
            .iter()
            .enumerate()
            .filter_map(|(place, series)| {
                let (category, value) = last(spec, series)?;
                let with_value = alone || (series.line != LineStyle::Quiet && loud <= 3);
                Some(End {
                    series: place,
                    category,
                    value: if with_value { value } else { String::new() },
                    name: if alone { String::new() } else { series.name.clone() },
                    outside: category + 1 == spec.categories.len(),
                })
            })
            .collect();
        let most = picture * 0.3;
        let beside = all
            .iter()
            .filter(|e| e.outside && spec.series[e.series].line != LineStyle::Quiet);
        let swatches = beside.count() > 1;
        let aside = if swatches { SWATCHED } else { ASIDE };
        let mut room = 12.0f64;
        for end in all.iter_mut().filter(|e| e.outside) {
            end.name = cut(&end.name, TICK, most - aside - 4.0);

            let words = width(&end.name, TICK, false).max(width(&end.value, TICK, true));
            room = room.max(words + aside + 4.0);
        }
        Self { all, swatches, room }
    }

    pub fn draw(&self, sheet: &Sheet<'_>, data: &Plot<'_>, lines: &Lines<'_>, area: Area) {
        let at = |end: &End| {
            let value = lines.spec.series[end.series].points[end.category]
                .value
                .unwrap_or_default();
            data.at(lines.places[end.category], value)
        };
        for end in &self.all {
            let series = &lines.spec.series[end.series];
            let (x, y) = at(end);
            if series.line != LineStyle::Quiet {
                sheet.dot(x, y, 5.0, Ink::Surface);
                sheet.dot(x, y, 3.5, ink(series));
            }
            if !end.outside {
                let words = if end.name.is_empty() { &end.value } else { &end.name };
                let look = Lettering::new(TICK, Ink::TextSoft).finish(Finish::Edged).ending();
                let free = lines.free_above(data, series, (x - width(words, TICK, false) - 10.0, x + 4.0), area);
                sheet.text(x, free, words, look);
            }
        }
        let outside: Vec<&End> = self.all.iter().filter(|e| e.outside).collect();
        let wanted: Vec<f64> = outside.iter().map(|e| at(e).1).collect();
        let heights: Vec<f64> = outside.iter().map(|e| e.height()).collect();
        let places = spread(&wanted, &heights, (area.y - 8.0, area.bottom() + 8.0));
        for ((end, place), wanted) in outside.iter().zip(places).zip(wanted) {
            let right = area.right();
            if (place - wanted).abs() > ROW * 0.75 {
                sheet.line(
                    (right + 4.0, wanted),
                    (right + 8.0, place),
                    Ink::HairlineStrong,
                    1.0,
                    Finish::Plain,
                );
            }
            if self.swatches {
                let half = if end.both() { 14.0 } else { 5.0 };
                let swatch = Area {
                    x: right + 11.0,
                    y: place - half,
                    w: 3.0,
                    h: 2.0 * half,
                };
                sheet.rect(swatch, ink(&lines.spec.series[end.series]), 1.0, Finish::Round);
            }
            end.write(sheet, right + if self.swatches { SWATCHED } else { ASIDE }, place);
        }
    }
}

impl End {
    fn height(&self) -> f64 {
        if self.both() { 2.0 * ROW + 4.0 } else { ROW + 2.0 }
    }

    fn both(&self) -> bool {
        !self.value.is_empty() && !self.name.is_empty()
    }

    /// `place` is the middle of the words.
    fn write(&self, sheet: &Sheet<'_>, x: f64, place: f64) {
        let (value_y, name_y) = if self.both() {
            (place - ROW / 2.0, place + ROW / 2.0)
        } else {
            (place, place)
        };
        sheet.text(
            x,
            value_y,
            &self.value,
            Lettering::new(TICK, Ink::Text).finish(Finish::Strong),
        );
        let name = if self.value.is_empty() {
            Ink::TextSoft
        } else {
            Ink::TextQuiet
        };
        sheet.text(x, name_y, &self.name, Lettering::new(TICK, name));
    }
}

/// The last known value of a series: its category and what people read.
fn last(spec: &ChartSpec, series: &Series) -> Option<(usize, String)> {
    let known = spec.categories.len().min(series.points.len());
    (0..known).rev().find_map(|at| {
        let words = series.points[at].words(&spec.value.format);
        (!words.is_empty()).then_some((at, words))
    })
}
