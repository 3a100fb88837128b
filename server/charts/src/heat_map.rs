//! Values as shades: rows are series, columns are categories. Numbers stand in the cells when all of them have room.

use types::chart::{ChartSpec, Mark, Tone};

use crate::frame::Picture;
use crate::labels::{Names, TICKS_BELOW};
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{TICK, cut, widest, width as width_of};
use crate::theme::{Finish, Ink};

pub(crate) struct HeatMap<'a> {
    spec: &'a ChartSpec,
    width: f64,
    names: f64,
    cell: (f64, f64),
    numbers: bool,
    low: f64,
    high: f64,
}

const GAP: f64 = 2.0;
const FAINTEST: f64 = 0.09;
/// From this shade on text on a cell takes the colour that is made for text on the first tone.
const DARK: f64 = 0.72;
const SCALE_ROW: f64 = 22.0;
/// The scale's samples of shades, and the distance between them.
const STEPS: u8 = 7;
const STEP: f64 = 13.0;

pub(crate) fn plan(spec: &ChartSpec, width: f64) -> HeatMap<'_> {
    let points = || spec.series.iter().flat_map(|s| &s.points);
    let names = widest(spec.series.iter().map(|s| s.name.as_str()), TICK, false) + 10.0;
    let names = names.min(width * 0.3);
    let wide = (width - names) / spec.categories.len().max(1) as f64;
    let texts: Vec<String> = points().map(|p| p.words(&spec.value.format)).collect();
    let numbers = widest(texts.iter().map(String::as_str), TICK, false) + 8.0 <= wide;
    let high_cell = if numbers { 28.0 } else { wide.clamp(16.0, 22.0) };
    let known = points()
        .filter_map(|p| p.value)
        .chain([spec.value.from, spec.value.to].into_iter().flatten());
    let (low, high) = known
        .filter(|v| v.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        });
    HeatMap {
        spec,
        width,
        names,
        cell: (wide, high_cell),
        numbers,
        low,
        high,
    }
}

impl Picture for HeatMap<'_> {
    fn height(&self) -> f64 {
        self.spec.series.len() as f64 * self.cell.1 + TICKS_BELOW + self.rows_below() as f64 * SCALE_ROW
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        let left = x + self.names;
        let (wide, high) = self.cell;
        let mut marks = Vec::new();
        for (row, series) in self.spec.series.iter().enumerate() {
            let top = y + row as f64 * high;
            let name = cut(&series.name, TICK, self.names - 10.0);
            sheet.text(
                left - 8.0,
                top + high / 2.0,
                &name,
                Lettering::new(TICK, Ink::TextQuiet).ending(),
            );
            for column in 0..self.spec.categories.len() {
                let area = Area {
                    x: left + column as f64 * wide + GAP / 2.0,
                    y: top + GAP / 2.0,
                    w: (wide - GAP).max(1.0),
                    h: high - GAP,
                };
                marks.extend(self.cell(sheet, area, row, column));
            }
        }
        let centres: Vec<f64> = (0..self.spec.categories.len())
            .map(|i| left + (i as f64 + 0.5) * wide)
            .collect();
        let bottom = y + self.spec.series.len() as f64 * high;
        Names::of_steps(self.spec, 8.0).draw(sheet, &centres, bottom, (x, x + self.width));
        let below = bottom + TICKS_BELOW + SCALE_ROW / 2.0 - 2.0;
        let title = cut(&self.spec.category_label, TICK, self.width - self.names);
        sheet.text(left + 1.0, below, &title, Lettering::new(TICK, Ink::TextSoft));
        if !self.numbers {
            let row = self.rows_below().saturating_sub(1) as f64;
            self.scale(sheet, x + self.width, below + row * SCALE_ROW);
        }
        marks
    }
}

impl HeatMap<'_> {
    /// The name of the columns and the scale share a row when both fit.
    fn rows_below(&self) -> usize {
        let title = width_of(&self.spec.category_label, TICK, false);
        match (title > 0.0, !self.numbers) {
            (true, true) if title + self.scale_width() + 16.0 > self.width - self.names => 2,
            (false, false) => 0,
            _ => 1,
        }
    }

    fn scale_texts(&self) -> [String; 2] {
        [self.low, self.high].map(|v| self.spec.value.format.write(v))
    }

    fn scale_width(&self) -> f64 {
        let texts = self.scale_texts();
        texts.iter().map(|text| width_of(text, TICK, false) + 6.0).sum::<f64>() + f64::from(STEPS) * STEP
    }

    fn cell(&self, sheet: &Sheet<'_>, area: Area, row: usize, column: usize) -> Option<Mark> {
        let series = self.spec.series.get(row)?;
        let point = series.points.get(column);
        let Some(value) = point.and_then(|p| p.value).filter(|v| v.is_finite()) else {
            // A gap stays empty; a faint cell would be a small value.
            return None;
        };
        let (tone, shade) = self.shade(value);
        sheet.rect(area, Ink::Tone(tone), shade, Finish::Round);
        let text = point.map(|p| p.words(&self.spec.value.format)).unwrap_or_default();
        let middle = (area.x + area.w / 2.0, area.y + area.h / 2.0);
        if self.numbers {
            let ink = if shade > DARK && tone == Tone::First {
                Ink::OnFirst
            } else {
                Ink::Text
            };
            sheet.text(middle.0, middle.1, &text, Lettering::new(TICK, ink).centred());
        }
        Some(Mark {
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
            at_x: middle.0,
            at_y: middle.1,
            label: self.spec.categories[column].label.clone(),
            value: text,
            series: series.name.clone(),
            category: column,
            link: self.spec.link_of(row, column),
        })
    }

    /// Tone and opacity. With an origin both sides of it share one scale, so that equal distances are equally strong.
    fn shade(&self, value: f64) -> (Tone, f64) {
        let (share, tone) = match self.spec.value.origin.filter(|o| o.is_finite()) {
            Some(origin) => {
                let farthest = (self.high - origin).abs().max((self.low - origin).abs());
                (
                    (value - origin).abs() / farthest,
                    if value < origin { Tone::Second } else { Tone::First },
                )
            }
            None => ((value - self.low) / (self.high - self.low), Tone::First),
        };
        // A single value, or values too far apart to subtract, have no share.
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
        (tone, FAINTEST + (1.0 - FAINTEST) * share)
    }

    /// From the least to the greatest value, where no number in a cell tells.
    fn scale(&self, sheet: &Sheet<'_>, right: f64, y: f64) {
        let texts = self.scale_texts();
        let look = Lettering::new(TICK, Ink::TextQuiet).ending();
        sheet.text(right, y, &texts[1], look);
        let end = right - widest([texts[1].as_str()], TICK, false) - 6.0;
        for step in 0..STEPS {
            let value = self.low + (self.high - self.low) * f64::from(step) / f64::from(STEPS - 1);
            let (tone, shade) = self.shade(value);
            let x = end - f64::from(STEPS - step) * STEP;
            sheet.rect(
                Area {
                    x,
                    y: y - 5.0,
                    w: 11.0,
                    h: 10.0,
                },
                Ink::Tone(tone),
                shade,
                Finish::Round,
            );
        }
        sheet.text(end - f64::from(STEPS) * STEP - 6.0, y, &texts[0], look);
    }
}
