//! Parts below each other, for a phone and for many parts: the sets first, each with its letter, then a line for each part with the dots of its
//! sets, its bar and its number.

use types::chart::Mark;

use super::Sets;
use crate::frame::Picture;
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{TICK, cut, widest};
use crate::theme::{Finish, Ink};

const ROW: f64 = 24.0;
const BETWEEN: f64 = 14.0;
const LETTER: f64 = 18.0;
const STEP: f64 = 17.0;
const BESIDE: f64 = 6.0;

pub(super) struct Lying<'a> {
    sets: Sets<'a>,
    /// Room for the numbers at the right.
    numbers: f64,
    names: f64,
}

impl<'a> Lying<'a> {
    pub fn of(sets: Sets<'a>) -> Self {
        let texts = sets.sets.iter().chain(&sets.parts).map(|(_, text)| text.as_str());
        let names = widest(sets.spec.series.iter().map(|s| s.name.as_str()), TICK, false) + 12.0;
        Self {
            numbers: widest(texts, TICK, true) + BESIDE,
            names: names.min(sets.width * 0.46),
            sets,
        }
    }
}

impl Picture for Lying<'_> {
    fn height(&self) -> f64 {
        let lines = self.sets.sets.len() + 1 + self.sets.parts.len();
        lines as f64 * ROW + BETWEEN
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        let count = self.sets.sets.len();
        let sets: Vec<Mark> = (0..count)
            .map(|set| self.set(sheet, set, x, y + set as f64 * ROW))
            .collect();
        let letters = y + count as f64 * ROW + BETWEEN;
        let look = Lettering::new(TICK, Ink::TextQuiet).centred();
        for set in 0..count {
            sheet.text(self.dot(x, set), letters + ROW / 2.0, &letter(set), look);
        }
        let first = letters + ROW;
        let parts = (0..self.sets.parts.len()).filter_map(|part| self.part(sheet, part, x, first + part as f64 * ROW));
        // The parts are what the picture is about, so they are read first.
        parts.chain(sets).collect()
    }
}

impl Lying<'_> {
    fn dot(&self, x: f64, set: usize) -> f64 {
        x + 8.0 + set as f64 * STEP
    }

    fn set(&self, sheet: &Sheet<'_>, set: usize, x: f64, top: f64) -> Mark {
        let (size, text) = &self.sets.sets[set];
        let series = &self.sets.spec.series[set];
        let middle = top + ROW / 2.0;
        let quiet = Lettering::new(TICK, Ink::TextQuiet);
        sheet.text(self.dot(x, 0), middle, &letter(set), quiet.centred());
        let name = cut(&series.name, TICK, self.names - 12.0);
        sheet.text(x + LETTER, middle, &name, Lettering::new(TICK, Ink::Text));
        let from = x + LETTER + self.names;
        let long = Sets::share(*size, &self.sets.sets, x + self.sets.width - self.numbers - from).max(0.0);
        self.bar(sheet, from, middle, long, Ink::Tone(series.tone));
        sheet.text(from + long + BESIDE, middle, text, quiet);
        self.sets.set_mark(set, self.line(x, top), (from + long, middle))
    }

    fn part(&self, sheet: &Sheet<'_>, part: usize, x: f64, top: f64) -> Option<Mark> {
        let (size, text) = &self.sets.parts[part];
        let (middle, count) = (top + ROW / 2.0, self.sets.sets.len());
        let places: Vec<(f64, f64)> = (0..count).map(|set| (self.dot(x, set), middle)).collect();
        self.sets.dots(sheet, part, &places);
        let from = x + count as f64 * STEP + 6.0;
        let long = Sets::share(*size, &self.sets.parts, x + self.sets.width - self.numbers - from).max(0.0);
        self.bar(sheet, from, middle, long, Ink::Tone(super::PART));
        let look = Lettering::new(TICK, Ink::Text).finish(Finish::Strong);
        sheet.text(from + long + BESIDE, middle, text, look);
        self.sets.part_mark(part, self.line(x, top), (from + long, middle))
    }

    fn bar(&self, sheet: &Sheet<'_>, x: f64, middle: f64, long: f64, ink: Ink) {
        let area = Area {
            x,
            y: middle - 6.0,
            w: long,
            h: 12.0,
        };
        sheet.rect(area, ink, 1.0, Finish::Round);
    }

    fn line(&self, x: f64, y: f64) -> Area {
        Area {
            x,
            y,
            w: self.sets.width,
            h: ROW,
        }
    }
}

/// A, B, C …: the same letters as beside the dots of a table.
fn letter(set: usize) -> String {
    let place = u8::try_from(set % 26).unwrap_or(0);
    char::from(b'A' + place).to_string()
}
