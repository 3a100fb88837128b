//! How sets overlap: a bar for each part, and below or beside it a dot for each set that the part lies in. Parts stand side by side where there
//! is room for them, else they lie below each other; sets have their sizes at the side.

mod lying;
mod standing;

use types::chart::{ChartSpec, Mark, Tone};

use crate::frame::Picture;
use crate::sheet::{Area, Sheet};
use crate::theme::{Finish, Ink};

/// A page narrower than this has no room for names beside standing parts.
const STANDS_FROM: f64 = 400.0;
/// A column narrower than this has no room for a dot.
const COLUMN: f64 = 16.0;
const DOT: f64 = 5.0;
/// Parts belong to several sets, so none of their colours.
const PART: Tone = Tone::First;

/// What both ways of drawing need to know.
pub(crate) struct Sets<'a> {
    spec: &'a ChartSpec,
    width: f64,
    /// Sizes of the sets, and as people read them.
    sets: Vec<(f64, String)>,
    /// The same of the parts.
    parts: Vec<(f64, String)>,
}

pub(crate) fn plan(spec: &ChartSpec, width: f64) -> Box<dyn Picture + '_> {
    let sets = (0..spec.series.len()).map(|place| {
        let size = spec.set_size(place);
        (size, spec.value.format.write(size))
    });
    let parts = (0..spec.categories.len()).map(|place| (spec.part_size(place).unwrap_or(0.0), spec.part_words(place)));
    let sets = Sets {
        spec,
        width,
        sets: sets.collect(),
        parts: parts.collect(),
    };
    let standing = standing::Standing::of(&sets);
    if width >= STANDS_FROM && standing.column() >= COLUMN {
        Box::new(standing.drawing(sets))
    } else {
        Box::new(lying::Lying::of(sets))
    }
}

impl Sets<'_> {
    /// The length of a bar, of which the greatest is `whole`.
    fn share(size: f64, all: &[(f64, String)], whole: f64) -> f64 {
        let greatest = all.iter().map(|(size, _)| *size).fold(0.0, f64::max);
        if greatest > 0.0 { whole * (size / greatest) } else { 0.0 }
    }

    /// The dots of one part at the given places, and the line that joins those inside.
    fn dots(&self, sheet: &Sheet<'_>, part: usize, places: &[(f64, f64)]) {
        let inside: Vec<usize> = (0..places.len()).filter(|set| self.spec.lies_in(part, *set)).collect();
        if let Some((first, last)) = inside.first().zip(inside.last()).filter(|(first, last)| first < last) {
            sheet.line(places[*first], places[*last], Ink::Text, 2.0, Finish::Plain);
        }
        for (set, (x, y)) in places.iter().enumerate() {
            let ink = if inside.contains(&set) {
                Ink::Text
            } else {
                Ink::Hairline
            };
            sheet.dot(*x, *y, DOT, ink);
        }
    }

    fn part_mark(&self, part: usize, area: Area, at: (f64, f64)) -> Option<Mark> {
        self.spec.part_size(part)?;
        let mut mark = mark(area, at, &self.spec.categories[part].label, &self.parts[part].1, part);
        mark.link = self.spec.categories[part].link.clone();
        Some(mark)
    }

    /// Sets come after the parts, so that each answers for itself.
    fn set_mark(&self, set: usize, area: Area, at: (f64, f64)) -> Mark {
        let place = self.spec.categories.len() + set;
        let name = &self.spec.series[set].name;
        mark(area, at, name, &self.sets[set].1, place)
    }
}

fn mark(area: Area, at: (f64, f64), label: &str, value: &str, category: usize) -> Mark {
    Mark {
        x: area.x,
        y: area.y,
        w: area.w.max(1.0),
        h: area.h,
        at_x: at.0,
        at_y: at.1,
        label: label.to_owned(),
        value: value.to_owned(),
        series: String::new(),
        category,
        link: None,
    }
}

/// The sets and their sizes, then the largest parts: enough to follow without seeing, while the table has the rest.
pub(crate) fn description(spec: &ChartSpec) -> Vec<String> {
    const FEW: usize = 8;
    let sets = spec.series.iter().enumerate().map(|(place, series)| {
        let size = spec.value.format.write(spec.set_size(place));
        format!("{} {size}", series.name)
    });
    let parts = spec.categories.iter().enumerate().take(FEW).map(|(place, category)| {
        let size = spec.part_words(place);
        format!("{} {size}", category.label)
    });
    vec![
        sets.collect::<Vec<_>>().join("; "),
        parts.collect::<Vec<_>>().join("; "),
    ]
}
