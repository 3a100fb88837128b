//! Parts side by side: bars above, dots below, and the sets with their names and sizes to the left of the dots.

use types::chart::Mark;

use super::Sets;
use crate::frame::Picture;
use crate::labels::rows;
use crate::scale::Scale;
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{TICK, cut, widest};
use crate::theme::{Finish, Ink};

const BARS: f64 = 170.0;
/// A number above the highest bar.
const ABOVE: f64 = 18.0;
const BETWEEN: f64 = 12.0;
const ROW: f64 = 26.0;
/// Few parts do not stretch over the whole width.
const WIDEST: f64 = 56.0;
const BESIDE: f64 = 6.0;

/// Where things stand, from left to right: size, bar and name of a set, then the columns.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    sizes: f64,
    set_bar: f64,
    names: f64,
    column: f64,
    /// Numbers stand above the bars when each has room there, else values stand at the left.
    numbers: bool,
}

impl Standing {
    pub fn of(sets: &Sets<'_>) -> Self {
        let width = sets.width;
        let sizes = widest(sets.sets.iter().map(|(_, text)| text.as_str()), TICK, false) + BESIDE;
        let names = widest(sets.spec.series.iter().map(|s| s.name.as_str()), TICK, false) + 16.0;
        let names = names.min(width * 0.26);
        let set_bar = width * 0.1;
        let room = width - sizes - set_bar - BESIDE - names;
        let column = (room / sets.parts.len().max(1) as f64).min(WIDEST);
        let numbers = widest(sets.parts.iter().map(|(_, text)| text.as_str()), TICK, false) + 6.0;
        Self {
            sizes,
            set_bar,
            names,
            column,
            numbers: numbers <= column,
        }
    }

    pub fn column(&self) -> f64 {
        self.column
    }

    pub fn drawing(self, sets: Sets<'_>) -> StandingSets<'_> {
        let sizes = sets.parts.iter().map(|(size, _)| *size);
        StandingSets {
            scale: Scale::over(sizes.chain([0.0]), &sets.spec.value, 4),
            place: self,
            sets,
        }
    }
}

pub(super) struct StandingSets<'a> {
    sets: Sets<'a>,
    place: Standing,
    scale: Scale,
}

impl Picture for StandingSets<'_> {
    fn height(&self) -> f64 {
        ABOVE + BARS + BETWEEN + self.sets.sets.len() as f64 * ROW
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        let left = x + self.place.sizes + self.place.set_bar + BESIDE + self.place.names;
        let plot = Area {
            x: left,
            y: y + ABOVE,
            w: self.place.column * self.sets.parts.len() as f64,
            h: BARS,
        };
        self.frame(sheet, plot);
        let first = plot.bottom() + BETWEEN;
        let mut marks: Vec<Mark> = (0..self.sets.parts.len())
            .filter_map(|part| self.part(sheet, part, plot, first))
            .collect();
        marks.extend((0..self.sets.sets.len()).map(|set| self.set(sheet, set, x, first + set as f64 * ROW)));
        marks
    }
}

impl StandingSets<'_> {
    /// The line that bars stand on; with values at the left where no number is above the bars.
    fn frame(&self, sheet: &Sheet<'_>, plot: Area) {
        if self.place.numbers {
            let (from, to) = ((plot.x, plot.bottom()), (plot.right(), plot.bottom()));
            sheet.line(from, to, Ink::HairlineStrong, 1.0, Finish::Plain);
        } else {
            let ticks = self.sets.spec.value.format.write_ticks(&self.scale.ticks);
            rows(sheet, plot, &self.scale, &ticks, Some(0.0));
        }
    }

    fn part(&self, sheet: &Sheet<'_>, part: usize, plot: Area, first: f64) -> Option<Mark> {
        let (size, text) = &self.sets.parts[part];
        let wide = self.place.column;
        let centre = plot.x + (part as f64 + 0.5) * wide;
        let data = sheet.plot(plot, (plot.x, plot.right()), (self.scale.low, self.scale.high));
        let half = (wide * 0.34).min(14.0);
        let (_, top) = data.at(centre, *size);
        data.rect(
            (centre - half, 0.0),
            (centre + half, *size),
            Ink::Tone(super::PART),
            Finish::Round,
        );
        if self.place.numbers {
            let look = Lettering::new(TICK, Ink::Text).finish(Finish::Strong).centred();
            sheet.text(centre, top - 9.0, text, look);
        }
        let places: Vec<(f64, f64)> = (0..self.sets.sets.len())
            .map(|set| (centre, first + (set as f64 + 0.5) * ROW))
            .collect();
        self.sets.dots(sheet, part, &places);
        let area = Area {
            x: centre - wide / 2.0,
            y: plot.y,
            w: wide,
            h: first + places.len() as f64 * ROW - plot.y,
        };
        self.sets.part_mark(part, area, (centre, top))
    }

    fn set(&self, sheet: &Sheet<'_>, set: usize, x: f64, top: f64) -> Mark {
        let (size, text) = &self.sets.sets[set];
        let series = &self.sets.spec.series[set];
        let middle = top + ROW / 2.0;
        let end = x + self.place.sizes + self.place.set_bar;
        let long = Sets::share(*size, &self.sets.sets, self.place.set_bar);
        let bar = Area {
            x: end - long,
            y: middle - 5.0,
            w: long,
            h: 10.0,
        };
        sheet.rect(bar, Ink::Tone(series.tone), 1.0, Finish::Round);
        let quiet = Lettering::new(TICK, Ink::TextQuiet).ending();
        sheet.text(end - long - BESIDE, middle, text, quiet);
        let right = end + BESIDE + self.place.names;
        let name = cut(&series.name, TICK, self.place.names - 16.0);
        sheet.text(right - 10.0, middle, &name, Lettering::new(TICK, Ink::Text).ending());
        let area = Area {
            x,
            y: top,
            w: right - x,
            h: ROW,
        };
        self.sets.set_mark(set, area, (end - long, middle))
    }
}
